"""The mask by mouse and key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from genstudio.recipe.values import TokenRecipe
from genstudio.ui.canvas.mask_layer import MaskLayer
from tests.ui.window import LEFT, Person


def masked(person: Person) -> MaskLayer:
    person.choose("tiny-prior")
    person.control(Qt.Key.Key_R)
    layer = person.find(MaskLayer, "mask-layer")
    person.until(layer.isVisible)
    layer.set_radius(0)
    return layer


def test_a_drag_marks_tokens_the_right_button_takes_them_away_and_enter_draws(
    person: Person,
) -> None:
    layer = masked(person)
    repaint = person.studio.repaint
    start, end = (layer.cell_middle(column, 1).toPoint() for column in (0, 3))
    person.bot.mousePress(layer, LEFT, pos=start)
    for part in range(11):
        person.bot.mouseMove(layer, start + (end - start) * (part / 10))
        QApplication.processEvents()
    person.bot.mouseRelease(layer, LEFT, pos=end)
    assert repaint.mask[1].all()
    assert repaint.mask.sum() == 4
    person.bot.mouseClick(layer, Qt.MouseButton.RightButton, pos=end)
    assert not repaint.mask[1, 3]
    layer.setFocus()
    person.bot.keyClick(layer, Qt.Key.Key_Return)
    person.until(lambda: isinstance(person.recipe, TokenRecipe) and person.recipe.kept)
    person.settle()
    person.bot.keyClick(layer, Qt.Key.Key_Escape)
    assert not layer.isVisible()
    person.control(Qt.Key.Key_Z)
    assert isinstance(person.recipe, TokenRecipe)
    assert person.recipe.kept is None


def test_the_keys_alone_mark_and_change_the_brush(person: Person) -> None:
    layer = masked(person)
    mask = person.studio.repaint
    person.bot.keyClick(layer, Qt.Key.Key_Right)
    person.bot.keyClick(layer, Qt.Key.Key_Down)
    person.bot.keyClick(layer, Qt.Key.Key_Space)
    assert mask.mask[1, 1]
    assert mask.mask.sum() == 1
    person.bot.keyClick(layer, Qt.Key.Key_Space)
    assert not mask.mask.any()
    person.bot.keyClick(layer, Qt.Key.Key_BracketRight)
    assert layer.radius == 1
    person.bot.keyClick(layer, Qt.Key.Key_Space)
    assert mask.mask.sum() == 5
    image = person.window.stage.canvas.grab().toImage()
    inside, outside = (layer.cell_middle(*cell).toPoint() for cell in ((1, 1), (3, 2)))
    assert image.pixelColor(inside) != image.pixelColor(outside)


def test_the_mask_keeps_to_the_picture_when_the_window_changes_its_size(person: Person) -> None:
    layer = masked(person)
    before = layer.cell_middle(0, 0)
    person.window.resize(1500, 900)
    person.until(lambda: layer.size() == person.window.stage.canvas.size())
    assert layer.cell_middle(0, 0) != before
    person.bot.mouseClick(layer, LEFT, pos=layer.cell_middle(2, 2).toPoint())
    assert person.studio.repaint.mask[2, 2]


def test_l_and_shift_lock_tokens(person: Person) -> None:
    layer = masked(person)
    repaint = person.studio.repaint
    person.bot.keyClick(layer, Qt.Key.Key_L)
    assert repaint.locked[0, 0]
    person.bot.keyClick(layer, Qt.Key.Key_Space)
    assert not repaint.mask.any()
    shift, middle = Qt.KeyboardModifier.ShiftModifier, layer.cell_middle(2, 2).toPoint()
    person.bot.mouseClick(layer, LEFT, shift, middle)
    assert repaint.locked.sum() == 2
    person.bot.mouseClick(layer, Qt.MouseButton.RightButton, shift, middle)
    person.go("mask-all")
    assert repaint.mask.sum() == repaint.mask.size - 1
    person.go("unlock-tokens")
    assert not repaint.locked.any()
    person.go("mask-ring")
    assert not repaint.ring
