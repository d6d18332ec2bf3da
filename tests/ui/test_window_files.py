"""Files, clipboard, dialogs and trouble in the whole window."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from genstudio.recipe.png import read_recipe
from genstudio.recipe.values import LatentRecipe
from genstudio.ui.app import Sitting
from tests import builders
from tests.ui.window import WAIT, Person


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


def test_a_batch_is_made_beside_the_window_into_a_folder(person: Person, tmp_path: Path) -> None:
    person.choose("tiny-gan")
    person.control(Qt.Key.Key_B)
    dialog = person.find(QDialog, "batch-dialog")
    folder = dialog.findChild(QLineEdit, "batch-folder")
    assert folder is not None
    folder.setText(str(tmp_path / "batch"))
    go = dialog.findChild(QWidget, "batch-go")
    assert go is not None
    person.bot.mouseClick(go, Qt.MouseButton.LeftButton)
    person.studio.editor.set_control("truncation", 0.3)
    person.settle()
    person.until(lambda: len(list((tmp_path / "batch").glob("*.png"))) == 16)
    person.until(lambda: person.studio.queue.waiting == 0)
    assert len(person.studio.queue.pictures) == 16


def test_a_broken_model_becomes_a_message_with_a_way_back(person: Person, home: Path) -> None:
    person.choose("tiny-gan")
    before = person.recipe
    builders.replace_graph(home / "packs" / "tiny-vae", "decoder", b"nothing that runs")
    person.click("model-tiny-vae")
    person.until(lambda: "decoder" in person.said)
    person.answer("Undo")
    person.settle()
    assert person.recipe == before


def test_an_exception_in_a_slot_becomes_a_message_and_the_window_lives_on(person: Person) -> None:
    person.choose("tiny-gan")
    try:
        raise ValueError("a bug of ours")
    except ValueError:
        kind, error, trace = sys.exc_info()
        assert kind is not None
        assert error is not None
        person.sitting.tell_broken(kind, error, trace)
    assert "ValueError" in person.said
    person.studio.editor.roll_seed()
    person.settle()


def test_the_next_start_goes_on_where_this_one_ended(
    home: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    first = Sitting()
    first.start()
    qtbot.waitUntil(lambda: bool(first.studio.models.packs), timeout=WAIT)
    first.studio.editor.choose_model("tiny-gan")
    first.studio.editor.set_control("truncation", 0.4)
    first.studio.preferences.change(theme="light")
    first.window.toggle_dock("jobs")
    first.window.close()
    second = Sitting()
    second.start()
    qtbot.waitUntil(lambda: second.studio.picture.is_current, timeout=WAIT)
    recipe = second.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    assert recipe.truncation == 0.4
    assert second.studio.preferences.now.theme == "light"
    second.window.close()


def test_closing_in_the_middle_of_a_drawing_leaves_no_thread(
    home: Path, qtbot: QtBot, slow_previews: threading.Event
) -> None:
    there = set(threading.enumerate())
    sitting = Sitting()
    sitting.start()
    qtbot.waitUntil(lambda: bool(sitting.studio.models.packs), timeout=WAIT)
    sitting.studio.editor.choose_model("tiny-prior")
    qtbot.waitUntil(lambda: sitting.studio.picture.is_busy, timeout=WAIT)
    sitting.window.close()
    assert set(threading.enumerate()) <= there


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
