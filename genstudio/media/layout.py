"""Pictures laid out on a plane by likeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE: Final = 12
"""The side that pictures are compared at."""


def by_likeness(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Places [N, 2], each 0 to 1, of RGB pictures [H, W, 3]; like ones lie close together.

    The first two principal components of the pictures at 12 x 12 pixels, each spread evenly by
    rank, so that the plane is used all over. The same pictures always get the same places.
    """
    count = len(pictures)
    if count < 3:
        return np.linspace(0.25, 0.75, 2 * count, dtype=np.float32).reshape(count, 2)
    looks = np.stack([_look(picture) for picture in pictures])
    looks -= looks.mean(axis=0)
    _, ways = np.linalg.eigh(looks.T @ looks)
    along = looks @ ways[:, [-1, -2]] * np.sign(ways[:, [-1, -2]].sum(axis=0) + 1e-12)
    ranks = np.argsort(np.argsort(along, axis=0, kind="stable"), axis=0, kind="stable")
    places: NDArray[np.float32] = (ranks / (count - 1)).astype(np.float32)
    return places


def _look(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    small = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small, np.float64).ravel() / 255.0
