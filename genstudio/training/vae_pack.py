"""`genstudio train vae`: a run from pictures to a pack, measured on held-out pictures."""

from __future__ import annotations

import copy

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from genstudio.base.errors import TrainingError
from genstudio.base.progress import NEVER, Cancel
from genstudio.latent.noise import gaussian
from genstudio.packs import manifest
from genstudio.training import loop, run, sheet
from genstudio.training.config import VaeTraining
from genstudio.training.data import Dataset, centre_crops
from genstudio.training.export import EXAMPLES, GraphPlan, fold_norms
from genstudio.training.learned_graph import learned_graph
from genstudio.training.pack_writer import Finished, train_pack
from genstudio.training.prompt_map import PromptMap, concepts_of, fit, prompt_encoder
from genstudio.training.seed_map import CONTROL, STRAY, SeedMap, kept_places, seed_map_plan
from genstudio.training.vae import (
    VaeTrainer,
    held_out_psnr,
    information,
    spread_evenly,
)
from genstudio.training.vae_networks import Encoder

MEASURED = 1000
LEAST_CONCEPTS = 10
PREVIEW_SIDE = 8


def train_vae(request: run.Request, cancel: Cancel = NEVER) -> manifest.Pack:
    """Train (or go on, or just export) and write the pack. Raises what `train_pack` raises."""

    def begin(config: VaeTraining, dataset: Dataset) -> VaeTrainer:
        return VaeTrainer(config, *dataset.split(config.data.hold_out), request.start)

    return train_pack(request, VaeTraining, begin, finish, cancel)


def finish(
    trainer: VaeTrainer, request: run.Request, dataset: Dataset, status: loop.Status
) -> Finished:
    """The averaged networks, folded, with what the pack says of them."""
    config = trainer.config
    training, held_out = dataset.split(config.data.hold_out)
    encoder = copy.deepcopy(trainer.encoder_average.network)
    decoder = copy.deepcopy(trainer.decoder_average.network)
    fold_norms(encoder)
    fold_norms(decoder)
    spread_evenly(encoder, decoder, training, config.data.size)
    measured = {}
    for name, part in (("training", training), ("held-out", held_out)):
        if part.pictures:
            pixels = some(part, config.data.size)
            psnr = held_out_psnr(encoder, decoder, pixels)
            measured[f"PSNR of {len(pixels):,} {name} pictures, from the mean"] = f"{psnr:.1f} dB"
    shown = sheet.to_tensor(some(held_out if held_out.pictures else training, config.data.size))
    latents = latents_of(encoder, training, config.data.size)
    seeds = SeedMap(latents)
    first = [gaussian(seed, (1, config.networks.latent)) for seed in range(PREVIEW_SIDE**2)]
    with torch.inference_mode():
        mean, log_variance = encoder(shown)
        spent = information(mean, log_variance)
        made = decoder(seeds(torch.from_numpy(np.concatenate(first)), torch.tensor(STRAY)))
    used = int((spent > 2.0 * config.loss.free_bits).sum())
    measured["information in a latent (KL divergence)"] = f"{float(spent.sum()):.0f} nats"
    measured["numbers of the latent in use"] = f"{used} of {len(spent)}"
    prompt = learn_prompts(config, encoder, training, held_out)
    if prompt:
        measured |= prompt.measured
    size = config.data.size
    tables: dict[manifest.Role, onnx.ModelProto] = {}
    if len(latents) > 1:
        places = kept_places(len(latents))
        pixels = centre_crops([training.pictures[i] for i in places], size)
        tables["learned"] = learned_graph(latents[places], pixels)
    return Finished(
        request=request,
        config=config,
        dataset=dataset,
        status=status,
        image=manifest.Image(width=size, height=size),
        model=manifest.Vae(latent=manifest.VectorLatent(size=config.networks.latent)),
        graphs=[
            GraphPlan("encoder", encoder, {"image": shown[:EXAMPLES]}, ("mean", "log_variance")),
            GraphPlan("decoder", decoder, {"latent": mean[:EXAMPLES].clone()}, ("image",)),
            seed_map_plan(seeds),
        ],
        controls=(CONTROL,),
        preview=sheet.lay_out(sheet.to_pixels(made), PREVIEW_SIDE),
        measured=measured,
        prompt=prompt if prompt and prompt.works else None,
        tables=tables,
    )


def learn_prompts(
    config: VaeTraining, encoder: Encoder, training: Dataset, held_out: Dataset
) -> PromptMap | None:
    """Words to latents, if the training file asks for it."""
    if config.prompt is None:
        return None
    latents = [latents_of(encoder, part, config.data.size) for part in (training, held_out)]
    known, unknown = (
        concepts_of(part.pictures, found, config.prompt.concept_column, config.prompt.captions)
        for part, found in zip((training, held_out), latents, strict=True)
    )
    if len(known.latents) < LEAST_CONCEPTS:
        raise TrainingError(
            f"Only {len(known.latents)} of the pictures' concepts have words, too few to learn "
            "prompts from; add captions.jsonl, or leave [prompt] out of the training file."
        )
    encoder_and_words = prompt_encoder(config.prompt.text_encoder, config.prompt.context)
    return fit(*encoder_and_words, known, unknown, latents[0])


@torch.inference_mode()
def latents_of(encoder: Encoder, part: Dataset, size: int) -> NDArray[np.float32]:
    """The mean latent of each picture: [N, latent]."""
    found = [np.zeros((0, encoder.moments.out_features // 2), np.float32)]
    for start in range(0, len(part.pictures), 64):
        pixels = centre_crops(part.pictures[start : start + 64], size)
        found.append(encoder(sheet.to_tensor(pixels))[0].numpy())
    return np.concatenate(found)


def some(dataset: Dataset, size: int) -> NDArray[np.uint8]:
    """Up to 1,000 pictures spread over the set, cut in the middle."""
    order = np.random.default_rng(0).permutation(len(dataset.pictures))[:MEASURED]
    return centre_crops([dataset.pictures[i] for i in order], size)
