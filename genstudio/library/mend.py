"""A library that is whole: one that is damaged made anew from its pictures, strays taken in."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from genstudio.base import files
from genstudio.base.errors import GenStudioError, PictureError, RecipeError
from genstudio.base.lock import only_writer
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.engine.pixels import read_picture
from genstudio.library.database import DamagedError
from genstudio.library.entries import recipe_key
from genstudio.library.journal import Line
from genstudio.library.library import DATABASE, PICTURES, Library
from genstudio.media.pictures import SUFFIXES
from genstudio.recipe.png import Found, recipe_if_any

_LOCK: Final = ".lock"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Opened:
    """A library that is ready, and whether its database had to be made anew."""

    library: Library
    damaged: Path | None = None
    """Where the damaged database was put."""


@dataclass(frozen=True)
class TakenIn:
    """What came of taking pictures in: how many are new, were there already, and were refused."""

    added: int = 0
    known: int = 0
    refused: tuple[str, ...] = ()


def open_library(folder: Path, progress: Progress = no_progress, cancel: Cancel = NEVER) -> Opened:
    """Open the library in `folder`, made anew where it is damaged.

    Raises:
        StorageError: the folder cannot be used, or a newer GenStudio made the library.
        Cancelled: `cancel` was set; what is there by then stays.
    """
    try:
        return Opened(Library(folder))
    except DamagedError:
        return _make_anew(folder, None, progress, cancel)


def _make_anew(
    folder: Path, damaged: int | None, progress: Progress = no_progress, cancel: Cancel = NEVER
) -> Opened:
    """Put the damaged database aside and make another from the pictures.

    `damaged` is the file that was found damaged while it was in use; None where it does not open.
    One that another program has mended meanwhile is opened as it is.
    """
    try:
        with only_writer(folder / _LOCK, cancel):
            with contextlib.suppress(DamagedError):
                library = Library(folder)
                if library.database.inode != damaged:
                    return Opened(library)
                library.close()
            aside = _put_aside(folder)
            library = Library(folder)
            gather(library, progress, cancel)
            return Opened(library, aside)
    except OSError as error:
        raise files.storage_error("mend the library in", folder, error) from error


def gather(library: Library, progress: Progress = no_progress, cancel: Cancel = NEVER) -> int:
    """Give a row to each picture in the library's own folder that has none; returns how many.

    A picture has none after a power cut between its file and its row, or in a new database.
    """
    known = {file for (file,) in library.database.rows("SELECT file FROM pictures")}
    strays = []
    for name in _pictures_in(library.folder / PICTURES):
        progress(0.0)
        if name not in known:
            strays.append(name)
    lines = library.journal.read() if strays else {}
    added = 0
    for index, name in enumerate(strays):
        cancel.check()
        progress(index / len(strays))
        path = library.path(name)
        line = lines.get(name) or Line(file=name, made=path.stat().st_mtime)
        if not line.gone:
            added += _insert(library, path, line)
    return added


def take_in(
    library: Library, source: Path, progress: Progress = no_progress, cancel: Cancel = NEVER
) -> TakenIn:
    """Copy the pictures that GenStudio made out of a folder, or one picture, into the library.

    Raises:
        StorageError: there is no such folder, or the library cannot be written.
        Cancelled: `cancel` was set; what was taken in by then stays.
    """
    if not source.exists():
        raise files.storage_error("take in", source, FileNotFoundError(2, "no such folder"))
    paths = [source] if source.is_file() else [source / name for name in _pictures_in(source)]
    result = TakenIn()
    for index, path in enumerate(paths):
        cancel.check()
        progress(index / len(paths), path.name)
        try:
            found = recipe_if_any(path)
            if found is not None:
                result = _take(library, path, found, result)
            elif path == source:
                result = _refused(result, f"{path} holds no GenStudio recipe.")
        except GenStudioError as error:
            result = _refused(result, str(error))
    return result


def _refused(result: TakenIn, sentence: str) -> TakenIn:

    return TakenIn(result.added, result.known, (*result.refused, sentence))


def _take(library: Library, path: Path, found: Found, result: TakenIn) -> TakenIn:
    if library.id_of(recipe_key(found.recipe)) is not None:
        return TakenIn(result.added, result.known + 1, result.refused)
    pixels = read_picture(path)
    made = path.stat().st_mtime
    place, name = library.place_for(made, found.recipe, path.suffix.lower())
    with path.open("rb") as source, files.replacing(place) as target:
        shutil.copyfileobj(source, target)
    line = Line(file=name, made=made)
    library.journal.add([line])
    library.insert(line, found.recipe, pixels, found.device)
    return TakenIn(result.added + 1, result.known, result.refused)


def _insert(library: Library, path: Path, line: Line) -> int:
    """The row of a picture in the library's folder; one that cannot be read gets none."""
    try:
        found = recipe_if_any(path)
        if found is None or library.id_of(recipe_key(found.recipe)) is not None:
            return 0
        pixels = read_picture(path)
    except (RecipeError, PictureError):
        return 0
    library.insert(line, found.recipe, pixels, found.device)
    return 1


def _pictures_in(folder: Path) -> Iterator[str]:
    """Picture files in a folder and its folders by their names from there, in order.

    Hidden ones are not looked at. In plain text, since there may be a hundred thousand.
    """
    for inside, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        start = Path(inside).relative_to(folder).as_posix()
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield name if start == "." else f"{start}/{name}"


def _put_aside(folder: Path) -> Path:
    """Rename the damaged database, so that nothing of it is lost; its log goes with it."""
    aside = folder / f"damaged-{time.strftime('%Y%m%d-%H%M%S')}.db"
    for ending in ("", "-wal", "-shm"):
        path = folder / f"{DATABASE}{ending}"
        if path.exists():
            path.replace(Path(f"{aside}{ending}"))
    return aside


class Keeper:
    """The library of a folder, opened when it is first used.

    It is opened anew where its folder was taken away meanwhile, and made anew where it is damaged.
    One thread uses it.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is opened yet."""
        self._folder = folder
        self._library: Library | None = None
        self._damaged: Path | None = None

    def use(self, task: Callable[[Library], Result]) -> Result:
        """Do something with the library. Raises what the task raises, or `StorageError`."""
        library = self._open()
        try:
            return task(library)
        except DamagedError:
            # What opened well may still be damaged where nobody had looked.
            self.close()
            self._take(_make_anew(self._folder, library.database.inode))
            return task(self._open())

    def take_damaged(self) -> Path | None:
        """Where a damaged database was put, told once."""
        damaged, self._damaged = self._damaged, None
        return damaged

    def close(self) -> None:
        """Let go of the library; the next use opens it again."""
        if self._library is not None:
            self._library.close()
            self._library = None

    def _open(self) -> Library:
        if self._library is not None and not self._library.database.is_in_place:
            self.close()
        return self._library or self._take(open_library(self._folder))

    def _take(self, opened: Opened) -> Library:
        self._library, self._damaged = opened.library, opened.damaged or self._damaged
        return self._library
