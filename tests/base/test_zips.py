"""What holds for every zip from outside: plain files, and no more bytes than promised."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from genstudio.base.errors import Cancelled, StorageError
from genstudio.base.progress import Cancel
from genstudio.base.zips import check_entries, copy_entry


def entry(size: int = 0, packed: int = 0, mode: int = 0, flags: int = 0) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("a.bin")
    made.file_size, made.compress_size = size, packed
    made.external_attr, made.flag_bits = mode << 16, flags
    return made


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (entry(flags=1), "encrypted"),
        (entry(mode=stat.S_IFLNK | 0o777), "'a.bin', which is a link or a device"),
        (entry(mode=stat.S_IFCHR), "link or a device"),
        (entry(size=100 << 20, packed=1 << 10), "would unpack to 100 MiB from 1 KiB"),
        (entry(size=3 << 30, packed=2 << 30), "more than 2 GiB"),
    ],
)
def test_what_no_zip_may_hold_is_refused_with_the_callers_words(
    bad: zipfile.ZipInfo, words: str
) -> None:
    good = entry(size=10, packed=10, mode=stat.S_IFREG | 0o644)
    check_entries([good, good], "The thing x", StorageError, 2 << 30)
    with pytest.raises(StorageError, match=r"^The thing x ") as refused:
        check_entries([good, bad], "The thing x", StorageError, 2 << 30)
    assert words in str(refused.value)


def test_an_entry_is_copied_up_to_what_was_promised() -> None:
    whole = io.BytesIO()
    copy_entry(io.BytesIO(b"12345"), whole, 5, "The thing x", StorageError)
    assert whole.getvalue() == b"12345"
    part = io.BytesIO()
    with pytest.raises(StorageError, match="more than it says"):
        copy_entry(io.BytesIO(b"123456"), part, 5, "The thing x", StorageError)
    assert part.getvalue() == b""


def test_copying_can_be_cancelled() -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        copy_entry(io.BytesIO(b"12345"), io.BytesIO(), 5, "The thing x", StorageError, cancel)
