"""Everything that can be done, found by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.search_field import SearchField

_SIZE: Final = QSize(520, 420)
_ROW: Final = 32


@dataclass(frozen=True)
class PaletteRow:
    """One thing that can be done; `group` is where it stands in the menus."""

    id: str
    text: str
    shortcut: str = ""
    group: str = ""
    enabled: bool = True


class CommandPalette(QFrame):
    """A list that opens over the window and closes when something was chosen.

    Signals:
        chosen: The id of a row.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setProperty("role", "raised")
        self._rows: tuple[PaletteRow, ...] = ()
        self._search = SearchField(
            translate("Palette", "What do you want to do?"), "palette-search", self
        )
        self._search.textChanged.connect(self._filter)
        self._search.installEventFilter(self)
        self._list = QListWidget(self)
        self._list.setObjectName("palette-list")
        self._list.setAccessibleName(translate("Palette", "Actions"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addWidget(self._search)
        column.addWidget(self._list)

    def open_with(self, rows: Sequence[PaletteRow]) -> None:
        """Open over the parent with these rows."""
        self._rows = tuple(rows)
        self._search.clear()
        self._filter("")
        self.resize(_SIZE)
        window = self.parentWidget()
        if window is not None:
            x = (window.width() - self.width()) // 2
            self.move(window.mapToGlobal(QPoint(x, window.height() // 8)))
        self.show()
        self._search.setFocus()

    def shown_ids(self) -> tuple[str, ...]:
        """The ids of the rows that fit what is typed, best first."""
        return tuple(
            str(self._list.item(row).data(Qt.ItemDataRole.UserRole))
            for row in range(self._list.count())
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Arrows walk through the list while the words are typed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            step = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }.get(key)
            if step is not None:
                last = self._list.count() - 1
                self._list.setCurrentRow(min(max(self._list.currentRow() + step, 0), last))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _filter(self, typed: str) -> None:
        words = typed.casefold().split()
        fitting = [row for row in self._rows if _fits(row, words)]
        fitting.sort(key=lambda row: (not row.enabled, not _begins(row, words)))
        self._list.clear()
        for row in fitting:
            item = QListWidgetItem(self._list)
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.text)
            item.setSizeHint(QSize(0, _ROW))
            if not row.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.setItemWidget(item, _row_widget(row, self._list))
        self._list.setCurrentRow(0 if fitting else -1)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.hide()
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))


def _row_widget(row: PaletteRow, parent: QWidget) -> QWidget:
    widget = QWidget(parent)
    line = QHBoxLayout(widget)
    line.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
    text, shortcut = ElidedLabel(row.text, widget), QLabel(row.shortcut, widget)
    # As wide as its words, and less where there is no room.
    text.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    group = QLabel(row.group, widget)
    text.setEnabled(row.enabled)
    for label in (group, shortcut):
        label.setProperty("role", "muted")
    line.addWidget(text)
    line.addWidget(group, 1)
    line.addWidget(shortcut)
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return widget


def _fits(row: PaletteRow, words: Sequence[str]) -> bool:
    text = f"{row.text} {row.group}".casefold()
    return all(word in text for word in words)


def _begins(row: PaletteRow, words: Sequence[str]) -> bool:
    return not words or row.text.casefold().startswith(words[0])
