"""How a long function tells where it is and learns that it should stop.

Every long function takes `progress` and `cancel` with the no-op defaults of this module, so
that it can be called from a window, a terminal or a test alike.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Protocol

from genstudio.base.errors import Cancelled


class Progress(Protocol):
    """Receives how far a piece of work has come."""

    def __call__(self, done: float, what: str = "", preview: object | None = None) -> None:
        """Take the fraction done (0 to 1), what is done in words, and maybe a preview picture."""


def no_progress(done: float, what: str = "", preview: object | None = None) -> None:
    """Ignore progress."""


def part_of(progress: Progress, start: float, end: float) -> Progress:
    """Make a progress whose 0 to 1 is the part `start` to `end` of a larger one.

    A part of `no_progress` is `no_progress`, so that work nobody watches makes no previews.
    """
    if progress is no_progress:
        return no_progress

    def report(done: float, what: str = "", preview: object | None = None) -> None:
        progress(start + (end - start) * done, what, preview)

    return report


class Cancel:
    """A token that says "stop". Asking it is cheap; setting it is safe from any thread.

    A callback registered with `on_set` runs once, in the thread that sets the token; it is how a
    running graph is told to terminate.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_set = False
        self._callbacks: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        """Whether somebody asked to stop."""
        return self._is_set

    def set(self) -> None:
        """Ask to stop."""
        with self._lock:
            if self._is_set:
                return
            self._is_set = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def check(self) -> None:
        """Raise `Cancelled` when somebody asked to stop."""
        if self._is_set:
            raise Cancelled

    def on_set(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` when the token is set (at once if it is); returns what unregisters it."""
        with self._lock:
            if not self._is_set:
                self._callbacks.append(callback)
                return lambda: self._remove(callback)
        callback()
        return lambda: None

    def _remove(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)


NEVER = Cancel()
"""The default token, which nobody sets."""
