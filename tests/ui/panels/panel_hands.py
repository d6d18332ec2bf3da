"""Hands for the tests of the panels: they find what is on screen and use it as a person does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.studio.studio import Studio

Pixels = NDArray[np.uint8]


def seen(panel: QWidget, name: str) -> QWidget:
    """The widget of a name, which must be on screen."""
    found = [widget for widget in panel.findChildren(QWidget, name) if widget.isVisible()]
    assert len(found) == 1, f"{len(found)} widgets called {name} are on screen"
    return found[0]


def is_seen(panel: QWidget, name: str) -> bool:
    return any(widget.isVisible() for widget in panel.findChildren(QWidget, name))


def click(panel: QWidget, name: str) -> None:
    button = seen(panel, name)
    assert isinstance(button, QAbstractButton)
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def drag(widget: QWidget, start: float, end: float, moves: int = 40) -> None:
    """Press at a share of the width, move in many small steps, let go at another share."""
    at = [
        QPoint(round(widget.width() * (start + (end - start) * i / moves)), widget.height() // 2)
        for i in range(moves + 1)
    ]
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=at[0])
    for place in at[1:]:
        QTest.mouseMove(widget, place)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=at[-1])


def settle(studio: Studio, qtbot: QtBot) -> Pixels:
    """Wait for the picture of the current recipe, and return it."""
    picture = studio.picture
    qtbot.waitUntil(lambda: picture.is_current and not picture.is_busy, timeout=30_000)
    assert picture.rendering is not None
    assert picture.rendering.recipe == studio.editor.recipe
    return picture.rendering.pixels


def rendered(studio: Studio) -> Pixels:
    """What an engine of its own makes of the current recipe."""
    assert studio.editor.recipe is not None
    return Engine(PackStore().resolve, device="cpu").render(studio.editor.recipe).pixels
