"""Mouse and wheel for the tests of single widgets."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


def window_of(qtbot: QtBot, *widgets: QWidget, width: int = 320) -> QWidget:
    """A shown and active window with the widgets in a column; first a line with the focus."""
    window = QWidget()
    column = QVBoxLayout(window)
    elsewhere = QLineEdit(window)
    elsewhere.setObjectName("elsewhere")
    column.addWidget(elsewhere)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    # The bot remembers weakly; what it is told to do at the end keeps the window until then.
    qtbot.addWidget(window, before_close_func=lambda _: window.hide())
    window.resize(width, 60 + 60 * len(widgets))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    elsewhere.setFocus()
    return window


def leave(window: QWidget) -> None:
    """Take the focus away from what was used."""
    elsewhere = window.findChild(QLineEdit, "elsewhere")
    assert elsewhere is not None
    elsewhere.setFocus()


def wheel(widget: QWidget, notches: int) -> bool:
    """Turn the wheel over a widget; whether it took the turn."""
    middle = widget.rect().center()
    event = QWheelEvent(
        QPointF(middle),
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.setAccepted(False)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
