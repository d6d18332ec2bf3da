"""Files are whole or not there, and refusals are sentences."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from genstudio.base import files
from genstudio.base.errors import StorageError

_WRITES_UNTIL_KILLED = """
import sys
from pathlib import Path
from genstudio.base import files
while True:
    for letter in (b"a", b"b"):
        files.write_bytes(Path(sys.argv[1]), letter * 300_000)
        print("written", flush=True)
"""


@pytest.fixture
def file_size_limit() -> Iterator[int]:
    """A process that may write no file of more than 64 KiB, as on a disk with no room."""
    limit = 64 << 10
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, previous)


def test_a_written_file_holds_what_was_written(tmp_path: Path) -> None:
    files.write_bytes(tmp_path / "new" / "a.bin", b"hello")
    assert (tmp_path / "new" / "a.bin").read_bytes() == b"hello"
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / "a.bin"]


def test_a_failing_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, file_size_limit: int
) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(StorageError, match=r"Cannot write .*a\.bin"):
        files.write_bytes(target, b"x" * (2 * file_size_limit))
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_in_the_middle_of_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        _write_and_be_interrupted(target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    for written_before_kill in (1, 4, 9):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITES_UNTIL_KILLED, str(target)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            for _ in range(written_before_kill):
                writer.stdout.readline()
            writer.kill()
        assert set(target.read_bytes()) in ({ord("a")}, {ord("b")})
        assert target.stat().st_size == 300_000


def test_a_folder_in_the_place_of_the_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="that is a folder; name a file"):
        files.write_bytes(tmp_path, b"x")


def test_a_file_in_the_place_of_the_folder_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="a file is in the place of its folder"):
        files.write_bytes(tmp_path / "file" / "a.bin", b"x")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused_in_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="no permission"):
        files.write_bytes(tmp_path / "a.bin", b"x")


def test_reading_knows_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_bytes(b"x" * 100)
    assert len(files.read_bytes(path, 100, "recipe")) == 100
    with pytest.raises(StorageError, match="larger than"):
        files.read_bytes(path, 99, "recipe")
    with pytest.raises(StorageError, match=r"Cannot read the recipe .*no such file"):
        files.read_bytes(tmp_path / "missing", 99, "recipe")


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert files.file_sha256(tmp_path / "a").startswith("ba7816bf8f01cfea")


def _write_and_be_interrupted(target: Path) -> None:
    with files.replacing(target) as file:
        file.write(b"new")
        raise KeyboardInterrupt
