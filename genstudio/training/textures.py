"""Training a texture model: quilts of codes, which a decoder learns to make pictures of.

Each step lays the codes of whole textures out anew in pieces, and decodes that. Inside of a piece
the picture must be the texture's own pixels, moved with the piece; at the joins, and where two
textures are mixed, a critic alone says whether it looks real. So the decoder learns forms as fast
as any autoencoder, and to close joins as a GAN does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from genstudio.training import sheet
from genstudio.training.average import Average, channels_last
from genstudio.training.data import Batches, Dataset, centre_crops
from genstudio.training.device import generator
from genstudio.training.kept import Kept, Parts
from genstudio.training.loop import learning_rate
from genstudio.training.patch_critic import Sharpener, descend
from genstudio.training.precision import mixed
from genstudio.training.quilt import CELL, CHANCES, PIXELS, Quilt, patchwork, quilt
from genstudio.training.texture_config import TextureTraining
from genstudio.training.texture_networks import Decoder, TextureCritic

SHEET_TEXTURES: Final = 16
AT_ONCE: Final = 32
CRITIC_RATE: Final = 3.0
"""Its own share of the rate makes that about the decoder's: with less it lags behind."""
KEPT: Final = 0.9
"""The share of a piece from which on a place has to show its texture's own pixels."""


class TextureTrainer(Kept):
    """Decoder and critic, and one step of both."""

    def __init__(self, config: TextureTraining, dataset: Dataset) -> None:
        self.config = config
        self.dataset = dataset
        self.batches = Batches(dataset, config.data, config.run.batch, config.run.seed)
        self.decoder = channels_last(Decoder(config.networks))
        self.decoder.patches.fit(self._pictures())
        self.decoder_average = Average(self.decoder, config.run.average_images)
        self.sharpener = Sharpener(TextureCritic(config.networks))
        self.optimiser = torch.optim.Adam(
            self.decoder.parameters(), config.run.learning_rate, (0.5, 0.99), fused=True
        )  # fmt: skip
        self.side = config.data.size // PIXELS

    @property
    def batch(self) -> int:
        """Pictures a step."""
        return self.config.run.batch

    def step(self, seen: int, done: float) -> Mapping[str, float]:
        """One step of the decoder, and in the later part of the run one of the critic."""
        rate = learning_rate(self.config.run.learning_rate, done, self.config.run.decay_from)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        real = sheet.to_tensor(self.batches.next()[0])
        plan = self._plan(self.batch)
        mix = self._mix()
        codes = in_rows(self.decoder.patches.encode(real))
        quilted = patchwork(codes, self._pairs(), mix, plan)
        with mixed():
            made = self.decoder(quilted).float()
        shown, inside = shown_pixels(real, plan)
        pure = mix[:, 0].amin(dim=(1, 2)) == 1.0
        pixels = pixel_difference(made, shown, inside * pure[:, None, None, None])
        losses = {"pixels": pixels.item()}
        self.optimiser.zero_grad(set_to_none=True)
        if done >= self.config.loss.sharpen_from:
            with mixed():
                losses["critic"] = self.sharpener.judge(
                    real, made, CRITIC_RATE * rate, seen // self.batch
                )
                unreal = self.sharpener.unreal(made)
                realism = unreal
                if pure.any():
                    realism = unreal + self.sharpener.unlike(made[pure], shown[pure])
            losses["realism"] = -unreal.item()
            share, last = self.config.loss.sharpen, self.decoder.leave.weight
            descend(share, pixels, realism, made, last)
        else:
            pixels.backward()
        self.optimiser.step()
        self.decoder_average.update(self.decoder, seen, self.batch)
        return losses

    @torch.inference_mode()
    def sheet(self) -> NDArray[np.uint8]:
        """Some textures, and under each row the same put together anew twice."""
        chosen = np.linspace(0, len(self.dataset.pictures) - 1, SHEET_TEXTURES).astype(int)
        pixels = centre_crops([self.dataset.pictures[i] for i in chosen], self.config.data.size)
        codes = in_rows(self.decoder.patches.encode(sheet.to_tensor(pixels)))
        first = (torch.arange(SHEET_TEXTURES) * self.side**2)[:, None]
        rows = [pixels]
        for seed in range(2):
            plan = self._plan(SHEET_TEXTURES, generator(seed))
            cells = self.side // CELL
            whole = torch.ones(SHEET_TEXTURES, 1, cells, cells)
            made = self.decoder_average.network(patchwork(codes, first, whole, plan))
            rows.append(sheet.to_pixels(made))
        columns = SHEET_TEXTURES // 2
        halves = [row[half : half + columns] for half in (0, columns) for row in rows]
        return sheet.lay_out(np.concatenate(halves), columns)

    @torch.inference_mode()
    def bank(self) -> Tensor:
        """The codes of all pictures, one after the other, row by row: [codes, code]."""
        encode = self.decoder.patches.encode
        return torch.cat([in_rows(encode(part)) for part in self._pictures()])

    def parts(self) -> Parts:
        """Everything that learns or remembers, by name."""
        return {
            "decoder": self.decoder,
            "optimiser": self.optimiser,
            "decoder_average": self.decoder_average.network,
            "critic": self.sharpener.critic,
            "critic_optimiser": self.sharpener.optimiser,
        }

    def _pictures(self) -> Iterator[Tensor]:
        """All pictures, cut in the middle, a few at a time."""
        pictures = self.dataset.pictures
        for start in range(0, len(pictures), AT_ONCE):
            part = pictures[start : start + AT_ONCE]
            yield sheet.to_tensor(centre_crops(part, self.config.data.size))

    def _plan(self, count: int, chance: torch.Generator | None = None) -> Quilt:
        cells = self.side // CELL
        numbers = torch.randn(count, CHANCES, cells, cells, generator=chance)
        return quilt(numbers, self.side, wraps=self.config.seamless)

    def _pairs(self) -> Tensor:
        """Where each picture's codes begin, and the next one's: int64 [B, 2]."""
        own = torch.arange(self.batch)
        return torch.stack([own, own.roll(1)], dim=1) * self.side**2

    def _mix(self) -> Tensor:
        """The parts of a picture and of the next one in each piece: [B, 2, cells, cells].

        Most show one alone. Of the mixed ones half are patches of both, half the same blend all
        over.
        """
        cells = self.side // CELL
        blend = torch.rand(self.batch, 1, 1).expand(-1, cells, cells)
        patches = torch.rand(self.batch, cells, cells).round()
        other = torch.where(torch.rand(self.batch, 1, 1) < 0.5, blend, patches)
        other = other * (torch.rand(self.batch, 1, 1) < self.config.loss.mixed)
        return torch.stack([1.0 - other, other], dim=1)


def in_rows(codes: Tensor) -> Tensor:
    """Codes [B, C, S, S] one after the other, row by row: [B S S, C]."""
    return codes.permute(0, 2, 3, 1).flatten(0, 2)


def shown_pixels(real: Tensor, plan: Quilt) -> tuple[Tensor, Tensor]:
    """What pixels of `real` [B, 3, S, S] the pieces of a quilt show, and where that is certain.

    Certain (1, else 0; [B, 1, S, S]) are the places well inside of a piece.
    """
    share, code = plan.strongest()
    blocks = F.pixel_unshuffle(real, PIXELS)
    index = code.flatten(1)[:, None].expand(-1, blocks.shape[1], -1)
    shown = F.pixel_shuffle(blocks.flatten(2).gather(2, index).view_as(blocks), PIXELS)
    near = F.pad((share > KEPT).float()[:, None], (1, 1, 1, 1), mode="circular")
    inside = -F.max_pool2d(-near, 3, 1)
    return shown, inside.repeat_interleave(PIXELS, 2).repeat_interleave(PIXELS, 3)


def pixel_difference(made: Tensor, shown: Tensor, where: Tensor) -> Tensor:
    """How far pictures [B, 3, S, S] are from what they should show, at the places `where`.

    The mean absolute difference, plus that of steps between neighbouring pixels.
    """
    apart = [made - shown] + [
        (made - made.roll(1, axis)) - (shown - shown.roll(1, axis)) for axis in (2, 3)
    ]
    total = torch.stack([(x.abs() * where).sum() for x in apart]).sum()
    return total / (3.0 * where.sum() + 1.0)
