"""`genstudio train textures`: a run from seamless pictures to a pack of the family "gan"."""

from __future__ import annotations

import copy
from typing import Final

import torch
from torch import Tensor

from genstudio.base.errors import TrainingError
from genstudio.base.progress import NEVER, Cancel
from genstudio.packs import manifest
from genstudio.training import loop, run, sheet
from genstudio.training.data import Dataset, centre_crops
from genstudio.training.export import EXAMPLES, GraphPlan, fold_norms
from genstudio.training.gan_pack import AVERAGE_OF, MEASURED, PREVIEW_SEEDS, measure, seeded
from genstudio.training.pack_writer import Finished, train_pack
from genstudio.training.quilt import CHANCES
from genstudio.training.texture_config import LEAST, TextureTraining
from genstudio.training.texture_networks import latents
from genstudio.training.texture_plain import (
    LAYERS,
    PictureCritic,
    TextureMapping,
    TextureSynthesis,
)
from genstudio.training.texture_words import learn_prompts
from genstudio.training.textures import TextureTrainer

BATCH: Final = 8


def train_textures(request: run.Request, cancel: Cancel = NEVER) -> manifest.Pack:
    """Train (or go on, or just export) and write the pack.

    Raises what `train_pack` raises, and `TrainingError` where a pack to begin with was given.
    """
    if request.start:
        raise TrainingError(
            "A texture model always learns from nothing, which takes it minutes; "
            "leave --start-from out."
        )
    return train_pack(request, TextureTraining, TextureTrainer, finish, cancel)


def finish(
    trainer: TextureTrainer, request: run.Request, dataset: Dataset, status: loop.Status
) -> Finished:
    """The averaged networks, folded, and the textures' codes, with what the pack says of them."""
    config, size = trainer.config, trainer.config.data.size
    decoder = copy.deepcopy(trainer.decoder_average.network)
    fold_norms(decoder)
    bank, pictures = trainer.bank(), len(dataset.pictures)
    colours = colours_of(dataset, size)
    codes = bank.view(pictures, -1, bank.shape[1])
    facts = torch.cat([codes.mean(dim=1), codes.std(dim=1), colours], dim=1)
    known = latents(pictures, config.networks.latent, facts)
    mapping = TextureMapping(known)
    synthesis = TextureSynthesis(
        bank, known, colours, decoder, side=trainer.side, wraps=config.seamless
    )
    prompt = learn_prompts(config, dataset, known)
    words = prompt.measured if prompt else {}
    critic = PictureCritic(trainer.sharpener.critic)
    with torch.inference_mode():
        average = mapping(seeded(0, (AVERAGE_OF, config.networks.latent))).mean(dim=0)
    made = draw(mapping, synthesis, config, MEASURED)
    real = sheet.to_tensor(centre_crops(dataset.pictures[:MEASURED], size))
    return Finished(
        request=request,
        config=config,
        dataset=dataset,
        status=status,
        image=manifest.Image(width=config.networks.drawn, height=config.networks.drawn),
        model=manifest.Gan(
            z_size=config.networks.latent,
            layers=LAYERS,
            noise=1,
            noise_factors=(LEAST,),
            tileable=True,
            w_average=tuple(round(float(value), 6) for value in average),
        ),
        graphs=graph_plans(mapping, synthesis, critic, config),
        preview=sheet.lay_out(sheet.to_pixels(made[:PREVIEW_SEEDS]), 4),
        measured={**measure(real, made[..., :size, :size], critic), **words},
        controls=(
            manifest.Slider(name="truncation", low=-2.0, high=2.0, default=1.0),
            manifest.Slider(
                name="noise-strength", label="Patches", low=0.0, high=2.0, step=0.01,
                default=config.networks.drawn_noise,
                tooltip="How much the material changes from one piece of the picture to the next.",
            ),
        ),
        prompt=prompt if prompt and prompt.works else None,
    )  # fmt: skip


def colours_of(dataset: Dataset, size: int) -> Tensor:
    """Mean and deviation of each picture's red, green and blue: [pictures, 6]."""
    found = []
    for picture in dataset.pictures:
        pixels = sheet.to_tensor(centre_crops([picture], size))
        found.append(torch.cat([pixels.mean(dim=(2, 3)), pixels.std(dim=(2, 3))], dim=1))
    mean, spread = torch.cat(found).split(3, dim=1)
    return torch.cat([mean, spread.clamp_min(0.02)], dim=1)


@torch.inference_mode()
def draw(
    mapping: TextureMapping, synthesis: TextureSynthesis, config: TextureTraining, count: int
) -> Tensor:
    """Pictures [count, 3, S, S] of the seeds 0 to `count`, for measuring and the preview."""
    z, noise = inputs(config, count)
    strength = torch.tensor(config.networks.drawn_noise)
    parts = zip(z.split(BATCH), noise.split(BATCH), strict=True)
    return torch.cat(
        [synthesis(mapping(a)[:, None].expand(-1, LAYERS, -1), strength, b) for a, b in parts]
    )


def inputs(config: TextureTraining, count: int) -> tuple[Tensor, Tensor]:
    """Z and noise of the seeds 0 to `count`."""
    numbers, cells = config.networks.latent, config.networks.drawn // LEAST
    shapes = (numbers,), (CHANCES + numbers, cells, cells)
    z, noise = (torch.stack([seeded(seed, shape) for seed in range(count)]) for shape in shapes)
    return z, noise


def graph_plans(
    mapping: TextureMapping,
    synthesis: TextureSynthesis,
    critic: PictureCritic,
    config: TextureTraining,
) -> list[GraphPlan]:
    """Mapping, synthesis and critic, with the tensor names that the manifest's words stand for."""
    z, noise = inputs(config, EXAMPLES)
    with torch.no_grad():
        w = mapping(z)[:, None].repeat(1, LAYERS, 1)
    picture = {0: "batch", 2: "height", 3: "width"}
    return [
        GraphPlan("mapping", mapping, {"z": z}, ("w",)),
        GraphPlan(
            "synthesis",
            synthesis,
            {"w": w, "noise_strength": torch.tensor(0.5), "noise.0": noise},
            ("image",),
            dynamic={
                "noise.0": {0: "noise_batch", 2: "noise.height", 3: "noise.width"},
                "image": picture,
            },
            fixed=frozenset({"noise_strength"}),
        ),
        GraphPlan(
            "critic",
            critic,
            {
                "image": seeded(
                    2, (EXAMPLES, 3, config.networks.drawn, config.networks.drawn)
                ).tanh()
            },
            ("score",),
            dynamic={"image": picture},
        ),
    ]
