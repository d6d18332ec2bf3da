"""A seed: typed, rolled with dice, and locked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.lock_button import LockButton

SEEDS: Final = 2**32


class SeedBox(QWidget):
    """A whole number from 0 to 2**32 - 1.

    Signals:
        changed: Another seed was typed, as an int.
        dice_rolled: The dice were pressed.
        lock_toggled: The lock was turned on or off.
    """

    changed = Signal(object)
    dice_rolled = Signal()
    lock_toggled = Signal(bool)

    def __init__(
        self, label: str, name: str, *, lockable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._seed: int | None = None
        self._field = _SeedField(self)
        self._field.setObjectName(f"{name}-value")
        self._field.setAccessibleName(label)
        self._field.entered.connect(self._take)
        self._dice = QToolButton(self)
        self._dice.setObjectName(f"{name}-dice")
        self._dice.setIcon(icon("dice-5"))
        self._dice.setIconSize(QSize(16, 16))
        self._dice.setToolTip(translate("Seed", "Another seed"))
        self._dice.setAccessibleName(
            translate("Seed", "{label}: roll the dice").format(label=label)
        )
        self._dice.clicked.connect(self.dice_rolled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(ElidedLabel(label, self), 1)
        row.addWidget(self._field, 1)
        row.addWidget(self._dice)
        self._lock: LockButton | None = None
        if lockable:
            self._lock = LockButton(label, f"{name}-lock", self)
            self._lock.toggled.connect(self.lock_toggled)
            row.addWidget(self._lock)
        self.set_seed(None)

    def seed(self) -> int | None:
        """The seed that is shown."""
        return self._seed

    def set_seed(self, seed: int | None, *, can_roll: bool = False) -> None:
        """Show a seed; None where nothing is drawn by one, but with `can_roll` one may be given."""
        self._seed = seed
        self._field.setEnabled(seed is not None or can_roll)
        self._dice.setEnabled(seed is not None or can_roll)
        if not (self._field.hasFocus() and self._field.isModified()):
            self._field.show_seed(seed)
        told = translate("Seed", "The same seed gives the same picture again.")
        if seed is None and can_roll:
            told = translate("Seed", "This picture was not drawn by a seed; one draws another.")
        elif seed is None:
            told = translate("Seed", "Nothing in this picture is drawn by a seed.")
        self._field.setToolTip(told)

    def is_locked(self) -> bool:
        """Whether the seed stays when another picture is drawn."""
        return self._lock is not None and self._lock.isChecked()

    def set_locked(self, locked: bool) -> None:
        """Show it locked or open, without telling anybody."""
        if self._lock is not None:
            self._lock.show_locked(locked)

    def _take(self, seed: int) -> None:
        if seed != self._seed:
            self._seed = seed
            self.changed.emit(seed)


class _SeedField(QLineEdit):
    entered = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = ""
        room = self.fontMetrics().horizontalAdvance(str(SEEDS - 1)) + 2 * SPACE_S
        self.setMinimumWidth(room)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.returnPressed.connect(self._take)

    def show_seed(self, seed: int | None) -> None:
        self._shown = "" if seed is None else str(seed)
        self.setText(self._shown)
        self.setCursorPosition(0)
        self.setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._shown)
            self.setModified(False)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        if self.isModified():
            self._take()
        super().focusOutEvent(event)

    def _take(self) -> None:
        """A number beyond the last seed becomes the last one; anything else is taken back."""
        text = self.text().strip().replace(" ", "")
        self.setModified(False)
        if not text.isdecimal():
            self.setText(self._shown)
            return
        seed = min(int(text[:20]), SEEDS - 1)
        self.show_seed(seed)
        self.entered.emit(seed)
