"""Thumbnails: what a step of the history looked like, small enough to keep thousands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE: Final = 96
"""The longer side of a thumbnail, in pixels, at most."""


def thumbnail_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture [height, width, 1, 3 or 4] as RGB of at most `SIDE` pixels; a copy of its own."""
    import numpy as np
    from PIL import Image

    from genstudio.media.pictures import on_white

    image = Image.fromarray(on_white(pixels))
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    return np.array(image)
