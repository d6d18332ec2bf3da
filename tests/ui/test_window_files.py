"""Files, clipboard, dialogs and trouble in the whole window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPlainTextEdit

from genstudio.engine.render import Engine
from genstudio.recipe.png import read_recipe
from tests import builders
from tests.ui.window import Person


@pytest.fixture(autouse=True)
def clean_clipboard(qapp: QApplication) -> Iterator[None]:
    """Qt's offscreen platform does not end well with data of ours on the clipboard."""
    yield
    QGuiApplication.clipboard().clear()


def test_a_saved_picture_holds_its_recipe_and_brings_it_back_as_one_step(
    person: Person, tmp_path: Path
) -> None:
    person.choose("tiny-gan")
    person.studio.editor.set_control("truncation", 0.25)
    person.settle()
    made = person.recipe
    person.save(tmp_path / "a.png")
    assert read_recipe(tmp_path / "a.png") == made
    person.studio.editor.roll_seed()
    person.settle()
    steps = len(person.studio.editor.history.steps)
    person.drop(tmp_path / "a.png")
    person.until(lambda: person.recipe == made)
    assert len(person.studio.editor.history.steps) == steps + 1


def test_the_clipboard_carries_the_recipe_too(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-vae")
    made = person.recipe
    person.until(lambda: person.studio.files.ready is not None)
    person.control(Qt.Key.Key_C)
    data = QGuiApplication.clipboard().mimeData()
    assert data is not None
    copy = tmp_path / "copied.png"
    copy.write_bytes(bytes(data.data("image/png").data()))
    assert read_recipe(copy) == made
    person.studio.editor.roll_seed()
    person.settle()
    person.control(Qt.Key.Key_V)
    person.until(lambda: person.recipe == made)


def test_a_dropped_pack_is_added_and_chosen(person: Person, tmp_path: Path) -> None:
    pack = builders.vector_vae(tmp_path / "new-vae", pack_id="new-vae")
    person.drop(builders.zip_folder(pack, tmp_path / "new.gspack"))
    person.until(lambda: person.studio.editor.recipe is not None)
    assert person.recipe.model.id == "new-vae"
    person.settle()
    assert person.part("model-new-vae").isVisible()


def test_the_whole_window_takes_what_is_dropped(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-prior")
    pack = builders.vector_vae(tmp_path / "new-vae", pack_id="new-vae")
    file = builders.zip_folder(pack, tmp_path / "new.gspack")
    edit = person.find(QPlainTextEdit, "prompt-1")
    assert person.drop(file, onto=edit.viewport())
    person.until(lambda: person.recipe.model.id == "new-vae")
    assert edit.toPlainText() == "", "a file is no prompt"


def test_a_refused_pack_says_why(person: Person, tmp_path: Path) -> None:
    bad = tmp_path / "bad.gspack"
    bad.write_bytes(b"not a zip")
    person.drop(bad)
    person.until(lambda: "bad.gspack" in person.said)


def test_any_other_picture_can_be_enlarged(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-gan")
    Image.fromarray(np.full((8, 6, 3), 90, np.uint8)).save(tmp_path / "own.png")
    person.drop(tmp_path / "own.png")
    person.until(lambda: "own.png" in person.said)
    person.answer("Enlarge")
    person.settle()
    assert person.canvas.shape[0] > 8
    assert person.canvas.shape[0] % 8 == 0


def test_a_pasted_picture_offers_what_can_be_done_with_it(person: Person) -> None:
    person.choose("tiny-gan")
    image = QImage(8, 6, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.darkCyan)
    QGuiApplication.clipboard().setImage(image)
    person.control(Qt.Key.Key_V)
    assert "holds no recipe" in person.said
    person.answer("Enlarge")
    person.settle()
    assert person.canvas.shape[1] == 2 * 8


def test_an_empty_clipboard_is_told(person: Person) -> None:
    QGuiApplication.clipboard().clear()
    person.control(Qt.Key.Key_V)
    assert "no picture on the clipboard" in person.said


def test_a_vae_starts_from_any_picture_as_one_step(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-vae")
    steps = len(person.studio.editor.history.steps)
    before = person.recipe
    Image.fromarray(np.full((12, 16, 3), 200, np.uint8)).save(tmp_path / "own.png")
    person.drop(tmp_path / "own.png")
    person.until(lambda: "own.png" in person.said)
    person.answer("Start from it")
    person.until(lambda: person.recipe != before)
    person.settle()
    assert len(person.studio.editor.history.steps) == steps + 1
    assert "holds no recipe" not in person.said
    assert "own.png as Tiny vae reads it" in person.said
    person.control(Qt.Key.Key_Z)
    assert person.recipe == before


def test_several_files_at_once_are_each_opened(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-gan")
    person.save(tmp_path / "a.png")
    made = person.recipe
    person.go("draw")
    person.settle()
    (tmp_path / "b.txt").write_text("no picture")
    person.drop(tmp_path / "b.txt", tmp_path / "a.png")
    person.until(lambda: person.recipe == made)
    person.until(lambda: "b.txt" in person.said)


def test_a_file_dialog_opens_pictures_too(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-gan")
    made = person.recipe
    person.save(tmp_path / "a.png")
    person.until(lambda: not person.window.findChildren(QFileDialog))
    person.window.activateWindow()
    person.go("draw")
    person.settle()
    person.control(Qt.Key.Key_O)
    field = person.find(QFileDialog, "file-dialog").findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(tmp_path / "a.png"))
    person.bot.keyClick(field, Qt.Key.Key_Return)
    person.until(lambda: person.recipe == made)


@pytest.mark.parametrize("suffix", ["webp", "jpg"])
def test_a_picture_is_saved_in_the_kind_that_its_name_says(
    person: Person, tmp_path: Path, suffix: str
) -> None:
    person.choose("tiny-gan")
    path = tmp_path / f"a.{suffix}"
    person.save(path)
    with Image.open(path) as saved:
        assert saved.size == (16, 16)
    assert read_recipe(path) == person.recipe


def test_a_project_brings_the_whole_history_back(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-gan")
    for _ in range(3):
        person.go("draw")
        person.settle()
    recipes = [step.recipe for step in person.studio.editor.history.steps]
    path = tmp_path / "day.genstudio"
    person.control(Qt.Key.Key_S, shift=True)
    field = person.find(QFileDialog, "file-dialog").findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(path))
    person.bot.keyClick(field, Qt.Key.Key_Return)
    person.until(path.exists)
    person.click("model-tiny-vae")
    person.settle()
    person.drop(path)
    person.until(lambda: [step.recipe for step in person.studio.editor.history.steps] == recipes)
    person.settle()


def test_a_folder_that_cannot_be_written_is_told(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-gan")
    (tmp_path / "file").write_text("in the way")
    person.studio.files.save(tmp_path / "file" / "a.png")
    person.until(lambda: "a.png" in person.said)
    assert "Traceback" not in person.said


def test_a_broken_model_becomes_a_message_with_a_way_back(person: Person, home: Path) -> None:
    person.choose("tiny-gan")
    before = person.recipe
    builders.replace_graph(home / "packs" / "tiny-vae", "decoder", b"nothing that runs")
    person.click("model-tiny-vae")
    person.until(lambda: "decoder" in person.said)
    person.answer("Undo")
    person.settle()
    assert person.recipe == before


@pytest.mark.parametrize(
    ("error", "told"), [(MemoryError(), "not enough memory"), (RuntimeError("ours"), "broke")]
)
def test_what_the_worker_cannot_do_is_told_and_can_be_tried_again(
    person: Person, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    person.choose("tiny-gan")
    with monkeypatch.context() as patched:
        patched.setattr(Engine, "render", fail)
        person.go("draw")
        person.until(lambda: told in person.said)
    person.answer("Try again")
    person.settle()
    assert told not in person.said


def test_a_pack_that_the_recipe_names_is_asked_for_when_it_is_missing(
    person: Person, home: Path, tmp_path: Path
) -> None:
    person.choose("tiny-vae")
    person.save(tmp_path / "a.png")
    shutil.rmtree(home / "packs" / "tiny-vae")
    person.studio.models.reload()
    person.until(lambda: person.studio.models.find("tiny-vae") is None)
    person.studio.editor.roll_seed()
    person.until(lambda: "tiny-vae" in person.said)
