"""Training an upscaler: pieces of pictures made smaller, and the network to undo that.

Late in the run, where the training file asks for it, a critic of patches joins in, since the error
of pixels is least where an edge that may be here or there is drawn as a soft one (SRGAN, Ledig et
al. 2017, https://arxiv.org/abs/1609.04802).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genstudio.packs.manifest import Pack
from genstudio.training import sheet
from genstudio.training.average import Average, channels_last
from genstudio.training.data import Batches, Dataset, centre_crops
from genstudio.training.kept import Kept, Parts
from genstudio.training.loop import learning_rate
from genstudio.training.patch_critic import descend
from genstudio.training.pixel_loss import gradient_size, size_of
from genstudio.training.precision import mixed
from genstudio.training.projected_critic import make_sharpener
from genstudio.training.smaller import pairs, smaller
from genstudio.training.start_upscaler import begin_upscaler
from genstudio.training.upscaler_config import UpscalerTraining
from genstudio.training.upscaler_networks import Enlarger

SHOWN = 12
CRITIC_STEPS = 2
"""Halvings of the critic: it judges edges and grain."""
WARM_UP = 100
"""Steps until the learning rate is whole."""


class UpscalerTrainer(Kept):
    """The network and one step of it. `held_out` is only looked at.

    It begins with the weights of the pack `start`, if there is one.
    """

    def __init__(
        self,
        config: UpscalerTraining,
        dataset: Dataset,
        held_out: Dataset,
        start: Pack | None = None,
    ) -> None:
        self.config = config
        self.batches = Batches(dataset, config.data, config.run.batch, config.run.seed)
        self.enlarger = channels_last(Enlarger(config.networks))
        if start:
            begin_upscaler(start, self.enlarger)
        self.average = Average(self.enlarger, config.run.average_images)
        self.optimiser = torch.optim.AdamW(
            self.enlarger.parameters(), config.run.learning_rate, (0.9, 0.99), weight_decay=0.0,
            fused=True,
        )  # fmt: skip
        loss = config.loss
        self.sharpener = make_sharpener(loss.critic, CRITIC_STEPS, projected=loss.projected)
        shown = some(held_out if held_out.pictures else dataset, config, SHOWN)
        self._sheet = shown[0], sheet.to_tensor(shown[1])

    @property
    def batch(self) -> int:
        """Pictures a step."""
        return self.config.run.batch

    def step(self, seen: int, done: float) -> Mapping[str, float]:
        """One step."""
        run, loss, turn = self.config.run, self.config.loss, seen // self.batch
        rate = learning_rate(run.learning_rate, done, run.decay_from)
        rate *= min(1.0, (turn + 1) / WARM_UP)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        pieces, spoiled = pairs(
            self.batches.next()[0], loss.patch, self.enlarger.scale, self.batches.random,
            blur=loss.blur, grain=loss.grain,
        )  # fmt: skip
        large, small = sheet.to_tensor(pieces), sheet.to_tensor(spoiled)
        with mixed():
            made = self.enlarger(small).float()
        apart = made - large
        pixel, slope = size_of(apart, "absolute"), gradient_size(apart, "absolute")
        difference = pixel + loss.gradient * slope
        losses = {"pixel": pixel.item(), "gradient": slope.item()}
        if loss.sharpen > 0.0 and done >= loss.sharpen_from:
            losses |= self._sharpen(large, made, difference, rate, turn)
        else:
            self.optimiser.zero_grad(set_to_none=True)
            difference.backward()
            self.optimiser.step()
        self.average.update(self.enlarger, seen, self.batch)
        return losses

    def _sharpen(
        self, large: Tensor, made: Tensor, difference: Tensor, rate: float, turn: int
    ) -> dict[str, float]:
        realism, critic_loss = self.sharpener.judge_both(large, made, rate, turn)
        self.optimiser.zero_grad(set_to_none=True)
        share, last = self.config.loss.sharpen, self.enlarger.leave.weight
        descend(share, difference, realism, made, last)
        self.optimiser.step()
        return {"realism": realism.item(), "critic": critic_loss}

    def sheet(self) -> NDArray[np.uint8]:
        """Held-out pictures, four to a row: small with its pixels repeated, enlarged, real."""
        real, small = self._sheet
        made = enlarged(self.average.network, small)
        plain = sheet.to_pixels(small).repeat(self.enlarger.scale, 1).repeat(self.enlarger.scale, 2)
        cells = np.stack([plain, made, real], axis=1)
        return sheet.lay_out(cells.reshape(-1, *real.shape[1:]), 12)

    def parts(self) -> Parts:
        """Everything that learns or remembers, by name."""
        return {
            "enlarger": self.enlarger,
            "average": self.average.network,
            "optimiser": self.optimiser,
            "critic": self.sharpener.critic,
            "critic_optimiser": self.sharpener.optimiser,
        }


def some(dataset: Dataset, config: UpscalerTraining, count: int) -> tuple[NDArray[np.uint8], ...]:
    """Up to `count` pictures spread over the set, cut in the middle, and the same made smaller."""
    size, scale = config.data.size, config.networks.scale
    pictures = dataset.pictures
    chosen = np.linspace(0, len(pictures) - 1, min(count, len(pictures))).astype(int)
    large = centre_crops([pictures[i] for i in chosen], size - size % scale)
    return large, np.stack([smaller(picture, scale) for picture in large])


@torch.inference_mode()
def enlarged(network: Enlarger, small: Tensor) -> NDArray[np.uint8]:
    """Pictures [N, 3, H, W] in [-1, 1], enlarged one by one: uint8 [N, `scale` H, `scale` W, 3]."""
    return np.concatenate([sheet.to_pixels(network(one)) for one in small.split(1)])
