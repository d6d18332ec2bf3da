"""A number that is typed: Enter takes it, Esc brings the old one back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from genstudio.base.texts import translate

_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class NumberField(QLineEdit):
    """A line for one number between two ends.

    Signals:
        entered: Another number was typed, as a float, brought between the ends.
    """

    entered = Signal(object)

    def __init__(
        self, low: float, high: float, *, whole: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._whole = low, high, whole
        self._value: float | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.returnPressed.connect(self._take)

    def set_number(self, value: float | None) -> None:
        """Show a number, or nothing. What is being typed is not disturbed."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def event(self, event: QEvent) -> bool:
        """Undo and redo are the window's own while nothing is typed: a line would swallow them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not self.isModified()
            and (event.matches(_UNDO) or event.matches(_REDO))
        ):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc: as it was before."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._show()
            self.selectAll()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Whoever comes here wants to type over."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Leaving the field takes what was typed."""
        if self.isModified():
            self._take()
        super().focusOutEvent(event)

    def _take(self) -> None:
        number = self._typed()
        if number is None:
            self._show()
            return
        fitted = min(max(number, self._low), self._high)
        if fitted != number:
            told = translate("NumberField", "It goes from {low} to {high}.")
            ends = (shown(end, whole=self._whole) for end in (self._low, self._high))
            self.setToolTip(told.format(low=next(ends), high=next(ends)))
        changed = fitted != self._value
        self._value = fitted
        self._show()
        self.selectAll()
        if changed:
            self.entered.emit(fitted)

    def _typed(self) -> float | None:
        text = self.text().strip().replace("−", "-")
        number, good = QLocale().toDouble(text)
        if not good:
            try:
                number = float(text)
            except ValueError:
                return None
        if number != number:
            return None
        return float(round(number)) if self._whole else number

    def _show(self) -> None:
        self.setText("" if self._value is None else shown(self._value, whole=self._whole))
        self.setModified(False)


def shown(value: float, *, whole: bool = False) -> str:
    """A number in the person's own way of writing, with as many digits as it needs."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    if whole or value == int(value):
        return locale.toString(int(value))
    digits = 2 if abs(value) < 100 else 1
    short = locale.toString(value, "f", digits)
    return short if abs(value) >= 0.005 else locale.toString(value, "g", 2)
