"""Breeding by mouse and key, and the tree."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget

from genstudio.ui.widgets.picture_slot import PictureSlot
from tests.ui.window import Person


def full_sheet(person: Person) -> None:
    variations = person.studio.variations
    person.until(lambda: variations.is_open and len(variations.pictures) == 9)


def test_a_child_is_bred_picked_and_stands_in_the_tree(person: Person) -> None:
    person.choose("tiny-gan")
    first = person.recipe
    person.window.toggle_dock("family")
    person.click("family-breed")
    full_sheet(person)
    person.bot.keyClick(person.window.stage.sheet.cells[0], Qt.Key.Key_Right)
    person.key(Qt.Key.Key_Return)
    person.settle()
    tree = person.find(QTreeWidget, "family-tree")
    parent = tree.topLevelItem(0)
    assert parent is not None
    assert parent.childCount() == 1
    assert not parent.child(0).icon(0).isNull()
    tree.setFocus()
    tree.setCurrentItem(parent)
    person.bot.keyClick(tree, Qt.Key.Key_Return)
    person.until(lambda: person.recipe == first)


def test_the_first_two_marked_pictures_of_a_sheet_are_the_parents(person: Person) -> None:
    person.choose("tiny-gan")
    person.control(Qt.Key.Key_M)
    full_sheet(person)
    variations, sheet = person.studio.variations, person.window.stage.sheet
    marked = (variations.recipes[1], variations.recipes[4])
    for index in (1, 4, 6):
        person.bot.keyClick(sheet.cells[index], Qt.Key.Key_Space)
    person.control(Qt.Key.Key_M)
    assert "the first two marks count" in person.said
    person.until(lambda: variations.recipes[0] == marked[0])
    full_sheet(person)
    variations.pick(3)
    family = person.studio.breeding.family
    parents = {family.members[number].recipe for number in family.members[-1].parents}
    assert parents == set(marked)


def test_the_second_parent_is_seen_and_let_go(person: Person) -> None:
    person.choose("tiny-gan")
    person.window.toggle_dock("family")
    slot = person.find(PictureSlot, "family-second")
    assert slot.is_empty
    assert not person.part("family-alone").isEnabled()
    person.click("family-second")
    assert not slot.is_empty
    person.click("family-alone")
    assert slot.is_empty
    assert person.studio.breeding.partner is None


def test_the_newest_member_is_in_view(person: Person) -> None:
    person.choose("tiny-gan")
    person.window.toggle_dock("family")
    for _ in range(4):
        person.click("family-breed")
        full_sheet(person)
        person.studio.variations.pick(2)
        person.settle()
    tree = person.find(QTreeWidget, "family-tree")
    newest = tree.currentItem()
    assert newest is not None
    assert newest.text(0).startswith("5,")
    assert tree.viewport().rect().intersects(tree.visualItemRect(newest))
