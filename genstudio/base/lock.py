"""One writer at a time in a folder, also among programs; a writer that dies lets go by itself."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from genstudio.base.progress import NEVER, Cancel

_POLL_SECONDS = 0.05


@contextlib.contextmanager
def only_writer(path: Path, cancel: Cancel = NEVER) -> Iterator[None]:
    """Hold the lock of the file `path`, which is made; waits for whoever holds it.

    Raises:
        OSError: the file cannot be made.
        Cancelled: `cancel` was set while waiting.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _try_lock(handle):
            cancel.check()
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        # Closing lets go of the lock.
        os.close(handle)


@contextlib.contextmanager
def writer_if_alone(path: Path) -> Iterator[bool]:
    """Hold the lock if nobody else does and the file is there; gives whether it is held."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        yield False
        return
    try:
        yield _try_lock(handle)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
