"""One picture as drawn into the view, kept until the picture or the view changes.

Small pictures are enlarged smoothly or, near enough, with crisp pixels; large ones are first
reduced as a whole, with every pixel counted, so that panning only moves what is ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from genstudio.ui.canvas.enlarge import refined, repeated, visible_source
from genstudio.ui.canvas.geometry import ViewGeometry

CRISP_SCALE = 12.0
"""From here on, in device pixels a picture pixel, a picture that was zoomed shows its pixels."""
GRID_SCALE = 6.0
"""A finer grid than this would hide the picture behind it."""
REFINED_FROM = 1.5
"""Enlarged less than this, a picture looks the same without the cubic step."""
SQUARE = 8
"""A square of the chequerboard behind transparency, in logical pixels."""


@dataclass(frozen=True)
class Look:
    """All that, beside the picture, decides what the view shows; equal looks, equal pixels.

    Attributes:
        geometry: Where the picture lies.
        ratio: Device pixels a logical pixel.
        pixels_shown: Whether the picture's pixels are wanted crisp also when fitted.
        squares: The two colours of the chequerboard, as QRgb.
        line: The colour of the pixel grid, as QRgb with its opacity.
    """

    geometry: ViewGeometry
    ratio: float
    pixels_shown: bool
    squares: tuple[int, int]
    line: int

    @property
    def is_crisp(self) -> bool:
        """Whether picture pixels are drawn as squares."""
        scale = self.geometry.scale
        if self.pixels_shown:
            return scale > 1
        return scale >= CRISP_SCALE and scale > self.geometry.fit_scale * 1.001


class PictureLayer:
    """A picture and its last drawing."""

    def __init__(self) -> None:
        self.image: QImage | None = None
        self._opaque = True
        self._fast = QImage()
        self._reduced = QImage()
        self._refined: tuple[bool, QImage] | None = None
        self._drawn: tuple[Look, QPixmap] | None = None

    def set_image(self, image: QImage | None) -> None:
        """Show another picture from now on; None or an empty one shows nothing."""
        self.image = None if image is None or image.isNull() else image
        self._drawn = None
        self._reduced = QImage()
        self._refined = None
        if self.image is None:
            self._fast = QImage()
            return
        self._opaque = not self.image.hasAlphaChannel()
        # The two formats that Qt's painter scales fastest.
        self._fast = self.image.convertToFormat(
            QImage.Format.Format_RGB32
            if self._opaque
            else QImage.Format.Format_ARGB32_Premultiplied
        )

    def drawing(self, look: Look) -> QPixmap:
        """The visible part (`look.geometry.visible_rect`), drawn anew only where it has changed."""
        if self._drawn is None or self._drawn[0] != look:
            self._drawn = (look, self._draw(look))
        return self._drawn[1]

    def _draw(self, look: Look) -> QPixmap:
        geometry, visible = look.geometry, look.geometry.visible_rect
        pixmap = QPixmap(visible.size())
        pixmap.fill(QColor(look.squares[0]))
        painter = QPainter(pixmap)
        painter.translate(-visible.topLeft())
        if not self._opaque:
            _draw_chequerboard(painter, look)
        if geometry.picture_rect.width() < self._fast.width():
            self._draw_reduced(painter, geometry)
        else:
            self._draw_enlarged(painter, look)
        if look.is_crisp and geometry.scale >= GRID_SCALE and self._has_size(geometry.picture):
            _draw_grid(painter, look)
        painter.end()
        pixmap.setDevicePixelRatio(look.ratio)
        return pixmap

    def _has_size(self, size: tuple[int, int]) -> bool:
        return (self._fast.width(), self._fast.height()) == size

    def _draw_reduced(self, painter: QPainter, geometry: ViewGeometry) -> None:
        rect = geometry.picture_rect
        if self._reduced.size() != rect.size():
            self._reduced = self._fast.scaled(
                rect.size(),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        for place in _places(rect, geometry.tiles):
            painter.drawImage(place.topLeft(), self._reduced)

    def _draw_enlarged(self, painter: QPainter, look: Look) -> None:
        geometry, rect = look.geometry, look.geometry.picture_rect
        smooth = not look.is_crisp and rect.size() != self._fast.size()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        image = self._refined_for(geometry) if smooth else self._fast
        source = visible_source(image, geometry)
        across, down = rect.width() / image.width(), rect.height() / image.height()
        target = QRectF(
            rect.x() + source.x() * across,
            rect.y() + source.y() * down,
            source.width() * across,
            source.height() * down,
        )
        if geometry.tiles == 1:
            painter.drawImage(target, image, QRectF(source))
        else:
            # Scaled as one, so that smoothing runs over the seams as it does inside.
            painter.drawImage(target, repeated(image, source))

    def _refined_for(self, geometry: ViewGeometry) -> QImage:
        if not self._opaque or geometry.picture_rect.width() < REFINED_FROM * self._fast.width():
            return self._fast
        wraps = geometry.tiles > 1
        if self._refined is None or self._refined[0] != wraps:
            self._refined = (wraps, refined(self._fast, wraps=wraps))
        return self._refined[1]


def _places(rect: QRect, tiles: int) -> list[QRect]:
    steps = range(-(tiles // 2), tiles // 2 + 1)
    return [rect.translated(x * rect.width(), y * rect.height()) for y in steps for x in steps]


def _draw_chequerboard(painter: QPainter, look: Look) -> None:
    side = max(1, round(SQUARE * look.ratio))
    pattern = QPixmap(QSize(2 * side, 2 * side))
    pattern.fill(QColor(look.squares[0]))
    brush = QPainter(pattern)
    brush.fillRect(side, 0, side, side, QColor(look.squares[1]))
    brush.fillRect(0, side, side, side, QColor(look.squares[1]))
    brush.end()
    visible = look.geometry.visible_rect
    start = visible.topLeft() - look.geometry.picture_rect.topLeft()
    painter.drawTiledPixmap(visible, pattern, start)


def _draw_grid(painter: QPainter, look: Look) -> None:
    geometry = look.geometry
    rect, visible = geometry.picture_rect, geometry.visible_rect
    across, down = rect.width() / geometry.picture[0], rect.height() / geometry.picture[1]
    line = QColor.fromRgba(look.line)
    for x in _lines(visible.left(), visible.right(), rect.x(), across):
        painter.fillRect(x, visible.top(), 1, visible.height(), line)
    for y in _lines(visible.top(), visible.bottom(), rect.y(), down):
        painter.fillRect(visible.left(), y, visible.width(), 1, line)


def _lines(first: int, last: int, start: int, step: float) -> list[int]:
    """Where pixels meet between `first` and `last`, without the picture's own edges."""
    begin, end = floor((first - start) / step) + 1, floor((last - start) / step)
    return [start + round(index * step) for index in range(begin, end + 1)]
