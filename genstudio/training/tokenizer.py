"""Pictures to a small grid of codes and back: a convolutional autoencoder.

Finite scalar quantisation (Mentzer et al. 2023), https://arxiv.org/abs/2309.15505: each number of
a code is bounded and rounded to a few levels, with the gradient passed straight through; no
codebook to learn or to collapse. Batch norm folds into the convolutions for the export.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.token_config import TokenizerConfig


def convolution(inputs: int, outputs: int, size: int = 3, stride: int = 1) -> nn.Sequential:
    """Convolution and batch norm; the picture's side is divided by `stride`."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outputs),
    )


class Block(nn.Module):
    """Two convolutions beside the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = convolution(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """[B, channels, H, W] -> the same shape."""
        return F.relu(x + self.second(F.relu(self.first(x))))


class Levels(nn.Module):
    """The quantiser: vectors of unbounded numbers <-> codes.

    A code is a mixed-radix number whose digits are the levels, the first one most significant.
    """

    basis: Tensor
    counts: Tensor

    def __init__(self, levels: tuple[int, ...]) -> None:
        super().__init__()
        basis = [int(np.prod(levels[i + 1 :])) for i in range(len(levels))]
        self.register_buffer("counts", torch.tensor(levels, dtype=torch.float32), persistent=False)
        self.register_buffer("basis", torch.tensor(basis, dtype=torch.float32), persistent=False)

    def place(self, x: Tensor) -> Tensor:
        """[..., numbers] -> where on the ladder of levels each one lies, -0.5 to levels - 0.5."""
        return (torch.tanh(x.float()) + 1.0) * 0.5 * self.counts - 0.5

    def nearest(self, place: Tensor) -> Tensor:
        """The level below or above that is nearest, 0 to levels - 1, as float."""
        return torch.minimum(place.round().clamp(min=0.0), self.counts - 1.0)

    def values(self, level: Tensor) -> Tensor:
        """Levels as numbers from -1 to 1."""
        return level * (2.0 / (self.counts - 1.0)) - 1.0

    def quantise(self, x: Tensor) -> Tensor:
        """[..., numbers] -> quantised values, -1 to 1; gradients pass as if nothing was rounded."""
        place = self.place(x)
        return self.values(place + (self.nearest(place) - place).detach())

    def strayed(self, values: Tensor, chance: float) -> Tensor:
        """Values [..., numbers] of which each is, by `chance`, a level higher or lower."""
        moved = torch.rand_like(values) < chance
        step = 2.0 / (self.counts - 1.0) * torch.where(torch.rand_like(values) < 0.5, -1.0, 1.0)
        return torch.where(moved, values + step, values).clamp(-1.0, 1.0)

    def codes(self, x: Tensor) -> Tensor:
        """[..., numbers] -> int64 [...]."""
        return (self.nearest(self.place(x)) * self.basis).sum(-1).round().long()

    def table(self) -> Tensor:
        """The values of every code: [codes, numbers], each -1 to 1."""
        return self.values(self.digits().float())

    def digits(self) -> Tensor:
        """The levels of every code: int64 [codes, numbers]."""
        ranges = [torch.arange(int(count)) for count in self.counts.tolist()]
        return torch.cartesian_prod(*ranges)


class Encoder(nn.Module):
    """[B, 3, S, S] in [-1, 1] -> [B, G, G, numbers], not yet quantised."""

    def __init__(self, channels: tuple[int, ...], patch: int, numbers: int) -> None:
        super().__init__()
        enter = convolution(3 * patch**2, channels[0])
        layers: list[nn.Module] = [nn.PixelUnshuffle(patch), enter, nn.ReLU()]
        for a, b in pairwise(channels):
            layers += [Block(a), convolution(a, b, 3, 2), nn.ReLU()]
        self.body = nn.Sequential(*layers, Block(channels[-1]), Block(channels[-1]))
        self.out = convolution(channels[-1], numbers, 1)

    def forward(self, picture: Tensor) -> Tensor:
        """See the class."""
        out: Tensor = self.out(self.body(picture))
        return out.permute(0, 2, 3, 1)


class Decoder(nn.Module):
    """[B, G, G, numbers] in [-1, 1] -> [B, 3, S, S], about -1 to 1 (not clipped)."""

    def __init__(self, channels: tuple[int, ...], patch: int, numbers: int) -> None:
        super().__init__()
        self.patch = patch
        last = channels[-1]
        layers: list[nn.Module] = [convolution(numbers, last), nn.ReLU(), Block(last), Block(last)]
        for a, b in pairwise(reversed(channels)):
            layers += [nn.Upsample(scale_factor=2), convolution(a, b), nn.ReLU()]
            layers += [Block(b), Block(b)]
        self.body = nn.Sequential(*layers[:-1])  # the widest maps get one block
        self.out = nn.Conv2d(channels[0], 3 * patch**2, 3, 1, 1)

    def forward(self, values: Tensor) -> Tensor:
        """See the class."""
        features = self.body(values.permute(0, 3, 1, 2))
        return F.pixel_shuffle(self.out(features), self.patch)


class Tokenizer(nn.Module):
    """Encoder, quantiser and decoder."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.levels = Levels(config.levels)
        self.encoder = Encoder(config.encoder, config.patch, len(config.levels))
        self.decoder = Decoder(config.decoder, config.patch, len(config.levels))

    def forward(self, picture: Tensor) -> Tensor:
        """A picture by way of its codes: [B, 3, S, S] -> the same shape."""
        reconstruction: Tensor = self.decoder(self.levels.quantise(self.encoder(picture)))
        return reconstruction

    def encode(self, picture: Tensor) -> Tensor:
        """[B, 3, S, S] in [-1, 1] -> int64 [B, G, G]."""
        return self.levels.codes(self.encoder(picture))

    def decode(self, tokens: Tensor) -> Tensor:
        """int64 [B, G, G] -> [B, 3, S, S] in [-1, 1]."""
        picture: Tensor = self.decoder(F.embedding(tokens, self.levels.table()))
        return picture.clamp(-1.0, 1.0)
