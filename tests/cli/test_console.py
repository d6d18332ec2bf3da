"""What a command says, and where."""

from __future__ import annotations

import io
import sys

import pytest

from genstudio.base.progress import Cancel
from genstudio.cli import console as console_module
from genstudio.cli.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work(console: Console) -> None:
    with console.working("Rendering") as progress:
        progress(0.25)
        progress(0.5, "Frame 2 of 4")


def test_progress_is_shown_on_a_terminal_once_work_takes_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(console_module, "_SHOW_AFTER", 0.0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    work(Console(as_json=False, cancel=Cancel()))
    assert "Frame 2 of 4" in sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_quick_work_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console_module, "_SHOW_AFTER", 1000.0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    work(Console(as_json=False, cancel=Cancel()))
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_progress_is_not_written_into_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console_module, "_SHOW_AFTER", 0.0)
    work(Console(as_json=False, cancel=Cancel()))
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
