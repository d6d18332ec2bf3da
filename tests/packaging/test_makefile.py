"""`make run` and `make test`: what they start and install, noted by a stand-in environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("make") is None,
    reason="Linux with make",
)
ROOT = Path(__file__).parents[2]
Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A virtual environment without Qt, whose programs write their arguments to `log`."""
    (tmp_path / "bin").mkdir()
    for name in ("genstudio", "python"):
        program = tmp_path / "bin" / name
        program.write_text(
            f"#!/bin/sh\nprintf '[%s]' {name} \"$@\" >> {tmp_path}/log\necho >> {tmp_path}/log\n"
        )
        program.chmod(0o755)
    (tmp_path / ".made").touch()
    return tmp_path


@pytest.fixture
def make(venv: Path) -> Make:
    def run_make(*words: str) -> subprocess.CompletedProcess[str]:
        inherited = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL"}}
        return subprocess.run(
            ["make", f"VENV={venv}", *words],
            cwd=ROOT,
            env=inherited,
            capture_output=True,
            text=True,
        )

    return run_make


def started(venv: Path) -> list[str]:
    return (venv / "log").read_text().splitlines()


def test_make_run_opens_the_studio_or_draws_the_showcase(make: Make, venv: Path) -> None:
    assert make("run").returncode == 0
    assert started(venv)[-1] == "[genstudio][studio][--or-showcase]"


def test_make_run_passes_a_command_on_as_it_is_written(make: Make, venv: Path) -> None:
    make("run", "ARGS=generate --model icons 'red heart, two' --out a.png")
    assert started(venv)[-1] == (
        "[genstudio][generate][--model][icons][red heart, two][--out][a.png]"
    )


def test_the_second_make_run_installs_nothing(make: Make, venv: Path) -> None:
    make("run")
    assert "[pip]" in started(venv)[0]
    (venv / "log").unlink()
    done = make("run")
    assert started(venv) == ["[genstudio][studio][--or-showcase]"]
    assert (done.stdout, done.stderr) == ("", "")


def test_make_run_goes_on_where_qt_lacks_something(make: Make, venv: Path) -> None:
    done = make("run")
    assert "There is no PySide6" in done.stderr
    assert done.returncode == 0


def test_make_test_stops_where_qt_cannot_be_loaded(make: Make, venv: Path) -> None:
    done = make("test")
    assert "There is no PySide6" in done.stderr
    assert done.returncode != 0
    assert not any("pytest" in line for line in started(venv))
    assert not (venv / ".test").exists()
