"""A pack's files from a folder or a `.gspack` zip, taken in without trusting either."""

from __future__ import annotations

import errno
import re
import zipfile
from pathlib import Path, PurePosixPath

from genstudio.base.errors import PackError
from genstudio.base.files import storage_error
from genstudio.base.progress import NEVER, Cancel
from genstudio.base.zips import ZIP_ERRORS, check_entries, copy_entry

SUFFIX = ".gspack"
FILE_LIMIT = 200
"""The most files a pack may have."""
SIZE_LIMIT = 16 << 30
"""The most bytes a pack may unpack to."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)|.*\.\Z", re.IGNORECASE)
"""Names that Windows gives to devices, or changes."""
_PLAIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
# What file managers leave in folders and zips without being asked.
_LITTER = re.compile(r"(^|/)(__MACOSX(/|$)|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")


def take_in(source: Path, folder: Path, cancel: Cancel = NEVER) -> None:
    """Copy or unpack `source` into the empty `folder`.

    Raises:
        PackError: it is neither a folder nor a zip, or holds what a pack may not: paths that leave
            the folder, links, too much.
        StorageError: it cannot be read, or the disk is full.
        Cancelled: `cancel` was set.
    """
    try:
        if source.is_dir():
            _copy(source, folder, cancel)
        else:
            _unpack(source, folder, cancel)
    except OSError as error:
        if error.errno in (None, errno.EINVAL):
            # Not the system's refusal, but a decoder's, or a jump to where the zip cannot have it.
            raise _broken(source, error) from error
        raise storage_error("take in the pack", source, error) from error


def _broken(source: Path, error: Exception) -> PackError:
    return PackError(
        f"{source} is not a whole pack ({error}); a pack is a folder or a {SUFFIX} zip of one, so "
        "get the file again."
    )


def _copy(source: Path, folder: Path, cancel: Cancel) -> None:
    entries = [path for path in sorted(source.iterdir()) if not _LITTER.search(path.name)]
    files = [path for path in entries if not path.name.startswith(".")]
    _check_names([path.name for path in files], source)
    size = 0
    for path in files:
        if path.is_symlink() or not path.is_file():
            raise PackError(
                f"The pack {source} holds {path.name}, which is a link or a folder; a pack is a "
                "folder of plain files."
            )
        size += path.stat().st_size
    if size > SIZE_LIMIT:
        raise PackError(
            f"The pack {source} is larger than {SIZE_LIMIT >> 30} GiB, more than a pack may be."
        )
    for path in files:
        with path.open("rb") as reader, (folder / path.name).open("xb") as writer:
            copy_entry(reader, writer, SIZE_LIMIT, f"The pack {source}", PackError, cancel)


def _unpack(source: Path, folder: Path, cancel: Cancel) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            members = [m for m in archive.infolist() if not _LITTER.search(m.filename)]
            files = [member for member in members if not member.is_dir()]
            check_entries(files, f"The pack {source}", PackError, SIZE_LIMIT)
            names = _names(files, source)
            for member, name in zip(files, names, strict=True):
                with archive.open(member) as reader, (folder / name).open("xb") as writer:
                    copy_entry(
                        reader, writer, member.file_size, f"The pack {source}", PackError, cancel
                    )
    except ZIP_ERRORS as error:
        raise _broken(source, error) from error


def _names(members: list[zipfile.ZipInfo], source: Path) -> list[str]:
    """The entries' names without the one folder that may stand around all of them."""
    paths = [PurePosixPath(member.filename.replace("\\", "/")) for member in members]
    if paths and all(len(path.parts) == 2 and path.parts[0] == paths[0].parts[0] for path in paths):
        outer = paths[0].parts[0]
        if outer != ".." and not set(outer) & set("/:"):
            paths = [PurePosixPath(path.parts[1]) for path in paths]
    names = [str(path) for path in paths]
    _check_names(names, source)
    return names


def _check_names(names: list[str], source: Path) -> None:
    if len(names) > FILE_LIMIT:
        raise PackError(
            f"The pack {source} holds {len(names)} files, more than the {FILE_LIMIT} a pack may "
            "have; check that it is the right one."
        )
    for name in names:
        if not _PLAIN.match(name) or _RESERVED.match(name):
            raise PackError(
                f"The pack {source} holds {name[:80]!r}, which is not a plain file name; a pack's "
                "files lie directly in its folder."
            )
    if len({name.lower() for name in names}) != len(names):
        raise PackError(
            f"The pack {source} holds two files whose names differ in nothing or in capitals only; "
            "rename one."
        )
