"""Pictures in which every pixel has a colour of its own, and widgets of a known size."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.canvas.view import Canvas
from genstudio.ui.images import to_qimage

Turn = Callable[..., None]
Picture = Callable[..., QImage]


@pytest.fixture
def picture() -> Picture:
    """Red tells the column, green the row, blue is as asked."""

    def make(width: int = 64, height: int = 64, blue: int = 128) -> QImage:
        pixels = np.empty((height, width, 3), np.uint8)
        pixels[..., 0] = np.linspace(0, 255, width).round()[None, :]
        pixels[..., 1] = np.linspace(0, 255, height).round()[:, None]
        pixels[..., 2] = blue
        return to_qimage(pixels)

    return make


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    # No cursor over the canvas until a test moves it there.
    QCursor.setPos(0, 0)
    widget = Canvas()
    qtbot.addWidget(widget)
    widget.setGeometry(100, 100, 640, 480)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


@pytest.fixture
def colour_at() -> Callable[[QWidget, QPoint], QColor]:
    def grab(widget: QWidget, point: QPoint) -> QColor:
        return widget.grab().toImage().pixelColor(point)

    return grab


@pytest.fixture
def turn_wheel() -> Turn:
    def turn(
        widget: QWidget,
        at: QPointF,
        notches: float = 1.0,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        event = QWheelEvent(
            at,
            QPointF(widget.mapToGlobal(at.toPoint())),
            QPoint(),
            QPoint(0, round(notches * 120)),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    return turn
