"""The zip around a project, read entry by entry into memory; names and sizes are not believed."""

from __future__ import annotations

import contextlib
import errno
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from genstudio.base.errors import StorageError
from genstudio.base.files import storage_error
from genstudio.base.texts import translate
from genstudio.base.zips import ZIP_ERRORS, check_entries, copy_entry

SIZE_LIMIT: Final = 2 << 30
"""The most bytes that a project has, packed or unpacked."""
ENTRY_LIMIT: Final = 10_000
"""The most entries that a project has."""

_OURS: Final = re.compile(
    r"(project\.json|thumbnails/\d{1,16}\.webp|pictures/[0-9a-f]{64}\.png|data/[0-9a-f]{64}\.bin)\Z"
)
_CLIMBING: Final = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|\Z)|[\x00-\x1f\\]")


def damaged(where: str, reason: str = "") -> StorageError:
    """The refusal of a project that is not whole, maybe with what was found."""
    if reason:
        return StorageError(
            translate(
                "Project", "The project {path} is damaged: {reason}; open an older copy of it."
            ).format(path=where, reason=reason)
        )
    return StorageError(
        translate(
            "Project", "The project {path} is damaged or cut off; open an older copy of it."
        ).format(path=where)
    )


class ProjectZip:
    """The entries of an open project file that this version knows; others are passed over."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        """Check all names and the sizes that the zip's directory tells.

        Raises:
            StorageError: climbing or repeated names, links, encryption, too much.
        """
        self._archive = archive
        self._path = path
        where = str(path)
        entries = archive.infolist()
        _check_names([entry.filename for entry in entries], where)
        self._entries = {entry.filename: entry for entry in entries if _OURS.match(entry.filename)}
        what = translate("Project", "The project {path}").format(path=where)
        check_entries(list(self._entries.values()), what, StorageError, SIZE_LIMIT)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str, limit: int) -> bytes:
        """All bytes of an entry.

        Raises:
            StorageError: it is missing, damaged, or larger than `limit`.
        """
        entry = self._entries.get(name)
        where = str(self._path)
        if entry is None or entry.file_size > limit:
            raise damaged(where)
        data = io.BytesIO()
        with _refusing(self._path), self._archive.open(entry) as reader:
            copy_entry(reader, data, entry.file_size, where, StorageError)
        if len(data.getbuffer()) != entry.file_size:
            raise damaged(where)
        return data.getvalue()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[ProjectZip]:
    """Open a project's zip for reading.

    Raises:
        StorageError: it cannot be read, is no project, or holds what a project may not.
    """
    with _refusing(path):
        _check_file(path)
        archive = zipfile.ZipFile(path)
    with archive:
        yield ProjectZip(archive, path)


@contextlib.contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn what reading a zip may raise into a refusal."""
    try:
        yield
    except ZIP_ERRORS as error:
        raise damaged(str(path)) from error
    except OSError as error:
        if error.errno in (None, errno.EINVAL):
            # Not the system's refusal, but a jump to where the zip cannot have anything.
            raise damaged(str(path)) from error
        raise storage_error("open the project", path, error) from error


def _check_file(path: Path) -> None:
    """Tell what is no project at all from a project that is cut off."""
    with path.open("rb") as file:
        start = file.read(4)
        size = file.seek(0, io.SEEK_END)
    if not b"PK\x03\x04".startswith(start):
        raise StorageError(
            translate("Project", "{path} is not a GenStudio project.").format(path=path)
        )
    if size > SIZE_LIMIT:
        raise StorageError(
            translate("Project", "{path} is larger than any project, {limit} GiB.").format(
                path=path, limit=SIZE_LIMIT >> 30
            )
        )


def _check_names(names: list[str], where: str) -> None:
    if len(names) > ENTRY_LIMIT:
        raise StorageError(
            translate("Project", "{path} holds {count} files, more than any project.").format(
                path=where, count=len(names)
            )
        )
    climbing = next((name for name in names if _CLIMBING.search(name)), None)
    if climbing is not None:
        raise StorageError(
            translate(
                "Project", "{path} holds a file named {name}, which no project does; do not use it."
            ).format(path=where, name=repr(climbing[:80]))
        )
    if len(set(names)) != len(names):
        raise damaged(where)
