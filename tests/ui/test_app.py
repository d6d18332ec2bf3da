"""A sitting from its start to its end, and what the next one finds."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from genstudio.recipe.values import LatentRecipe
from genstudio.ui.app import Sitting
from genstudio.ui.theme.style import apply_theme
from tests.ui.window import WAIT, Person

Begin = Callable[[], Person]


@pytest.fixture
def begin(home: Path, qtbot: QtBot) -> Iterator[Begin]:
    """Begin one sitting after another; all are closed at the end."""
    begun: list[Sitting] = []

    def one() -> Person:
        sitting = Sitting()
        begun.append(sitting)
        qtbot.addWidget(sitting.window)
        sitting.start()
        qtbot.waitUntil(lambda: bool(sitting.studio.models.packs), timeout=WAIT)
        return Person(sitting, qtbot)

    yield one
    for sitting in begun:
        sitting.window.close()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "system")


def test_the_next_sitting_shows_the_picture_that_this_one_ended_with(begin: Begin) -> None:
    first = begin()
    first.choose("tiny-gan")
    first.studio.editor.set_control("truncation", 0.4)
    first.settle()
    recipe, pixels = first.recipe, first.canvas
    first.window.close()
    second = begin()
    second.settle()
    assert second.recipe == recipe
    assert (second.canvas == pixels).all()
    assert second.window.stage.page == "picture"


def test_the_layout_is_remembered_and_can_be_reset(begin: Begin) -> None:
    first = begin()
    first.window.resize(960, 650)
    first.go("panel-controls")
    first.go("panel-jobs")
    first.window.close()
    second = begin()
    assert second.window.size().toTuple() == (960, 650)
    assert not second.window.docks["controls"].isVisible()
    assert second.window.docks["jobs"].isVisible()
    second.go("reset-layout")
    assert all(dock.isVisible() for dock in second.window.docks.values())


def test_hidden_panels_come_back_with_the_next_sitting(begin: Begin) -> None:
    """Who looks at the picture alone and closes wants the panels next time."""
    first = begin()
    first.choose("tiny-gan")
    first.go("picture-only")
    assert not first.window.docks["draw"].isVisible()
    first.window.close()
    second = begin()
    assert second.window.docks["draw"].isVisible()


def test_earlier_prompts_are_there_again(begin: Begin) -> None:
    first = begin()
    first.choose("tiny-prior")
    edit = first.find(QPlainTextEdit, "prompt-1")
    edit.setFocus()
    first.bot.keyClicks(edit, "blue fish")
    first.bot.keyClick(edit, Qt.Key.Key_Return)
    first.settle()
    first.window.close()
    second = begin()
    second.settle()
    edit = second.find(QPlainTextEdit, "prompt-1")
    assert edit.toPlainText() == "blue fish"
    edit.clear()
    second.bot.keyClick(edit, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert edit.toPlainText() == "blue fish"


def lightness(person: Person) -> int:
    return person.window.palette().color(QPalette.ColorRole.Window).lightness()


def test_the_theme_recolours_at_once_and_is_remembered(begin: Begin) -> None:
    def shown(person: Person) -> int:
        return person.part("add-model").grab().toImage().pixelColor(3, 15).lightness()

    first = begin()
    first.choose("tiny-gan")
    first.go("theme-dark")
    first.until(lambda: lightness(first) < 80 and shown(first) < 80)
    assert first.window.actions_by_id["theme-dark"].isChecked()
    first.go("theme-light")
    first.until(lambda: lightness(first) > 200 and shown(first) > 200)
    first.until(lambda: not first.window.actions_by_id["theme-dark"].isChecked())
    first.window.close()
    second = begin()
    assert lightness(second) > 200
    assert second.window.actions_by_id["theme-light"].isChecked()


def test_a_message_that_stands_while_the_theme_turns_is_as_one_told_after_it(begin: Begin) -> None:
    person = begin()
    person.window.resize(1280, 720)
    person.go("theme-dark")
    person.studio.messages.tell("An error that stays.", "error")
    person.bot.wait(50)
    person.go("theme-light")
    person.until(lambda: lightness(person) > 200)
    person.bot.wait(50)
    turned = person.part("message").grab().toImage()
    person.studio.messages.tell("An error that stays.", "error")
    person.bot.wait(50)
    person.until(lambda: person.part("message").grab().toImage() == turned)


def test_another_language_is_for_the_next_start_and_says_so(begin: Begin) -> None:
    first = begin()
    first.go("language-en")
    assert "next start" in first.said
    assert first.studio.preferences.now.language == "en"


def test_files_that_it_is_started_with_are_opened(
    begin: Begin, home: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    first = begin()
    first.choose("tiny-gan")
    made = first.recipe
    first.save(tmp_path / "a.png")
    first.choose("tiny-vae")
    first.window.close()
    sitting = Sitting()
    qtbot.addWidget(sitting.window)
    sitting.start([tmp_path / "a.png"])
    second = Person(sitting, qtbot)
    second.settle()
    assert second.recipe == made
    second.window.close()


def test_closing_in_the_middle_of_a_drawing_leaves_no_thread(
    begin: Begin, slow_previews: threading.Event
) -> None:
    there = set(threading.enumerate())
    person = begin()
    person.choose("tiny-prior")
    slow_previews.clear()
    person.studio.editor.set_seed(5)
    person.until(lambda: person.studio.picture.partial is not None)
    assert set(threading.enumerate()) > there
    # The worker may not look whether it is to end while the preview is made.
    threading.Timer(0.2, slow_previews.set).start()
    person.window.close()
    assert {one for one in threading.enumerate() if not isinstance(one, threading.Timer)} <= there


def test_closing_while_a_batch_is_made_leaves_no_thread(begin: Begin) -> None:
    there = set(threading.enumerate())
    person = begin()
    person.choose("tiny-gan")
    person.studio.make_batch(500, 1, (), None)
    person.until(lambda: len(person.studio.queue.pictures) > 2)
    person.window.close()
    assert set(threading.enumerate()) <= there


class _Broken(QObject):
    pressed = Signal()

    def fail(self) -> None:
        raise ValueError("a bug of ours")


def test_an_exception_in_a_slot_becomes_a_message_and_the_window_lives_on(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = begin()
    person.choose("tiny-gan")
    monkeypatch.setattr(sys, "excepthook", person.sitting.tell_broken)
    broken = _Broken()
    broken.pressed.connect(broken.fail)
    broken.pressed.emit()
    assert "ValueError" in person.said
    assert "a bug of ours" in caplog.text
    before = person.recipe
    person.go("draw")
    person.settle()
    assert person.recipe != before


def test_after_a_broken_observer_pictures_go_on(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = begin()
    person.choose("tiny-gan")
    monkeypatch.setattr(sys, "excepthook", person.sitting.tell_broken)
    leave = person.studio.picture.changed.connect(lambda _: 1 / 0)
    person.go("draw")
    person.until(lambda: "ZeroDivisionError" in person.said)
    leave()
    person.go("draw")
    person.settle()


_CLOSES_ITSELF = """
import sys
from PySide6.QtCore import QTimer
from genstudio.ui import app

make = app.make_application
def timed(arguments):
    made = make(arguments)
    QTimer.singleShot(1500, made, lambda: [w.close() for w in made.topLevelWidgets()])
    return made
app.make_application = timed
sys.exit(app.run([]))
"""


def test_the_program_starts_ends_with_0_and_says_nothing(home: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", _CLOSES_ITSELF],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert (home / "preferences.json").is_file()


_TELLS_WHEN_READY = """
import sys
from PySide6.QtCore import QTimer
from genstudio.ui import app

make = app.make_application
def telling(arguments):
    made = make(arguments)
    QTimer.singleShot(0, made, lambda: print("ready", flush=True))
    return made
app.make_application = telling
sys.exit(app.run([]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_of_the_desktops_session_closes_the_window_as_its_button_does(
    home: Path, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _TELLS_WHEN_READY],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(number)
        _, said = child.communicate(timeout=60)
    assert (child.returncode, said) == (0, "")
    assert (home / "preferences.json").is_file()


def test_a_sitting_leaves_its_recipe_as_it_was_when_it_opened_nothing(begin: Begin) -> None:
    first = begin()
    first.choose("tiny-vae")
    first.window.close()
    second = begin()
    second.settle()
    assert isinstance(second.recipe, LatentRecipe)
    second.window.close()
    third = begin()
    third.settle()
    assert third.recipe == first.recipe
