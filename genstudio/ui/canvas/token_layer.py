"""A layer over the canvas that knows where each token of the picture lies."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from genstudio.ui.canvas.surface import Surface

_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class TokenLayer(QWidget):
    """Covers the canvas; the arrows and the pointer move a cursor from token to token."""

    def __init__(self, name: str, label: str, canvas: Surface) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._cursor = (0, 0)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        canvas.installEventFilter(self)
        canvas.zoom_changed.connect(lambda _: self.update())
        self.hide()

    def grid(self) -> tuple[int, int]:
        """Columns and rows of tokens."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Cover the canvas, whatever size it takes."""
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The cursor follows the pointer."""
        cell = self._cell_at(event.position())
        if cell is not None:
            self._cursor = cell
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """The arrows move the cursor."""
        step = _STEPS.get(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        columns, rows = self.grid()
        self._cursor = (
            min(max(self._cursor[0] + step[0], 0), columns - 1),
            min(max(self._cursor[1] + step[1], 0), rows - 1),
        )
        self.update()

    def cell_middle(self, column: int, row: int) -> QPointF:
        """Where the middle of a token is on the layer."""
        return self._rect_of(column, row).center()

    def _turn(self, on: bool) -> None:
        """Lie over the canvas, or go away; the focus goes along."""
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

    def _picture_rect(self) -> QRectF:
        """Where the picture lies, in the layer's own pixels."""
        ratio, rect = self.devicePixelRatioF(), self._canvas.geometry_shown.picture_rect
        return QRectF(
            rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio
        )

    def _rect_of(self, column: int, row: int) -> QRectF:
        whole, (columns, rows) = self._picture_rect(), self.grid()
        width, height = whole.width() / columns, whole.height() / rows
        return QRectF(whole.x() + column * width, whole.y() + row * height, width, height)

    def _cell_at(self, place: QPointF) -> tuple[int, int] | None:
        whole, (columns, rows) = self._picture_rect(), self.grid()
        if not whole.contains(place) or not rows:
            return None
        column = int((place.x() - whole.x()) / whole.width() * columns)
        row = int((place.y() - whole.y()) / whole.height() * rows)
        return min(column, columns - 1), min(row, rows - 1)
