"""Writing that is either whole or not there, and reading that knows its limits."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from genstudio.base.errors import StorageError


def storage_error(action: str, path: Path, error: OSError) -> StorageError:
    """Put an operating system's refusal into a sentence: what, where, what to do."""
    advice = {
        errno.ENOSPC: "the disk is full; free some space and try again",
        errno.EDQUOT: "your disk quota is used up; free some space and try again",
        errno.EACCES: "you have no permission there; choose another place",
        errno.EPERM: "you have no permission there; choose another place",
        errno.EROFS: "that place is read-only; choose another place",
        errno.ENOENT: "there is no such file or folder; check the path",
        errno.ENOTDIR: "a part of that path is a file, not a folder; check the path",
        errno.EEXIST: "a file is in the place of its folder; choose another place",
        errno.EISDIR: "that is a folder; name a file",
        errno.ENAMETOOLONG: "that name is too long; choose a shorter one",
    }.get(error.errno or 0, error.strerror or str(error))
    return StorageError(f"Cannot {action} {path}: {advice}.")


def read_bytes(path: Path, limit: int, what: str) -> bytes:
    """Read a whole file of at most `limit` bytes.

    Raises:
        StorageError: it is not there, not readable, or larger than the limit.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise storage_error(f"read the {what}", path, error) from error
    if len(data) > limit:
        raise StorageError(
            f"The {what} {path} is larger than {limit // (1 << 20) or 1} MiB, which no {what} "
            "needs; check that it is the right file."
        )
    return data


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside `path` that takes its place when the block ends well.

    A reader sees the old file or the whole new one; after an error or a kill the old one is still
    there. The data is on the disk before the name points to it.

    Raises:
        StorageError: the folder cannot be made or written, or the disk is full.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name[:60]}.", suffix=".part", delete=False
        ) as file:
            temporary = Path(file.name)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
        temporary.replace(path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error("write", path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file atomically. Raises `StorageError` as `replacing` does."""
    with replacing(path) as file:
        file.write(data)


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` last through a power cut, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file as 64 hex digits. Raises `StorageError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise storage_error("read", path, error) from error
