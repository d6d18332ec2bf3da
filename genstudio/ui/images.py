"""Pixels as the engine gives them (uint8: height, width, channels) to Qt's pictures and back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from genstudio.base.errors import PictureError
from genstudio.base.texts import translate

Pixels = npt.NDArray[np.uint8]

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


def to_qimage(pixels: Pixels) -> QImage:
    """A picture that owns its pixels: later writes to the array do not show in it.

    Raises:
        PictureError: The array is not uint8 of height by width by 1, 3 or 4 channels.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in _FORMATS:
        raise PictureError(
            translate(
                "Pictures", "A picture cannot be shown from {kind} numbers of shape {shape}."
            ).format(kind=pixels.dtype, shape=" × ".join(str(side) for side in pixels.shape))
        )
    height, width, channels = pixels.shape
    whole = np.ascontiguousarray(pixels)
    # Rows are told with their length, since Qt otherwise expects them padded to four bytes; the
    # copy cuts the picture loose from the array's memory.
    return QImage(whole.data, width, height, width * channels, _FORMATS[channels]).copy()


def to_pixels(image: QImage) -> Pixels:
    """Height by width by 3 channels, or by 4 where the picture can be transparent."""
    channels = 4 if image.hasAlphaChannel() else 3
    even = image.convertToFormat(_FORMATS[channels])
    rows = np.frombuffer(even.constBits(), np.uint8).reshape(even.height(), even.bytesPerLine())
    packed = rows[:, : even.width() * channels]
    return packed.reshape(even.height(), even.width(), channels).copy()
