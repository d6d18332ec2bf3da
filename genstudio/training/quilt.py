"""A texture put together anew from pieces of itself, in a grid of codes.

The picture is divided among seeds, one in each cell of `CELL` x `CELL` codes, moved by chance:
every place belongs to the seed that is nearest to it, softly at the borders. Each seed shows a
texture's codes from a place of its own on. So forms smaller than a cell stay whole, and no two
pictures are laid out alike; a decoder that learned on such quilts closes the joins.

Quilting: Efros and Freeman 2001, https://doi.org/10.1145/383259.383296; shuffled pieces of a
texture's features under a decoder that learns against a critic: Yu et al. 2019,
https://arxiv.org/abs/1901.03447.

All is written for a grid [B, numbers, h, w] of cells, so that it exports to a graph for any size:
the places inside of cells are an axis of their own, as in [.., CELL * CELL, h, w].
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

PIXELS: Final = 8
"""Pixels a side that a code stands for."""
CELL: Final = 8
"""Codes a side of the part of a quilt that has one seed."""
CHANCES: Final = 4
"""Normal numbers that lay out a cell: where its seed lies (2), what it shows of a texture (2)."""
_SOFTNESS: Final = 4.0
"""How far, in squared codes, a place may be nearer to another seed and still show some of it."""
_NEIGHBOURS: Final = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]


@dataclass(frozen=True)
class Quilt:
    """Of each place, by its cell's nine nearest seeds: their shares, and the codes they show.

    `shares` [B, 9, CELL * CELL, h, w] add up to 1; `codes` int64, of the same shape, are places of
    a texture of `side` x `side` codes, row by row. `fine` are the shares of each pixel.
    """

    shares: Tensor
    codes: Tensor
    fine: Tensor

    def strongest(self) -> tuple[Tensor, Tensor]:
        """The largest share of each place and the code that it shows: [B, h, w] in codes."""
        share, seed = self.shares.max(dim=1, keepdim=True)
        return laid_out(share)[:, 0], laid_out(self.codes.gather(1, seed))[:, 0]


def quilt(chance: Tensor, side: int, *, wraps: bool) -> Quilt:
    """Lay a quilt out by normal numbers, [B, CHANCES, h, w], of a texture of `side` codes.

    If it `wraps`, a piece that goes beyond the texture's edge goes on at the other side; else no
    piece does, and `side` must be more than 3 CELL.
    """
    low, choices = (0, side) if wraps else (CELL, side - 3 * CELL + 1)
    around = neighbours(0.5 * (1.0 + torch.erf(chance * math.sqrt(0.5))))
    seeds, shown = around[:, :, :2], torch.floor(around[:, :, 2:] * choices).clamp(max=choices - 1)
    y, x = seen_from_seeds(CELL)
    rows, columns = (
        wrapped(low + shown[:, :, axis : axis + 1] + torch.floor(at), side)
        for axis, at in ((0, y), (1, x))
    )
    codes = (rows * side + columns).long()
    return Quilt(shares(seeds, CELL), codes, shares(seeds, CELL * PIXELS))


def seen_from_seeds(places: int) -> tuple[Tensor, Tensor]:
    """The middles of a cell's `places` x `places` places, from the nine cells' corners, in codes.

    Down and to the right, each [1, 9, places * places, 1, 1].
    """
    inside = (torch.arange(places) + 0.5) * (CELL / places)
    dy, dx = (CELL * torch.tensor(_NEIGHBOURS).float()).T.view(2, 1, -1, 1, 1, 1).unbind()
    shape = (1, 1, -1, 1, 1)
    return inside.repeat_interleave(places).view(shape) - dy, inside.repeat(places).view(shape) - dx


def shares(seeds: Tensor, places: int) -> Tensor:
    """How much of each seed the places of a cell show: [B, 9, places * places, h, w].

    `seeds` [B, 9, 2, h, w] lie in their cells from 0 to 1, down and to the right.
    """
    y, x = seen_from_seeds(places)
    apart = (CELL * seeds[:, :, :1] - y).square() + (CELL * seeds[:, :, 1:] - x).square()
    return (-apart / _SOFTNESS).softmax(dim=1)


def neighbours(cells: Tensor) -> Tensor:
    """What the nine cells around each one hold: [B, C, h, w] -> [B, 9, C, h, w]."""
    around = F.pad(cells, (1, 1, 1, 1), mode="circular")
    parts = {-1: slice(0, -2), 0: slice(1, -1), 1: slice(2, None)}
    return torch.stack([around[:, :, parts[dy], parts[dx]] for dy, dx in _NEIGHBOURS], dim=1)


def wrapped(number: Tensor, side: int) -> Tensor:
    """Whole numbers above -`side`, brought into 0 to `side` - 1."""
    return number - side * torch.floor((number + 0.5) / side)


def laid_out(places: Tensor, side: int = CELL) -> Tensor:
    """[B, C, side * side, h, w] -> [B, C, side h, side w]."""
    count, channels, _, height, width = places.shape
    parts = places.view(count, channels, side, side, height, width)
    rows = parts.permute(0, 1, 4, 2, 5, 3)
    return rows.reshape(count, channels, side * height, side * width)


@dataclass(frozen=True)
class Pieces:
    """The codes that each of a place's nine nearest seeds shows there, and the seeds' shares.

    `codes` [B, 9, C, H, W], `shares` [B or 1, 9, H, W], H = CELL h and W = CELL w; `fine` are the
    shares of each pixel, [B or 1, 9, PIXELS H, PIXELS W].
    """

    codes: Tensor
    shares: Tensor
    fine: Tensor

    def blended(self) -> Tensor:
        """The codes that a place shows in all: [B, C, H, W]."""
        return (self.codes * self.shares[:, :, None]).sum(dim=1)


def patchwork(bank: Tensor, first: Tensor, mix: Tensor, plan: Quilt) -> Pieces:
    """What a quilt shows of textures.

    `bank` [codes, C] holds textures one after the other, of which the picture uses those that
    begin at `first` int64 [B, K]. `mix` [B, K, h, w] are their parts in each seed's piece.
    """
    index = first[:, :, None, None, None, None] + plan.codes[:, None]
    weight = neighbours(mix).transpose(1, 2)[:, :, :, None]
    seen = (bank[index] * weight[..., None]).sum(dim=1).permute(0, 1, 5, 2, 3, 4)
    codes = laid_out(seen.flatten(0, 1)).unflatten(0, (-1, len(_NEIGHBOURS)))
    return Pieces(codes, laid_out(plan.shares), laid_out(plan.fine, CELL * PIXELS))
