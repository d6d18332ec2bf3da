"""Taking packs in and away: whole or not at all, whatever happens in between."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from genstudio.base.errors import Cancelled, GenStudioError, PackError, StorageError
from genstudio.base.progress import Cancel
from genstudio.packs.manifest import open_pack
from genstudio.packs.store import PackStore
from genstudio.recipe.values import ModelRef
from tests import builders


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    builders.gan(tmp_path / "bundled" / "style-gan")
    return PackStore(tmp_path / "bundled", tmp_path / "user")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that is there, hidden leftovers too, but for the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".genstudio-lock"
    }


def ids(store: PackStore) -> list[str]:
    return [pack.id for pack in store.list()]


@pytest.mark.parametrize("zipped", [False, True])
def test_an_added_pack_is_there_and_can_be_removed(
    tmp_path: Path, store: PackStore, zipped: bool
) -> None:
    source = builders.vector_vae(tmp_path / "source")
    given = builders.zip_folder(source, tmp_path / "a.gspack") if zipped else source
    pack = store.add(given)
    assert pack.folder == tmp_path / "user" / "vector-vae"
    assert contents(pack.folder) == contents(source)
    assert ids(store) == ["style-gan", "vector-vae"]
    assert store.get("vector-vae") == store.resolve(ModelRef(id="vector-vae")) == pack
    store.remove("vector-vae")
    assert ids(store) == ["style-gan"]
    assert contents(tmp_path / "user") == {}


def test_an_unknown_model_is_refused_with_those_there_are(store: PackStore) -> None:
    for name in ("dreams", "../bundled/style-gan", "", ".", "..", "/etc"):
        with pytest.raises(PackError, match="style-gan"):
            store.get(name)


def test_a_bundled_pack_stays(tmp_path: Path, store: PackStore) -> None:
    before = contents(tmp_path / "bundled")
    for name in ("style-gan", "../bundled/style-gan"):
        with pytest.raises(PackError):
            store.remove(name)
    assert contents(tmp_path / "bundled") == before


def test_a_new_version_takes_the_place_of_the_old(tmp_path: Path, store: PackStore) -> None:
    source = builders.upscaler(tmp_path / "source")
    first = store.add(source)
    builders.upscaler(source, scale=4)
    builders.change_manifest(source, lambda plain: plain.update(version="2.0.0"))
    second = store.add(source)
    assert second.folder == first.folder
    assert store.get("upscaler").manifest.version == "2.0.0"
    assert contents(tmp_path / "user") == {
        f"upscaler/{name}": data for name, data in contents(source).items()
    }


def test_a_persons_version_stands_in_for_the_bundled_one(tmp_path: Path, store: PackStore) -> None:
    source = builders.gan(tmp_path / "source")
    assert store.add(source).folder == tmp_path / "bundled" / "style-gan"
    builders.change_manifest(source, lambda plain: plain.update(version="1.1.0"))
    store.add(source)
    assert [pack.manifest.version for pack in store.list()] == ["1.1.0"]
    assert store.get("style-gan").manifest.version == "1.1.0"
    store.remove("style-gan")
    assert store.get("style-gan").manifest.version == "1.0.0"


def test_adding_the_same_pack_again_changes_nothing_but_mends_damage(
    tmp_path: Path, store: PackStore
) -> None:
    source = builders.upscaler(tmp_path / "source")
    graph = store.add(source).folder / "upscaler.onnx"
    written = graph.stat().st_mtime_ns
    store.add(source)
    assert graph.stat().st_mtime_ns == written
    graph.write_bytes(b"damaged")
    store.add(source)
    assert graph.read_bytes() == (source / "upscaler.onnx").read_bytes()


def test_a_broken_folder_is_told_and_hides_nothing(tmp_path: Path, store: PackStore) -> None:
    (tmp_path / "user" / "broken").mkdir(parents=True)
    (tmp_path / "user" / "broken" / "pack.json").write_text("{")
    assert ids(store) == ["style-gan"]
    (problem,) = store.problems()
    assert "broken" in problem
    with pytest.raises(PackError, match="not a complete pack manifest"):
        store.get("broken")


def test_what_changes_on_the_disk_is_seen_at_once(tmp_path: Path, store: PackStore) -> None:
    assert ids(store) == ["style-gan"]
    builders.upscaler(tmp_path / "user" / "any-name")
    assert ids(store) == ["style-gan", "upscaler"]
    assert store.get("upscaler").folder == tmp_path / "user" / "any-name"
    shutil.rmtree(tmp_path / "user" / "any-name")
    assert ids(store) == ["style-gan"]


def _no_graph(source: Path) -> object:
    return (source / "decoder.onnx").unlink()


def _lie(source: Path) -> object:
    return builders.change_manifest(source, lambda plain: plain["image"].update(width=99))


@pytest.mark.parametrize("spoil", [_no_graph, _lie, lambda s: (s / "pack.json").unlink()])
def test_a_refused_pack_leaves_no_trace(
    tmp_path: Path, store: PackStore, spoil: Callable[[Path], object]
) -> None:
    source = builders.vector_vae(tmp_path / "source")
    store.add(source)
    before = contents(tmp_path / "user")
    spoil(source)
    with pytest.raises(PackError) as refused:
        store.add(source)
    assert ".genstudio" not in str(refused.value)
    assert contents(tmp_path / "user") == before


def test_a_path_that_is_not_there_is_refused(tmp_path: Path, store: PackStore) -> None:
    with pytest.raises(PackError, match="check the path"):
        store.add(tmp_path / "nothing.gspack")


def test_cancelling_leaves_no_trace(tmp_path: Path, store: PackStore) -> None:
    source = builders.vector_vae(tmp_path / "source")
    cancel = Cancel()
    with pytest.raises(Cancelled):
        store.add(source, lambda done, what="", preview=None: cancel.set(), cancel)
    assert contents(tmp_path / "user") == {}
    assert store.add(source).id == "vector-vae"


# The system refuses


def test_a_place_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    source = builders.upscaler(tmp_path / "source")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match=r"choose another place|check the path"):
        PackStore(tmp_path / "bundled", tmp_path / "file").add(source)


@pytest.mark.skipif(os.name == "nt", reason="permissions of the POSIX kind")
def test_a_folder_without_permission_is_refused_in_words(tmp_path: Path) -> None:
    source = builders.upscaler(tmp_path / "source")
    for path in (source, *tmp_path.parents[:2], tmp_path):
        path.chmod(0o755)
    (tmp_path / "user").mkdir(mode=0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(StorageError, match="no permission"):
            PackStore(tmp_path / "bundled", tmp_path / "user").add(source)
    finally:
        if root:
            os.seteuid(0)
    assert list((tmp_path / "user").iterdir()) == []


_ADD = """
import sys
from pathlib import Path
from genstudio.base.errors import GenStudioError
from genstudio.packs.store import PackStore
try:
    if sys.argv[3] != "0":
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
    print(PackStore(Path("no-bundled"), Path(sys.argv[1])).add(Path(sys.argv[2])).id)
except GenStudioError as error:
    print("refused:", error)
"""


def add_elsewhere(user: Path, source: Path, file_limit: int = 0) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", _ADD, str(user), str(source), str(file_limit)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="limits of the POSIX kind")
def test_a_disk_that_takes_no_more_leaves_no_trace(tmp_path: Path) -> None:
    source = builders.vector_vae(tmp_path / "source")
    with add_elsewhere(tmp_path / "user", source, file_limit=5000) as adding:
        told = adding.communicate()[0]
    assert told.startswith("refused: Cannot take in the pack")
    assert contents(tmp_path / "user") == {}


# Several programs, and programs that die


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9])
def test_a_killed_add_leaves_the_old_pack_and_is_cleaned_up_by_the_next(
    tmp_path: Path, seconds: float
) -> None:
    store = PackStore(tmp_path / "bundled", tmp_path / "user")
    source = builders.vector_vae(tmp_path / "source")
    store.add(source)
    builders.change_manifest(source, lambda plain: plain.update(version="2.0.0"))
    with add_elsewhere(tmp_path / "user", source) as adding:
        time.sleep(seconds)
        adding.send_signal(signal.SIGKILL)
    assert ids(store) == ["vector-vae"]
    assert store.add(source).manifest.version == "2.0.0"
    assert set(contents(tmp_path / "user")) == {f"vector-vae/{n}" for n in contents(source)}


def test_a_replacing_killed_between_its_two_renames_is_undone(tmp_path: Path) -> None:
    store = PackStore(tmp_path / "bundled", tmp_path / "user")
    folder = store.add(builders.upscaler(tmp_path / "source")).folder
    folder.rename(tmp_path / "user" / ".genstudio-replaced-upscaler")
    assert ids(store) == ["upscaler"]
    assert folder.is_dir()


def test_programs_that_add_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    sources = [
        builders.vector_vae(tmp_path / "a"),
        builders.vector_vae(tmp_path / "b"),
        builders.upscaler(tmp_path / "c"),
    ]
    builders.change_manifest(sources[1], lambda plain: plain.update(version="2.0.0"))
    user = tmp_path / "user"
    adding = [add_elsewhere(user, source) for source in sources]
    told = sorted(one.communicate()[0].strip() for one in adding)
    assert told == ["upscaler", "vector-vae", "vector-vae"]
    store = PackStore(tmp_path / "bundled", user)
    assert ids(store) == ["upscaler", "vector-vae"]
    assert store.problems() == []
    assert contents(store.get("vector-vae").folder) in [contents(source) for source in sources[:2]]
    assert not list(user.glob(".genstudio-add*"))


def _read_again_and_again(bundled: Path, user: Path, stop: object) -> None:
    while not stop.is_set():  # type: ignore[attr-defined]
        PackStore(bundled, user).list()


def test_readers_do_not_disturb_a_writer(tmp_path: Path) -> None:
    store = PackStore(tmp_path / "bundled", tmp_path / "user")
    source = builders.upscaler(tmp_path / "source")
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    reader = context.Process(
        target=_read_again_and_again, args=(tmp_path / "bundled", tmp_path / "user", stop)
    )
    reader.start()
    try:
        for version in range(4):
            builders.change_manifest(
                source, lambda plain, v=version: plain.update(version=f"1.{v}.0")
            )
            store.add(source)
            assert open_pack(tmp_path / "user" / "upscaler").manifest.version == f"1.{version}.0"
    finally:
        stop.set()
        reader.join()
    assert reader.exitcode == 0


def test_every_refusal_is_one_of_ours(tmp_path: Path, store: PackStore) -> None:
    for name, data in {"empty": b"", "text": b"hello", "png": b"\x89PNG\r\n", "zip": b"PK"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(GenStudioError, match="get the file again"):
            store.add(tmp_path / name)
