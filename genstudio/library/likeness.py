"""Which pictures look alike: the nearest ones by an encoder's numbers, which the library keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.library.database import Database

MOST: Final = 500
"""How many pictures are listed by likeness."""


class Likeness:
    """The looks of all pictures, read once and then kept up to date.

    A look is what an encoder makes of a picture, a vector of any length, kept as float16.
    """

    def __init__(self, database: Database) -> None:
        """Take where looks are kept."""
        self._database = database
        self._encoder = ""
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._vectors: NDArray[np.float16] = np.empty((0, 0), np.float16)

    def add(self, picture: int, encoder: str, vector: NDArray[np.float32]) -> None:
        """Keep a picture's look. Raises `StorageError`."""
        half = np.ascontiguousarray(vector, np.float16)
        self._database.write(
            "INSERT OR REPLACE INTO looks SELECT id, ?, ? FROM pictures WHERE id = ?",
            encoder, half.tobytes(), picture,
        )  # fmt: skip

    def lacking(self, encoder: str, count: int) -> tuple[int, ...]:
        """Up to `count` pictures that `encoder` has not looked at, newest first."""
        rows = self._database.rows(
            "SELECT p.id FROM pictures p LEFT JOIN looks l ON l.picture = p.id AND l.encoder = ? "
            "WHERE l.picture IS NULL AND p.binned IS NULL ORDER BY p.made DESC LIMIT ?",
            encoder, count,
        )  # fmt: skip
        return tuple(row[0] for row in rows)

    def nearest(self, picture: int, among: Sequence[int]) -> list[int]:
        """The pictures of `among` that look most like one, itself first; none without its look."""
        found = self._database.row("SELECT encoder, vector FROM looks WHERE picture = ?", picture)
        if found is None:
            return []
        self._read(found[0])
        wanted = np.isin(self._ids, np.asarray(among, np.int64))
        ids, vectors = self._ids[wanted], self._vectors[wanted]
        look = np.frombuffer(found[1], np.float16)
        if not len(ids) or vectors.shape[1] != len(look):
            return []
        apart = np.square(vectors.astype(np.float32) - look.astype(np.float32)).sum(axis=1)
        apart[ids == picture] = -1.0
        return [int(n) for n in ids[np.argsort(apart, kind="stable")[:MOST]]]

    def _read(self, encoder: str) -> None:
        count = self._database.row("SELECT count(*) FROM looks WHERE encoder = ?", encoder)
        if encoder == self._encoder and count == (len(self._ids),):
            return
        rows = self._database.rows("SELECT picture, vector FROM looks WHERE encoder = ?", encoder)
        length = len(rows[0][1]) if rows else 0
        rows = [row for row in rows if len(row[1]) == length]
        self._encoder = encoder
        self._ids = np.array([row[0] for row in rows], np.int64)
        self._vectors = np.frombuffer(b"".join(row[1] for row in rows), np.float16).reshape(
            len(rows), -1
        )
