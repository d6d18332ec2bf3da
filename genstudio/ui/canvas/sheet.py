"""Variations side by side, of which one is picked and some may be marked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio.base.texts import translate
from genstudio.ui.canvas.cell import SheetCell
from genstudio.ui.canvas.grid import Grid, best_grid

PADDING = 20
GAP = 8


class Sheet(QWidget):
    """A grid of variations that always fits its space.

    Tab goes to one cell, the current one; the arrows, Home and End move on from there.

    Signals:
        picked: The index of the variation that was clicked or chosen with Enter.
        marked_changed: The indexes of all marked variations, as a tuple.
        left: The person wants back to the picture (Escape).
    """

    picked = Signal(object)
    marked_changed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[SheetCell] = []
        self._aspect = 1.0
        self._current = 0
        self.setObjectName("sheet")
        # A click between the cells goes to the current one. Without any policy Qt would not give
        # the sheet, and so its cells, a place in the order of tabs.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(translate("Sheet", "Variations"))

    @property
    def cells(self) -> tuple[SheetCell, ...]:
        """The cells, in order."""
        return tuple(self._cells)

    @property
    def marked(self) -> tuple[int, ...]:
        """The indexes of the marked variations."""
        return tuple(index for index, cell in enumerate(self._cells) if cell.isChecked())

    @property
    def current(self) -> int:
        """The index of the cell that has, or would get, the focus."""
        return self._current

    def begin(self, count: int, labels: Sequence[str], aspect: float) -> None:
        """Start over with empty cells.

        Args:
            count: How many variations are to come.
            labels: What tells each apart ("seed 42"), shown as its tooltip.
            aspect: Width by height of the pictures.
        """
        had_focus = any(widget.hasFocus() for widget in (self, *self._cells))
        had_marks = bool(self.marked)
        for old in self._cells:
            old.hide()
            old.deleteLater()
        self._aspect = aspect
        self._cells = [
            self._new_cell(index, count, label)
            for index, label in zip(range(count), labels, strict=True)
        ]
        self._order_tabs()
        self._make_current(0)
        self._arrange()
        if had_focus and self._cells:
            self._cells[0].setFocus(Qt.FocusReason.OtherFocusReason)
        if had_marks:
            self.marked_changed.emit(())

    def set_picture(self, index: int, image: QImage) -> None:
        """Fill a cell."""
        self._cells[index].set_image(image)

    def _new_cell(self, index: int, count: int, label: str) -> SheetCell:
        cell = SheetCell(index, count, label, self)
        cell.chosen.connect(self._pick)
        cell.marked.connect(self._tell_marks)
        cell.reached.connect(self._make_current)
        cell.show()
        return cell

    def _order_tabs(self) -> None:
        # New children come last in the window; the cells belong where the sheet is.
        for before, after in pairwise([self, *self._cells]):
            QWidget.setTabOrder(before, after)

    def _pick(self, index: int) -> None:
        for number, cell in enumerate(self._cells):
            cell.set_picked(number == index)
        self.picked.emit(index)

    def _tell_marks(self) -> None:
        self.marked_changed.emit(self.marked)

    def _make_current(self, index: int) -> None:
        self._current = index
        for number, cell in enumerate(self._cells):
            cell.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if number == index else Qt.FocusPolicy.ClickFocus
            )

    def _grid(self) -> Grid:
        return best_grid(
            len(self._cells),
            max(1, self.width() - 2 * PADDING),
            max(1, self.height() - 2 * PADDING),
            self._aspect,
            GAP,
        )

    def _arrange(self) -> None:
        if not self._cells:
            return
        grid = self._grid()
        for index, cell in enumerate(self._cells):
            cell.setGeometry(grid.cell(index).translated(PADDING, PADDING))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the grid to the new size."""
        super().resizeEvent(event)
        self._arrange()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hand a focus that was given to the sheet on to its current cell."""
        super().focusInEvent(event)
        if self._cells:
            self._cells[self._current].setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move with the arrows, Home and End; leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        aim = self._aim(event.key())
        if aim is None:
            super().keyPressEvent(event)
            return
        self._cells[aim].setFocus(Qt.FocusReason.OtherFocusReason)

    def _aim(self, key: int) -> int | None:
        """The cell that a key leads to from the current one; None for other keys."""
        if not self._cells:
            return None
        last, columns = len(self._cells) - 1, self._grid().columns
        aims: dict[int, int] = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Up: self._current - columns,
            Qt.Key.Key_Down: self._current + columns,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        aim = aims.get(key)
        if aim is None:
            return None
        return aim if 0 <= aim <= last else self._current
