"""The way of the Tab key through widgets that are built later than what stands around them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_through(after: QWidget, widgets: Sequence[QWidget]) -> None:
    """Tab goes on from `after` through the widgets in their order, then as it did before.

    Without this it would come to them last in the whole window, since they are its youngest.
    """
    last = _stops(after)[-1]
    for stop in (stop for widget in widgets for stop in _stops(widget)):
        QWidget.setTabOrder(last, stop)
        last = stop


def _stops(widget: QWidget) -> list[QWidget]:
    """What takes the focus in a widget, in the order in which it was made; itself included."""
    window = widget.window()
    return [
        one
        for one in (widget, *widget.findChildren(QWidget))
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
        # The list of a choice is a window of its own.
        and one.window() is window
    ]
