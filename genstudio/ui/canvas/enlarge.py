"""Enlarging a picture without the stars and stairs of Qt's bilinear smoothing.

A small picture is first enlarged a few times by cubic curves, once; what remains to the size on
the screen, which changes with every turn of the wheel, Qt does fast and well enough.
"""

from __future__ import annotations

from math import floor

from PIL import Image
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from genstudio.ui.canvas.geometry import ViewGeometry

MOST_PIXELS = 400 * 400
"""What the cubic step may produce; that many take some two milliseconds."""
MOST_TIMES = 4
_CURVE_REACH = 3


def refined(image: QImage, *, wraps: bool) -> QImage:
    """The picture some times larger, or as it is where it is large already.

    Args:
        image: An opaque picture of 32 bits a pixel.
        wraps: Whether its right edge goes on at its left one, and the lower at the upper.
    """
    times = _times(image)
    if times == 1:
        return image
    width, height = image.width(), image.height()
    reach = _CURVE_REACH if wraps else 0
    around = QRect(-reach, -reach, width + 2 * reach, height + 2 * reach)
    source = repeated(image, around) if wraps else image
    # The four bytes of a pixel are treated alike, so their order does not matter here.
    pixels = Image.frombuffer(
        "RGBX",
        (source.width(), source.height()),
        bytes(source.constBits()),
        "raw",
        "RGBX",
        source.bytesPerLine(),
        1,
    ).resize(
        (width * times, height * times),
        Image.Resampling.BICUBIC,
        (reach, reach, reach + width, reach + height),
    )
    return QImage(
        pixels.tobytes(), width * times, height * times, 4 * width * times, image.format()
    ).copy()


def visible_source(image: QImage, geometry: ViewGeometry) -> QRect:
    """The image's pixels that are in view, with one more around them for smoothing."""
    visible, rect = geometry.visible_rect, geometry.picture_rect
    width, height = image.width(), image.height()
    across, down = rect.width() / width, rect.height() / height
    left = floor((visible.left() - rect.x()) / across) - 1
    top = floor((visible.top() - rect.y()) / down) - 1
    right = floor((visible.right() - rect.x()) / across) + 1
    bottom = floor((visible.bottom() - rect.y()) / down) + 1
    beside = geometry.tiles // 2
    whole = QRect(
        -beside * width, -beside * height, width * geometry.tiles, height * geometry.tiles
    )
    return QRect(left, top, right - left + 1, bottom - top + 1).intersected(whole)


def repeated(image: QImage, source: QRect) -> QImage:
    """A part of the endless plane that is tiled with the image."""
    result = QImage(source.size(), image.format())
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    width, height = image.width(), image.height()
    for top in range(source.y() // height * height, source.y() + source.height(), height):
        for left in range(source.x() // width * width, source.x() + source.width(), width):
            painter.drawImage(left - source.x(), top - source.y(), image)
    painter.end()
    return result


def _times(image: QImage) -> int:
    pixels = image.width() * image.height()
    return next(
        (times for times in range(MOST_TIMES, 1, -1) if pixels * times * times <= MOST_PIXELS), 1
    )
