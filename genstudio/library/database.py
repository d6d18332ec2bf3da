"""One connection to the library's database, and SQLite's refusals as sentences."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from genstudio.base.errors import StorageError
from genstudio.base.files import storage_error
from genstudio.library import schema

_PATIENCE_MS: Final = 10_000
"""How long a write waits for another program's."""
_ADVICE: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and try again",
    sqlite3.SQLITE_READONLY: "its folder or file is read-only; allow writing there",
    sqlite3.SQLITE_CANTOPEN: "its folder cannot be read or written; check that it is there",
    sqlite3.SQLITE_PERM: "you have no permission there; allow reading and writing",
    sqlite3.SQLITE_BUSY: "another program keeps writing to it; close that and try again",
    sqlite3.SQLITE_LOCKED: "another program is writing to it; try again",
    sqlite3.SQLITE_IOERR: "the disk refuses to read or write; check it",
}
_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class DamagedError(StorageError):
    """The database is not readable as one, and has to be made anew from the pictures."""


class Database:
    """The tables in one file. One thread uses it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file.

        Raises:
            DamagedError: it is no database any more, or lacks a table.
            StorageError: it cannot be opened, or a newer GenStudio made it.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_error("make the library in", path.parent, error) from error
        with self._told():
            self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            self._prepare()
        except StorageError:
            self._connection.close()
            raise

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises `StorageError`."""
        with self._told():
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row of a query, if there is one. Raises `StorageError`."""
        with self._told():
            found: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return found

    def write(self, statement: str, *values: Any) -> int:
        """Run one statement; returns the id of a row that it added. Raises `StorageError`."""
        with self._told():
            return self._connection.execute(statement, values).lastrowid or 0

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """All writes of the block or none. Raises `StorageError`."""
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    @property
    def is_in_place(self) -> bool:
        """Whether the file that is open is still the one of that name."""
        return self.path.exists() and self.path.stat().st_ino == self.inode

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _prepare(self) -> None:
        with self._told():
            run = self._connection.execute
            run(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
            run("PRAGMA journal_mode = WAL")
            # What was confirmed must outlive a power cut, not only a crash.
            run("PRAGMA synchronous = FULL")
            schema.migrate(self._connection, str(self.path))
            for table in ("pictures", "thumbnails", "words", "collections", "members", "looks"):
                run(f"SELECT * FROM {table} LIMIT 1").fetchone()
        self.inode = self.path.stat().st_ino
        """Which file it is, whatever lies at its path by now."""

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._refusal(error) from error

    def _refusal(self, error: sqlite3.Error) -> StorageError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGE or "no such table" in str(error) or "no such column" in str(error):
            return DamagedError(f"The library {self.path} is damaged ({error}).")
        advice = _ADVICE.get(code, str(error))
        return StorageError(f"Cannot use the library {self.path}: {advice}.")
