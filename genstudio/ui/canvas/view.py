"""The canvas under a person's hands: wheel, mouse and keys become changes of the view.

A left drag takes the picture out to another program; with the space key held, or with the middle
button, it moves the picture; on the divider it moves the divider.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QDrag,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from genstudio.ui.canvas.dragging import picture_drag, run_copy_drag
from genstudio.ui.canvas.surface import Surface

WHEEL_STEPS = 4
"""Notches of the wheel that double the picture."""
KEY_PAN = 48
DIVIDER_REACH = 8
"""How near to the divider, in logical pixels, a press takes hold of it."""
DIVIDER_STEP = 0.02

_NOTCH = 120
_KEYBOARD_FOCUS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_FOCUS_AGAIN = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class Canvas(Surface):
    """One picture to look at closely, compare, repeat and drag out.

    Signals:
        menu_wanted: A context menu is asked for at a global QPoint.
        double_clicked: The picture was double-clicked.

    Attributes:
        drag_data: What a drag out of the canvas carries; None (or giving None) means no drag.
        run_drag: Carries out the drag; replaced where no pointer can drag.
    """

    menu_wanted = Signal(object)
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drag_data: Callable[[], QMimeData | None] | None = None
        self.run_drag: Callable[[QDrag], object] = run_copy_drag
        self._hold: Literal["pan", "divider", "picture"] | None = None
        self._last = QPointF()
        self._space_held = False
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom in proportion to the turn, at the cursor, with or without Ctrl."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if turn:
            self._zoom_by(2 ** (turn / _NOTCH / WHEEL_STEPS), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Zoom with a pinch on a touch pad; all else goes its usual way."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self._zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def _zoom_by(self, factor: float, about: QPointF) -> None:
        self._move_view(self._geometry.zoomed_to(self.zoom * factor, self._to_device(about)))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the view, the divider or the picture."""
        self._last = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._hold = "pan"
        elif event.button() == Qt.MouseButton.LeftButton:
            self._hold = self._hold_at(event.position())
        self._show_cursor(event.position())

    def _hold_at(self, point: QPointF) -> Literal["pan", "divider", "picture"] | None:
        if self._space_held:
            return "pan"
        if self._is_on_divider(point):
            return "divider"
        return "picture" if self._shown_rect.contains(point) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move what is held."""
        point = event.position()
        if self._hold == "pan":
            moved = self._to_device(point - self._last)
            self._move_view(self._geometry.panned(moved.x(), moved.y()))
            self._last = point
        elif self._hold == "divider":
            shown = self._shown_rect
            self.set_divider((point.x() - shown.x()) / max(shown.width(), 1.0))
        elif self._hold == "picture" and self._is_drag(point):
            self._hold = None
            self._drag_out()
        self._show_cursor(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._hold = None
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Put the divider in the middle, or tell that the picture was double-clicked."""
        if event.button() != Qt.MouseButton.LeftButton or self._space_held:
            self.mousePressEvent(event)
        elif self._is_on_divider(event.position()):
            self.set_divider(0.5)
        else:
            self.double_clicked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu; the window knows what can be done with the picture."""
        self.menu_wanted.emit(event.globalPos())
        event.accept()

    def _drag_out(self) -> None:
        data = self.drag_data() if self.drag_data is not None else None
        if data is not None and self.picture is not None:
            self.run_drag(picture_drag(self, data, self.picture))

    def _is_drag(self, point: QPointF) -> bool:
        return (point - self._last).manhattanLength() >= QApplication.startDragDistance()

    def _is_on_divider(self, point: QPointF) -> bool:
        shown = self._shown_rect
        return (
            self.is_comparing
            and abs(point.x() - self._divider_x) <= DIVIDER_REACH
            and shown.top() <= point.y() <= shown.bottom()
        )

    def _show_cursor(self, point: QPointF) -> None:
        if self._hold == "pan":
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._hold == "divider" or self._is_on_divider(point):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.unsetCursor()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Outline the middle tile while the cursor is over the canvas."""
        super().enterEvent(event)
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the outline away."""
        super().leaveEvent(event)
        self._hovered = False
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus to a person who works with keys."""
        super().focusInEvent(event)
        # Coming back from another window or a menu tells nothing about how it came here first.
        if event.reason() not in _FOCUS_AGAIN:
            self._focus_shown = event.reason() in _KEYBOARD_FOCUS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Forget a held space key, whose release will go elsewhere."""
        super().focusOutEvent(event)
        self._hold_space(False)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Zoom with + - 0 1, pan with the arrows, hold the picture with space.

        While comparing, left and right move the divider and Shift makes them pan.
        """
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold_space(True)
        elif not (
            self._zoom_key(event.key())
            or (self.is_comparing and not shift and self._divider_key(event.key()))
            or self._pan_key(event.key())
        ):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let go of the picture with the space key."""
        if event.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._hold_space(False)

    def _hold_space(self, held: bool) -> None:
        self._space_held = held
        self._show_cursor(QPointF(self.mapFromGlobal(QCursor.pos())))

    def _zoom_key(self, key: int) -> bool:
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_1: self.actual_size,
        }
        action = actions.get(key)
        if action is not None:
            action()
        return action is not None

    def _divider_key(self, key: int) -> bool:
        places: dict[int, float] = {
            Qt.Key.Key_Left: self.divider - DIVIDER_STEP,
            Qt.Key.Key_Right: self.divider + DIVIDER_STEP,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        place = places.get(key)
        if place is not None:
            self.set_divider(place)
        return place is not None

    def _pan_key(self, key: int) -> bool:
        ways: dict[int, tuple[int, int]] = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        way = ways.get(key)
        if way is not None:
            step = KEY_PAN * self.devicePixelRatioF()
            self._move_view(self._geometry.panned(way[0] * step, way[1] * step))
        return way is not None
