"""The line below the window, with a real studio behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from genstudio.base.texts import install_translator
from genstudio.studio.studio import Studio
from genstudio.ui.durations import duration
from genstudio.ui.status_bar import StatusBar
from tests.ui.held import Held, nothing

Open = Callable[[str], Studio]
ITEMS = ("device", "time", "size", "queue", "memory", "private")


@pytest.fixture
def bar(studio: Studio, qtbot: QtBot) -> StatusBar:
    return shown(studio, qtbot)


def shown(studio: Studio, qtbot: QtBot) -> StatusBar:
    bar = StatusBar(studio)
    qtbot.addWidget(bar)
    bar.resize(1280, 30)
    bar.show()
    qtbot.waitExposed(bar)
    return bar


def item(bar: StatusBar, name: str) -> QToolButton:
    found = bar.findChild(QToolButton, f"status-{name}")
    assert found is not None
    return found


def text(bar: StatusBar, name: str) -> str:
    """What an item says; nothing where it is not shown."""
    return item(bar, name).text() if item(bar, name).isVisible() else ""


def test_it_tells_what_computes(bar: StatusBar, studio: Studio, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: studio.plan is not None, timeout=30_000)
    threads = "1 thread" if studio.threads == 1 else f"{studio.threads} threads"
    assert text(bar, "device") == f"CPU, {threads}"


def test_it_says_that_nothing_is_sent(bar: StatusBar) -> None:
    assert text(bar, "private") == "Nothing is sent"
    assert "no network code" in item(bar, "private").toolTip()


def test_a_picture_has_a_time_and_a_size(bar: StatusBar, open_model: Open) -> None:
    assert text(bar, "time") == text(bar, "size") == ""
    rendering = open_model("tiny-gan").picture.rendering
    assert rendering is not None
    assert text(bar, "time") == duration(sum(rendering.seconds.values()))
    assert text(bar, "size") == "16 × 16"
    for stage in rendering.seconds:
        assert stage in item(bar, "time").toolTip()


def test_the_zoom_stands_beside_the_size(bar: StatusBar, open_model: Open) -> None:
    bar.set_zoom(2.5)
    open_model("tiny-gan")
    assert text(bar, "size") == "16 × 16 · 250%"
    bar.set_zoom(0.333)
    assert text(bar, "size") == "16 × 16 · 33%"


def test_what_is_to_come_is_counted_and_a_click_cancels_it(
    bar: StatusBar, open_model: Open, qtbot: QtBot
) -> None:
    studio, held = open_model("tiny-gan"), Held()
    assert text(bar, "queue") == ""
    studio.queue.run("long", held, nothing)
    qtbot.waitUntil(lambda: text(bar, "queue") == "1 picture to come")
    studio.make_batch(4, 0, (), None)
    qtbot.waitUntil(lambda: text(bar, "queue") == "5 pictures to come")
    QTest.mouseClick(item(bar, "queue"), Qt.MouseButton.LeftButton)
    assert studio.queue.waiting == 0
    qtbot.waitUntil(lambda: text(bar, "queue") == "")


def test_the_keyboard_cancels_what_is_to_come(
    bar: StatusBar, open_model: Open, qtbot: QtBot
) -> None:
    studio, held = open_model("tiny-gan"), Held()
    studio.queue.run("long", held, nothing)
    qtbot.waitUntil(lambda: text(bar, "queue") != "")
    QTest.keyClick(bar, Qt.Key.Key_Tab)
    assert item(bar, "queue").hasFocus()
    QTest.keyClick(item(bar, "queue"), Qt.Key.Key_Space)
    assert studio.queue.waiting == 0


def test_the_memory_is_read_again_and_again(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = iter((100.0, 1234.4))
    monkeypatch.setattr("genstudio.ui.status_bar.used_mebibytes", lambda: next(taken, 1234.4))
    monkeypatch.setattr("genstudio.ui.status_bar._MEMORY_MS", 1)
    bar = shown(studio, qtbot)
    qtbot.waitUntil(lambda: text(bar, "memory") == f"{QLocale().toString(1234)} MB")


@pytest.fixture
def longer_texts() -> Iterator[None]:
    """A language whose texts are a good third longer."""
    install_translator(lambda _context, text: text + "n" * (len(text) // 3 + 2))
    yield
    install_translator(None)


@pytest.mark.usefixtures("longer_texts")
def test_a_long_language_has_room(open_model: Open, qtbot: QtBot) -> None:
    studio, held = open_model("tiny-gan"), Held()
    bar = shown(studio, qtbot)
    bar.set_zoom(12.5)
    studio.queue.run("long", held, nothing)
    studio.make_batch(9000, 0, (), None)
    qtbot.waitUntil(lambda: "9001" in text(bar, "queue"))

    def has_room() -> None:
        end = 0
        for name in ITEMS:
            shown_item = item(bar, name)
            assert shown_item.width() >= shown_item.sizeHint().width(), name
            assert shown_item.x() >= end, name
            end = shown_item.x() + shown_item.width()
        assert end <= 1280

    qtbot.waitUntil(has_room)  # the bar is laid out anew a moment after a text has grown
