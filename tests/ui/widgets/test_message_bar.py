"""Messages over their parent."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.message_bar import MessageBar
from tests.ui.widgets.hands import LEFT, window_of

LONG = "The pack cannot be read: its manifest names a file that is not there. " * 4


@pytest.fixture
def stage(qtbot: QtBot) -> QWidget:
    stage = QWidget()
    stage.setMinimumHeight(400)
    window_of(qtbot, stage, width=520)
    return stage


@pytest.fixture
def bar(stage: QWidget) -> MessageBar:
    return MessageBar(stage)


def told(bar: MessageBar) -> list[tuple[object, str]]:
    heard: list[tuple[object, str]] = []
    bar.action_chosen.connect(lambda key, action: heard.append((key, action)))
    return heard


def frame(bar: MessageBar, text: str) -> QWidget:
    return next(w for w in bar.findChildren(QWidget, "message") if w.accessibleName() == text)


def test_without_messages_nothing_is_in_the_way(bar: MessageBar) -> None:
    assert not bar.isVisible()
    bar.show_message("Saved.")
    assert bar.isVisible()
    assert bar.texts() == ("Saved.",)


def test_a_button_answers_with_the_key_and_ends_the_message(bar: MessageBar, qtbot: QtBot) -> None:
    heard = told(bar)
    bar.show_message("It failed.", "error", [("again", "Try again"), ("log", "Log")], key=17)
    button = bar.findChild(QPushButton, "message-again")
    assert button is not None
    qtbot.mouseClick(button, LEFT)
    assert heard == [(17, "again")]
    assert bar.texts() == ()
    assert not bar.isVisible()


def test_a_message_is_dismissed_by_mouse_and_by_esc(bar: MessageBar, qtbot: QtBot) -> None:
    heard = told(bar)
    for text in ("one", "two"):
        bar.show_message(text, "warning")
    cross = frame(bar, "one").findChild(QToolButton, "message-dismiss")
    other = frame(bar, "two").findChild(QToolButton, "message-dismiss")
    assert cross is not None
    assert other is not None
    qtbot.mouseClick(cross, LEFT)
    assert bar.texts() == ("two",)
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_Escape)
    assert bar.texts() == ()
    assert heard == []


def test_the_newer_of_a_key_replaces_the_older(bar: MessageBar) -> None:
    bar.show_message("10 of 20", key="batch")
    bar.show_message("Other", "warning")
    bar.show_message("11 of 20", key="batch")
    assert bar.texts() == ("Other", "11 of 20")


def test_the_newest_is_on_top_and_the_oldest_goes(bar: MessageBar, qtbot: QtBot) -> None:
    for number in range(6):
        bar.show_message(f"number {number}", "warning")
    assert bar.texts() == ("number 2", "number 3", "number 4", "number 5")
    qtbot.waitUntil(lambda: frame(bar, "number 5").y() < frame(bar, "number 2").y())


@pytest.mark.parametrize("width", [520, 360])
def test_long_words_are_wrapped_and_nothing_is_cut(
    bar: MessageBar, stage: QWidget, qtbot: QtBot, width: int
) -> None:
    bar.show_message(LONG, "error", [("again", "Try again")])
    stage.window().resize(width, 480)
    message = frame(bar, LONG)
    qtbot.waitUntil(lambda: bar.geometry().right() < stage.width())
    said = message.findChild(QLabel)
    assert said is not None
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()))
    assert bar.rect().contains(message.geometry())
    assert message.height() > 3 * message.fontMetrics().lineSpacing()


def test_markup_in_a_message_is_shown_as_it_is(bar: MessageBar) -> None:
    bar.show_message("<b>not bold</b>", "warning")
    assert bar.texts() == ("<b>not bold</b>",)
    plain = frame(bar, "<b>not bold</b>").sizeHint().width()
    bar.show_message("not bold", "warning")
    assert plain > frame(bar, "not bold").sizeHint().width(), "its signs take room"
