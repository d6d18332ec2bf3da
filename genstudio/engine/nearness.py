"""How near two pictures are: the same colours in the same places, coarse and fine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.engine.pixels import fit_picture
from genstudio.engine.rendering import Rendering

SIDES: Final = (4, 8, 16, 32)
"""Sides that pictures are compared at, each counting alike."""


def look(pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    """The picture at all sides: [side, side, C] in 0 to 1, by averaging."""
    from PIL import Image

    plane = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels[:, :, :3]
    image = Image.fromarray(plane)
    return [
        np.asarray(image.resize((side, side), Image.Resampling.BOX), np.float32) / 255.0
        for side in SIDES
    ]


def distance(a: list[NDArray[np.float32]], b: list[NDArray[np.float32]]) -> float:
    """Root mean square error, 0 to 1, of two looks over all sides."""
    return float(np.sqrt(np.mean([np.square(x - y).mean() for x, y in zip(a, b, strict=True)])))


def nearness_to(pixels: NDArray[np.uint8]) -> Callable[[Rendering], float]:
    """How near a rendering is to a picture [H, W, C], which is cut to its shape; 0 is the same."""
    looks: dict[tuple[int, ...], list[NDArray[np.float32]]] = {}

    def nearness(rendering: Rendering) -> float:
        height, width, channels = shape = rendering.pixels.shape
        if shape not in looks:
            looks[shape] = look(fit_picture(pixels, width, height, channels))
        return -distance(look(rendering.pixels), looks[shape])

    return nearness
