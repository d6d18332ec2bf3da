"""Zips and folders that try to be something else than a folder of plain files."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genstudio.base.errors import Cancelled, GenStudioError, PackError
from genstudio.base.progress import Cancel
from genstudio.packs import archive
from tests import builders


def make_zip(path: Path, entries: dict[str, bytes], **more: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = more.get("mode", stat.S_IFREG | 0o644) << 16
            target.writestr(info, data)
    return path


def refusal(source: Path, tmp_path: Path) -> str:
    """What `take_in` says; nothing may lie outside of its folder afterwards."""
    place = tmp_path / "place"
    place.mkdir(exist_ok=True)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(PackError) as refused:
        archive.take_in(source, place)
    assert sorted(tmp_path.iterdir()) == before
    return str(refused.value)


def test_a_zip_may_have_one_folder_around_its_files_and_what_systems_add(tmp_path: Path) -> None:
    source = make_zip(
        tmp_path / "a.gspack",
        {
            "icons/pack.json": b"{}",
            "icons/a.onnx": b"abc",
            "__MACOSX/icons/._a": b"",
            "icons/": b"",
        },
    )
    place = tmp_path / "place"
    place.mkdir()
    archive.take_in(source, place)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == {
        "pack.json": b"{}",
        "a.onnx": b"abc",
    }


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "..", "a/../../evil", "/etc/evil", "C:\\evil", "C:/evil", "\\\\host\\evil",
        "a/b/c", "a\nb", "NUL.onnx", "dot.",
        "pack.json\n", ".hidden", "name with spaces", "a" * 101, "ä",
    ],
)  # fmt: skip
def test_a_zip_with_any_other_name_than_a_plain_one_is_refused(tmp_path: Path, name: str) -> None:
    source = make_zip(tmp_path / "a.gspack", {"pack.json": b"{}", name: b"x"})
    assert "plain file name" in refusal(source, tmp_path)
    alone = make_zip(tmp_path / "b.gspack", {name: b"x"})
    assert "plain file name" in refusal(alone, tmp_path)


def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path) -> None:
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO):
        source = make_zip(tmp_path / "a.gspack", {"pack.json": b"/etc/passwd"}, mode=kind | 0o777)
        assert "link or a device" in refusal(source, tmp_path)


def test_links_and_folders_in_a_folder_are_refused(tmp_path: Path) -> None:
    source = builders.vector_vae(tmp_path / "pack")
    (source / "link").symlink_to("/etc/passwd")
    assert "link" in refusal(source, tmp_path)
    (source / "link").unlink()
    (source / "sub").mkdir()
    assert "sub" in refusal(source, tmp_path)
    (source / "sub").rmdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(source / "pipe")
        assert "pipe" in refusal(source, tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_or_differing_in_capitals_are_refused(tmp_path: Path) -> None:
    for second in ("a.onnx", "A.ONNX"):
        path = tmp_path / "a.gspack"
        with zipfile.ZipFile(path, "w") as target:
            target.writestr("a.onnx", b"1")
            target.writestr(second, b"2")
        assert "capitals" in refusal(path, tmp_path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    source = make_zip(tmp_path / "a.gspack", {"zeros.onnx": bytes(100 << 20)})
    assert "would unpack to 100 MiB" in refusal(source, tmp_path)
    assert not list((tmp_path / "place").iterdir())


def test_a_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    source = make_zip(tmp_path / "a.gspack", {"zeros.onnx": bytes(80 << 20)})
    data = source.read_bytes()
    source.write_bytes(data.replace(struct.pack("<I", 80 << 20), struct.pack("<I", 1000)))
    refusal(source, tmp_path)
    assert sum(path.stat().st_size for path in (tmp_path / "place").iterdir()) <= 1000


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    source = make_zip(tmp_path / "a.gspack", {f"f{n}": b"" for n in range(archive.FILE_LIMIT + 1)})
    assert "more than the 200" in refusal(source, tmp_path)


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    source = make_zip(tmp_path / "a.gspack", {"pack.json": b"{}"})
    data = bytearray(source.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    source.write_bytes(data)
    assert "encrypted" in refusal(source, tmp_path)


def test_taking_in_can_be_cancelled(tmp_path: Path) -> None:
    source = builders.vector_vae(tmp_path / "pack")
    cancel = Cancel()
    cancel.set()
    (tmp_path / "place").mkdir()
    with pytest.raises(Cancelled):
        archive.take_in(source, tmp_path / "place", cancel)


@pytest.fixture(scope="module")
def good_zip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("good")
    source = builders.zip_folder(builders.upscaler(folder / "pack"), folder / "a.gspack")
    return source.read_bytes()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_zip_is_unpacked_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, good_zip: bytes, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    damaged = bytearray(good_zip[: data.draw(st.integers(0, len(good_zip)))])
    for _ in range(data.draw(st.integers(0, 4))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(
                st.integers(0, 7)
            )
    (folder / "a.gspack").write_bytes(damaged)
    (folder / "place").mkdir()
    try:
        archive.take_in(folder / "a.gspack", folder / "place")
    except GenStudioError as error:
        told = str(error)
    else:
        told = ""
    assert "\n" not in told
    assert {path.name for path in folder.iterdir()} == {"a.gspack", "place"}
