"""Everything that can be done: in a menu, with a key of its own, and in the palette."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QTextDocument
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit

from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import WeightedPrompt
from genstudio.studio.actions import actions_of
from genstudio.ui.widgets.command_palette import CommandPalette
from tests.ui.window import Person


def test_every_action_stands_in_a_menu_once(person: Person) -> None:
    inside = Counter(
        action.objectName()
        for bar in person.window.menuBar().actions()
        for action in _leaves(bar)
        if not action.isSeparator()
    )
    assert inside == {f"action-{row.id}": 1 for row in person.window.actions_by_id.rows}


def test_every_action_has_an_id_of_its_own(person: Person) -> None:
    actions = [one.objectName() for one in person.window.actions() if one.objectName()]
    assert len(actions) == len(set(actions)) == len(person.window.actions_by_id.rows)
    studios = [row.id for row in actions_of(person.studio)]
    assert len(studios) == len(set(studios))


def test_every_action_has_a_shortcut_that_no_other_has(person: Person) -> None:
    rows = person.window.actions_by_id.rows
    assert [row.id for row in rows if not row.shortcuts] == []
    keys = Counter(QKeySequence(key).toString() for row in rows for key in row.shortcuts)
    assert "" not in keys, "every shortcut is one that Qt can read"
    assert {key for key, count in keys.items() if count > 1} == set()


def test_what_the_menus_show_is_words(person: Person) -> None:
    person.choose("tiny-gan")
    for row in person.window.actions_by_id.rows:
        action = person.window.actions_by_id[row.id]
        assert action.text().strip(), row.id
        assert "{" not in action.text(), row.id
        assert action.toolTip(), row.id


@pytest.mark.parametrize(
    ("key", "shift", "page"),
    [(Qt.Key.Key_G, False, "sheet"), (Qt.Key.Key_G, True, "sheet")],
)
def test_a_shortcut_works_wherever_the_focus_is(
    person: Person, key: Qt.Key, shift: bool, page: str
) -> None:
    person.choose("tiny-gan")
    person.until(person.window.actions_by_id["variations"].isEnabled)
    person.part("control-truncation-track").setFocus()
    person.control(key, shift=shift)
    assert person.window.stage.page == page


def test_no_key_is_claimed_twice(person: Person) -> None:
    """Qt runs neither of two actions that claim a key: press each one and see its own run."""
    person.choose("tiny-gan")
    ran: list[str] = []
    actions = person.window.actions_by_id
    for row in actions.rows:
        actions[row.id].triggered.disconnect()
        actions[row.id].triggered.connect(lambda _=False, name=row.id: ran.append(name))
        actions[row.id].setEnabled(True)
    canvas = person.window.stage.canvas
    for row in actions.rows:
        for text in row.shortcuts:
            canvas.setFocus()
            ran.clear()
            person.bot.keyClick(canvas, *_key(text))
            assert ran == [row.id], text


def test_keys_of_editing_belong_to_the_field_that_is_typed_into(person: Person) -> None:
    person.choose("tiny-prior")
    before = person.recipe
    edit = person.find(QPlainTextEdit, "prompt-1")
    edit.setFocus()
    person.bot.keyClicks(edit, "blue fish")
    person.control(Qt.Key.Key_Z, at=edit)
    assert edit.toPlainText() != "blue fish"
    assert person.recipe == before


def test_undo_in_a_number_that_was_taken_undoes_the_picture(person: Person) -> None:
    person.choose("tiny-gan")
    before = person.recipe
    field = person.find(QLineEdit, "seed-value")
    field.setFocus()
    person.bot.keyClicks(field, "77")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    person.settle()
    assert seed_of(person.recipe) == 77
    person.control(Qt.Key.Key_Z, at=field)
    person.settle()
    assert person.recipe == before
    assert field.text() == str(seed_of(before))
    person.control(Qt.Key.Key_Z, at=field, shift=True)
    assert seed_of(person.recipe) == 77


def test_undo_in_a_number_that_is_typed_takes_the_typing_back(person: Person) -> None:
    person.choose("tiny-gan")
    person.go("draw")
    person.settle()
    drawn = person.recipe
    field = person.find(QLineEdit, "seed-value")
    field.setFocus()
    person.bot.keyClicks(field, "77")
    person.control(Qt.Key.Key_Z, at=field)
    assert field.text() != "77"
    assert person.recipe == drawn


def test_undo_in_a_prompt_that_was_drawn_undoes_the_picture(person: Person) -> None:
    person.choose("tiny-prior")
    before = person.recipe
    edit = person.find(QPlainTextEdit, "prompt-1")
    edit.setFocus()
    person.bot.keyClicks(edit, "blue fish")
    person.bot.keyClick(edit, Qt.Key.Key_Return)
    person.settle()
    person.control(Qt.Key.Key_Z, at=edit)
    person.settle()
    assert person.recipe == before
    assert edit.toPlainText() == ""
    person.control(Qt.Key.Key_Z, at=edit, shift=True)
    person.settle()
    assert edit.toPlainText() == "blue fish"


def test_the_undo_button_says_what_it_takes_back(person: Person) -> None:
    person.choose("tiny-prior")
    person.studio.editor.set_prompts((WeightedPrompt(text="<b>fish & <img>"),))
    undo = person.window.actions_by_id["undo"]
    person.until(lambda: "fish" in undo.toolTip())
    shown = QTextDocument()
    shown.setHtml(undo.toolTip())
    assert "<b>fish & <img>" in shown.toPlainText()
    assert "Ctrl+Z" in undo.toolTip()


def test_the_palette_lists_every_action(person: Person) -> None:
    person.control(Qt.Key.Key_K)
    palette = person.find(CommandPalette, "palette")
    assert set(palette.shown_ids()) == {row.id for row in person.window.actions_by_id.rows}
    person.bot.keyClick(person.part("palette-search"), Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_palette_walks_with_the_arrows_and_does_what_is_marked(person: Person) -> None:
    person.choose("tiny-gan")
    person.control(Qt.Key.Key_K)
    search = person.find(QLineEdit, "palette-search")
    person.bot.keyClicks(search, "view zoom")
    palette = person.find(CommandPalette, "palette")
    assert set(palette.shown_ids()) == {"zoom-in", "zoom-out"}
    second = palette.shown_ids()[1]
    zoom = person.window.stage.canvas.zoom
    person.bot.keyClick(search, Qt.Key.Key_Down)
    person.bot.keyClick(search, Qt.Key.Key_Return)
    assert (person.window.stage.canvas.zoom > zoom) == (second == "zoom-in")
    assert person.window.stage.canvas.zoom != zoom


def test_the_palette_does_nothing_that_cannot_be_done_now(person: Person) -> None:
    person.control(Qt.Key.Key_K)
    search = person.find(QLineEdit, "palette-search")
    person.bot.keyClicks(search, "undo")
    person.bot.keyClick(search, Qt.Key.Key_Return)
    assert person.find(CommandPalette, "palette").isVisible()
    assert person.studio.editor.recipe is None


def test_what_needs_a_picture_waits_for_one(person: Person) -> None:
    actions = person.window.actions_by_id
    needing = ("save", "copy", "batch", "draw", "variations", "fit", "compare", "enlarge-2")
    assert not any(actions[name].isEnabled() for name in needing)
    person.choose("tiny-gan")
    person.until(lambda: actions["save"].isEnabled() and actions["variations"].isEnabled())


def test_the_context_menu_of_the_canvas_holds_actions_of_the_window(person: Person) -> None:
    person.choose("tiny-gan")
    canvas = person.window.stage.canvas
    canvas.menu_wanted.emit(canvas.mapToGlobal(canvas.rect().center()))
    menus = [menu for menu in person.window.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    known = set(person.window.actions())
    assert menus[0].actions()
    assert set(menus[0].actions()) <= known
    menus[0].close()


def _leaves(action: QAction) -> list[QAction]:
    menu = action.menu()
    if not isinstance(menu, QMenu):
        return [action]
    return [leaf for inner in menu.actions() for leaf in _leaves(inner)]


def _key(text: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    combination = QKeySequence(text)[0]
    return combination.key(), combination.keyboardModifiers()
