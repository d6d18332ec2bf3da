"""From start to close: what a sitting remembers, and that it ends quickly and clean."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from genstudio.recipe import codec
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef, UpscaleRecipe
from genstudio.studio.preferences import PROMPTS
from tests import builders
from tests.builders import replace_graph, zip_folder
from tests.builders.tiny_packs import endless_mapping
from tests.studio.conftest import Desk, sit_down

QUICK = 4.0
"""Seconds; a close that waits for a thread which does not heed takes five."""


@contextmanager
def sitting(*files: Path) -> Iterator[Desk]:
    steps = sit_down(files=files)
    yield next(steps)
    assert next(steps, None) is None


def packs_read(desk: Desk) -> None:
    desk.until(lambda: not desk.studio.is_starting)


def test_the_first_start_shows_models_and_no_picture(desk: Desk) -> None:
    packs_read(desk)
    assert desk.studio.preferences.is_first_start
    assert [card.id for card in desk.studio.models.cards] == ["tiny-gan", "tiny-prior", "tiny-vae"]
    assert [pack.id for pack in desk.studio.models.upscalers] == ["tiny-upscaler"]
    assert desk.studio.editor.recipe is None
    desk.until(lambda: desk.studio.plan)
    assert desk.studio.plan is not None
    assert desk.studio.plan.device == "cpu"
    assert desk.told() == []


def test_the_second_start_goes_on_where_the_first_ended(home: Path) -> None:
    with sitting() as desk:
        desk.open("tiny-gan")
        desk.studio.editor.set_control("truncation", 0.25)
        desk.settle()
        left, picture = desk.studio.editor.recipe, desk.shown()
    with sitting() as desk:
        assert not desk.studio.preferences.is_first_start
        desk.until(lambda: desk.studio.editor.recipe)
        assert desk.studio.editor.recipe == left
        desk.settle()
        np.testing.assert_array_equal(desk.shown(), picture)
        assert desk.studio.editor.history.undo_words.startswith("truncation")
        desk.studio.editor.undo()
        desk.settle()


def test_a_sitting_that_opened_nothing_keeps_what_the_one_before_left(home: Path) -> None:
    with sitting() as desk:
        desk.open("tiny-gan")
        left = desk.studio.editor.recipe
    with sitting():
        pass
    with sitting(home / "missing.png") as desk:
        desk.until(desk.told)
        assert desk.studio.editor.recipe is None
    with sitting() as desk:
        desk.until(lambda: desk.studio.editor.recipe)
        assert desk.studio.editor.recipe == left


def test_a_last_picture_that_was_enlarged_from_a_file_comes_back_with_that_file(
    home: Path,
) -> None:
    with sitting() as desk:
        desk.open("tiny-gan")
        desk.studio.files.take_picture(np.zeros((8, 8, 3), np.uint8), "black")
        message = desk.messages[-1]
        desk.studio.messages.choose(message.key, message.actions[-1][0])
        desk.until(lambda: isinstance(desk.studio.editor.recipe, UpscaleRecipe))
        desk.settle()
        left, picture = desk.studio.editor.recipe, desk.shown()
    with sitting() as desk:
        desk.until(lambda: desk.studio.editor.recipe)
        assert desk.studio.editor.recipe == left
        desk.settle()
        np.testing.assert_array_equal(desk.shown(), picture)
        assert desk.told() == []


def test_a_file_that_the_studio_is_started_with_is_opened(home: Path, tmp_path: Path) -> None:
    recipe = LatentRecipe(model=ModelRef(id="tiny-gan"), source=FromSeed(seed=6))
    (tmp_path / "six.json").write_bytes(codec.encode(recipe))
    with sitting(tmp_path / "six.json") as desk:
        desk.until(lambda: desk.studio.editor.recipe)
        desk.settle()
        desk.expect_picture()
        assert desk.studio.editor.recipe == recipe


def test_a_pack_can_be_the_first_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path / "empty"))
    pack = zip_folder(builders.gan(tmp_path / "new", pack_id="new-gan"), tmp_path / "new.gspack")
    with sitting(pack) as desk:
        packs_read(desk)
        assert desk.studio.models.cards == ()
        desk.until(lambda: desk.studio.models.find("new-gan"))
        desk.settle()
        desk.expect_picture()


def test_preferences_come_back(home: Path) -> None:
    with sitting() as desk:
        preferences, seen = desk.studio.preferences, []
        preferences.changed.connect(seen.append)
        preferences.change(theme="light", geometry=b"\x00\xff", shows_pixels=True)
        for number in range(PROMPTS + 10):
            preferences.add_prompt(f"cat {number}")
        preferences.add_prompt("cat 100")
        preferences.add_prompt("  ")
        assert len(seen) == PROMPTS + 12
    with sitting() as desk:
        now = desk.studio.preferences.now
        assert (now.theme, now.geometry, now.shows_pixels) == ("light", b"\x00\xff", True)
        assert now.prompts[:2] == ("cat 100", f"cat {PROMPTS + 9}")
        assert len(now.prompts) == len(set(now.prompts)) == PROMPTS


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"theme": "pink"}', b"\xff\xfe", b"[" * 10_000, b'{"prompts": 3}']
)
def test_damaged_preferences_count_as_a_first_start_and_are_mended(home: Path, data: bytes) -> None:
    with sitting() as desk:
        desk.open("tiny-gan")
    path = home / "preferences.json"
    assert path.is_file()
    path.write_bytes(data)
    with sitting() as desk:
        packs_read(desk)
        assert desk.studio.preferences.now.theme == "system"
        desk.studio.preferences.change(theme="dark")
    assert (home / "preferences.json.damaged").read_bytes() == data, "what was there is kept"
    with sitting() as desk:
        assert desk.studio.preferences.now.theme == "dark"


def test_preferences_that_cannot_be_written_stop_nobody(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "preferences.json").mkdir()
    with sitting() as desk:
        desk.open("tiny-gan")
        desk.studio.preferences.change(theme="dark")
        desk.finish_all()
        assert desk.studio.preferences.now.theme == "dark"
        desk.expect_picture()


def test_a_last_sitting_that_cannot_be_read_is_passed_over(home: Path) -> None:
    with sitting() as desk:
        desk.open("tiny-gan")
    path = home / "sittings" / "last.genstudio"
    path.write_bytes(path.read_bytes()[:-50])
    with sitting() as desk:
        packs_read(desk)
        assert desk.studio.editor.recipe is None
        desk.open("tiny-vae")
        desk.expect_picture()


def test_a_project_brings_the_whole_sitting_back(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "cats.genstudio"
    with sitting() as desk:
        studio = desk.studio
        assert not studio.projects.can_save
        desk.open("tiny-gan")
        studio.editor.set_seed(3)
        desk.settle()
        studio.files.take_picture(np.full((8, 8, 3), 77, np.uint8), "grey")
        message = desk.messages[-1]
        studio.messages.choose(message.key, message.actions[-1][0])
        desk.until(lambda: len(studio.editor.history.steps) == 3)
        desk.settle()
        desk.finish_all()
        steps, small = studio.editor.history.steps, studio.editor.history.thumbnails()
        enlarged = desk.shown()
        studio.editor.undo()
        studio.projects.save(path)
        desk.until(lambda: studio.projects.path == path)
        assert desk.told()[-1] == "Saved the project cats.genstudio."
    with sitting(path) as desk:
        studio = desk.studio
        desk.until(lambda: studio.projects.path == path)
        desk.settle()
        desk.expect_picture()
        history = studio.editor.history
        assert [(s.recipe, s.words) for s in history.steps] == [(s.recipe, s.words) for s in steps]
        assert history.index == 1
        assert len(history.thumbnails()) == len(small) == 3
        studio.editor.redo()
        desk.settle()
        np.testing.assert_array_equal(desk.shown(), enlarged)


def test_a_project_of_a_missing_model_opens_and_says_what_to_add(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cats.genstudio"
    with sitting() as desk:
        desk.open("tiny-vae")
        desk.open("tiny-gan")
        desk.studio.projects.save(path)
        desk.until(lambda: desk.studio.projects.path)
        desk.studio.models.remove("tiny-gan")
        desk.until(lambda: not desk.studio.models.find("tiny-gan"))
        desk.studio.projects.open(path)
        desk.until(lambda: any("Tiny gan" in text for text in desk.told()))
        desk.studio.editor.undo()
        desk.settle()
        desk.expect_picture()


def test_a_project_that_cannot_be_written_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    (tmp_path / "file").write_text("not a folder")
    desk.studio.projects.save(tmp_path / "file" / "a.genstudio")
    desk.until(desk.told)
    assert desk.messages[-1].kind == "error"
    assert desk.studio.projects.path is None


def test_closing_in_the_middle_of_everything_is_quick_and_loses_nothing(
    home: Path, tmp_path: Path
) -> None:
    desk = Desk()
    desk.studio.start()
    desk.open("tiny-gan")
    desk.until(lambda: desk.studio.sliders.directions)
    replace_graph(home / "packs" / "tiny-gan", "mapping", endless_mapping())
    desk.studio.editor.set_seed(5)
    left = desk.studio.editor.recipe
    desk.studio.make_batch(500, 1, (), tmp_path / "batch")
    desk.studio.variations.begin(9, "near")
    desk.studio.models.add(builders.gan(tmp_path / "new", pack_id="new-gan"))
    for number in range(50):
        desk.studio.preferences.add_prompt(f"cat {number}")
    began = time.monotonic()
    assert desk.studio.close()
    assert time.monotonic() - began < QUICK
    told = len(desk.messages)
    while not desk.events.empty():
        desk.studio.receive(desk.events.get())
    assert len(desk.messages) == told, "nobody is told anything any more"
    again = Desk()
    try:
        assert again.studio.preferences.now.prompts[0] == "cat 49"
        again.studio.start()
        again.until(lambda: again.studio.editor.recipe == left)
    finally:
        assert again.studio.close()


def test_closing_finishes_files_that_are_being_saved(home: Path, tmp_path: Path) -> None:
    desk = Desk()
    desk.studio.start()
    desk.open("tiny-gan")
    for number in range(20):
        desk.studio.files.save(tmp_path / f"{number}.png")
    assert desk.studio.close()
    assert len(list(tmp_path.glob("*.png"))) == 20


def test_a_studio_that_was_never_started_closes(home: Path) -> None:
    before = threading.active_count()
    desk = Desk()
    assert threading.active_count() == before + 5
    assert desk.studio.close()
    assert threading.active_count() == before


def test_the_studio_loads_neither_qt_nor_the_runtimes() -> None:
    """The window comes first; torch never comes."""
    heavy = ("PySide6", "torch", "onnxruntime", "onnx", "tokenizers", "av")
    code = f"import sys, genstudio.studio.studio; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
