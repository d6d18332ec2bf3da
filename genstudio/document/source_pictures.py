"""The pictures that recipes work on, as PNG inside a project file, known by their pixels' hash."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from genstudio.base.errors import PictureError
from genstudio.base.texts import translate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MODES = ("L", "RGB", "RGBA")


def to_png(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels [height, width, 1, 3 or 4] as PNG, without loss."""
    from PIL import Image

    buffer = io.BytesIO()
    plane = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    Image.fromarray(plane).save(buffer, "PNG")
    return buffer.getvalue()


def from_png(data: bytes, sha256: str) -> NDArray[np.uint8]:
    """The pixels [height, width, 1, 3 or 4] that `to_png` wrote.

    Raises:
        PictureError: no such picture, or not the one with this hash (that of `PictureRef`).
    """
    import numpy as np
    from PIL import Image

    from genstudio.engine.pixels import PIXEL_LIMIT, picture_hash

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if image.mode not in _MODES or image.width * image.height > PIXEL_LIMIT:
                raise ValueError("not a picture as GenStudio writes them")
            pixels = np.array(image)
    # Pillow's decoders raise many kinds of error for damaged files.
    except Exception as error:
        raise PictureError(_unreadable()) from error
    pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
    if picture_hash(pixels) != sha256:
        raise PictureError(_unreadable())
    return pixels


def _unreadable() -> str:
    return translate("Project", "a picture in it cannot be read")
