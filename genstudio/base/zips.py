"""Zips from outside, read without trusting what they say about themselves.

What may lie in a zip, and under which names, is for the caller to know; here is what holds for
all: plain files only, not encrypted, and no more bytes than were promised.
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO, Final

from genstudio.base.errors import GenStudioError
from genstudio.base.progress import NEVER, Cancel

ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError,
    NotImplementedError, RuntimeError, ValueError, IndexError, OverflowError,
)  # fmt: skip
"""What the zipfile module raises about files that are damaged or of a kind it does not read."""

_RATIO_LIMIT: Final = 250
_RATIO_FREE: Final = 64 << 20
_CHUNK: Final = 1 << 20


def check_entries(
    entries: Sequence[zipfile.ZipInfo], what: str, refuse: type[GenStudioError], limit: int
) -> None:
    """Refuse encrypted entries, links and zip bombs by what the zip's directory says.

    Args:
        entries: Those that will be read.
        what: The file in a refusal, such as "The pack icons.gspack".
        refuse: The error to raise.
        limit: The most bytes that all entries together may unpack to.
    """
    for entry in entries:
        if entry.flag_bits & 1:
            raise refuse(f"{what} is encrypted; get one that is not.")
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
            raise refuse(
                f"{what} holds {entry.filename[:80]!r}, which is a link or a device; only plain "
                "files belong there."
            )
    size = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if size > limit:
        raise refuse(f"{what} would unpack to more than {limit >> 30} GiB, more than it may.")
    if size > _RATIO_FREE and size > packed * _RATIO_LIMIT:
        raise refuse(
            f"{what} would unpack to {size >> 20} MiB from {packed >> 10} KiB, which no whole one "
            "does; it was not unpacked."
        )


def copy_entry(
    reader: IO[bytes],
    writer: IO[bytes],
    limit: int,
    what: str,
    refuse: type[GenStudioError],
    cancel: Cancel = NEVER,
) -> None:
    """Copy at most what the directory promised: a lying entry is caught while it is unpacked."""
    written = 0
    while chunk := reader.read(_CHUNK):
        cancel.check()
        written += len(chunk)
        if written > limit:
            raise refuse(f"{what} unpacks to more than it says; it was left out.")
        writer.write(chunk)
