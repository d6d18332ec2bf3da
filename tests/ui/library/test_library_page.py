"""The library by mouse and key, with real pictures in a real library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLabel, QLineEdit, QMenu, QPlainTextEdit

from genstudio.library.entries import Entry
from genstudio.recipe.values import WeightedPrompt
from genstudio.ui.library.grid import PictureGrid
from tests.ui.window import LEFT, Person


@pytest.fixture
def reader(person: Person) -> Person:
    """A person with six pictures, who has opened the library."""
    person.choose("tiny-gan")
    for seed in (1, 2, 3):
        person.studio.editor.set_seed(seed)
        person.settle()
    person.choose("tiny-prior")
    person.studio.editor.set_prompts((WeightedPrompt(text="a red cat"),))
    person.settle()
    person.bot.keyClick(person.window, Qt.Key.Key_F4)
    person.until(lambda: len(person.studio.gallery.ids) == 6)
    person.until(lambda: person.studio.gallery.thumbnail(person.studio.gallery.ids[-1]) is not None)
    return person


def grid(person: Person) -> PictureGrid:
    return person.find(PictureGrid, "library-grid")


def click_on(
    person: Person,
    index: int,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> int:
    number = person.studio.gallery.ids[index]
    place = grid(person).place_of(number).center()
    person.bot.mouseClick(grid(person).viewport(), LEFT, modifiers, place)
    return number


def choose(person: Person, index: int) -> Entry:
    number = click_on(person, index)
    gallery = person.studio.gallery
    person.until(lambda: gallery.entry is not None and gallery.entry.id == number)
    assert gallery.entry is not None
    return gallery.entry


def menu_action(person: Person, words: str) -> None:
    menu = person.window.library.details.open_menu()
    actions = [*menu.actions(), *(a for m in menu.findChildren(QMenu) for a in m.actions())]
    next(action for action in actions if words in action.text()).trigger()


def test_the_library_shows_every_picture_and_escape_goes_back(reader: Person) -> None:
    assert reader.window.stage.page == "library"
    image = grid(reader).grab().toImage()
    place = grid(reader).place_of(reader.studio.gallery.ids[3])
    seen = {
        image.pixel(place.left() + x, place.top() + y)
        for x in range(5, 120, 5) for y in range(5, 120, 5)
    }  # fmt: skip
    assert len(seen) > 3, "there is a picture in the cell"
    reader.bot.keyClick(grid(reader), Qt.Key.Key_Escape)
    assert reader.window.stage.page == "picture"


def test_what_is_clicked_is_told_and_a_double_click_uses_it(reader: Person) -> None:
    entry = choose(reader, 0)
    facts = reader.find(QLabel, "library-facts").text()
    assert reader.find(QLabel, "library-name").text() == "a red cat" == entry.prompt
    assert str(entry.seed) in facts
    other = choose(reader, 2)
    before = reader.recipe
    place = grid(reader).place_of(other.id).center()
    QTest.mouseDClick(grid(reader).viewport(), LEFT, pos=place)
    reader.until(lambda: reader.recipe.model.id == "tiny-gan")
    assert reader.window.stage.page == "picture"
    reader.settle()
    reader.control(Qt.Key.Key_Z)
    assert reader.recipe == before


def test_typing_seeks_and_the_filters_narrow(reader: Person) -> None:
    gallery = reader.studio.gallery
    reader.control(Qt.Key.Key_F)
    field = reader.find(QLineEdit, "library-search")
    assert field.hasFocus()
    reader.bot.keyClicks(field, "red")
    reader.until(lambda: len(gallery.ids) == 1)
    field.clear()
    reader.bot.keyClicks(field, "seed:2")
    reader.until(lambda: gallery.query.seed == 2 and len(gallery.ids) == 1)
    reader.bot.keyClicks(field, "2")
    reader.until(lambda: len(gallery.ids) == 0)
    assert reader.part("library-empty").isVisible()
    reader.click("library-everything")
    reader.until(lambda: len(gallery.ids) >= 5)
    assert field.text() == ""


def test_stars_hearts_and_notes_are_given_by_hand_and_kept(reader: Person) -> None:
    gallery = reader.studio.gallery
    entry = choose(reader, 1)
    reader.click("library-star-4")
    reader.until(lambda: gallery.entry is not None and gallery.entry.stars == 4)
    reader.click("library-heart")
    reader.until(lambda: gallery.entry is not None and gallery.entry.favourite)
    note = reader.find(QPlainTextEdit, "library-note")
    note.setFocus()
    reader.bot.keyClicks(note, "the best")
    grid(reader).setFocus()
    reader.until(lambda: gallery.entry is not None and gallery.entry.note == "the best")
    reader.click("library-favourites")
    reader.until(lambda: list(gallery.ids) == [entry.id])
    reader.click("library-star-4")
    reader.until(lambda: gallery.entry is not None and gallery.entry.stars == 0)


def test_keys_move_select_and_put_into_the_bin_from_where_it_comes_back(reader: Person) -> None:
    gallery, pictures = reader.studio.gallery, grid(reader)
    count = len(gallery.ids)
    pictures.setFocus()
    reader.bot.keyClick(pictures, Qt.Key.Key_Home)
    reader.bot.keyClick(pictures, Qt.Key.Key_Right)
    assert pictures.current == gallery.ids[1]
    reader.bot.keyClick(pictures, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert pictures.selected == tuple(gallery.ids[1:3])
    reader.bot.keyClick(pictures, Qt.Key.Key_Delete)
    reader.until(lambda: len(gallery.ids) == count - 2)
    reader.click("library-bin")
    reader.until(lambda: len(gallery.ids) == 2)
    pictures.setFocus()
    reader.bot.keyClick(pictures, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    reader.bot.keyClick(pictures, Qt.Key.Key_Delete)
    reader.until(lambda: len(gallery.ids) == 0)
    reader.click("library-bin")
    reader.until(lambda: len(gallery.ids) == count)


def test_ctrl_and_shift_clicks_select_several(reader: Person) -> None:
    pictures = grid(reader)
    first = click_on(reader, 0)
    third = click_on(reader, 2, Qt.KeyboardModifier.ControlModifier)
    assert pictures.selected == (first, third)
    click_on(reader, 0)
    click_on(reader, 3, Qt.KeyboardModifier.ShiftModifier)
    assert len(pictures.selected) == 4
    reader.bot.mouseClick(
        pictures.viewport(), LEFT, pos=QPoint(2, pictures.viewport().height() - 2)
    )
    assert pictures.selected == ()


def test_a_collection_is_made_and_listed(reader: Person) -> None:
    gallery = reader.studio.gallery
    entry = choose(reader, 0)
    menu_action(reader, "New collection")
    dialog = reader.find(QInputDialog, "collection-dialog")
    dialog.setTextValue("Poster")
    dialog.accept()
    reader.until(lambda: gallery.facets.collections == ("Poster",))
    box = reader.part("library-collection")
    box.setFocus()
    reader.bot.keyClick(box, Qt.Key.Key_Down)
    reader.until(lambda: list(gallery.ids) == [entry.id])


def test_a_picture_is_checked_against_its_recipe(reader: Person) -> None:
    choose(reader, 1)
    menu_action(reader, "Check against its recipe")
    reader.until(lambda: "Identical" in reader.said)


def test_a_folder_is_taken_in_through_the_dialog(reader: Person, tmp_path: Path) -> None:
    entry = choose(reader, 0)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "cat.png").write_bytes(entry.path.read_bytes())
    reader.click("library-take-in")
    dialog = reader.find(QFileDialog, "file-dialog")
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(tmp_path / "old"))
    reader.bot.keyClick(field, Qt.Key.Key_Return)
    reader.until(lambda: "were here already" in reader.said)


def test_the_heart_of_the_canvas_is_the_librarys(person: Person) -> None:
    person.choose("tiny-vae")
    person.until(lambda: person.studio.gallery is not None)
    person.control(Qt.Key.Key_H)
    person.until(lambda: "favourite" in person.said.lower() and "not in" not in person.said)


def test_thousands_of_cells_are_scrolled_and_only_those_in_view_are_read(person: Person) -> None:
    asked: list[int] = []
    wide = PictureGrid(lambda number: asked.append(number) or None)  # type: ignore[func-returns-value]
    person.bot.addWidget(wide)
    wide.resize(700, 500)
    wide.show()
    wide.set_ids(np.arange(100_000).tolist())
    wide.verticalScrollBar().setValue(wide.verticalScrollBar().maximum())
    wide.grab()
    assert len(set(asked)) < 200
    assert 99_999 in asked
