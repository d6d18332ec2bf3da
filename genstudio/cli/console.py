"""What a command says: words or one JSON object on stdout, notes and progress on stderr."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from genstudio.base.errors import GenStudioError
from genstudio.base.progress import Cancel, Progress, no_progress

_SHOW_AFTER: Final = 1.0
"""Seconds of work that pass without a progress bar."""


class UsageError(GenStudioError):
    """A command line that cannot be understood."""


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses in one sentence and keeps the examples' line breaks."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options.setdefault("allow_abbrev", False)
        super().__init__(*args, **options)

    def error(self, message: str) -> NoReturn:
        """Raise the refusal instead of printing usage and leaving."""
        sentence = message[:1].upper() + message[1:].rstrip(".")
        raise UsageError(f"{sentence}; see {self.prog} --help.")


class Console:
    """Where a command talks to. With `as_json`, stdout gets the result and nothing else."""

    def __init__(self, *, as_json: bool, cancel: Cancel) -> None:
        self.as_json = as_json
        self.cancel = cancel

    def say(self, text: str) -> None:
        """Tell a person something on stdout."""
        if not self.as_json:
            print(text, flush=True)

    def note(self, text: str) -> None:
        """Tell something beside the result, on stderr."""
        print(text, file=sys.stderr, flush=True)

    def result(self, facts: dict[str, Any]) -> None:
        """Give scripts the result."""
        if self.as_json:
            print(json.dumps(facts, ensure_ascii=False), flush=True)

    @contextlib.contextmanager
    def working(self, what: str) -> Iterator[Progress]:
        """Show a progress bar while the block works, where a person looks on and it takes time."""
        bar = _Bar(what) if sys.stderr.isatty() else None
        try:
            yield bar or no_progress
        finally:
            if bar is not None:
                bar.close()


class _Bar:
    """A progress bar that appears after a second; rich is loaded only then."""

    def __init__(self, what: str) -> None:
        self._lock = threading.Lock()
        self._what = what
        self._done: float | None = None
        self._progress: Any = None
        self._task: Any = None
        self._is_closed = False
        self._timer = threading.Timer(_SHOW_AFTER, self._open)
        self._timer.daemon = True
        self._timer.start()

    def __call__(
        self,
        done: float,
        what: str = "",
        preview: object | None = None,  # noqa: ARG002  a terminal shows no picture
    ) -> None:
        with self._lock:
            self._done = done
            self._what = what or self._what
            if self._progress is not None:
                self._show()

    def _show(self) -> None:
        words = self._what[:1].upper() + self._what[1:]
        total = None if self._done is None else 1.0
        self._progress.update(
            self._task, completed=self._done or 0.0, total=total, description=words
        )

    def _open(self) -> None:
        """Draw the bar; until the work tells how far it is, the bar only moves."""
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        with self._lock:
            if self._is_closed:
                return
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                Remaining(),
                console=RichConsole(stderr=True),
                transient=True,
            )
            self._task = self._progress.add_task(self._what, total=None)
            self._show()
            self._progress.start()

    def close(self) -> None:
        """Take the bar away, or keep it from appearing."""
        self._timer.cancel()
        with self._lock:
            self._is_closed = True
            if self._progress is not None:
                self._progress.stop()
