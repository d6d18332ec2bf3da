"""Line icons in the theme's colours, crisp at any pixel ratio.

The files are drawn with `currentColor`; an engine paints them in the palette's text colour when it
is asked, so a change of theme recolours every icon that is already on the window.
"""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from genstudio.base.paths import resources_folder


def icon(name: str) -> QIcon:
    """The icon of a name in `resources/icons`, without ".svg"."""
    return QIcon(_Engine(name))


def paint_icon(painter: QPainter, name: str, place: QRectF, colour: QColor) -> None:
    """Draw an icon in one colour."""
    _renderer(name, colour.name()).render(painter, place)


class _Engine(QIconEngine):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        return _Engine(self._name)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        place = QRectF(0, 0, side, side)
        place.moveCenter(QRectF(rect).center())
        paint_icon(painter, self._name, place, _colour(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if pixmap.isNull():
            # A button that is not laid out yet asks for nothing.
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:  # noqa: ARG002, N802
        return size


def _colour(mode: QIcon.Mode, state: QIcon.State) -> QColor:
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    if state == QIcon.State.On:
        return palette.color(QPalette.ColorRole.Highlight)
    return palette.color(QPalette.ColorRole.ButtonText)


@functools.lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    text = (resources_folder() / "icons" / f"{name}.svg").read_text()
    renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer
