"""A mask over the canvas, brushed token by token."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QRegion,
)

from genstudio.base.texts import translate
from genstudio.studio.repaint import Mask, Repaint
from genstudio.ui.canvas.surface import Surface
from genstudio.ui.canvas.token_layer import TokenLayer

RADII = (0, 1, 2, 3)
_TINT = 110
_OUTLINE = ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.0))
"""Light within dark, so that it is seen on any picture."""
_BUTTONS = Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton


class MaskLayer(TokenLayer):
    """Brush with the left button, take away with the right one or with Alt; with Shift, lock.

    Arrows move a cursor, Space marks under it, L locks under it, [ and ] change the brush, Enter
    draws, Esc leaves.

    Signals:
        left: Escape was pressed.
    """

    left = Signal()

    def __init__(self, repaint: Repaint, canvas: Surface) -> None:
        label = translate("MaskLayer", "Mask: brush what is to be drawn again")
        super().__init__("mask-layer", label, canvas)
        self._repaint = repaint
        self._radius = 1
        self._erases = self._locks = False
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.destroyed.connect(repaint.changed.connect(lambda _: self._turn(repaint.is_on)))

    @property
    def radius(self) -> int:
        """Tokens around the middle of the brush."""
        return self._radius

    def set_radius(self, radius: int) -> None:
        """Take another brush."""
        self._radius = min(max(radius, RADII[0]), RADII[-1])
        self.update()

    def grid(self) -> tuple[int, int]:
        """Columns and rows of the mask."""
        rows, columns = self._repaint.mask.shape
        return columns, rows

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to brush."""
        keys = event.modifiers()
        alt = bool(keys & Qt.KeyboardModifier.AltModifier)
        self._erases = event.button() == Qt.MouseButton.RightButton or alt
        self._locks = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._brush(event.position())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go on brushing; the cursor follows."""
        if event.buttons() & _BUTTONS:
            self._brush(event.position())
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """See the class."""
        column, row = self._cursor
        if event.key() == Qt.Key.Key_Space:
            marked = bool(self._repaint.mask[row, column])
            self._repaint.brush(column, row, radius=self._radius, erase=marked)
        elif event.key() == Qt.Key.Key_L:
            locked = bool(self._repaint.locked[row, column])
            self._repaint.lock(column, row, radius=self._radius, unlock=locked)
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
        """Tint what is marked, hatch what is locked, and frame the token under the cursor."""
        painter = QPainter(self)
        tint = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        hatch = QBrush(tint, Qt.BrushStyle.BDiagPattern)
        tint.setAlpha(_TINT)
        for cells, fill in ((self._repaint.mask, tint), (self._repaint.locked, hatch)):
            shape = self._shape_of(cells)
            painter.fillPath(shape, fill)
            for colour, width in _OUTLINE:
                painter.strokePath(shape, QPen(colour, width))
        for colour, width in _OUTLINE if self._repaint.mask.size else ():
            painter.setPen(QPen(colour, 2 * width))
            painter.drawRect(self._rect_of(*self._cursor))
        painter.end()

    def _shape_of(self, cells: Mask) -> QPainterPath:
        """The outline of all cells that are set."""
        region = QRegion()
        for row, column in np.argwhere(cells).tolist():
            region += self._rect_of(column, row).toAlignedRect()
        shape = QPainterPath()
        shape.addRegion(region)
        return shape.simplified()

    def _brush(self, place: QPointF) -> None:
        cell = self._cell_at(place)
        if cell is None:
            return
        if self._locks:
            self._repaint.lock(*cell, radius=self._radius, unlock=self._erases)
        else:
            self._repaint.brush(*cell, radius=self._radius, erase=self._erases)
