"""A labelled slider with a typed value, a reset and, where it makes sense, a lock."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from genstudio.base.texts import translate
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.lock_button import LockButton
from genstudio.ui.widgets.number_field import NumberField
from genstudio.ui.widgets.track import Track

_FIELD_WIDTH: Final = 58


class ValueSlider(QWidget):
    """One number of a recipe.

    Drag anywhere on the track; Shift makes the drag finer; a double click on track or label resets;
    wheel, arrows, page keys, Home, End and Delete act on the track; the value can be typed.

    Signals:
        changed: The value, a float, at every new position.
        finished: The value, once at the end of a drag, a wheel burst, a key, typing, a reset.
        lock_toggled: The lock was turned on or off.
    """

    changed = Signal(object)
    finished = Signal(object)
    lock_toggled = Signal(bool)

    def __init__(
        self,
        label: str,
        low: float,
        high: float,
        default: float,
        *,
        step: float | None = None,
        unit: str = "",
        tooltip: str = "",
        name: str,
        lockable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._label = ElidedLabel(f"{label} ({unit})" if unit else label, self)
        self._label.installEventFilter(self)
        self._track = Track(low, high, default, step, self)
        self._track.setObjectName(f"{name}-track")
        self._track.setAccessibleName(label)
        self._track.changed.connect(self._follow)
        self._track.finished.connect(self.finished)
        whole = step is not None and step == int(step) and low == int(low)
        self._field = NumberField(low, high, whole=whole, parent=self)
        self._field.setObjectName(f"{name}-value")
        self._field.setAccessibleName(translate("Slider", "{label}, value").format(label=label))
        self._field.setFixedWidth(_FIELD_WIDTH)
        self._field.entered.connect(self._take_typed)
        self._lock: LockButton | None = None
        self._lay_out(lockable, label)
        hint = translate("Slider", "Double click resets; Shift drags finely.")
        self.setToolTip("\n".join(part for part in (tooltip, hint) if part))
        self._describe()
        self._field.set_number(default)

    def value(self) -> float:
        """Where it stands."""
        return self._track.number()

    def set_value(self, value: float) -> None:
        """Show another value, without telling anybody."""
        self._track.set_number(value)
        self._field.set_number(self._track.number())
        self._describe()

    def is_locked(self) -> bool:
        """Whether it is kept from being moved."""
        return self._track.is_locked

    def set_locked(self, locked: bool) -> None:
        """Keep it from being moved, or let it go, without telling anybody."""
        self._track.is_locked = locked
        self._track.update()
        self._field.setReadOnly(locked)
        if self._lock is not None:
            self._lock.show_locked(locked)

    def reset(self) -> None:
        """Go back to the default."""
        if not self.is_locked():
            self._track.reset()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """A double click on the label resets."""
        is_label = watched is self._label and event.type() == QEvent.Type.MouseButtonDblClick
        if is_label and isinstance(event, QMouseEvent):
            self.reset()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self, lockable: bool, label: str) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, SPACE_XS, 0, SPACE_XS)
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self._field, 0, 1, 2, 1, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self._track, 1, 0)
        grid.setColumnStretch(0, 1)
        if lockable:
            self._lock = LockButton(label, f"{self.objectName()}-lock", self)
            self._lock.toggled.connect(self._turn_lock)
            grid.addWidget(self._lock, 0, 2, 2, 1, Qt.AlignmentFlag.AlignBottom)
        self.setTabOrder(self._track, self._field)

    def _turn_lock(self, locked: bool) -> None:
        self.set_locked(locked)
        self.lock_toggled.emit(locked)

    def _follow(self, value: float) -> None:
        self._field.set_number(value)
        self._describe()
        self.changed.emit(value)

    def _take_typed(self, value: float) -> None:
        self._track.set_number(value)
        self._describe()
        self.changed.emit(value)
        self.finished.emit(value)

    def _describe(self) -> None:
        self._track.setAccessibleDescription(self._field.text())
