"""Thumbnails: what a step of the history looked like, small enough to keep thousands."""

from __future__ import annotations

import io
import struct
import warnings
import weakref
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


_known: dict[int, tuple[weakref.ref[NDArray[np.uint8]], bytes]] = {}
"""Thumbnails that were encoded and are still in use, by `id`: a long history is saved again and
again, and has only one or two new ones each time."""


def to_webp(thumbnail: NDArray[np.uint8]) -> bytes:
    """A thumbnail as the bytes of a WebP file. It must not change after this."""
    from PIL import Image

    found = _known.get(id(thumbnail))
    if found is not None and found[0]() is thumbnail:
        return found[1]
    buffer = io.BytesIO()
    Image.fromarray(thumbnail).save(buffer, "WEBP", quality=_QUALITY, method=2)
    return _remember(thumbnail, buffer.getvalue())


def _remember(thumbnail: NDArray[np.uint8], data: bytes) -> bytes:
    key = id(thumbnail)
    _known[key] = (weakref.ref(thumbnail, lambda _: _known.pop(key, None)), data)
    return data


def from_webp(data: bytes) -> NDArray[np.uint8] | None:
    """The thumbnail in a WebP file from outside; None for what is no thumbnail of ours."""
    import numpy as np
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow's own alarm for large pictures; the limit below is far stricter.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
                if max(image.size) > SIDE:
                    return None
                thumbnail = np.array(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, TypeError, struct.error):
        return None
    except Image.DecompressionBombError:
        return None
    _remember(thumbnail, data)
    return thumbnail
