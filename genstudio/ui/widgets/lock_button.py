"""A small padlock: what it locks is left alone by the dice."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtWidgets import QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.ui.theme.icons import icon


class LockButton(QToolButton):
    """Checked is locked; `toggled` tells of the person's clicks only."""

    def __init__(self, label: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setIconSize(QSize(14, 14))
        self.setAutoRaise(True)
        self._label = label
        self.toggled.connect(self._look)
        self._look(False)

    def show_locked(self, locked: bool) -> None:
        """Show it locked or open, without telling anybody."""
        with QSignalBlocker(self):
            self.setChecked(locked)
        self._look(locked)

    def _look(self, locked: bool) -> None:
        self.setIcon(icon("lock" if locked else "lock-open"))
        text = translate("Lock", "Unlock {label}") if locked else translate("Lock", "Lock {label}")
        self.setToolTip(text.format(label=self._label))
        self.setAccessibleName(text.format(label=self._label))
