"""A mask over the canvas, brushed token by token."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from genstudio.base.texts import translate
from genstudio.studio.repaint import Repaint
from genstudio.ui.canvas.surface import Surface

RADII = (0, 1, 2, 3)
_TINT = 110


class MaskLayer(QWidget):
    """Brush with the left button, take away with the right one or with Alt.

    Arrows move a cursor, Space marks under it, [ and ] change the brush, Enter draws, Esc leaves.

    Signals:
        left: Escape was pressed.
    """

    left = Signal()

    def __init__(self, repaint: Repaint, canvas: Surface) -> None:
        super().__init__(canvas)
        self._repaint, self._canvas = repaint, canvas
        self._radius = 1
        self._cursor = (0, 0)
        self._erases = False
        self.setObjectName("mask-layer")
        self.setAccessibleName(translate("MaskLayer", "Mask: brush what is to be drawn again"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        canvas.installEventFilter(self)
        canvas.zoom_changed.connect(lambda _: self.update())
        leave = repaint.changed.connect(lambda _: self._follow())
        self.destroyed.connect(leave)
        self.hide()

    @property
    def radius(self) -> int:
        """Tokens around the middle of the brush."""
        return self._radius

    def set_radius(self, radius: int) -> None:
        """Take another brush."""
        self._radius = min(max(radius, RADII[0]), RADII[-1])
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Cover the canvas, whatever size it takes."""
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to brush."""
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        self._erases = event.button() == Qt.MouseButton.RightButton or bool(alt)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._brush(event.position())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go on brushing; the cursor follows."""
        cell = self._cell_at(event.position())
        if cell is not None:
            self._cursor = cell
        if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            self._brush(event.position())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """See the class."""
        steps: dict[int, tuple[int, int]] = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        step = steps.get(event.key())
        if step is not None:
            rows, columns = self._repaint.mask.shape
            self._cursor = (
                min(max(self._cursor[0] + step[0], 0), columns - 1),
                min(max(self._cursor[1] + step[1], 0), rows - 1),
            )
            self.update()
        elif event.key() == Qt.Key.Key_Space:
            marked = bool(self._repaint.mask[self._cursor[1], self._cursor[0]])
            self._repaint.brush(*self._cursor, radius=self._radius, erase=marked)
        elif event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.set_radius(self._radius + (1 if event.key() == Qt.Key.Key_BracketRight else -1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._repaint.redraw()
        elif event.key() == Qt.Key.Key_Escape:
            self._repaint.end()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Tint what is marked, and frame the token under the cursor."""
        painter = QPainter(self)
        tint = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        tint.setAlpha(_TINT)
        rows, columns = self._repaint.mask.shape
        for row in range(rows):
            for column in range(columns):
                if self._repaint.mask[row, column]:
                    painter.fillRect(self._rect_of(column, row), tint)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1.5))
        if rows:
            painter.drawRect(self._rect_of(*self._cursor))
        painter.end()

    def cell_middle(self, column: int, row: int) -> QPointF:
        """Where the middle of a token is on the layer."""
        return self._rect_of(column, row).center()

    def _follow(self) -> None:
        on = self._repaint.is_on
        if on and not self.isVisible():
            self.setGeometry(self._canvas.rect())
            self._cursor = (0, 0)
            self.show()
            self.raise_()
            self.setFocus()
        elif not on and self.isVisible():
            self.hide()
            self._canvas.setFocus()
        if on:
            self.update()

    def _brush(self, place: QPointF) -> None:
        cell = self._cell_at(place)
        if cell is not None:
            self._repaint.brush(*cell, radius=self._radius, erase=self._erases)

    def _picture_rect(self) -> QRectF:
        """Where the picture lies, in the layer's own pixels."""
        ratio, rect = self.devicePixelRatioF(), self._canvas.geometry_shown.picture_rect
        return QRectF(
            rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio
        )

    def _rect_of(self, column: int, row: int) -> QRectF:
        whole, (rows, columns) = self._picture_rect(), self._repaint.mask.shape
        width, height = whole.width() / columns, whole.height() / rows
        return QRectF(whole.x() + column * width, whole.y() + row * height, width, height)

    def _cell_at(self, place: QPointF) -> tuple[int, int] | None:
        whole, (rows, columns) = self._picture_rect(), self._repaint.mask.shape
        if not whole.contains(place) or not rows:
            return None
        column = int((place.x() - whole.x()) / whole.width() * columns)
        row = int((place.y() - whole.y()) / whole.height() * rows)
        return min(column, columns - 1), min(row, rows - 1)
