"""The whole window over a studio of tiny packs, and a person who works with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from genstudio.recipe.values import Recipe
from genstudio.ui.app import Sitting
from genstudio.ui.images import to_pixels

WAIT = 30_000


class Person:
    """Works with the window by mouse and key."""

    def __init__(self, sitting: Sitting, bot: QtBot) -> None:
        self.sitting, self.bot = sitting, bot
        self.window, self.studio = sitting.window, sitting.studio

    def part(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """The widget of a name, wherever it is in the window."""
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        """Click the middle of a widget."""
        self.bot.mouseClick(self.part(name), Qt.MouseButton.LeftButton)

    def key(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key where the focus is."""
        self.bot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def control(self, key: Qt.Key, *, shift: bool = False) -> None:
        """Press a shortcut with Ctrl."""
        modifiers = Qt.KeyboardModifier.ControlModifier
        if shift:
            modifiers |= Qt.KeyboardModifier.ShiftModifier
        self.bot.keyClick(self.window, key, modifiers)

    def choose(self, model: str) -> None:
        """Choose a model on its card and wait for its picture."""
        self.click(f"model-{model}")
        self.settle()

    def settle(self) -> None:
        """Wait until the canvas shows the whole picture of the current recipe."""
        picture = self.studio.picture
        self.until(lambda: picture.is_current and not picture.is_busy)

    def until(self, condition: object) -> None:
        """Wait as a person does."""
        self.bot.waitUntil(condition, timeout=WAIT)

    @property
    def recipe(self) -> Recipe:
        """What is on the canvas."""
        recipe = self.studio.editor.recipe
        assert recipe is not None
        return recipe

    @property
    def canvas(self) -> np.ndarray:
        """The pixels that the canvas has been given."""
        image = self.window.stage.canvas.picture
        assert isinstance(image, QImage)
        return to_pixels(image)

    def drag(self, name: str, start: float, end: float, steps: int = 40) -> None:
        """Drag the mouse over a widget, from one part of its width to another."""
        widget = self.part(name)
        middle = widget.height() // 2
        places = np.linspace(start, end, steps) * widget.width()
        self.bot.mousePress(widget, Qt.MouseButton.LeftButton, pos=QPoint(int(places[0]), middle))
        for x in places:
            self.bot.mouseMove(widget, QPoint(int(x), middle))
            QApplication.processEvents()
        self.bot.mouseRelease(
            widget, Qt.MouseButton.LeftButton, pos=QPoint(int(places[-1]), middle)
        )


@pytest.fixture
def sitting(home: Path, qtbot: QtBot) -> Iterator[Sitting]:
    """A shown window whose models are read; it is closed at the end."""
    sitting = Sitting()
    qtbot.addWidget(sitting.window)
    sitting.start()
    qtbot.waitUntil(lambda: bool(sitting.studio.models.packs), timeout=WAIT)
    yield sitting
    sitting.window.close()


@pytest.fixture
def person(sitting: Sitting, qtbot: QtBot) -> Person:
    """Somebody at the window."""
    sitting.window.resize(1280, 720)
    with qtbot.waitExposed(sitting.window):
        sitting.window.activateWindow()
    return Person(sitting, qtbot)
