"""The library's tables, and the way from every earlier version of them to the newest.

`PRAGMA user_version` counts the migrations that a file has been through. A migration never
changes once it is released; a change of the tables is one more migration.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from genstudio.base.errors import StorageError

_TABLES: Final = """
CREATE TABLE pictures (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    recipe TEXT NOT NULL UNIQUE,
    parent TEXT NOT NULL DEFAULT '',
    made REAL NOT NULL,
    model TEXT NOT NULL,
    family TEXT NOT NULL DEFAULT '',
    licence TEXT NOT NULL DEFAULT '',
    prompt TEXT NOT NULL DEFAULT '',
    seed INTEGER,
    device TEXT NOT NULL DEFAULT '',
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    stars INTEGER NOT NULL DEFAULT 0,
    favourite INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    binned REAL
);
CREATE INDEX by_time ON pictures (binned, made DESC);
CREATE INDEX by_model ON pictures (model, made DESC);
CREATE INDEX by_seed ON pictures (seed);
CREATE INDEX by_parent ON pictures (parent);
CREATE TABLE thumbnails (picture INTEGER PRIMARY KEY, webp BLOB NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
    prompt, note, model, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
CREATE TABLE collections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE members (
    collection INTEGER NOT NULL, picture INTEGER NOT NULL, PRIMARY KEY (collection, picture)
) WITHOUT ROWID;
CREATE INDEX by_picture ON members (picture);
"""

_LOOKS: Final = """
CREATE TABLE looks (picture INTEGER PRIMARY KEY, encoder TEXT NOT NULL, vector BLOB NOT NULL);
"""

MIGRATIONS: Final = (_TABLES, _LOOKS)
VERSION: Final = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, where: str) -> None:
    """Bring the tables to the newest version, in one transaction.

    Raises:
        StorageError: a newer GenStudio made them.
        sqlite3.Error: the file is damaged or cannot be written.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StorageError(
            f"The library {where} was made by a newer GenStudio (version {version}, this one reads "
            f"up to {VERSION}); update GenStudio to open it."
        )
    if version == VERSION:
        return
    steps = "".join(MIGRATIONS[version:])
    connection.executescript(f"BEGIN IMMEDIATE;{steps}PRAGMA user_version = {VERSION};COMMIT;")
