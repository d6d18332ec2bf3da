"""`genstudio train gan`: a run from pictures to a pack, and what can be measured cheaply of it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.base.progress import NEVER, Cancel
from genstudio.packs import manifest
from genstudio.training import loop, run, sheet
from genstudio.training.config import GanTraining
from genstudio.training.data import Batches, Dataset
from genstudio.training.export import EXAMPLES, GraphPlan
from genstudio.training.gan import GanTrainer
from genstudio.training.gan_networks import Critic
from genstudio.training.gan_plain import (
    PlainCritic,
    PlainMapping,
    PlainProjectedCritic,
    PlainSynthesis,
)
from genstudio.training.pack_writer import Finished, train_pack
from genstudio.training.picture_features import CREDIT
from genstudio.training.projected_critic import ProjectedCritic

AVERAGE_OF = 10_000
MEASURED = 256
BATCH = 16
PREVIEW_SEEDS = 16
USUAL_TRUNCATION = 0.8
"""What the pack begins with, and its preview shows: a little calmer than the model as trained."""
SMALL = 32
"""Side of the pictures whose distances are measured."""

Shapes = list[tuple[int, int, int]]
"""Channels, height and width of each noise input."""


def train_gan(request: run.Request, cancel: Cancel = NEVER) -> manifest.Pack:
    """Train (or go on, or just export) and write the pack. Raises what `train_pack` raises."""

    def begin(config: GanTraining, dataset: Dataset) -> GanTrainer:
        return GanTrainer(config, dataset, request.start)

    return train_pack(request, GanTraining, begin, finish, cancel)


def finish(
    trainer: GanTrainer, request: run.Request, dataset: Dataset, status: loop.Status
) -> Finished:
    """The averaged networks, folded, with what the pack says of them."""
    config = trainer.config
    mapping = PlainMapping(trainer.mapping_average.network)
    synthesis = PlainSynthesis(trainer.synthesis_average.network)
    shapes = trainer.synthesis.noise_shapes
    draw = Sampler(mapping, synthesis, shapes, config.networks.z_dim)
    real = sheet.to_tensor(Batches(dataset, config.data, MEASURED, 0).next()[0])
    critic = plain_critic(trainer.critic, real)
    noise = config.networks.drawn_noise
    made = draw.pictures(MEASURED, truncation=1.0, noise=noise)
    preview = draw.pictures(PREVIEW_SEEDS, truncation=USUAL_TRUNCATION, noise=noise)
    return Finished(
        request=request,
        config=config,
        dataset=dataset,
        status=status,
        image=manifest.Image(width=config.data.size, height=config.data.size),
        model=manifest.Gan(
            z_size=config.networks.z_dim,
            layers=len(synthesis.layers) + 1,
            noise=len(shapes),
            w_average=tuple(round(float(value), 6) for value in draw.w_average[0]),
        ),
        graphs=graph_plans(mapping, synthesis, critic, shapes, config),
        preview=sheet.lay_out(sheet.to_pixels(preview), 4),
        measured=measure(real, made, critic),
        controls=(
            manifest.Slider(name="truncation", low=-2.0, high=2.0, default=USUAL_TRUNCATION),
            manifest.Slider(name="noise-strength", low=0.0, high=5.0, default=noise),
        ),
        credits=(CREDIT,) if config.loss.projected else (),
    )


class Sampler:
    """Draws with a GAN, for measuring and the preview; the studio's engine draws for people."""

    def __init__(
        self, mapping: PlainMapping, synthesis: PlainSynthesis, shapes: Shapes, z_dim: int
    ) -> None:
        self._mapping, self._synthesis, self._shapes, self._z = mapping, synthesis, shapes, z_dim
        with torch.inference_mode():
            w: Tensor = mapping(seeded(0, (AVERAGE_OF, z_dim)))
            self.w_average = w.mean(dim=0, keepdim=True)

    def pictures(self, count: int, truncation: float, noise: float) -> Tensor:
        """Pictures [count, 3, S, S] of the seeds 0 to `count`; `noise` is its strength."""
        layers = len(self._synthesis.layers) + 1
        parts = []
        for start in range(0, count, BATCH):
            seeds = range(start, min(start + BATCH, count))
            grain = [self._draw(seeds, shape) for shape in self._shapes]
            with torch.inference_mode():
                w = self._mapping(self._draw(seeds, (self._z,)))
                w = self.w_average + truncation * (w - self.w_average)
                per_layer = w[:, None].expand(-1, layers, -1)
                parts.append(self._synthesis(per_layer, torch.tensor(noise), *grain))
        return torch.cat(parts)

    def _draw(self, seeds: range, shape: tuple[int, ...]) -> Tensor:
        return torch.stack([seeded(seed, shape) for seed in seeds])


def seeded(seed: int, shape: tuple[int, ...]) -> Tensor:
    """Normal numbers by StyleGAN's convention for seeds."""
    return torch.from_numpy(np.random.RandomState(seed).randn(*shape).astype(np.float32))


def graph_plans(
    mapping: nn.Module,
    synthesis: nn.Module,
    critic: nn.Module,
    shapes: Shapes,
    config: GanTraining,
) -> list[GraphPlan]:
    """Mapping, synthesis and critic, with the tensor names that the manifest's words stand for."""
    z = seeded(0, (EXAMPLES, config.networks.z_dim))
    layers = 2 * len(config.networks.channels)
    with torch.no_grad():
        w = mapping(z)[:, None].repeat(1, layers, 1)
    noise = {f"noise.{i}": seeded(i, (EXAMPLES, *shape)) for i, shape in enumerate(shapes)}
    size = config.data.size
    return [
        GraphPlan("mapping", mapping, {"z": z}, ("w",)),
        GraphPlan(
            "synthesis",
            synthesis,
            {"w": w, "noise_strength": torch.tensor(1.0), **noise},
            ("image",),
            dynamic={name: {0: "noise_batch"} for name in noise},
            fixed=frozenset({"noise_strength"}),
        ),
        GraphPlan(
            "critic",
            critic,
            {"image": seeded(2, (EXAMPLES, 3, size, size)).tanh()},
            ("score",),
        ),
    ]


def plain_critic(critic: nn.Module, real: Tensor) -> nn.Module:
    """What the pack has of a critic; `real` are pictures for what depends on their company."""
    if isinstance(critic, ProjectedCritic):
        return PlainProjectedCritic(critic)
    assert isinstance(critic, Critic)
    return PlainCritic(critic, usual_deviation(critic, real))


def usual_deviation(critic: Critic, real: Tensor) -> float:
    """The mean of the critic's deviation channel over batches of real pictures."""
    with torch.inference_mode():
        return float(
            torch.stack(
                [critic.deviation(critic.features(x)).mean() for x in real.split(16)]
            ).mean()
        )


def measure(real: Tensor, made: Tensor, critic: nn.Module) -> dict[str, str]:
    """Cheap measures of a GAN: variety, detail, copying, and what its critic thinks."""
    with torch.inference_mode():
        scores = [float(critic(x).mean()) for x in (real, made)]
    far = [distances(x, x) for x in (real, made)]
    variety = float(far[1].mean() / far[0].mean())
    nearest_made = distances(made, real).min(dim=1).values.median()
    nearest_real = (far[0] + torch.eye(len(real)) * 1e9).min(dim=1).values.median()
    details = [grain(x) for x in (real, made)]
    return {
        "variety: mean distance of made pictures / of photographs (1: as varied)": f"{variety:.2f}",
        "fine grain: made pictures / photographs (1: as fine)": (f"{details[1] / details[0]:.2f}"),
        "distance to the nearest photograph / between photographs (far below 1: copies)": (
            f"{float(nearest_made / nearest_real):.2f}"
        ),
        "critic's mean score of photographs and of made pictures": (
            f"{scores[0]:.2f} and {scores[1]:.2f}"
        ),
    }


def distances(a: Tensor, b: Tensor) -> Tensor:
    """Root mean square differences of small versions: [len(a), len(b)]."""
    small = [F.interpolate(x, size=(SMALL, SMALL), mode="area").flatten(1) for x in (a, b)]
    far: Tensor = torch.cdist(small[0], small[1]) / SMALL / 3**0.5
    return far


def grain(pictures: Tensor) -> float:
    """Mean absolute difference from the picture at half size."""
    small = F.avg_pool2d(pictures, 2)
    back = F.interpolate(small, scale_factor=2.0, mode="bilinear", align_corners=False)
    return float((pictures - back).abs().mean())
