"""Work that Ctrl-C stops cleanly, also in the middle of a graph."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

from genstudio.base.progress import Cancel

STOPPED: Final = 130


def run_stoppable(work: Callable[[], int | None], cancel: Cancel) -> int:
    """Run `work` in a thread so that Ctrl-C is heard while a graph runs; its status, else 0.

    Python handles signals between two instructions of the main thread, which a running graph does
    not let go of. The first Ctrl-C sets `cancel`; a second one ends the process at once.
    """
    outcome: list[int | None] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001  raised again below, in the main thread
            failure.append(error)

    if threading.current_thread() is not threading.main_thread():
        return work() or 0
    thread = threading.Thread(target=run, name="command", daemon=True)
    previous = signal.signal(signal.SIGINT, _interrupt(cancel))
    try:
        thread.start()
        while thread.is_alive():
            thread.join(0.2)
    finally:
        signal.signal(signal.SIGINT, previous)
    if failure:
        raise failure[0]
    return outcome[0] or 0


def _interrupt(cancel: Cancel) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        if cancel.is_set:
            os._exit(STOPPED)
        cancel.set()

    return stop
