"""A number that is typed: Enter takes it, Esc brings the old one back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

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
        self._clicked_in = False
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
        self._clicked_in = event.reason() == Qt.FocusReason.MouseFocusReason
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The click that came here has put the cursor between the digits."""
        super().mouseReleaseEvent(event)
        if self._clicked_in and not self.hasSelectedText():
            self.selectAll()
        self._clicked_in = False

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Leaving the field takes what was typed; its own menu does not leave it."""
        if self.isModified() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._take()
        super().focusOutEvent(event)

    def _take(self) -> None:
        number = self._typed()
        if number is None or self.text() == self._shown():
            # What is shown may be shorter than what it stands for.
            self._show()
            return
        fitted = min(max(number, self._low), self._high)
        if self._whole:
            fitted = float(round(fitted))
        if fitted != number:
            told = translate("NumberField", "It goes from {low} to {high}.")
            ends = (shown(end, whole=self._whole) for end in (self._low, self._high))
            hint = told.format(low=next(ends), high=next(ends))
            self.setToolTip(hint)
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), hint, self)
        changed = fitted != self._value
        self._value = fitted
        self._show()
        self.selectAll()
        if changed:
            self.entered.emit(fitted)

    def _typed(self) -> float | None:
        """The number in the line: as the person's language writes it, else with point or comma."""
        text = self.text().strip().replace("−", "-")
        number, good = QLocale().toDouble(text)
        if not good:
            try:
                number = float(text.replace(",", "."))
            except ValueError:
                return None
        return None if number != number else number

    def _shown(self) -> str:
        return "" if self._value is None else shown(self._value, whole=self._whole)

    def _show(self) -> None:
        self.setText(self._shown())
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
