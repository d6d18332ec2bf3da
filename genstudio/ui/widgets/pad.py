"""A square to move in, with small pictures at its edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from genstudio.base.texts import translate
from genstudio.ui.theme.tokens import RADIUS, RADIUS_SMALL

_SIDE: Final = 220
_MARGIN: Final = 8.0
_STEP: Final = 0.05
_FINE: Final = 0.1
_KNOB: Final = 7.0
_THUMBNAIL: Final = 0.2
"""The side of a small picture, as a part of the square's."""


class Pad(QWidget):
    """A place (x, y), each from -1 to 1, y upwards.

    Drag the knob, or step with the arrows; Shift makes both ten times finer. A double click, Home
    or Delete goes to the middle.

    Signals:
        changed: (x, y), at every new place.
        finished: (x, y), once at the end of a drag, a key, a double click.
    """

    changed = Signal(object)
    finished = Signal(object)

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._place = (0.0, 0.0)
        self._held: tuple[float, float] | None = None
        self._dragged = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._finish)
        self._last = QPointF()
        self._pictures: dict[tuple[int, int], QImage] = {}

    def place(self) -> tuple[float, float]:
        """Where the knob is."""
        return self._place

    def set_place(self, place: tuple[float, float]) -> None:
        """Put the knob elsewhere, without telling anybody; a drag is not disturbed."""
        if self._held is None and place != self._place:
            self._place = place
            self._describe()
            self.update()

    def set_pictures(self, pictures: Mapping[tuple[int, int], QImage]) -> None:
        """The small pictures by edge: -1, 0 or 1 along each direction."""
        self._pictures = dict(pictures)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """A square in a narrow panel."""
        return QSize(_SIDE, _SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Bring the knob under the pointer, but with Shift take hold of it where it is."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._last = event.position()
        self._held, self._dragged = self._place, False
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag_to(*self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer."""
        if self._held is None:
            return
        self._dragged = True
        moved = (event.position() - self._last) / (self._square().width() / 2)
        self._last = event.position()
        fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        step = _FINE if fine else 1.0
        self._drag_to(self._held[0] + moved.x() * step, self._held[1] - moved.y() * step)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        if self._held is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = None
        if self._dragged:
            self._finish()
        else:
            # It may become a double click, and the two are one change.
            self._rest.start(QApplication.doubleClickInterval())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """To the middle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self._rest.stop()
            self._go(0.0, 0.0)
            self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows step; Home and Delete go to the middle."""
        key = Qt.Key(event.key())
        step = _STEP * (_FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0)
        x, y = self._place
        to = {
            Qt.Key.Key_Left: (x - step, y),
            Qt.Key.Key_Right: (x + step, y),
            Qt.Key.Key_Up: (x, y + step),
            Qt.Key.Key_Down: (x, y - step),
            Qt.Key.Key_Home: (0.0, 0.0),
            Qt.Key.Key_Delete: (0.0, 0.0),
        }.get(key)
        if to is None:
            super().keyPressEvent(event)
            return
        self._go(*to)
        self._finish()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The ground, the pictures, a cross through the middle, and the knob."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        palette, square = self.palette(), self._square()
        ring = QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(palette.color(ring), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(square, RADIUS, RADIUS)
        for (x, y), picture in self._pictures.items():
            self._paint_picture(painter, x, y, picture)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        middle = square.center()
        painter.drawLine(QPointF(square.left(), middle.y()), QPointF(square.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), square.top()), QPointF(middle.x(), square.bottom()))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
        painter.setBrush(palette.color(QPalette.ColorRole.WindowText))
        painter.drawEllipse(self._point(*self._place), _KNOB, _KNOB)

    def _paint_picture(self, painter: QPainter, x: int, y: int, picture: QImage) -> None:
        square = self._square()
        side = square.width() * _THUMBNAIL
        reach = (square.width() - side) / 2 - 4
        place = QRectF(0, 0, side, side)
        place.moveCenter(square.center() + QPointF(x * reach, -y * reach))
        shape = QPainterPath()
        shape.addRoundedRect(place, RADIUS_SMALL, RADIUS_SMALL)
        painter.save()
        painter.setClipPath(shape)
        painter.drawImage(place, picture)
        painter.restore()

    def _square(self) -> QRectF:
        side = min(self.width(), self.height()) - 2 * _MARGIN
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(self.rect()).center())
        return square

    def _point(self, x: float, y: float) -> QPointF:
        square = self._square()
        half = square.width() / 2
        return square.center() + QPointF(x * half, -y * half)

    def _at(self, point: QPointF) -> tuple[float, float]:
        square = self._square()
        away = (point - square.center()) / (square.width() / 2)
        return away.x(), -away.y()

    def _drag_to(self, x: float, y: float) -> None:
        self._held = (_within(x), _within(y))
        self._go(*self._held)

    def _go(self, x: float, y: float) -> None:
        place = (round(_within(x), 3), round(_within(y), 3))
        if place != self._place:
            self._place = place
            self._describe()
            self.update()
            self.changed.emit(place)

    def _finish(self) -> None:
        self.finished.emit(self._place)

    def _describe(self) -> None:
        x, y = (round(100 * part) for part in self._place)
        told = translate("Pad", "{x} % to the right, {y} % up")
        self.setAccessibleDescription(told.format(x=x, y=y))


def _within(part: float) -> float:
    return min(max(part, -1.0), 1.0)
