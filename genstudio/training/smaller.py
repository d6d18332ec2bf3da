"""Pairs to learn enlarging from: a piece of a picture, and the same made smaller.

Nobody knows by which filter a small picture was made, so each is made by another one. Pieces are
taken at many sizes, mirrored and turned: an edge may run in any direction, and be of any length.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

_FILTERS: Final = (
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.HAMMING,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)


def pairs(
    pictures: Pixels, side: int, scale: int, random: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """Of each picture [N, S, S, 3] a piece [N, side, side, 3], and it `scale` times smaller."""
    pieces = np.stack([_piece(picture, side, random) for picture in pictures])
    chosen = random.integers(len(_FILTERS), size=len(pieces))
    return pieces, np.stack(
        [smaller(p, scale, _FILTERS[i]) for p, i in zip(pieces, chosen, strict=True)]
    )


def smaller(picture: Pixels, scale: int, by: Image.Resampling = Image.Resampling.LANCZOS) -> Pixels:
    """A picture [H, W, 3] as [H / scale, W / scale, 3]."""
    height, width = picture.shape[:2]
    return np.asarray(Image.fromarray(picture).resize((width // scale, height // scale), by))


def _piece(picture: Pixels, side: int, random: np.random.Generator) -> Pixels:
    """`side` x `side` pixels of a square picture that was made smaller by chance, turned."""
    full = len(picture)
    if random.random() < 0.5:
        full = int(random.integers(side, full + 1))
        picture = np.asarray(
            Image.fromarray(picture).resize((full, full), Image.Resampling.LANCZOS)
        )
    top, left = random.integers(full - side + 1, size=2)
    turned = np.rot90(picture[top : top + side, left : left + side], int(random.integers(4)))
    return np.ascontiguousarray(turned)
