"""One of several names, searchable where there are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QSizePolicy, QWidget

from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.elided_label import ElidedLabel

_MANY: Final = 12


class ChoiceBox(QWidget):
    """A label and a list to choose from.

    Signals:
        changed: Another value was chosen.
    """

    changed = Signal(str)

    def __init__(
        self,
        label: str,
        options: Sequence[tuple[str, str]],
        name: str,
        *,
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Take (value, text) for each option."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setToolTip(tooltip)
        self._box = _Combo(self)
        self._box.setObjectName(f"{name}-box")
        self._box.setAccessibleName(label)
        self._box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for value, text in options:
            self._box.addItem(text, value)
        if len(options) > _MANY:
            self._make_searchable()
        self._box.activated.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(ElidedLabel(label, self), 2)
        row.addWidget(self._box, 3)

    def value(self) -> str:
        """The value that is chosen."""
        return str(self._box.currentData() or "")

    def set_value(self, value: str) -> None:
        """Show another choice, without telling anybody."""
        with QSignalBlocker(self._box):
            self._box.setCurrentIndex(self._box.findData(value))

    def _make_searchable(self) -> None:
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer, line = self._box.completer(), self._box.lineEdit()
        assert completer is not None
        assert line is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        line.editingFinished.connect(self._tidy)

    def _tell(self, index: int) -> None:
        self.changed.emit(str(self._box.itemData(index)))

    def _tidy(self) -> None:
        """What was typed and is no option is taken back."""
        if self._box.findText(self._box.currentText()) < 0:
            self._box.setEditText(self._box.itemText(self._box.currentIndex()))


class _Combo(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """A panel that scrolls must not change what is chosen."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
