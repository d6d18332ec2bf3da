"""What no picture file holds - stars, notes, collections, parents - once more beside the database.

A line of JSON for each change, written before the database is. Pictures and journal together give
a damaged database back whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from genstudio.base.files import storage_error

_LINE_LIMIT: Final = 1 << 20


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is to be known of the picture in `file`; `gone` when it was deleted for good."""

    file: str
    made: float = 0.0
    parent: str = ""
    family: str = ""
    licence: str = ""
    stars: int = 0
    favourite: bool = False
    note: str = ""
    binned: float | None = None
    collections: tuple[str, ...] = ()
    gone: bool = False


class Journal:
    """The file of lines; the last one for a picture counts."""

    def __init__(self, path: Path) -> None:
        """Take where it is."""
        self._path = path

    def add(self, lines: Iterable[Line]) -> None:
        """Append lines, to the disk itself. Raises `StorageError`."""
        data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        try:
            with self._path.open("ab") as file:
                # A line that a power cut left half-written must not swallow this one.
                file.write(data if self._ends_well() else b"\n" + data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise storage_error("write the library's journal", self._path, error) from error

    def read(self) -> dict[str, Line]:
        """The last line of each picture's file; what cannot be read is passed over."""
        found: dict[str, Line] = {}
        try:
            with self._path.open("rb") as file:
                while data := file.readline(_LINE_LIMIT):
                    try:
                        line = msgspec.json.decode(data, type=Line)
                    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                        continue
                    found[line.file] = line
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise storage_error("read the library's journal", self._path, error) from error
        return found

    def _ends_well(self) -> bool:
        with self._path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
