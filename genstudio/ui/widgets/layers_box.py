"""A range of a model's layers, as a row of cells from coarse to fine."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.ui.theme.tokens import SPACE_XS

_HEIGHT: Final = 22
_GAP: Final = 2.0


class LayersBox(QWidget):
    """Layers from one to another.

    Drag over the cells, or press with Shift to stretch the range; arrows move it, Shift and an
    arrow stretch it.

    Signals:
        changed: (from, to without it), at every new range.
        finished: The same, once at the end of a drag, or when a key is let go.
    """

    changed = Signal(object)
    finished = Signal(object)

    def __init__(self, label: str, count: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._cells = _Cells(count, self)
        self._cells.setObjectName(f"{name}-cells")
        self._cells.setAccessibleName(label)
        self._said = QLabel(self)
        self._said.setProperty("role", "muted")
        head = QHBoxLayout()
        head.addWidget(QLabel(label, self))
        head.addStretch()
        head.addWidget(self._said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addLayout(head)
        column.addWidget(self._cells)
        self._cells.changed.connect(self._follow)
        self._cells.finished.connect(self.finished)
        self._say()

    def range(self) -> tuple[int, int]:
        """From the first layer up to, but without, the second."""
        return self._cells.chosen

    def set_range(self, chosen: tuple[int, int]) -> None:
        """Show another range, without telling anybody."""
        self._cells.chosen = chosen
        self._cells.update()
        self._say()

    def _follow(self, chosen: object) -> None:
        self._say()
        self.changed.emit(chosen)

    def _say(self) -> None:
        first, end = self.range()
        text = f"{first}" if end == first + 1 else f"{first} – {end - 1}"
        self._said.setText(text)
        told = translate("Layers", "layers {first} to {last}").format(first=first, last=end - 1)
        self._cells.setAccessibleDescription(told)
        self._cells.setToolTip(
            translate(
                "Layers", "Low layers give form, high ones colour and detail; now {range}."
            ).format(range=told)
        )


class _Cells(QWidget):
    changed = Signal(object)
    finished = Signal(object)

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = max(1, count)
        self.chosen = (0, self._count)
        self._anchor: int | None = None
        self._keyed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        cell = self._cell_at(event.position().x())
        stretch = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._anchor = self.chosen[0] if stretch else cell
        self._choose(self._anchor, cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._anchor is not None:
            self._choose(self._anchor, self._cell_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        if self._anchor is not None:
            self._anchor = None
            self.finished.emit(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        first, end = self.chosen
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._set(first, min(max(end + way, first + 1), self._count))
        elif first + way >= 0 and end + way <= self._count:
            self._set(first + way, end + way)
        self._keyed = True

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if self._keyed and not event.isAutoRepeat():
            self._end_keys()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        if self._keyed:
            self._end_keys()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette = self.palette()
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        on = palette.color(group, QPalette.ColorRole.Highlight)
        off = palette.color(QPalette.ColorRole.Mid)
        width = (self.width() - 2) / self._count
        for cell in range(self._count):
            chosen = self.chosen[0] <= cell < self.chosen[1]
            painter.setBrush(on if chosen and self.isEnabled() else off)
            place = QRectF(1 + cell * width, 2, max(1.0, width - _GAP), self.height() - 4)
            painter.drawRoundedRect(place, 2, 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _choose(self, a: int, b: int) -> None:
        self._set(min(a, b), max(a, b) + 1)

    def _end_keys(self) -> None:
        self._keyed = False
        self.finished.emit(self.chosen)

    def _set(self, first: int, end: int) -> None:
        if (first, end) != self.chosen:
            self.chosen = (first, end)
            self.update()
            self.changed.emit(self.chosen)

    def _cell_at(self, x: float) -> int:
        return min(max(int(x * self._count / max(1, self.width())), 0), self._count - 1)
