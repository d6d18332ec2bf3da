"""A seed: typed, rolled with dice, and locked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.lock_button import LockButton
from genstudio.ui.widgets.number_field import NumberField

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
        self._field = NumberField(0, SEEDS - 1, whole=True, parent=self)
        room = self._field.fontMetrics().horizontalAdvance(str(SEEDS - 1)) + 2 * SPACE_S
        self._field.setMinimumWidth(room)
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
        self._field.set_number(seed)
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

    def _take(self, number: float) -> None:
        self._seed = int(number)
        self.changed.emit(self._seed)
