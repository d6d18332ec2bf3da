"""`genstudio` opens the window: which files, which thread, and what it says where it cannot."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_main import child

WINDOW = "genstudio.ui.app"
linux_only = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="there is always a display there"
)


@dataclass
class Window:
    """Stands in for the window: remembers how it was opened."""

    status: int = 0
    opened: list[list[Path]] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def run(self, files: Sequence[Path]) -> int:
        self.opened.append(list(files))
        self.threads.append(threading.current_thread())
        return self.status


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Window:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    window = Window()
    monkeypatch.setitem(sys.modules, WINDOW, window)
    return window


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("words", [(), ("studio",), ("studio", "--or-showcase")])
def test_without_a_file_the_window_opens_empty(
    run: Run, window: Window, words: tuple[str, ...]
) -> None:
    done = run(*words)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert window.opened == [[]]


@pytest.mark.parametrize("name", ["a.gspack", "b.genstudio", "c.png", "d.JPG", "e.webp", "f.json"])
def test_a_file_opens_in_the_window(run: Run, window: Window, name: str) -> None:
    Path(name).touch()
    assert run(name).status == 0
    assert window.opened == [[Path.cwd() / name]]


def test_any_file_that_is_there_opens_in_the_window(run: Run, window: Window) -> None:
    Path("no suffix").touch()
    assert run("no suffix").status == 0
    assert window.opened == [[Path.cwd() / "no suffix"]]


def test_several_files_open_in_one_window(run: Run, window: Window) -> None:
    for name in ("a.png", "b.gspack"):
        Path(name).touch()
    run("a.png", "b.gspack")
    run("studio", "b.gspack", "a.png")
    here = Path.cwd()
    assert window.opened == [
        [here / "a.png", here / "b.gspack"],
        [here / "b.gspack", here / "a.png"],
    ]


def test_a_file_named_like_a_command_is_opened_by_the_explicit_name(
    run: Run, window: Window
) -> None:
    Path("models").touch()
    assert "tiny-gan" in run("models").out
    assert window.opened == []
    run("studio", "models")
    assert window.opened == [[Path.cwd() / "models"]]


def test_a_file_that_is_not_there_is_refused_in_a_sentence(run: Run, window: Window) -> None:
    done = run("gone.gspack")
    assert done.status == 2
    assert done.err == (
        "genstudio: There is no file gone.gspack; look at the name, or start without one.\n"
    )
    assert window.opened == []


def test_the_window_runs_in_the_main_thread_and_gives_the_status(run: Run, window: Window) -> None:
    window.status = 5
    assert run().status == 5
    assert window.threads == [threading.main_thread()]


def test_opening_the_window_is_what_loads_it(home: Path) -> None:
    script = (
        "import sys\n"
        "from genstudio.cli import main\n"
        f"before = {WINDOW!r} in sys.modules or 'PySide6' in sys.modules\n"
        "status = main.main(['models', '--json'])\n"
        f"print(status, before, {WINDOW!r} in sys.modules, 'PySide6' in sys.modules)\n"
    )
    out, err = child(home, "-c", script).communicate(timeout=60)
    assert out.splitlines()[-1] == "0 False False False", err


@linux_only
@pytest.mark.usefixtures("no_display")
def test_without_a_display_one_line_names_the_other_commands(home: Path) -> None:
    process = child(home, "-m", "genstudio")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith("genstudio: There is no display")
    assert "genstudio generate" in err
    assert err.count("\n") == 1


@linux_only
@pytest.mark.usefixtures("no_display")
def test_without_a_display_a_file_is_not_opened_either(run: Run) -> None:
    Path("a.png").touch()
    done = run("a.png")
    assert done.status == 2
    assert "There is no display" in done.err


@linux_only
@pytest.mark.usefixtures("no_display")
def test_the_showcase_takes_the_place_of_the_window_where_that_is_asked_for(
    run: Run, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.cli.showcase.bundled_packs_folder", lambda: packs)
    monkeypatch.setattr("genstudio.packs.store.bundled_packs_folder", lambda: packs)
    monkeypatch.setenv("GENSTUDIO_HOME", str(packs.parent / "empty home"))
    done = run("studio", "--or-showcase")
    assert done.status == 0
    assert done.err.startswith("genstudio: There is no display")
    assert len(list(Path("outputs").glob("*.png"))) == 4


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[ImportError], None]:
    """Let the import of the window fail as it does where Qt is not whole."""

    def break_import(error: ImportError) -> None:
        class Finder(importlib.abc.MetaPathFinder):
            def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
                if name == WINDOW:
                    raise error
                return None

        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        monkeypatch.delitem(sys.modules, WINDOW, raising=False)
        monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])

    return break_import


def test_a_missing_library_of_the_system_is_told_with_the_packages(
    run: Run, broken: Callable[[ImportError], None]
) -> None:
    broken(ImportError("libEGL.so.1: cannot open shared object file: No such file or directory"))
    done = run()
    assert done.status == 2
    assert "Qt lacks the library libEGL.so.1;" in done.err
    assert "sudo apt install" in done.err
    assert " libegl1 " in done.err
    assert done.err.count("\n") == 1


def test_a_missing_pyside_is_told_with_how_to_install_it(
    run: Run, broken: Callable[[ImportError], None]
) -> None:
    broken(ModuleNotFoundError("No module named 'PySide6'", name="PySide6.QtGui"))
    done = run()
    assert done.status == 2
    assert "pip install PySide6-Essentials" in done.err


def test_a_mistake_of_ours_in_an_import_is_not_called_a_missing_library(
    run: Run, broken: Callable[[ImportError], None]
) -> None:
    broken(ImportError("cannot import name 'MainWindow'", name="genstudio.ui.main_window"))
    with pytest.raises(ImportError, match="MainWindow"):
        run()


@linux_only
def test_ctrl_c_ends_the_open_window(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import sys, types\n"
        "def run(files):\n"
        "    from PySide6.QtCore import QTimer\n"
        "    from PySide6.QtWidgets import QApplication\n"
        "    app = QApplication([])\n"
        "    QTimer.singleShot(0, lambda: print('open', flush=True))\n"
        "    return app.exec()\n"
        f"sys.modules[{WINDOW!r}] = types.SimpleNamespace(run=run)\n"
        "from genstudio.cli.main import entry\n"
        "sys.argv[1:] = []\n"
        "entry()\n"
    )
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    process: subprocess.Popen[str] = child(home, "-c", script)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "Traceback" not in err
