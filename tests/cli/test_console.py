"""What a command says, and where."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import pytest

from genstudio.base.progress import Cancel, no_progress
from genstudio.cli import console as console_module
from genstudio.cli.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Terminal]:
    """Make stderr a terminal. Called by the test itself: between the two, pytest puts its own."""

    def begin(after: float) -> Terminal:
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(console_module, "_SHOW_AFTER", after)
        return terminal

    return begin


def appears(words: str, terminal: Terminal) -> bool:
    deadline = time.monotonic() + 20
    while words not in terminal.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    return words in terminal.getvalue()


def test_progress_is_shown_on_a_terminal_once_work_takes_time(
    on_terminal: Callable[[float], Terminal],
) -> None:
    terminal = on_terminal(0.0)
    with Console(as_json=False, cancel=Cancel()).working("Rendering") as progress:
        progress(0.5, "frame 2 of 4")
        assert appears("Frame 2 of 4", terminal)
        assert appears("50%", terminal)


def test_work_that_does_not_tell_how_far_it_is_is_shown_too(
    on_terminal: Callable[[float], Terminal],
) -> None:
    terminal = on_terminal(0.0)
    with Console(as_json=False, cancel=Cancel()).working("Encoding"):
        assert appears("Encoding", terminal)


def test_quick_work_shows_no_progress(on_terminal: Callable[[float], Terminal]) -> None:
    terminal = on_terminal(1000.0)
    with Console(as_json=False, cancel=Cancel()).working("Rendering") as progress:
        progress(0.5)
    assert terminal.getvalue() == ""


def test_progress_is_not_written_into_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with Console(as_json=False, cancel=Cancel()).working("Rendering") as progress:
        assert progress is no_progress
    assert capsys.readouterr() == ("", "")


def test_scripts_get_the_result_alone(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(as_json=True, cancel=Cancel())
    console.say("words")
    console.result({"file": "größe.png"})
    assert capsys.readouterr().out == '{"file": "größe.png"}\n'


def test_people_get_the_words_alone(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(as_json=False, cancel=Cancel())
    console.say("words")
    console.result({"file": "a.png"})
    assert capsys.readouterr().out == "words\n"
