"""The program as a whole: help, statuses, Ctrl-C, what it loads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from genstudio import __version__
from genstudio.cli.main import COMMANDS
from genstudio.recipe.png import read_recipe
from tests import builders
from tests.builders import tiny_packs
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def child(home: Path, *words: str, **options: object) -> subprocess.Popen[str]:
    """The program in a process of its own."""
    environment = {**os.environ, "GENSTUDIO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "train"])
def test_every_command_has_help_with_examples(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.status == 0
    assert f"genstudio {command}" in done.out
    assert "example" in done.out
    assert ("--json" in done.out) == (command != "studio")


def test_the_help_lists_the_commands(run: Run) -> None:
    done = run("--help")
    assert done.status == 0
    for name, summary in COMMANDS.items():
        assert name in done.out
        assert summary.split()[0] in done.out


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"GenStudio {__version__}\n"


@pytest.mark.parametrize("words", [("paint",), ("--colour",), ("--json",)])
def test_an_unknown_command_is_refused_in_a_sentence(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.status == 2
    assert done.err.startswith("genstudio: ")
    assert done.err.count("\n") == 1


def test_a_gan_picture_loads_neither_a_window_nor_a_training_library(home: Path) -> None:
    script = (
        "import sys\n"
        "from genstudio.cli.main import main\n"
        "status = main(['generate', '--model', 'tiny-gan', '--seed', '1', '--out', 'a.png'])\n"
        "heavy = {'PySide6', 'torch', 'onnx', 'av', 'tokenizers', 'rich', 'xml.etree'}\n"
        "print(status, sorted(heavy & set(sys.modules)))\n"
    )
    process = child(home, "-c", script)
    out, err = process.communicate(timeout=60)
    assert out.splitlines()[-1] == "0 []", err
    assert Path("a.png").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_stops_cleanly_and_leaves_whole_files(home: Path) -> None:
    words = ("-m", "genstudio", "generate", "--model", "tiny-gan", "--count", "100000")
    process = child(home, *words, "--out", "many")
    deadline = time.monotonic() + 60
    while not list(Path().glob("many/*.png")) and time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read()  # type: ignore[union-attr]
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "Stopped."
    written = list(Path("many").iterdir())
    assert written
    for path in written:
        read_recipe(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_stops_a_graph_that_is_running(run: Run, home: Path) -> None:
    builders.replace_graph(home / "packs" / "tiny-gan", "mapping", tiny_packs.endless_mapping())
    stop = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    stop.start()
    done = run("generate", "--model", "tiny-gan", "--out", "a.png")
    stop.join()
    assert done.status == 130
    assert done.err.splitlines()[-1] == "Stopped."
    assert list(Path().iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes there")
def test_a_reader_that_goes_away_shows_no_traceback(home: Path) -> None:
    words = ("-m", "genstudio", "generate", "--model", "tiny-gan", "--count", "400")
    process = child(home, *words, "--out", "many")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.wait(timeout=60)
    process.stderr.close()
