"""SIGKILL at any moment: what was said to be safe is there, and no file is half-written."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from genstudio.base.files import file_sha256
from genstudio.document.project import open_project
from genstudio.document.sittings import Sittings
from genstudio.engine.pixels import read_picture
from genstudio.library.entries import Query
from genstudio.library.mend import open_library
from genstudio.packs.store import PackStore
from genstudio.recipe.png import find_recipe
from tests.builders import change_manifest, zip_folder
from tests.torture.child import pixels_of, recipe_of
from tests.torture.conftest import KILLS

Check = Callable[[Path, set[int]], None]
WAITS = {"save": 0.4, "library": 0.4, "autosave": 0.4, "export": 0.6, "pack": 4.0}
"""Seconds up to which a kill is put off: some rounds of each."""


def kill_one(action: str, folder: Path, first: int, seconds: float) -> set[int]:
    """Let it work, kill it, and return the numbers of what it said to be safe."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.torture.child", action, str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(seconds)
        assert child.poll() is None, "it broke before it was killed"
        child.send_signal(signal.SIGKILL)
        lines = child.stdout.read().splitlines()
    return {int(line.split()[1]) for line in lines if line.startswith("safe")}


def visible(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")]


def check_saved(folder: Path, safe: set[int]) -> None:
    for path in visible(folder):
        found = find_recipe(path)
        pixels = read_picture(path)
        number = found.recipe.source.seed  # type: ignore[union-attr]
        assert found.recipe == recipe_of(number)
        if path.suffix == ".png":
            np.testing.assert_array_equal(pixels, pixels_of(number))
    assert safe <= {int(p.stem) for p in visible(folder) if p.stem != "again"}


def check_library(folder: Path, safe: set[int]) -> None:
    opened = open_library(folder)
    assert opened.damaged is None
    library = opened.library
    entries = {e.seed: e for n in library.find(Query()) if (e := library.entry(n)) is not None}
    assert safe <= set(entries)
    for number, entry in entries.items():
        assert number is not None
        np.testing.assert_array_equal(read_picture(entry.path), pixels_of(number))
        if number in safe:
            assert entry.stars == number % 6
            assert entry.note == f"note {number}"
            assert entry.collections == (f"collection {number % 3}",)
    assert list(library.find(Query(words="note"))) or not safe
    library.close()


def check_sitting(folder: Path, safe: set[int]) -> None:
    kept = []
    for left in Sittings(folder).left_over():
        project = open_project(left.path)
        numbers = [step.recipe.source.seed for step in project.steps]  # type: ignore[union-attr]
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        assert len(project.thumbnails) == len(numbers)
        kept.append(numbers)
    if safe:
        (own,) = [numbers for numbers in kept if min(safe) in numbers]
        assert own[-1] >= max(safe)


def check_exported(folder: Path, safe: set[int]) -> None:
    for path in visible(folder):
        if path.suffix == ".genstudio":
            assert open_project(path).steps
            continue
        with Image.open(path) as film:
            assert sum(1 for _ in ImageSequence.Iterator(film)) == 4
    assert safe <= {int(p.stem) for p in visible(folder) if p.suffix != ".genstudio"}


def check_packs(folder: Path, safe: set[int]) -> None:
    store = PackStore()
    found = store.list()
    assert list(store.problems()) == []
    for pack in found:
        for graph in pack.manifest.graphs.values():
            assert file_sha256(pack.path(graph)) == graph.sha256
    assert found or not safe
    # The next start goes on as if nothing had been.
    for source in sorted(folder.glob("*.gspack")):
        assert store.add(source)
    assert len(store.list()) == 2


CHECKS: dict[str, Check] = {
    "save": check_saved, "library": check_library, "autosave": check_sitting,
    "export": check_exported, "pack": check_packs,
}  # fmt: skip


def fill_with_packs(packs: Path, folder: Path) -> None:
    """Two models, one of them in two versions that take each other's place."""
    for name in ("tiny-gan", "tiny-vae"):
        zip_folder(packs / name, folder / f"{name}.gspack")
    newer = folder / ".newer"
    shutil.copytree(packs / "tiny-gan", newer)
    change_manifest(newer, lambda manifest: manifest.update(version="9.0.0"))
    zip_folder(newer, folder / "tiny-gan-9.gspack")


@pytest.mark.parametrize("action", list(CHECKS))
def test_no_kill_costs_what_was_safe(
    action: str, tmp_path: Path, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(action)
    monkeypatch.setattr("genstudio.packs.store.bundled_packs_folder", lambda: tmp_path / "none")
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path))
    if action == "pack":
        fill_with_packs(packs, tmp_path)
    safe: set[int] = set()
    for round_ in range(KILLS):
        new = kill_one(action, tmp_path, 1000 * round_, chance.uniform(0.0, WAITS[action]))
        safe |= new
        CHECKS[action](tmp_path, new if action == "autosave" else safe)
