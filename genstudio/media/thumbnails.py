"""Thumbnails: what a step of the history looked like, small enough to keep thousands."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE: Final = 96
"""The longer side of a thumbnail of the history, in pixels, at most."""

_QUALITY: Final = 85


def thumbnail_of(pixels: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """A picture [height, width, 1, 3 or 4] as RGB of at most `side` pixels a side, a copy."""
    import numpy as np
    from PIL import Image

    from genstudio.media.pictures import on_white

    image = Image.fromarray(on_white(pixels))
    image.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=2.0)
    return np.array(image)


def to_webp(thumbnail: NDArray[np.uint8]) -> bytes:
    """A thumbnail as the bytes of a WebP file."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(thumbnail).save(buffer, "WEBP", quality=_QUALITY, method=2)
    return buffer.getvalue()


def from_webp(data: bytes) -> NDArray[np.uint8] | None:
    """The thumbnail in a WebP file from outside; None for what is no thumbnail of ours."""
    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            return np.array(image.convert("RGB")) if max(image.size) <= SIDE else None
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, TypeError, struct.error):
        return None
    except Image.DecompressionBombError:
        return None
