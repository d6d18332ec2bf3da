"""Cutting by mouse and key."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt

from genstudio.recipe.values import Exact, LatentRecipe
from genstudio.ui.crop.cutter import Cutter
from genstudio.ui.images import to_qimage
from tests.ui.window import LEFT, Person

PICTURE = np.random.default_rng(0).integers(0, 256, (60, 200, 3), np.uint8)


def cutting(person: Person) -> Cutter:
    person.choose("tiny-vae")
    person.window.stage.image_dropped.emit(to_qimage(PICTURE))
    person.answer("Crop")
    cutter = person.find(Cutter, "crop-cutter")
    person.until(cutter.isVisible)
    return cutter


def test_a_drag_moves_the_frame_the_keys_resize_it_and_enter_reads(person: Person) -> None:
    cutter = cutting(person)
    cropping = person.studio.files.cropping
    person.until(cutter.hasFocus)
    start = cutter.frame_rect().center().toPoint()
    before = cropping.frame.x
    person.bot.mousePress(cutter, LEFT, pos=start)
    person.bot.mouseMove(cutter, start + QPoint(30, 0))
    person.bot.mouseRelease(cutter, LEFT, pos=start + QPoint(30, 0))
    assert cropping.frame.x > before
    person.bot.keyClick(cutter, Qt.Key.Key_Minus)
    assert cropping.frame.height < 60
    at = cropping.frame.x
    person.bot.keyClick(cutter, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert round(at - cropping.frame.x) == 10
    person.bot.keyClick(cutter, Qt.Key.Key_Return)
    person.until(lambda: isinstance(person.recipe, LatentRecipe) and _is_read(person))
    person.settle()
    canvas = person.window.stage.canvas
    person.until(lambda: canvas.is_comparing)
    person.control(Qt.Key.Key_Z)
    assert not _is_read(person)
    assert not canvas.is_comparing


def test_escape_leaves_the_picture_as_it_was(person: Person) -> None:
    cutter = cutting(person)
    before = person.recipe
    person.bot.keyClick(cutter, Qt.Key.Key_Escape)
    assert not cutter.isVisible()
    assert person.recipe == before


def _is_read(person: Person) -> bool:
    recipe = person.recipe
    return isinstance(recipe, LatentRecipe) and isinstance(recipe.source, Exact)
