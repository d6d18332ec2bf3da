"""Where sittings are kept while they go on, so that a kill or a power cut costs none of them.

Each running program has a file of its own and holds a lock beside it for as long as it lives. A
file without a held lock was left by one that died; `last` is that of the one that was closed last.
"""

from __future__ import annotations

import secrets
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from genstudio.base.files import storage_error
from genstudio.base.lock import writer_if_alone
from genstudio.document.project import SUFFIX, Project, save_project

_LAST: Final = f"last{SUFFIX}"
_LOCK: Final = ".lock"


@dataclass(frozen=True)
class LeftOver:
    """A sitting that ended without being closed; `when` it was last saved, seconds since 1970."""

    path: Path
    when: float


class Sittings:
    """This program's sitting, and what others left. The files are projects like any other."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is written before `save`."""
        self._folder = folder
        # A process number comes again, and may do so within a second.
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}{SUFFIX}"
        self._own = folder / name
        self._held = ExitStack()
        self._is_held = False

    @property
    def last(self) -> Path | None:
        """The sitting that was closed last, if there is one."""
        path = self._folder / _LAST
        return path if path.is_file() else None

    def save(self, project: Project) -> None:
        """Keep the sitting as it is now; the one kept before is there until this one is whole.

        Raises:
            StorageError: the folder cannot be written, or the disk is full.
        """
        self._hold()
        save_project(self._own, project)

    def close(self, project: Project | None) -> None:
        """The sitting ends well: it becomes the last one. One without a project leaves nothing.

        Raises:
            StorageError: the folder cannot be written, or the disk is full.
        """
        if project is not None:
            save_project(self._folder / _LAST, project)
        self._own.unlink(missing_ok=True)
        self._held.close()
        if self._is_held:
            _lock_of(self._own).unlink(missing_ok=True)
        self._is_held = False

    def left_over(self) -> list[LeftOver]:
        """Sittings whose program died, newest first."""
        found = []
        for path in self._folder.glob(f"*{SUFFIX}"):
            if path.name == _LAST or path == self._own or path.name.startswith("."):
                continue
            lock = _lock_of(path)
            with writer_if_alone(lock) as alone:
                if alone or not lock.exists():
                    found.append(LeftOver(path, path.stat().st_mtime))
        return sorted(found, key=lambda one: one.when, reverse=True)

    def forget(self, left: LeftOver) -> None:
        """Let a left-over sitting go; it has been taken over, or is not wanted."""
        left.path.unlink(missing_ok=True)
        _lock_of(left.path).unlink(missing_ok=True)

    def _hold(self) -> None:
        if self._is_held:
            return
        lock = _lock_of(self._own)
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            lock.touch()
        except OSError as error:
            raise storage_error("keep the sitting in", self._folder, error) from error
        self._held.enter_context(writer_if_alone(lock))
        self._is_held = True


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}{_LOCK}")
