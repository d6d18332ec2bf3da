"""Any number of pictures in a grid: only what is in view is read and painted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from genstudio.base.texts import translate
from genstudio.ui.canvas.shades import muted
from genstudio.ui.theme.tokens import RADIUS_SMALL, SPACE_S

SIDE: Final = 128
_GAP: Final = SPACE_S
_KEPT: Final = 600
"""Pictures that are kept scaled: some screens of them."""


class PictureGrid(QAbstractScrollArea):
    """Pictures by their ids; one of them is the current one, and several may be selected.

    Signals:
        view_changed: Others are in view; their ids, as a tuple.
        current_changed: Another one is current; its id, or None.
        opened: One was double-clicked, or Enter pressed on it; its id.
        menu_wanted: The menu of what is selected was asked for; a QPoint on the screen.
        removed: Delete was pressed.
    """

    view_changed = Signal(object)
    current_changed = Signal(object)
    opened = Signal(object)
    menu_wanted = Signal(object)
    removed = Signal()

    def __init__(
        self, picture_of: Callable[[int], QImage | None], parent: QWidget | None = None
    ) -> None:
        """Take where small pictures come from; None for one that is not read yet."""
        super().__init__(parent)
        self._picture_of = picture_of
        self._ids: Sequence[int] = ()
        self._current: int | None = None
        self._anchor = 0
        self._selected: set[int] = set()
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._in_view: tuple[int, ...] = ()
        self.setObjectName("library-grid")
        self.setAccessibleName(translate("LibraryPage", "Pictures"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.verticalScrollBar().setSingleStep(SIDE // 2)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._moved())

    @property
    def current(self) -> int | None:
        """The id of the current picture."""
        return self._current

    @property
    def selected(self) -> tuple[int, ...]:
        """The ids of the selected pictures, in the order of the grid."""
        if len(self._selected) <= 1:
            return tuple(self._selected)
        return tuple(number for number in self._ids if number in self._selected)

    @property
    def columns(self) -> int:
        """How many stand side by side."""
        return max(1, (self.viewport().width() - _GAP) // (SIDE + _GAP))

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these; what is current stays so while it is among them."""
        if ids is self._ids:
            return
        self._ids = ids
        here = set(ids)
        self._selected &= here
        if self._current not in here:
            self._make_current(None)
        self._measure()
        self._moved()

    def refresh(self) -> None:
        """More small pictures are there."""
        self.viewport().update()

    def place_of(self, number: int) -> QRect:
        """Where a picture is in the viewport, in view or not. Raises ValueError if not listed."""
        return self._place(self._ids.index(number))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint what is in view."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in self._rows_in_view():
            self._paint(painter, index)
        painter.end()

    def _paint(self, painter: QPainter, index: int) -> None:
        number, place = self._ids[index], self._place(index)
        palette = self.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(muted(palette, 0.08))
        painter.drawRoundedRect(place, RADIUS_SMALL, RADIUS_SMALL)
        pixmap = self._pixmap(number)
        if pixmap is not None:
            size = pixmap.deviceIndependentSize().toSize()
            inside = QRect(QPoint(), size)
            inside.moveCenter(place.center())
            painter.drawPixmap(inside.topLeft(), pixmap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if number in self._selected:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 3))
            painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 4, 4)
        if number == self._current and self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 1.5))
            painter.drawRoundedRect(QRectF(place).adjusted(4, 4, -4, -4), 2, 2)

    def _pixmap(self, number: int) -> QPixmap | None:
        found = self._pixmaps.get(number)
        if found is not None:
            self._pixmaps.move_to_end(number)
            return found
        image = self._picture_of(number)
        if image is None:
            return None
        ratio = self.devicePixelRatioF()
        side = round(SIDE * ratio)
        scaled = image.scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap = QPixmap.fromImage(scaled)
        pixmap.setDevicePixelRatio(ratio)
        self._pixmaps[number] = pixmap
        while len(self._pixmaps) > _KEPT:
            self._pixmaps.popitem(last=False)
        return pixmap

    # Measuring

    def _measure(self) -> None:
        rows = -(-len(self._ids) // self.columns)
        height = rows * (SIDE + _GAP) + _GAP
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, height - self.viewport().height()))

    def _place(self, index: int) -> QRect:
        row, column = divmod(index, self.columns)
        left = _GAP + column * (SIDE + _GAP)
        top = _GAP + row * (SIDE + _GAP) - self.verticalScrollBar().value()
        return QRect(left, top, SIDE, SIDE)

    def _rows_in_view(self, beyond: int = 0) -> range:
        """The indexes in view, and of so many rows before and after."""
        top, step = self.verticalScrollBar().value(), SIDE + _GAP
        first = max(0, top // step - beyond)
        last = (top + self.viewport().height()) // step + 1 + beyond
        return range(first * self.columns, min(len(self._ids), last * self.columns))

    def _moved(self) -> None:
        self.viewport().update()
        in_view = tuple(self._ids[index] for index in self._rows_in_view(beyond=2))
        if in_view != self._in_view:
            self._in_view = in_view
            self.view_changed.emit(in_view)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Other columns; what is current stays in view."""
        super().resizeEvent(event)
        self._measure()
        self._moved()

    # Choosing

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Make current; with Ctrl one more or less is selected, with Shift all up to it."""
        index = self._index_at(event.position().toPoint())
        if index is None:
            if event.button() == Qt.MouseButton.LeftButton:
                self._select(set())
            return
        if event.button() == Qt.MouseButton.RightButton:
            if self._ids[index] not in self._selected:
                self._go(index)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._go(index, self._selected ^ {self._ids[index]})
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._go(index, self._up_to(index), keep_anchor=True)
        else:
            self._go(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open what was double-clicked."""
        index = self._index_at(event.position().toPoint())
        if index is not None:
            self.opened.emit(self._ids[index])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of what is selected."""
        if self._selected:
            self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows, Home, End and pages move; Enter opens; Ctrl+A selects all; Delete removes."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.opened.emit(self._current)
        elif event.key() == Qt.Key.Key_Delete and self._selected:
            self.removed.emit()
        elif event.key() == Qt.Key.Key_A and control:
            self._select(set(self._ids))
        else:
            self._move(event)

    def _move(self, event: QKeyEvent) -> None:
        page = max(1, self.viewport().height() // (SIDE + _GAP)) * self.columns
        last = len(self._ids) - 1
        now = self._ids.index(self._current) if self._current in self._ids else 0
        aims: dict[int, int] = {
            Qt.Key.Key_Left: now - 1,
            Qt.Key.Key_Right: now + 1,
            Qt.Key.Key_Up: now - self.columns,
            Qt.Key.Key_Down: now + self.columns,
            Qt.Key.Key_PageUp: now - page,
            Qt.Key.Key_PageDown: now + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        aim = aims.get(event.key())
        if aim is None or last < 0:
            super().keyPressEvent(event)
            return
        aim = min(max(aim, 0), last) if self._current is not None else 0
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._go(aim, self._up_to(aim), keep_anchor=True)
        else:
            self._go(aim)

    def _go(
        self, index: int, selected: set[int] | None = None, *, keep_anchor: bool = False
    ) -> None:
        if not keep_anchor:
            self._anchor = index
        self._select({self._ids[index]} if selected is None else selected)
        self._make_current(self._ids[index])
        place, height = self._place(index), self.viewport().height()
        bar = self.verticalScrollBar()
        if place.top() < _GAP:
            bar.setValue(bar.value() + place.top() - _GAP)
        elif place.bottom() > height - _GAP:
            bar.setValue(bar.value() + place.bottom() - height + _GAP)

    def _up_to(self, index: int) -> set[int]:
        first, last = sorted((min(self._anchor, len(self._ids) - 1), index))
        return set(self._ids[first : last + 1])

    def _select(self, selected: set[int]) -> None:
        self._selected = selected
        self.viewport().update()

    def _make_current(self, number: int | None) -> None:
        if number != self._current:
            self._current = number
            self.current_changed.emit(number)
        self.viewport().update()

    def _index_at(self, place: QPoint) -> int | None:
        row = (place.y() + self.verticalScrollBar().value() - _GAP) // (SIDE + _GAP)
        column = (place.x() - _GAP) // (SIDE + _GAP)
        index = row * self.columns + column
        inside = 0 <= column < self.columns and 0 <= index < len(self._ids)
        return index if inside and self._place(index).contains(place) else None
