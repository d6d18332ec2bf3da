"""Training the picture tokenizer: the whole autoencoder, then its decoder alone for sharpness.

Errors of pixels and of their gradients; at the end also a critic. The encoder stands still then, so
the codes no longer change, and so do batch norm's statistics: the decoder learns as it will be
used, and flat areas of a rare code cannot run away from what a batch's own statistics would hide.
The critic also judges codes that no picture gave, since those that a prior draws are such.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
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
from genstudio.training.start_tokens import tokenizer_of
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.token_pictures import moved, shrink
from genstudio.training.tokenizer import Tokenizer

SHEET_PICTURES = 16
STRAY = 0.15
"""How many numbers of the codes that the critic alone judges are a level off."""
WARM_UP = 100
"""Steps over which the learning rate rises: a critic says little that is true at first."""


class TokenizerTrainer(Kept):
    """The tokenizer, its critic, and one step of both. `held_out` is only looked at.

    That of the pack `start`, if there is one, keeps its encoder: its decoder learns on.
    """

    def __init__(
        self,
        config: AutoregressiveTraining,
        dataset: Dataset,
        held_out: Dataset,
        start: Pack | None = None,
    ) -> None:
        self.config = config.tokenizer
        self._may_mirror = config.may_mirror
        whole = msgspec.structs.replace(config.data, flip=False)
        self.batches = Batches(dataset, whole, self.config.batch, config.run.seed)
        self.tokenizer = channels_last(
            tokenizer_of(start, self.config) if start else Tokenizer(self.config)
        ).requires_grad_(True)
        self._sharpen_from = 0.0 if start else self.config.sharpen_from
        self.sharpener = make_sharpener(self.config.critic, 2, projected=self.config.projected)
        self.average = Average(self.tokenizer, self.config.average_images)
        rate = self.config.learning_rate
        self.optimiser = torch.optim.AdamW(
            self.tokenizer.parameters(), rate, (0.9, 0.99), weight_decay=0.01, fused=True
        )
        shown = (held_out.pictures or dataset.pictures)[:: max(1, len(held_out.pictures) // 16)]
        crops = centre_crops(shown[:SHEET_PICTURES], config.data.size)
        self._shown = shrink(sheet.to_tensor(crops), self.config.size)

    @property
    def batch(self) -> int:
        """Pictures a step."""
        return self.config.batch

    def step(self, seen: int, done: float) -> Mapping[str, float]:
        """One step of the autoencoder or, late in the run, of the decoder and its critic."""
        pixels, pictures = self.batches.next()
        flip = np.array([self._may_mirror(picture) for picture in pictures])
        picture = moved(sheet.to_tensor(pixels), self.config.size, self.batches.random, flip)
        rate = learning_rate(self.config.learning_rate, done, 0.3)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (seen / self.batch + 1) / WARM_UP)
        sharpening = done >= self._sharpen_from and self.config.sharpen > 0.0
        turn = seen // self.batch
        losses = self._sharpen(picture, rate, turn) if sharpening else self._rebuild(picture)
        self.average.update(self.tokenizer, seen, self.batch)
        return losses

    def sheet(self) -> NDArray[np.uint8]:
        """Held-out pictures above their reconstructions."""
        network = self.average.network
        with torch.inference_mode():
            again = network.decode(network.encode(self._shown))
        pairs = torch.cat([self._shown[:8], again[:8], self._shown[8:], again[8:]])
        return sheet.lay_out(sheet.to_pixels(pairs), 8)

    def parts(self) -> Parts:
        """Everything that learns or remembers, by name."""
        return {
            "tokenizer": self.tokenizer,
            "average": self.average.network,
            "optimiser": self.optimiser,
            "critic": self.sharpener.critic,
            "critic_optimiser": self.sharpener.optimiser,
        }

    def _rebuild(self, picture: Tensor) -> dict[str, float]:
        with mixed():
            again = self.tokenizer(picture)
        loss = self._difference(again.float(), picture)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return {"difference": loss.item()}

    def _sharpen(self, picture: Tensor, rate: float, turn: int) -> dict[str, float]:
        encoder, decoder = self.tokenizer.eval().encoder, self.tokenizer.decoder
        levels = self.tokenizer.levels
        with mixed():
            with torch.no_grad():
                values = levels.quantise(encoder(picture))
                other = levels.strayed(values[: len(values) // 2], STRAY)
            made = decoder(torch.cat([values, other])).float()
        realism, critic_loss = self.sharpener.judge_both(picture, made, rate, turn)
        difference = self._difference(made[: len(picture)], picture)
        self.optimiser.zero_grad(set_to_none=True)
        descend(self.config.sharpen, difference, realism, made, decoder.out.weight)
        self.optimiser.step()
        return {"difference": difference.item(), "realism": realism.item(), "critic": critic_loss}

    def _difference(self, again: Tensor, picture: Tensor) -> Tensor:
        difference, kind = again - picture, self.config.pixels
        return size_of(difference, kind) + self.config.gradient * gradient_size(difference, kind)


@torch.inference_mode()
def reconstruction_quality(network: Tokenizer, held_out: Dataset, size: int) -> float:
    """Mean PSNR in decibels of the pictures' reconstructions, as 8-bit pixels are compared."""
    values: list[float] = []
    for start in range(0, len(held_out.pictures), 64):
        part = held_out.pictures[start : start + 64]
        side = min(part[0].pixels.shape[:2])
        picture = shrink(sheet.to_tensor(centre_crops(part, side)), size)
        again = network.decode(network.encode(picture))
        error = ((again - picture) * 0.5).square().mean(dim=(1, 2, 3)).clamp(min=1e-10)
        values += (-10.0 * error.log10()).tolist()
    return float(np.mean(values))
