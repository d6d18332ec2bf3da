"""The library: pictures as PNG files with their recipes, and a database to find them by.

The files hold what matters; the database, with its thumbnails and words, can be made anew from
them and from the journal. A picture is kept when its row is: file first, then journal, then row.
"""

from __future__ import annotations

import array
import datetime as dt
import io
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genstudio.base import files
from genstudio.base.errors import StorageError
from genstudio.library.database import Database
from genstudio.library.entries import THUMBNAIL_SIDE, Entry, Marks, Query, picture_id, recipe_key
from genstudio.library.journal import Journal, Line
from genstudio.library.likeness import Likeness
from genstudio.library.query import statement
from genstudio.media.pictures import picture_name
from genstudio.media.thumbnails import thumbnail_of, to_webp
from genstudio.recipe.png import png_bytes
from genstudio.recipe.prompts import prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.rendering import Rendering

DATABASE: Final = "library.db"
JOURNAL: Final = "journal.jsonl"
PICTURES: Final = "pictures"
_COLUMNS: Final = (
    "id, file, recipe, parent, made, model, family, licence, prompt, seed, device, width, height, "
    "stars, favourite, note, binned"
)


class Library:
    """A folder of kept pictures. One thread uses it; several programs may use one folder."""

    def __init__(self, folder: Path) -> None:
        """Open the library in `folder`, or begin one there.

        Raises:
            DamagedError: the database is damaged; `genstudio.library.mend` makes it anew.
            StorageError: the folder cannot be used, or a newer GenStudio made the library.
        """
        self.folder = folder
        self.database = Database(folder / DATABASE)
        self.journal = Journal(folder / JOURNAL)
        self.likeness = Likeness(self.database)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    # Keeping

    def keep(
        self, rendering: Rendering, *, family: str = "", licence: str = "", parent: str = ""
    ) -> int:
        """Keep a picture; one of a recipe that is here already is not kept twice.

        `parent` is the key of the recipe that it came from. Returns the picture's id once all of
        it is on the disk.

        Raises:
            StorageError: the disk is full, the folder read-only or gone.
        """
        key = recipe_key(rendering.recipe)
        known = self.database.row("SELECT id, binned FROM pictures WHERE recipe = ?", key)
        if known is not None:
            if known[1] is not None:
                self.restore([known[0]])
            return int(known[0])
        now = time.time()
        path, name = self.place_for(now, rendering.recipe, ".png")
        files.write_bytes(path, png_bytes(rendering.pixels, rendering.recipe, rendering.device))
        line = Line(file=name, made=now, parent=parent, family=family, licence=licence)
        self.journal.add([line])
        return self.insert(line, rendering.recipe, rendering.pixels, rendering.device)

    def insert(self, line: Line, recipe: Recipe, pixels: NDArray[np.uint8], device: str) -> int:
        """Add the row of a picture whose file is in the library, if its recipe has none yet."""
        height, width = pixels.shape[:2]
        prompt = ", ".join(prompt.text for prompt in prompts_of(recipe))
        small = to_webp(thumbnail_of(pixels, THUMBNAIL_SIDE))
        key = recipe_key(recipe)
        number = picture_id(key)
        with self.database.together():
            known = self.database.row("SELECT id FROM pictures WHERE recipe = ?", key)
            if known is not None:
                return int(known[0])
            self.database.write(
                f"INSERT INTO pictures ({_COLUMNS}) VALUES ({', '.join('?' * 17)})",
                number, line.file, key, line.parent, line.made, recipe.model.id, line.family,
                line.licence, prompt, seed_of(recipe), device, width, height, line.stars,
                line.favourite, line.note, line.binned,
            )  # fmt: skip
            self.database.write("INSERT INTO thumbnails VALUES (?, ?)", number, small)
            self.database.write(
                "INSERT INTO words (rowid, prompt, note, model) VALUES (?, ?, ?, ?)",
                number, prompt, line.note, recipe.model.id,
            )  # fmt: skip
            for name in line.collections:
                self._join(number, name)
        return number

    # Finding

    def find(self, query: Query) -> array.array[int]:
        """The ids of the pictures that a query asks for, newest or likest first."""
        sql, values = statement(query)
        ids = array.array("q", (row[0] for row in self.database.rows(sql, *values)))
        if query.like is None:
            return ids
        return array.array("q", self.likeness.nearest(query.like, ids))

    def entry(self, picture: int) -> Entry | None:
        """All that is known of a picture; None where it is gone."""
        row = self.database.row(f"SELECT {_COLUMNS} FROM pictures WHERE id = ?", picture)
        if row is None:
            return None
        (number, file, *facts, favourite, note, binned) = row
        names = self.database.rows(
            "SELECT c.name FROM collections c JOIN members m ON m.collection = c.id "
            "WHERE m.picture = ? ORDER BY c.name", picture,
        )  # fmt: skip
        collections = tuple(name for (name,) in names)
        return Entry(number, self.path(file), *facts, bool(favourite), note, binned, collections)  # type: ignore[call-arg]

    def id_of(self, recipe: str) -> int | None:
        """The picture of a recipe, by the recipe's key."""
        row = self.database.row("SELECT id FROM pictures WHERE recipe = ?", recipe)
        return row[0] if row else None

    def thumbnails(self, pictures: Sequence[int]) -> dict[int, bytes]:
        """Small pictures as WebP, at most `THUMBNAIL_SIDE` pixels a side."""
        found: dict[int, bytes] = {}
        for start in range(0, len(pictures), 500):
            part = pictures[start : start + 500]
            places = ", ".join("?" * len(part))
            found.update(
                self.database.rows(
                    f"SELECT picture, webp FROM thumbnails WHERE picture IN ({places})", *part
                )
            )
        return found

    def models(self) -> tuple[str, ...]:
        """The models that the pictures were made with."""
        return self._different("model")

    def licences(self) -> tuple[str, ...]:
        """The licences of those models."""
        return self._different("licence")

    def count(self, *, binned: bool = False) -> int:
        """How many pictures there are, in the library or in its bin."""
        there = "NOT NULL" if binned else "NULL"
        row = self.database.row(f"SELECT count(*) FROM pictures WHERE binned IS {there}")
        return int(row[0]) if row else 0

    # What a person says of pictures

    def mark(self, pictures: Iterable[int], marks: Marks) -> None:
        """Give stars, hearts or notes. Raises `StorageError`."""
        changed = marks.changed()
        if changed:
            self._change(pictures, changed)

    def bin(self, pictures: Iterable[int]) -> None:
        """Put pictures into the bin, from where they can be brought back. Raises `StorageError`."""
        self._change(pictures, {"binned": time.time()})

    def restore(self, pictures: Iterable[int]) -> None:
        """Bring pictures back from the bin. Raises `StorageError`."""
        self._change(pictures, {"binned": None})

    def empty_bin(self) -> int:
        """Delete what is in the bin for good; returns how many pictures. Raises `StorageError`."""
        rows = self.database.rows("SELECT id, file FROM pictures WHERE binned IS NOT NULL")
        self.journal.add(Line(file=file, gone=True) for _, file in rows)
        with self.database.together():
            for number, _ in rows:
                for table, column in (
                    ("pictures", "id"), ("thumbnails", "picture"), ("words", "rowid"),
                    ("members", "picture"), ("looks", "picture"),
                ):  # fmt: skip
                    self.database.write(f"DELETE FROM {table} WHERE {column} = ?", number)
        for _, file in rows:
            try:
                self.path(file).unlink(missing_ok=True)
            except OSError as error:
                raise files.storage_error("delete", self.path(file), error) from error
        return len(rows)

    def collections(self) -> tuple[str, ...]:
        """The names of all collections that have pictures."""
        rows = self.database.rows(
            "SELECT name FROM collections WHERE id IN (SELECT collection FROM members) "
            "ORDER BY name"
        )
        return tuple(name for (name,) in rows)

    def put(self, pictures: Iterable[int], collection: str) -> None:
        """Put pictures into a collection, which is made if need be. Raises `StorageError`."""
        name = collection.strip()[:200]
        if not name:
            raise StorageError("A collection needs a name; give it one.")
        self._change(pictures, {}, lambda number: self._join(number, name))

    def take_out(self, pictures: Iterable[int], collection: str) -> None:
        """Take pictures out of a collection. Raises `StorageError`."""
        leave = (
            "DELETE FROM members WHERE picture = ? "
            "AND collection = (SELECT id FROM collections WHERE name = ?)"
        )
        self._change(pictures, {}, lambda number: self.database.write(leave, number, collection))

    # Files

    def path(self, file: str) -> Path:
        """Where a picture's file is."""
        return self.folder / PICTURES / file

    def place_for(self, made: float, recipe: Recipe, suffix: str) -> tuple[Path, str]:
        """Where the file of a picture goes, and the name that its row has for it."""
        month = dt.datetime.fromtimestamp(made, dt.UTC).strftime("%Y-%m")
        stem = picture_name(recipe.model.id, seed_of(recipe))
        safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem)[:80]
        name = f"{month}/{safe}-{recipe_key(recipe)[:12]}{suffix}"
        return self.path(name), name

    def _different(self, column: str) -> tuple[str, ...]:
        rows = self.database.rows(
            f"SELECT DISTINCT {column} FROM pictures WHERE {column} != '' ORDER BY {column}"
        )
        return tuple(value for (value,) in rows)

    def _change(
        self,
        pictures: Iterable[int],
        columns: dict[str, Any],
        also: Callable[[int], object] | None = None,
    ) -> None:
        """Change rows and say so in the journal, all or nothing."""
        numbers = list(pictures)
        with self.database.together():
            for number in numbers:
                for column, value in columns.items():
                    self.database.write(
                        f"UPDATE pictures SET {column} = ? WHERE id = ?", value, number
                    )
                if "note" in columns:
                    self.database.write(
                        "UPDATE words SET note = ? WHERE rowid = ?", columns["note"], number
                    )
                if also is not None:
                    also(number)
            entries = (self.entry(number) for number in numbers)
            self.journal.add(self._line(entry) for entry in entries if entry is not None)

    def _line(self, entry: Entry) -> Line:
        return Line(
            file=entry.path.relative_to(self.folder / PICTURES).as_posix(), made=entry.made,
            parent=entry.parent, family=entry.family, licence=entry.licence, stars=entry.stars,
            favourite=entry.favourite, note=entry.note, binned=entry.binned,
            collections=entry.collections,
        )  # fmt: skip

    def _join(self, number: int, collection: str) -> None:
        self.database.write("INSERT OR IGNORE INTO collections (name) VALUES (?)", collection)
        self.database.write(
            "INSERT OR IGNORE INTO members SELECT id, ? FROM collections WHERE name = ?",
            number, collection,
        )  # fmt: skip


def thumbnail_pixels(webp: bytes) -> NDArray[np.uint8]:
    """A thumbnail of the library's own as RGB [height, width, 3]."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(webp), formats=["WEBP"]) as image:
        return np.array(image.convert("RGB"))
