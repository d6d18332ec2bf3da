"""The track of a slider: painted, dragged, wheeled and driven by keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QApplication, QSizePolicy, QWidget

_FINE: Final = 0.1
_KNOB: Final = 6.0
_EDGE: Final = _KNOB + 1
"""From the end of the line to that of the widget: room for the knob and its ring."""
_LINE: Final = 4.0
_STEPS: Final = 100
"""Arrow steps from end to end where none is given."""
_TICKS: Final = 10_000
_REST_MS: Final = 400
"""A wheel burst ends when it has rested this long."""


class Track(QAbstractSlider):
    """A number between two ends.

    To screen readers and other helpers it is Qt's slider, in whole steps from 0 to `_TICKS`.

    Signals:
        changed: The value, a float, at every new position.
        finished: The value, once at the end of a drag or a burst of the wheel, or when a key that
            may have been held is let go.
    """

    changed = Signal(object)
    finished = Signal(object)

    def __init__(
        self,
        low: float,
        high: float,
        default: float,
        step: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.low, self.high, self.default, self.step = low, high, default, step
        self.is_locked = False
        self._value = default
        self._grabbed: float | None = None
        self._dragged = False
        self._keyed = False
        self._mirroring = False
        self._last = QPointF()
        self._turned = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._finish)
        self.setRange(0, _TICKS)
        self._mirror()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def number(self) -> float:
        """Where it stands."""
        return self._value

    def set_number(self, value: float) -> None:
        """Stand elsewhere, without telling anybody; a drag in progress is not disturbed."""
        if self._grabbed is None and value != self._value:
            self._value = value
            self._mirror()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as there is room."""
        return QSize(120, 20)

    def reset(self) -> None:
        """Go back to the default."""
        self._go(self.default)
        self._finish()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the knob, or bring it under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton or self.is_locked:
            event.ignore()
            return
        if self._rest.isActive():
            self._finish()
        self._last = event.position()
        near = abs(self._x(self._value) - self._last.x()) <= _KNOB + 2
        self._grabbed, self._dragged = self._value, False
        if not near and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag_to(self._at(self._last.x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer; with Shift ten times finer."""
        if self._grabbed is None:
            return
        self._dragged = True
        moved = (event.position().x() - self._last.x()) / max(1.0, self._reach())
        self._last = event.position()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            moved *= _FINE
        self._drag_to(self._grabbed + moved * (self.high - self.low))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        if self._grabbed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._grabbed = None
        if self._dragged:
            self._finish()
        else:
            # It may become a double click, and the two are one change.
            self._rest.start(QApplication.doubleClickInterval())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Back to the default."""
        if event.button() == Qt.MouseButton.LeftButton and not self.is_locked:
            self._grabbed = None
            self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """A step a notch, but only with the focus: a panel that scrolls must not change values."""
        if not self.hasFocus() or self.is_locked:
            event.ignore()
            return
        self._turned += event.angleDelta().y() / 120
        notches = int(self._turned)
        if notches:
            self._turned -= notches
            self._go(self._value + notches * self._one_step(event.modifiers()))
            self._rest.start(_REST_MS)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows a step, pages ten, Home and End the ends, Delete the default."""
        step = self._one_step(event.modifiers())
        key = Qt.Key(event.key())
        to = {
            Qt.Key.Key_Right: self._value + step,
            Qt.Key.Key_Up: self._value + step,
            Qt.Key.Key_Left: self._value - step,
            Qt.Key.Key_Down: self._value - step,
            Qt.Key.Key_PageUp: self._value + 10 * step,
            Qt.Key.Key_PageDown: self._value - 10 * step,
            Qt.Key.Key_Home: self.low,
            Qt.Key.Key_End: self.high,
            Qt.Key.Key_Delete: self.default,
            Qt.Key.Key_Backspace: self.default,
        }.get(key)
        if to is None or self.is_locked:
            event.ignore()
            return
        self._keyed = True
        self._go(to)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """The end of a key, which repeats itself while it is held."""
        if self._keyed and not event.isAutoRepeat():
            self._finish()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """A burst of the wheel or a held key ends when the focus goes."""
        if self._rest.isActive() or self._keyed:
            self._finish()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """A line, filled from the default to the value, and a knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette, middle = self.palette(), self.height() / 2
        group = (
            QPalette.ColorGroup.Active
            if self.isEnabled() and not self.is_locked
            else QPalette.ColorGroup.Disabled
        )
        line = QRectF(_EDGE, middle - _LINE / 2, self._reach(), _LINE)
        painter.setBrush(palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(line, _LINE / 2, _LINE / 2)
        start, end = sorted((self._x(self.default), self._x(self._value)))
        live = group is QPalette.ColorGroup.Active
        fill = palette.color(QPalette.ColorRole.Highlight if live else QPalette.ColorRole.Mid)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(start, line.top(), end - start, _LINE), 2, 2)
        painter.setBrush(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawRect(QRectF(self._x(self.default) - 0.5, middle - 5, 1, 10))
        painter.setBrush(palette.color(group, QPalette.ColorRole.WindowText))
        ring = palette.color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(ring, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(self._x(self._value), middle), _KNOB, _KNOB)

    def _drag_to(self, value: float) -> None:
        """Where the pointer is, unrounded, so that small moves with a coarse step add up."""
        self._grabbed = min(max(value, self.low), self.high)
        self._go(self._grabbed)

    def _go(self, value: float) -> None:
        rounded = self._rounded(min(max(value, self.low), self.high))
        if rounded != self._value:
            self._value = rounded
            self._mirror()
            self.update()
            self.changed.emit(rounded)

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:  # noqa: N802
        """Qt's own value was set: by a screen reader, since nothing else does."""
        super().sliderChange(change)
        if change == QAbstractSlider.SliderChange.SliderValueChange and not self._mirroring:
            self._go(self.low + self.value() / _TICKS * (self.high - self.low))
            self._finish()

    def _mirror(self) -> None:
        """Give Qt's own value what stands here."""
        self._mirroring = True
        self.setValue(round(self._share_of(self._value) * _TICKS))
        self._mirroring = False

    def _finish(self) -> None:
        self._rest.stop()
        self._keyed = False
        self.finished.emit(self._value)

    def _rounded(self, value: float) -> float:
        """On the grid of steps; without one, to what the eye can tell apart."""
        if self.step:
            steps = round((value - self.low) / self.step)
            return min(self.high, round(self.low + steps * self.step, 10))
        return float(f"{value:.4g}")

    def _one_step(self, modifiers: Qt.KeyboardModifier) -> float:
        step = self.step or (self.high - self.low) / _STEPS
        fine = modifiers & Qt.KeyboardModifier.ShiftModifier and not self.step
        return step * _FINE if fine else step

    def _reach(self) -> float:
        return self.width() - 2 * _EDGE

    def _x(self, value: float) -> float:
        return _EDGE + self._reach() * self._share_of(value)

    def _share_of(self, value: float) -> float:
        """How far a value is from end to end; one beyond, from a recipe of elsewhere, is an end."""
        span = self.high - self.low
        return min(max((value - self.low) / span, 0.0), 1.0) if span else 0.0

    def _at(self, x: float) -> float:
        return self.low + (x - _EDGE) / max(1.0, self._reach()) * (self.high - self.low)
