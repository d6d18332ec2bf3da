"""Pairs to learn enlarging from: a piece of a picture, and the same made smaller.

Nobody knows by which filter a small picture was made, so each is made by another one. Half of them
are softened and get grain as well: what a model drew is seldom as sharp as a picture made smaller
(as in Real-ESRGAN, Wang et al. 2021, https://arxiv.org/abs/2107.10833). Pieces are taken at many
sizes and turned: an edge may run in any direction, and be of any length.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.uint8]

_FILTERS: Final = (
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.HAMMING,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)
_SPOILED: Final = 0.5
"""The part of the small pictures that are softened and get grain."""


def pairs(
    pictures: Pixels,
    side: int,
    scale: int,
    random: np.random.Generator,
    *,
    blur: float = 0.0,
    grain: float = 0.0,
) -> tuple[Pixels, Pixels]:
    """Of each picture [N, S, S, 3] a piece [N, side, side, 3], and it `scale` times smaller.

    `blur` and `grain` are the most that half of the small ones are softened by, as the deviation of
    a Gaussian in their pixels, and the largest deviation of noise, in steps of 255.
    """
    pieces = np.stack([_piece(picture, side, random) for picture in pictures])
    small = []
    for piece in pieces:
        by = _FILTERS[random.integers(len(_FILTERS))]
        spoiled = random.random() < _SPOILED
        made = smaller(piece, scale, by, blur * random.random() if spoiled else 0.0)
        if spoiled:
            noise = random.normal(0.0, grain * random.random(), made.shape)
            made = np.rint(np.clip(made + noise, 0, 255)).astype(np.uint8)
        small.append(made)
    return pieces, np.stack(small)


def smaller(
    picture: Pixels,
    scale: int,
    by: Image.Resampling = Image.Resampling.LANCZOS,
    blur: float = 0.0,
) -> Pixels:
    """A picture [H, W, 3] as [H / scale, W / scale, 3], softened by `blur` pixels of that."""
    height, width = picture.shape[:2]
    image = Image.fromarray(picture)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur * scale))
    return np.asarray(image.resize((width // scale, height // scale), by))


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
