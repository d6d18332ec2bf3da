"""A damaged library comes back from its pictures and its journal; strays are found again."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from genstudio.base.errors import StorageError
from genstudio.library import schema
from genstudio.library.entries import Entry, Marks, Query
from genstudio.library.library import DATABASE, JOURNAL, Library
from genstudio.library.mend import Keeper, gather, open_library, take_in
from genstudio.media.pictures import write_picture
from tests.library.conftest import drawn


def everything(library: Library) -> list[Entry]:
    found = [*library.find(Query()), *library.find(Query(binned=True))]
    entries = [library.entry(number) for number in found]
    return sorted((e for e in entries if e is not None), key=lambda e: e.path)


def without_ids(entries: list[Entry]) -> list[dict[str, object]]:
    return [{**vars(entry), "id": 0} for entry in entries]


def fill(library: Library) -> list[dict[str, object]]:
    one = library.keep(drawn(1, model="icons", prompt="red heart"), family="tokens", licence="MIT")
    two, three = library.keep(drawn(2)), library.keep(drawn(3), parent="0" * 64)
    library.mark([one], Marks(stars=5, note="the best", favourite=True))
    library.put([one, two], "Poster")
    library.take_out([two], "Poster")
    library.bin([three])
    gone = library.keep(drawn(4))
    library.bin([gone])
    library.restore([three])
    library.empty_bin()
    library.bin([three])
    return without_ids(everything(library))


def forget_rows(library: Library) -> None:
    """As if the power had gone before any row was written."""
    for table in ("pictures", "thumbnails", "words", "members"):
        library.database.write(f"DELETE FROM {table}")


def damage_header(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def damage_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100 : len(data) // 2] = bytes(len(data) // 2 - 100)
    path.write_bytes(bytes(data))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def drop_table(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE thumbnails")


@pytest.mark.parametrize("damage", [damage_header, damage_middle, cut_off, drop_table])
def test_a_damaged_database_is_made_anew_with_stars_notes_and_collections(
    folder: Path, damage: object
) -> None:
    library = Library(folder)
    before = fill(library)
    library.close()
    for ending in ("-wal", "-shm"):
        Path(f"{folder / DATABASE}{ending}").unlink(missing_ok=True)
    damage(folder / DATABASE)  # type: ignore[operator]
    opened = open_library(folder)
    assert opened.damaged is not None
    assert opened.damaged.exists()
    assert without_ids(everything(opened.library)) == before
    assert list(opened.library.find(Query(words="heart")))
    opened.library.close()
    again = open_library(folder)
    assert again.damaged is None
    again.library.close()


def test_a_whole_library_is_opened_as_it_is(folder: Path, library: Library) -> None:
    before = fill(library)
    opened = open_library(folder)
    assert opened.damaged is None
    assert without_ids(everything(opened.library)) == before
    opened.library.close()


def test_a_picture_without_a_row_is_found_again(library: Library) -> None:
    number = library.keep(drawn(1), family="gan")
    library.mark([number], Marks(stars=3))
    entry = library.entry(number)
    forget_rows(library)
    assert gather(library) == 1
    assert without_ids(everything(library)) == without_ids([entry] if entry else [])
    assert gather(library) == 0


def test_a_half_written_line_of_the_journal_costs_that_line_alone(
    folder: Path, library: Library
) -> None:
    first = library.keep(drawn(1))
    library.mark([first], Marks(stars=2))
    with (folder / JOURNAL).open("ab") as file:
        file.write(b'{"file": "cut o')
    second = library.keep(drawn(2))
    library.mark([second], Marks(stars=4))
    forget_rows(library)
    gather(library)
    assert sorted(entry.stars for entry in everything(library)) == [2, 4]


def test_pictures_made_elsewhere_are_taken_in_once(library: Library, tmp_path: Path) -> None:
    source = tmp_path / "elsewhere"
    for seed, name in enumerate(["a.png", "deep/b.webp", "deep/c.jpg"]):
        made = drawn(seed, model="icons", prompt="red heart")
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_picture(path, made.pixels, made.recipe, made.device)
    (source / "d.png").write_bytes((source / "a.png").read_bytes()[:60])
    (source / "notes.txt").write_text("not a picture")
    shutil.copy(source / "a.png", source / "same.png")
    result = take_in(library, source)
    assert (result.added, result.known) == (3, 1)
    assert len(result.refused) == 1
    assert "d.png" in result.refused[0]
    assert library.count() == 3
    shutil.rmtree(source)
    assert all(entry.path.exists() for entry in everything(library))
    with pytest.raises(StorageError, match="no such file or folder"):
        take_in(library, source)


@pytest.mark.parametrize("version", range(schema.VERSION))
def test_a_library_of_each_earlier_version_is_brought_up_to_date(
    folder: Path, version: int
) -> None:
    folder.mkdir()
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.executescript("".join(schema.MIGRATIONS[:version]))
        connection.execute(f"PRAGMA user_version = {version}")
        if version:
            connection.execute(
                "INSERT INTO pictures (file, recipe, made, model, width, height) "
                "VALUES ('x.png', 'key', 1.0, 'hills', 8, 8)"
            )
    connection.close()
    library = Library(folder)
    assert library.database.row("PRAGMA user_version") == (schema.VERSION,)
    assert library.count() == min(version, 1)
    number = library.keep(drawn(1))
    assert number in library.find(Query())
    library.close()


def test_a_library_of_a_newer_version_is_refused_and_left_alone(folder: Path) -> None:
    Library(folder).close()
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    with pytest.raises(StorageError, match="newer GenStudio"):
        open_library(folder)


def test_damage_where_nobody_looked_is_mended_when_it_is_met(folder: Path) -> None:
    keeper = Keeper(folder)
    numbers = [keeper.use(lambda library, n=n: library.keep(drawn(n))) for n in range(60)]
    keeper.use(lambda library: library.mark(numbers[:1], Marks(stars=4)))
    keeper.close()
    database = folder / DATABASE
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(database.read_bytes())
    size = int.from_bytes(data[16:18], "big")
    # The last rows that were written: opening looks at the first ones alone.
    data[-4 * size :] = b"\xff" * (4 * size)
    database.write_bytes(bytes(data))
    keeper = Keeper(folder)
    assert len(keeper.use(lambda library: library.thumbnails(numbers))) == 60
    assert keeper.take_damaged() is not None
    assert set(keeper.use(lambda library: library.find(Query()))) == set(numbers)
    assert list(keeper.use(lambda library: library.find(Query(stars=4)))) == numbers[:1]
    keeper.close()
