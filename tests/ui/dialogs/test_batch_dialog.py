"""The batch dialog by mouse and key, with real batches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from genstudio.recipe.png import read_recipe
from genstudio.recipe.prompts import PROMPT_LIMIT, prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import SEED_LIMIT, FromPrompt, LatentRecipe
from genstudio.studio.queue import MOST
from genstudio.studio.studio import Studio
from genstudio.ui.dialogs.batch_dialog import BatchDialog

Open = Callable[[str], Studio]
Ask = Callable[[Studio], BatchDialog]


@pytest.fixture
def ask(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Open the dialog over a window, as the window does; the person has a home of their own."""
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def open_it(studio: Studio) -> BatchDialog:
        dialog = BatchDialog(studio, window)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return open_it


def count(dialog: BatchDialog) -> QSpinBox:
    found = dialog.findChild(QSpinBox, "batch-count")
    assert found is not None
    return found


def field(dialog: BatchDialog, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert found is not None
    return found


def prompts(dialog: BatchDialog) -> QPlainTextEdit:
    found = dialog.findChild(QPlainTextEdit, "batch-prompts")
    assert found is not None
    return found


def button(dialog: BatchDialog, name: str) -> QAbstractButton:
    found = dialog.findChild(QAbstractButton, name)
    assert found is not None
    return found


def said(dialog: BatchDialog, name: str = "batch-said") -> str:
    """What a label says; nothing where it is not shown."""
    label = dialog.findChild(QLabel, name)
    assert label is not None
    return label.text() if label.isVisible() else ""


def click(dialog: BatchDialog, name: str) -> None:
    QTest.mouseClick(button(dialog, name), Qt.MouseButton.LeftButton)


def type_over(widget: QWidget, text: str) -> None:
    """Type as a person does who begins anew."""
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


def type_lines(widget: QWidget, *lines: str) -> None:
    widget.setFocus()
    for line in lines:
        QTest.keyClicks(widget, line)
        QTest.keyClick(widget, Qt.Key.Key_Return)


def wait_until_made(studio: Studio, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(studio.queue.rows) and studio.queue.waiting == 0, timeout=30_000)


def test_it_begins_after_the_present_seed_in_the_folder_of_pictures(
    open_model: Open, ask: Ask, tmp_path: Path
) -> None:
    studio = open_model("tiny-gan")
    studio.editor.set_seed(41)
    dialog = ask(studio)
    assert field(dialog, "batch-seed-value").text() == "42"
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    assert Path(pictures).is_relative_to(tmp_path)
    assert Path(field(dialog, "batch-folder").text()) == Path(pictures) / "GenStudio"
    assert not prompts(dialog).isVisible()
    assert button(dialog, "batch-go").isEnabled()


def test_after_the_last_seed_comes_the_first(open_model: Open, ask: Ask) -> None:
    studio = open_model("tiny-gan")
    studio.editor.set_seed(SEED_LIMIT - 1)
    assert field(ask(studio), "batch-seed-value").text() == "0"


def test_it_makes_what_was_asked_for_and_remembers_the_folder(
    open_model: Open, ask: Ask, qtbot: QtBot, tmp_path: Path
) -> None:
    studio, folder = open_model("tiny-gan"), tmp_path / "series"
    dialog = ask(studio)
    type_over(count(dialog), "3")
    type_over(field(dialog, "batch-seed-value"), "700")
    type_over(field(dialog, "batch-folder"), str(folder))
    assert said(dialog).startswith("3 pictures")
    click(dialog, "batch-go")
    wait_until_made(studio, qtbot)
    qtbot.waitUntil(lambda: len(list(folder.glob("*.png"))) == 3)
    assert [seed_of(read_recipe(path)) for path in sorted(folder.iterdir())] == [700, 701, 702]
    assert studio.preferences.now.pictures_folder == str(folder)
    assert field(ask(studio), "batch-folder").text() == str(folder)


def test_pictures_that_are_only_shown_write_no_file(
    open_model: Open, ask: Ask, qtbot: QtBot, tmp_path: Path
) -> None:
    studio, folder = open_model("tiny-gan"), tmp_path / "series"
    dialog = ask(studio)
    type_over(field(dialog, "batch-folder"), str(folder))
    type_over(count(dialog), "2")
    only = button(dialog, "batch-only-show")
    only.setFocus()
    QTest.keyClick(only, Qt.Key.Key_Space)
    assert not field(dialog, "batch-folder").isEnabled()
    assert not button(dialog, "batch-choose").isEnabled()
    click(dialog, "batch-go")
    wait_until_made(studio, qtbot)
    assert len(studio.queue.pictures) == 2
    assert studio.queue.rows[0].folder is None
    assert not folder.exists()
    assert studio.preferences.now.pictures_folder == ""


def test_each_prompt_is_drawn_as_many_times(open_model: Open, ask: Ask, qtbot: QtBot) -> None:
    studio = open_model("tiny-prior")
    dialog = ask(studio)
    type_over(count(dialog), "2")
    type_lines(prompts(dialog), "hills", "", "  sea  ")
    assert said(dialog).startswith("4 pictures")
    click(dialog, "batch-only-show")
    click(dialog, "batch-go")
    wait_until_made(studio, qtbot)
    drawn = [prompts_of(made.recipe)[0].text for made in studio.queue.pictures]
    assert drawn == ["hills", "hills", "sea", "sea"]


def test_it_says_about_how_long_it_takes(open_model: Open, ask: Ask) -> None:
    studio = open_model("tiny-gan")
    rendering = studio.picture.rendering
    assert rendering is not None
    studio.picture.rendering = type(rendering)(
        rendering.pixels, rendering.recipe, rendering.device, {"mapping": 0.5, "synthesis": 4.5}
    )
    dialog = ask(studio)
    type_over(count(dialog), "20")
    assert said(dialog) == "20 pictures, about 1 min 40 s"


def test_a_folder_without_a_place_is_said_beside_it(
    open_model: Open, ask: Ask, tmp_path: Path
) -> None:
    studio = open_model("tiny-gan")
    dialog = ask(studio)
    for wrong in ("pictures", ""):
        type_over(field(dialog, "batch-folder"), wrong)
        assert said(dialog, "batch-folder-wrong")
        assert not button(dialog, "batch-go").isEnabled()
    QTest.keyClick(field(dialog, "batch-folder"), Qt.Key.Key_Return)
    assert not studio.queue.rows
    type_over(field(dialog, "batch-folder"), str(tmp_path))
    assert not said(dialog, "batch-folder-wrong")
    assert button(dialog, "batch-go").isEnabled()
    type_over(field(dialog, "batch-folder"), "pictures")
    click(dialog, "batch-only-show")
    assert button(dialog, "batch-go").isEnabled()


def test_too_many_pictures_are_said_beside_their_number(open_model: Open, ask: Ask) -> None:
    dialog = ask(open_model("tiny-prior"))
    type_over(count(dialog), str(MOST))
    assert not said(dialog, "batch-count-wrong")
    type_lines(prompts(dialog), "hills", "sea")
    assert str(MOST) in said(dialog, "batch-count-wrong")
    assert not button(dialog, "batch-go").isEnabled()
    type_over(count(dialog), str(MOST // 2))
    assert not said(dialog, "batch-count-wrong")
    assert button(dialog, "batch-go").isEnabled()


def test_a_prompt_that_is_too_long_is_said_beside_them(open_model: Open, ask: Ask) -> None:
    dialog = ask(open_model("tiny-prior"))
    QApplication.clipboard().setText("hills\n" + "x" * (PROMPT_LIMIT + 1))
    prompts(dialog).setFocus()
    QTest.keyClick(prompts(dialog), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert str(PROMPT_LIMIT) in said(dialog, "batch-prompts-wrong")
    assert not button(dialog, "batch-go").isEnabled()


def test_a_picture_that_no_seed_draws_is_made_once(open_model: Open, ask: Ask) -> None:
    studio = open_model("tiny-gan")
    recipe = studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    studio.editor.open(replace(recipe, source=FromPrompt(text="hills")))
    dialog = ask(studio)
    assert count(dialog).value() == 1
    assert not count(dialog).isEnabled()
    assert not field(dialog, "batch-seed-value").isEnabled()


def test_the_dice_roll_another_first_seed(open_model: Open, ask: Ask) -> None:
    dialog = ask(open_model("tiny-gan"))
    before = field(dialog, "batch-seed-value").text()
    click(dialog, "batch-seed-dice")
    assert field(dialog, "batch-seed-value").text() != before


def test_escape_makes_nothing(open_model: Open, ask: Ask, qtbot: QtBot) -> None:
    studio = open_model("tiny-gan")
    dialog = ask(studio)
    with qtbot.waitSignal(dialog.rejected, timeout=1000):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not studio.queue.rows
    assert studio.preferences.now.pictures_folder == ""


def test_a_folder_can_be_chosen_in_a_dialog(
    open_model: Open, ask: Ask, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = ask(open_model("tiny-gan"))
    type_over(field(dialog, "batch-folder"), str(tmp_path))
    (tmp_path / "chosen").mkdir()
    click(dialog, "batch-choose")
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    qtbot.waitUntil(chooser.isVisible)
    name = chooser.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    type_over(name, "chosen")
    buttons = chooser.findChild(QDialogButtonBox)
    assert buttons is not None
    choose = buttons.button(QDialogButtonBox.StandardButton.Open)
    qtbot.waitUntil(choose.isEnabled)
    QTest.mouseClick(choose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: field(dialog, "batch-folder").text() == str(tmp_path / "chosen"))


def test_every_field_is_reached_by_tab_and_named(open_model: Open, ask: Ask) -> None:
    dialog = ask(open_model("tiny-prior"))
    count(dialog).setFocus()
    reached = []
    for _ in range(12):
        focused = dialog.focusWidget()
        assert focused is not None
        named = focused.accessibleName() or getattr(focused, "text", str)()
        assert named, focused.objectName()
        reached.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert set(reached) == {
        "batch-count",
        "batch-seed-value",
        "batch-seed-dice",
        "batch-prompts",
        "batch-folder",
        "batch-choose",
        "batch-only-show",
        "batch-go",
        "batch-cancel",
    }
