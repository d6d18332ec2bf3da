"""`genstudio`, `genstudio FILE` and `genstudio studio`: the window, with files opened in it."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from genstudio.base.errors import StorageError
from genstudio.cli.console import Console
from genstudio.cli.display import LibraryError, NoDisplayError, check_display, missing_library
from genstudio.cli.stoppable import run_stoppable

_EPILOG: Final = """\
A FILE is a model (.gspack), a project (.genstudio), a picture or a recipe (.json). The word studio
may be left out.

examples:
  genstudio
  genstudio hills.png
  genstudio studio my-model.gspack
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="what to open")
    parser.add_argument(
        "--or-showcase",
        action="store_true",
        help="where there is no display, say so and run genstudio showcase",
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Open the window and stay until it is closed. Qt wants the main thread."""
    for file in args.files:
        if not file.exists():
            raise StorageError(f"There is no file {file}; look at the name, or start without one.")
    try:
        check_display()
    except NoDisplayError as error:
        if not args.or_showcase:
            raise
        console.note(f"genstudio: {error}")
        return _showcase(args, console)
    return _open([file.absolute() for file in args.files])


def _open(files: Sequence[Path]) -> int:
    try:
        from genstudio.ui.app import run as run_window
    except ImportError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error
    # While Qt waits, no Python runs that could hear Ctrl-C; this way it ends the program.
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return run_window(files)
    finally:
        signal.signal(signal.SIGINT, previous)


def _refusal(error: ImportError) -> LibraryError | None:
    """What to tell about a Qt that cannot be loaded; any other failed import is a bug of ours."""
    if (error.name or "").partition(".")[0] in {"PySide6", "shiboken6"} and isinstance(
        error, ModuleNotFoundError
    ):
        return LibraryError(
            "The window needs PySide6, which is not installed; install it with: "
            "pip install PySide6-Essentials"
        )
    return missing_library(error)


def _showcase(args: argparse.Namespace, console: Console) -> int:
    from genstudio.cli import showcase

    return run_stoppable(lambda: showcase.run(args, console), console.cancel)
