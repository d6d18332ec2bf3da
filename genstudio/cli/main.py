"""The command `genstudio`: finds the command's module, runs it, and turns its end into a status.

Status 0: done. 1: `reproduce` or `library verify` found a difference. 2: refused, with one sentence
on stderr. 130: stopped by Ctrl-C. Only the named command's module is imported, and it imports what
it needs when it runs, so that a quick command stays quick. Without a command the window is opened.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final, NoReturn

from genstudio import __version__
from genstudio.base.errors import Cancelled, GenStudioError
from genstudio.base.progress import Cancel
from genstudio.cli.console import Console, Parser
from genstudio.cli.stoppable import STOPPED, run_stoppable

DONE: Final = 0
REFUSED: Final = 2

WINDOW: Final = "studio"
COMMANDS: Final = {
    WINDOW: "open the window, as genstudio alone does",
    "showcase": "render one picture of each model that comes with GenStudio",
    "generate": "make pictures from a prompt, a seed, a recipe or a picture",
    "encode": "turn a picture into a recipe of a model, and show its reconstruction",
    "interpolate": "make a film of the way from one recipe to another",
    "walk": "make a film of a walk that was saved in the window",
    "reproduce": "render a picture's recipe again and compare",
    "library": "seek in the library, take pictures in, check them",
    "models": "list, show, check, add and remove models",
    "doctor": "tell what this machine has: versions, devices, models, places",
    "train": "train a model from a folder of pictures (extra `train`)",
}
_OPENED: Final = frozenset({".gspack", ".genstudio", ".png", ".webp", ".jpg", ".jpeg", ".json"})

_EPILOG: Final = """\
without a command: open the window, and in it the files that are named

examples:
  genstudio
  genstudio hill.png
  genstudio models
  genstudio generate --model landscapes --seed 7 --out hill.png
  genstudio generate --model icons "red heart" --count 4 --out hearts/
  genstudio COMMAND --help

status: 0 done, 1 reproduce or library verify found a difference, 2 refused, 130 stopped
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status. `argv` is without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    cancel = Cancel()
    console = Console(as_json="--json" in arguments, cancel=cancel)
    try:
        command, work = _command(arguments, console)
        if command == WINDOW:
            return work() or DONE
        return run_stoppable(work, cancel)
    except SystemExit as end:
        return int(end.code or 0)
    except (Cancelled, KeyboardInterrupt):
        console.note("Stopped.")
        return STOPPED
    except GenStudioError as error:
        console.note(f"genstudio: {error}")
        console.result({"error": str(error)})
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED


def entry() -> NoReturn:
    """The program's entry point."""
    sys.exit(main())


def parser_for(command: str) -> tuple[Parser, ModuleType | None]:
    """The parser, with the arguments of `command` alone filled in, and that command's module."""
    parser = Parser(
        prog="genstudio",
        description="Make pictures with models on your own machine. Nothing is sent anywhere.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"GenStudio {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    module = None
    for name, summary in COMMANDS.items():
        if name != command:
            commands.add_parser(name, help=summary)
            continue
        module = importlib.import_module(f"genstudio.cli.{name}")
        description = f"{summary[:1].upper()}{summary[1:]}."
        module.configure(commands.add_parser(name, help=summary, description=description))
    return parser, module


def _command(arguments: list[str], console: Console) -> tuple[str, Callable[[], int | None]]:
    """The command's name and its work. Without a command it is the window's."""
    if not arguments or (arguments[0] not in COMMANDS and _is_file(arguments[0])):
        arguments = [WINDOW, *arguments]
    parser, module = parser_for(arguments[0])
    parsed = parser.parse_args(arguments)
    if module is None:
        parser.error("name a command")
    return arguments[0], lambda: module.run(parsed, console)


def _is_file(word: str) -> bool:
    """Whether a first word that is no command names something that the window opens."""
    if word.startswith("-"):
        return False
    return Path(word).suffix.lower() in _OPENED or Path(word).is_file()
