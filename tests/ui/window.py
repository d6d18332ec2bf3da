"""A person who works with the whole window, by mouse and key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from genstudio.recipe.values import Recipe
from genstudio.ui.app import Sitting
from genstudio.ui.images import to_pixels

WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton
_Kind = TypeVar("_Kind", bound=QWidget)


class Person:
    """Works with the window by mouse and key."""

    def __init__(self, sitting: Sitting, bot: QtBot) -> None:
        self.sitting, self.bot = sitting, bot
        self.window, self.studio = sitting.window, sitting.studio

    def part(self, name: str) -> QWidget:
        """The widget of a name, wherever it is in the window."""
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def find(self, kind: type[_Kind], name: str) -> _Kind:
        """The widget of a kind and a name."""
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        """Click the middle of a widget."""
        self.bot.mouseClick(self.part(name), LEFT)

    def key(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key where the focus is."""
        self.bot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def control(self, key: Qt.Key, *, shift: bool = False, at: QWidget | None = None) -> None:
        """Press a shortcut with Ctrl, in the window or in a part of it."""
        # No hand is quicker than the turn of the event loop that brings actions up to date.
        QApplication.processEvents()
        modifiers = Qt.KeyboardModifier.ControlModifier
        if shift:
            modifiers |= Qt.KeyboardModifier.ShiftModifier
        self.bot.keyClick(at or self.window, key, modifiers)

    def choose(self, model: str) -> None:
        """Choose a model on its card and wait for its picture."""
        self.click(f"model-{model}")
        self.settle()

    def settle(self) -> None:
        """Wait until the canvas shows the whole picture of the current recipe."""
        picture = self.studio.picture
        self.until(lambda: picture.is_current and not picture.is_busy)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait as a person does."""
        self.bot.waitUntil(condition, timeout=WAIT)

    def go(self, action_id: str) -> None:
        """Do what an action says, once it can be done; a shortcut without its key."""
        action = self.window.actions_by_id[action_id]
        self.until(action.isEnabled)
        action.trigger()

    @property
    def said(self) -> str:
        """All messages that stand on the window."""
        return "\n".join(self.window.messages.texts())

    def answer(self, words: str) -> None:
        """Click the button of a message."""
        buttons = self.window.messages.findChildren(QPushButton)
        self.bot.mouseClick(next(b for b in buttons if words in b.text()), LEFT)

    def drop(self, *paths: Path, onto: QWidget | None = None) -> bool:
        """Drag files over the stage and let them fall; whether they were taken."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        aim = onto or self.window.stage
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        entered = QDragEnterEvent(QPoint(50, 50), copy, data, LEFT, none)
        entered.setAccepted(False)
        QApplication.sendEvent(aim, entered)
        if entered.isAccepted():
            QApplication.sendEvent(aim, QDropEvent(QPointF(50, 50), copy, data, LEFT, none))
        return entered.isAccepted()

    def save(self, path: Path) -> None:
        """Save the picture through the dialog that Ctrl+S opens."""
        self.until(self.window.actions_by_id["save"].isEnabled)
        self.control(Qt.Key.Key_S)
        field = self.find(QFileDialog, "file-dialog").findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        # Typed letters would open the list of suggestions, which takes the key after them.
        field.setText(str(path))
        self.bot.keyClick(field, Qt.Key.Key_Return)
        self.until(path.exists)

    @property
    def recipe(self) -> Recipe:
        """What is on the canvas."""
        recipe = self.studio.editor.recipe
        assert recipe is not None
        return recipe

    @property
    def canvas(self) -> NDArray[np.uint8]:
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
