"""Files that are dropped on the window, and pictures that are saved from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.engine.pixels import picture_hash, read_picture
from genstudio.media.pictures import write_picture
from genstudio.recipe import codec
from genstudio.recipe.png import recipe_if_any
from genstudio.recipe.values import (
    FromSeed,
    LatentRecipe,
    ModelRef,
    PictureRef,
    UpscaleRecipe,
)
from genstudio.studio.messages import Message
from tests import builders
from tests.builders import change_manifest, replace_graph, zip_folder
from tests.builders.tiny_packs import other_mapping
from tests.studio.conftest import Desk, rendered


def incoming(desk: Desk) -> Message:
    desk.until(lambda: any(m.key == "incoming" and m.text for m in desk.messages))
    return next(m for m in reversed(desk.messages) if m.key == "incoming" and m.text)


def choose(desk: Desk, message: Message, words: str) -> None:
    label = next(label for _, label in message.actions if words in label)
    desk.studio.messages.choose(message.key, label)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    gradient = np.linspace(0, 255, 20 * 30 * 3).reshape(20, 30, 3).astype(np.uint8)
    Image.fromarray(gradient).save(path, quality=95)
    return path


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.jpg"])
def test_a_saved_picture_opens_again_with_its_recipe(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.open("tiny-gan")
    recipe, saved = desk.studio.editor.recipe, []
    desk.studio.files.saved.connect(saved.append)
    desk.studio.files.save(tmp_path / name)
    desk.until(lambda: saved)
    assert saved == [tmp_path / name]
    assert desk.told() == [f"Saved {name}."]
    found = recipe_if_any(tmp_path / name)
    assert found is not None
    assert found.recipe == recipe
    difference = np.abs(read_picture(tmp_path / name).astype(int) - desk.shown())
    assert difference.mean() < (1 if name.endswith("png") else 40)
    desk.open("tiny-vae")
    desk.studio.open_files([tmp_path / name])
    desk.until(lambda: desk.studio.editor.recipe == recipe)
    desk.settle()
    desk.expect_picture()


def test_saving_where_nothing_can_be_written_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    (tmp_path / "file").write_text("not a folder")
    desk.studio.files.save(tmp_path / "file" / "a.png")
    desk.until(desk.told)
    assert desk.messages[-1].kind == "error"
    assert str(tmp_path / "file") in desk.told()[0]
    desk.studio.files.save(tmp_path / "a.tiff")
    desk.until(lambda: len(desk.told()) == 2)
    assert ".png, .webp, .jpg or .jpeg" in desk.told()[1]
    desk.expect_picture()


def test_a_picture_that_is_not_finished_is_not_saved(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    desk.studio.editor.set_seed(1)
    desk.studio.files.save(tmp_path / "a.png")
    assert desk.told() == ["The picture is not finished; save it when it is."]
    desk.settle()
    desk.finish_all()
    assert not (tmp_path / "a.png").exists()


def test_the_resting_picture_is_ready_for_other_programs(desk: Desk) -> None:
    desk.open("tiny-gan")
    files = desk.studio.files
    desk.until(lambda: files.ready)
    ready = files.ready
    assert ready is not None
    assert ready.path.read_bytes() == ready.png
    found = recipe_if_any(ready.path)
    assert found is not None
    assert found.recipe == desk.studio.editor.recipe
    files.hold()
    for seed in (4, 5):
        before = files.ready
        desk.studio.editor.set_seed(seed)
        desk.until(lambda before=before: files.ready and files.ready is not before)
        desk.finish_all()
    assert files.ready is not None
    there = set(ready.path.parent.parent.glob("*/*.png"))
    assert there == {ready.path, files.ready.path}, "the newest, and the one on the clipboard"


def test_what_is_handed_out_is_never_an_older_picture(desk: Desk) -> None:
    desk.open("tiny-gan")
    files, picture = desk.studio.files, desk.studio.picture
    wrong = []

    def look(_: None) -> None:
        if files.ready and picture.rendering and files.ready.recipe != picture.rendering.recipe:
            wrong.append(files.ready.path)

    picture.changed.connect(look)
    desk.until(lambda: files.ready)
    for tenth in range(10):
        desk.studio.editor.set_control("truncation", tenth / 10, dragging=True)
        desk.settle()
        assert files.ready is None
    desk.studio.editor.finish()
    desk.until(lambda: files.ready)
    assert wrong == []


def test_a_foreign_picture_can_be_a_start_for_a_model_that_reads_pictures(
    desk: Desk, photo: Path
) -> None:
    desk.open("tiny-vae")
    desk.studio.open_files([photo])
    message = incoming(desk)
    assert message.text == "photo.jpg was not made by GenStudio, so it holds no recipe."
    before = desk.studio.editor.recipe
    choose(desk, message, "Start from it with Tiny vae")
    desk.until(lambda: desk.studio.editor.recipe != before)
    assert desk.studio.editor.history.undo_words == "from picture photo.jpg"
    desk.settle()
    desk.expect_picture()


def test_a_foreign_picture_can_be_enlarged(desk: Desk, photo: Path) -> None:
    desk.open("tiny-gan")
    desk.studio.open_files([photo])
    message = incoming(desk)
    labels = [label for _, label in message.actions]
    assert labels == ["Start from it with Tiny gan", "Crop it first ...", "Enlarge it 2 times"]
    choose(desk, message, "Enlarge it 2 times")
    desk.until(lambda: isinstance(desk.studio.editor.recipe, UpscaleRecipe))
    desk.settle()
    assert desk.shown().shape == (40, 60, 3)
    assert desk.studio.editor.history.undo_words == "enlarged photo.jpg"
    desk.studio.editor.undo()
    desk.settle()
    desk.expect_picture()
    desk.studio.editor.redo()
    desk.settle()
    assert desk.shown().shape == (40, 60, 3)


def test_pictures_from_outside_that_no_step_needs_are_let_go(desk: Desk) -> None:
    desk.open("tiny-gan")
    for shade in range(4):
        pixels = np.full((8, 8, 3), shade * 20, np.uint8)
        before = desk.studio.editor.recipe
        desk.studio.files.take_picture(pixels, f"{shade}")
        choose(desk, incoming(desk), "Enlarge it 2 times")
        desk.until(lambda before=before: desk.studio.editor.recipe != before)
        desk.settle()
        if shade % 2:
            desk.studio.editor.undo()
            desk.settle()
    kept = {
        step.recipe.picture.sha256
        for step in desk.studio.editor.history.steps
        if isinstance(step.recipe, UpscaleRecipe)
    }
    assert set(desk.studio.files.sources) <= kept | {picture_hash(pixels)}
    assert len(kept) == 3


def test_an_enlarged_picture_that_comes_back_is_a_picture_like_any_other(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open("tiny-vae")
    recipe = UpscaleRecipe(
        model=ModelRef(id="tiny-upscaler"), picture=PictureRef(sha256="ab" * 32, name="cat.png")
    )
    write_picture(tmp_path / "large.png", np.zeros((12, 16, 3), np.uint8), recipe)
    desk.studio.open_files([tmp_path / "large.png"])
    message = incoming(desk)
    assert message.text == (
        "large.png was enlarged from cat.png; open that one to enlarge it anew."
    )
    assert message.actions


def test_a_recipe_file_is_loaded(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    recipe = LatentRecipe(model=ModelRef(id="tiny-gan"), source=FromSeed(seed=6))
    (tmp_path / "six.json").write_bytes(codec.encode(recipe))
    desk.studio.open_files([tmp_path / "six.json"])
    desk.until(lambda: desk.studio.editor.recipe == recipe)
    desk.settle()
    desk.expect_picture()


DAMAGED: dict[str, bytes] = {
    "empty.png": b"",
    "cut.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
    "noise.jpg": bytes(range(256)) * 4,
    "words.txt": b"hello",
    "no recipe.json": b"{}",
    "cut.json": b'{"format": "genstudio-recipe", "version": 1, "recipe": {',
    "noise.gspack": b"PK\x03\x04 not a zip",
    "noise.genstudio": b"PK\x03\x04 not a zip",
    "no suffix": b"\x00\x01\x02",
}


@pytest.mark.parametrize("name", [*DAMAGED, "missing.png", "missing.gspack", "missing.genstudio"])
def test_a_damaged_file_is_one_sentence_and_the_picture_stays(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    desk.open("tiny-gan")
    recipe = desk.studio.editor.recipe
    if name in DAMAGED:
        (tmp_path / name).write_bytes(DAMAGED[name])
    desk.studio.open_files([tmp_path / name])
    desk.finish_all()
    (sentence,) = desk.told()
    assert name in sentence
    assert "Traceback" not in sentence
    assert "Something inside" not in sentence
    assert desk.studio.editor.recipe == recipe
    assert desk.studio.models.adding is None
    desk.expect_picture()


def test_a_folder_that_is_no_pack_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    (tmp_path / "holiday").mkdir()
    desk.studio.open_files([tmp_path / "holiday"])
    desk.finish_all()
    (sentence,) = desk.told()
    assert "holiday" in sentence
    assert "Something inside" not in sentence


def test_a_pack_that_is_dropped_is_checked_added_and_chosen(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-vae")
    folder = builders.gan(tmp_path / "new", pack_id="new-gan")
    pack = zip_folder(folder, tmp_path / "new.gspack")
    doing: list[str | None] = []
    desk.studio.models.changed.connect(lambda _: doing.append(desk.studio.models.adding))
    desk.studio.open_files([pack])
    assert doing[0] == "Checking new.gspack"
    desk.until(lambda: desk.studio.models.find("new-gan"))
    desk.settle()
    assert desk.studio.models.adding is None
    assert "new-gan" in [card.id for card in desk.studio.models.cards]
    assert next(card for card in desk.studio.models.cards if card.id == "new-gan").removable
    assert desk.studio.editor.recipe is not None
    assert desk.studio.editor.recipe.model.id == "new-gan"
    desk.expect_picture()


def test_several_packs_are_checked_one_after_another(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-vae")
    folders = [builders.gan(tmp_path / f"new-{n}", pack_id=f"new-{n}") for n in range(2)]
    replace_graph(folders[0], "synthesis", b"this is no graph")
    doing: list[str | None] = []
    desk.studio.models.changed.connect(lambda _: doing.append(desk.studio.models.adding))
    desk.studio.open_files(folders)
    desk.until(lambda: desk.studio.models.find("new-1"))
    desk.settle()
    checked = [words.partition(" · ")[0] for words in doing if words]
    assert list(dict.fromkeys(checked)) == ["Checking new-0", "Checking new-1"]
    assert desk.studio.models.adding is None
    assert desk.studio.models.find("new-0") is None
    desk.expect_picture()


def test_an_upscaler_that_is_dropped_is_added_beside_the_picture(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open("tiny-vae")
    recipe = desk.studio.editor.recipe
    folder = builders.upscaler(tmp_path / "four", scale=4, pack_id="four-times")
    desk.studio.open_files([folder])
    desk.until(lambda: desk.studio.upscaler(4))
    desk.finish_all()
    assert desk.studio.editor.recipe == recipe
    assert desk.told() == ["Four times is here; pictures can be enlarged with it."]
    assert [card.id for card in desk.studio.models.cards if card.id == "four-times"] == []
    desk.studio.editor.enlarge(desk.studio.upscaler(4))
    desk.settle()
    desk.expect_picture()


def test_a_newer_version_of_the_model_at_work_takes_over_as_one_step(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open("tiny-gan")
    before, old = desk.shown(), desk.studio.editor.recipe
    count = len(desk.studio.editor.history.steps)
    folder = builders.gan(tmp_path / "newer", pack_id="tiny-gan")
    replace_graph(folder, "mapping", other_mapping())
    change_manifest(folder, lambda plain: plain.update(version="2.0.0"))
    desk.studio.open_files([folder])
    desk.until(lambda: desk.studio.editor.recipe != old)
    desk.settle()
    assert (desk.shown() != before).any()
    assert isinstance(desk.studio.editor.recipe, LatentRecipe)
    assert isinstance(old, LatentRecipe)
    assert desk.studio.editor.recipe.source == old.source
    assert len(desk.studio.editor.history.steps) == count + 1
    assert desk.studio.editor.history.undo_words == "another version of Tiny gan"
    np.testing.assert_array_equal(desk.shown(), rendered(desk.studio.editor.recipe))


def test_a_pack_that_is_refused_says_why_and_leaves_no_card(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-vae")
    folder = builders.gan(tmp_path / "bad", pack_id="bad-gan")
    replace_graph(folder, "synthesis", b"this is no graph")
    desk.studio.open_files([folder])
    desk.until(desk.told)
    desk.finish_all()
    assert len(desk.told()) == 1
    assert desk.messages[-1].kind == "error"
    assert "synthesis" in desk.told()[0]
    assert desk.studio.models.adding is None
    assert desk.studio.models.find("bad-gan") is None
    desk.expect_picture()


def test_an_added_model_can_be_taken_away_and_its_picture_stays(desk: Desk) -> None:
    desk.open("tiny-gan")
    before = desk.shown()
    desk.studio.models.remove("tiny-gan")
    desk.until(lambda: desk.studio.models.find("tiny-gan") is None)
    assert desk.shown() is before
    desk.studio.editor.set_seed(4)
    assert "tiny-gan is not here" in desk.told()[-1]
    desk.open("tiny-vae")
    desk.expect_picture()


def test_a_model_that_is_not_there_cannot_be_taken_away(desk: Desk) -> None:
    desk.studio.models.remove("no-such-model")
    desk.until(desk.told)
    assert "no-such-model" in desk.told()[0]
