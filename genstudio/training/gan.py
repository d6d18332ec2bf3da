"""Training a style-based GAN on few pictures, which the critic sees only in augmented form.

The same differentiable augmentation of real and made pictures.

StyleGAN2 (Karras et al. 2020), https://arxiv.org/abs/1912.04958; DiffAugment (Zhao et al. 2020),
https://arxiv.org/abs/2006.10738.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from genstudio.packs.manifest import Pack
from genstudio.training import sheet
from genstudio.training.average import Average, channels_last
from genstudio.training.config import GanTraining
from genstudio.training.data import Batches, Dataset
from genstudio.training.device import generator
from genstudio.training.gan_judge import GanJudge, PlainJudge, ProjectedJudge
from genstudio.training.gan_networks import MappingNetwork, Synthesis
from genstudio.training.kept import Kept, Parts
from genstudio.training.loop import learning_rate
from genstudio.training.precision import mixed
from genstudio.training.start_gan import begin_gan

SHEET_PICTURES = 32


class GanTrainer(Kept):
    """Mapping, synthesis and judge, and one step of both sides.

    They begin with the weights of the pack `start`, if there is one.
    """

    def __init__(self, config: GanTraining, dataset: Dataset, start: Pack | None = None) -> None:
        self.config = config
        self.batches = Batches(dataset, config.data, config.run.batch, config.run.seed)
        self.mapping = MappingNetwork(config.networks)
        self.synthesis = channels_last(Synthesis(config.networks))
        self.judge = make_judge(config)
        self.critic = self.judge.critic
        if start:
            begin_gan(start, self.mapping, self.synthesis, self.critic)
        self.mapping_average = Average(self.mapping, config.run.average_images)
        self.synthesis_average = Average(self.synthesis, config.run.average_images)
        makers = [*self.mapping.parameters(), *self.synthesis.parameters()]
        self.make_optimiser = torch.optim.Adam(makers, betas=(0.0, 0.99), fused=True)
        self._sheet_z, self._sheet_noise = self._fixed_inputs()

    @property
    def batch(self) -> int:
        """Pictures a step."""
        return self.config.run.batch

    def step(self, seen: int, done: float) -> Mapping[str, float]:
        """One step of the critic, then one of the maker against it, on the same made pictures."""
        rate = learning_rate(self.config.run.learning_rate, done, self.config.run.decay_from)
        real = sheet.to_tensor(self.batches.next()[0])
        with mixed():
            made = self._make().float()
        critic_loss = self.judge.judge(real, made, rate, seen // self.batch)
        loss = self.judge.unreal(made)
        self.make_optimiser.zero_grad(set_to_none=True)
        loss.backward()
        for group in self.make_optimiser.param_groups:
            group["lr"] = rate * self.judge.heeded(seen)
        self.make_optimiser.step()
        self.mapping_average.update(self.mapping, seen, self.batch)
        self.synthesis_average.update(self.synthesis, seen, self.batch)
        return {"maker": loss.item(), "critic": critic_loss}

    def sheet(self) -> NDArray[np.uint8]:
        """The same seeds each time, drawn with the averaged weights."""
        with torch.inference_mode():
            w = self.mapping_average.network(self._sheet_z)
            average = w.mean(dim=0, keepdim=True)
            w = average + 0.8 * (w - average)
            layers = len(self.synthesis.layers) + 1
            pictures = self.synthesis_average.network(
                w[:, None].expand(-1, layers, -1), self._sheet_noise, torch.tensor(1.0)
            )
        return sheet.lay_out(sheet.to_pixels(pictures), 8)

    def parts(self) -> Parts:
        """Everything that learns or remembers, by name."""
        return {
            "mapping": self.mapping,
            "synthesis": self.synthesis,
            "critic": self.critic,
            "make_optimiser": self.make_optimiser,
            "judge_optimiser": self.judge.optimiser,
            "mapping_average": self.mapping_average.network,
            "synthesis_average": self.synthesis_average.network,
        }

    def _make(self) -> Tensor:
        count = self.batch
        z = torch.randn(2, count, self.config.networks.z_dim)
        w = self.mapping(z.flatten(0, 1)).unflatten(0, (2, count))
        layers = len(self.synthesis.layers) + 1
        crossing = torch.randint(1, layers, (count, 1, 1))
        mixed = torch.rand(count, 1, 1) < self.config.loss.mixing
        second = mixed & (torch.arange(layers)[None, :, None] >= crossing)
        per_layer = torch.where(second, w[1][:, None], w[0][:, None])
        shapes = self.synthesis.noise_shapes
        noise = [torch.randn(count, *shape) for shape in shapes]
        picture: Tensor = self.synthesis(per_layer, noise, torch.tensor(1.0))
        return picture

    def _fixed_inputs(self) -> tuple[Tensor, list[Tensor]]:
        chance = generator(0)
        z = torch.randn(SHEET_PICTURES, self.config.networks.z_dim, generator=chance)
        shapes = self.synthesis.noise_shapes
        return z, [torch.randn(SHEET_PICTURES, *shape, generator=chance) for shape in shapes]


def make_judge(config: GanTraining) -> GanJudge:
    """The judge that a training file asks for."""
    changed = augment if config.loss.augment else None
    return ProjectedJudge(changed) if config.loss.projected else PlainJudge(config, changed)


def augment(pictures: Tensor) -> Tensor:
    """DiffAugment: other colours for half of the pictures, shift by up to an eighth, a grey square.

    [B, 3, S, S] -> the same shape; differentiable, with chances of its own for each picture.
    Colours changed in all of them would be learned as changed (Karras et al. 2020,
    https://arxiv.org/abs/2006.06676).
    """
    count, _, size, _ = pictures.shape
    x = torch.where(torch.rand(count, 1, 1, 1) < 0.5, _recoloured(pictures), pictures)
    return _cut_out(_shift(x, size // 8), size // 2)


def _recoloured(x: Tensor) -> Tensor:
    """Another brightness, saturation and contrast."""
    brightness, saturation, contrast = torch.rand(3, len(x), 1, 1, 1)
    x = x + (brightness - 0.5)
    grey = x.mean(dim=1, keepdim=True)
    x = (x - grey) * (saturation * 2.0) + grey
    middle = x.mean(dim=(1, 2, 3), keepdim=True)
    recoloured: Tensor = (x - middle) * (contrast + 0.5) + middle
    return recoloured


def _shift(x: Tensor, most: int) -> Tensor:
    count, _, size, _ = x.shape
    padded = F.pad(x, (most, most, most, most))
    moves = torch.randint(0, 2 * most + 1, (count, 2)).tolist()
    rows = [
        padded[i : i + 1, :, dy : dy + size, dx : dx + size] for i, (dy, dx) in enumerate(moves)
    ]
    return torch.cat(rows).contiguous(memory_format=torch.channels_last)


def _cut_out(x: Tensor, side: int) -> Tensor:
    count, _, size, _ = x.shape
    centre = torch.randint(0, size + 1, (2, count, 1))
    near = (torch.arange(size)[None, None] - centre).abs() < side // 2
    hole = near[0][:, None, :, None] & near[1][:, None, None, :]
    return x.masked_fill(hole, 0.0)
