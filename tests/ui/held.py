"""A task that keeps the engine busy until the test lets it go."""

from __future__ import annotations

import threading
from typing import Any

from genstudio.base.progress import Cancel, Progress


class Held:
    """Give it to the queue; `let_go.set()` ends it, and so does cancelling it."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __call__(self, _engine: Any, progress: Progress, cancel: Cancel) -> None:
        progress(0.5)
        while not self.let_go.wait(0.01):
            cancel.check()


def nothing(_result: object) -> None:
    """What comes of it is of no interest."""
