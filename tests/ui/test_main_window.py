"""The window as a whole, driven by mouse and key with the real engine."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import LatentRecipe, TokenRecipe, WeightedPrompt
from genstudio.ui.widgets.thumbnail_strip import ThumbnailStrip
from tests.ui.window import Person


def test_the_first_page_gets_to_a_picture_in_one_click(person: Person) -> None:
    assert person.window.stage.page == "start"
    page = person.part("start-page")
    cards = [one for one in page.findChildren(QAbstractButton) if "model-" in one.objectName()]
    assert {card.objectName() for card in cards} >= {"model-tiny-gan", "model-tiny-vae"}
    person.bot.mouseClick(cards[0], Qt.MouseButton.LeftButton)
    person.settle()
    assert person.window.stage.page == "picture"
    assert person.canvas.shape[:2] == (16, 16)


def test_what_is_on_the_canvas_is_what_the_engine_makes(person: Person) -> None:
    person.choose("tiny-gan")
    made = Engine(PackStore().resolve, device="cpu").render(person.recipe)
    np.testing.assert_array_equal(person.canvas, made.pixels)


def test_a_slider_dragged_by_mouse_ends_on_its_newest_position_as_one_step(person: Person) -> None:
    person.choose("tiny-vae")
    history = person.studio.editor.history
    before, steps = person.canvas, len(history.steps)
    person.drag("control-truncation-track", 0.5, 0.2)
    person.settle()
    recipe = person.recipe
    assert isinstance(recipe, LatentRecipe)
    assert recipe.truncation == pytest.approx(0.4, abs=0.06)
    assert len(history.steps) == steps + 1
    made = Engine(PackStore().resolve, device="cpu").render(recipe)
    np.testing.assert_array_equal(person.canvas, made.pixels)
    assert not np.array_equal(person.canvas, before)


def test_undo_and_redo_say_what_they_take_back(person: Person) -> None:
    person.choose("tiny-gan")
    first = person.canvas
    person.studio.editor.set_control("truncation", 0.5)
    person.settle()
    second = person.canvas
    undo, redo = person.window.actions_by_id["undo"], person.window.actions_by_id["redo"]
    person.until(lambda: undo.text() == "Undo truncation 1 → 0.5")
    person.control(Qt.Key.Key_Z)
    np.testing.assert_array_equal(person.canvas, first)
    person.until(lambda: redo.text() == "Redo truncation 1 → 0.5" and redo.isEnabled())
    person.control(Qt.Key.Key_Z, shift=True)
    np.testing.assert_array_equal(person.canvas, second)


def test_a_seed_is_typed_rolled_and_locked(person: Person) -> None:
    person.choose("tiny-gan")
    field = person.part("seed-value")
    field.setFocus()
    person.control(Qt.Key.Key_A)
    person.bot.keyClicks(field, "77")
    person.bot.keyClick(field, Qt.Key.Key_Return)
    person.settle()
    assert seed_of(person.recipe) == 77
    person.click("seed-dice")
    person.settle()
    rolled = seed_of(person.recipe)
    assert rolled != 77
    person.click("seed-lock")
    person.control(Qt.Key.Key_Return)
    person.settle()
    assert seed_of(person.recipe) == rolled, "a locked seed stays"
    person.click("seed-lock")
    person.control(Qt.Key.Key_Return)
    person.settle()
    assert seed_of(person.recipe) != rolled


def test_a_prompt_and_enter_draw_from_words(person: Person) -> None:
    person.choose("tiny-prior")
    edit = person.window.findChild(QWidget, "prompt-1")
    assert edit is not None
    edit.setFocus()
    person.bot.keyClicks(edit, "red heart")
    person.bot.keyClick(edit, Qt.Key.Key_Return)
    person.settle()
    recipe = person.recipe
    assert isinstance(recipe, TokenRecipe)
    assert [prompt.text for prompt in recipe.prompts] == ["red heart"]
    assert person.studio.preferences.now.prompts[0] == "red heart"


def test_esc_keeps_what_is_drawn_and_f5_finishes_it(
    person: Person, slow_previews: threading.Event
) -> None:
    person.choose("tiny-prior")
    picture = person.studio.picture
    slow_previews.clear()
    person.studio.editor.set_seed(5)
    person.until(lambda: picture.partial is not None)
    person.until(person.window.actions_by_id["stop"].isEnabled)
    half = person.canvas
    person.key(Qt.Key.Key_Escape)
    slow_previews.set()
    person.until(lambda: picture.is_stopped)
    np.testing.assert_array_equal(person.canvas, half)
    person.until(person.window.actions_by_id["draw-again"].isEnabled)
    person.key(Qt.Key.Key_F5)
    person.settle()
    made = Engine(PackStore().resolve, device="cpu").render(person.recipe)
    np.testing.assert_array_equal(person.canvas, made.pixels)


def test_a_variation_is_picked_by_keys_as_one_step(person: Person) -> None:
    person.choose("tiny-gan")
    steps = len(person.studio.editor.history.steps)
    person.control(Qt.Key.Key_G)
    assert person.window.stage.page == "sheet"
    person.until(lambda: len(person.studio.variations.pictures) == 9)
    wanted = person.studio.variations.pictures[1]
    person.bot.keyClick(person.window.stage.sheet, Qt.Key.Key_Right)
    person.key(Qt.Key.Key_Return)
    person.settle()
    assert person.window.stage.page == "picture"
    np.testing.assert_array_equal(person.canvas, wanted)
    assert len(person.studio.editor.history.steps) == steps + 1


def test_esc_leaves_the_sheet_with_the_picture_as_it_was(person: Person) -> None:
    person.choose("tiny-gan")
    before = person.recipe
    person.control(Qt.Key.Key_G)
    person.until(lambda: len(person.studio.variations.pictures) == 9)
    person.until(lambda: not person.studio.picture.is_busy)
    person.bot.keyClick(person.window.stage.sheet, Qt.Key.Key_Escape)
    assert person.window.stage.page == "picture"
    assert person.recipe == before


def test_the_palette_finds_and_does(person: Person) -> None:
    person.choose("tiny-gan")
    person.control(Qt.Key.Key_K)
    search = person.part("palette-search")
    person.bot.keyClicks(search, "tiles")
    person.bot.keyClick(search, Qt.Key.Key_Return)
    assert person.window.stage.canvas.is_tiled
    assert not person.part("palette").isVisible()


def test_enlarging_makes_a_larger_picture_in_the_same_place(person: Person) -> None:
    person.choose("tiny-gan")
    canvas = person.window.stage.canvas
    person.key(Qt.Key.Key_Plus)
    small, shown = person.canvas, canvas.geometry_shown
    place = shown.picture_rect
    person.control(Qt.Key.Key_2, shift=True)
    person.settle()
    assert person.canvas.shape[:2] == (2 * small.shape[0], 2 * small.shape[1])
    assert canvas.geometry_shown.picture_rect == place
    person.until(person.window.actions_by_id["enlarge-2"].isChecked)
    person.control(Qt.Key.Key_2, shift=True)
    person.settle()
    np.testing.assert_array_equal(person.canvas, small)


def test_before_and_after_lie_side_by_side(person: Person) -> None:
    person.choose("tiny-gan")
    person.control(Qt.Key.Key_E, shift=True)
    person.studio.editor.set_seed(77)
    person.settle()
    canvas = person.window.stage.canvas
    person.until(lambda: canvas.is_comparing)
    middle = canvas.grab().toImage()
    canvas.set_divider(0.0)
    after = canvas.grab().toImage()
    assert middle != after
    person.control(Qt.Key.Key_E)
    assert not canvas.is_comparing


def test_tiles_and_zoom_have_their_keys(person: Person) -> None:
    person.choose("tiny-gan")
    canvas = person.window.stage.canvas
    person.control(Qt.Key.Key_T)
    assert canvas.is_tiled
    person.control(Qt.Key.Key_T)
    assert not canvas.is_tiled
    person.control(Qt.Key.Key_1)
    assert canvas.zoom == 1.0
    person.control(Qt.Key.Key_Plus)
    assert canvas.zoom > 1.0
    person.control(Qt.Key.Key_Minus)
    assert canvas.zoom == pytest.approx(1.0)
    person.control(Qt.Key.Key_0)
    assert canvas.is_fitted


def test_the_canvas_follows_a_slider_while_it_is_dragged(person: Person) -> None:
    person.choose("tiny-vae")
    track = person.part("control-truncation-track")
    middle = track.height() // 2
    before = person.canvas
    person.bot.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(track.width() // 2, middle))
    person.bot.mouseMove(track, QPoint(track.width() // 4, middle))
    person.until(lambda: not np.array_equal(person.canvas, before))
    half = person.canvas
    person.bot.mouseMove(track, QPoint(10, middle))
    person.until(lambda: not np.array_equal(person.canvas, half))
    person.bot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(10, middle))
    person.settle()
    person.control(Qt.Key.Key_Z)
    person.settle()
    np.testing.assert_array_equal(person.canvas, before)


def test_a_named_direction_is_dragged_reset_and_typed(person: Person) -> None:
    person.choose("tiny-vae")
    person.until(lambda: person.studio.sliders.finding is None)
    person.bot.wait(50)
    first = person.canvas
    person.drag("slider-brightness-track", 0.5, 0.9, steps=10)
    person.settle()
    recipe = person.recipe
    assert isinstance(recipe, LatentRecipe)
    assert [move.direction for move in recipe.moves] == ["brightness"]
    assert not np.array_equal(person.canvas, first)
    track = person.part("slider-brightness-track")
    person.bot.mouseDClick(track, Qt.MouseButton.LeftButton)
    person.settle()
    np.testing.assert_array_equal(person.canvas, first)


def test_models_come_back_as_they_were_left(person: Person) -> None:
    person.choose("tiny-gan")
    person.studio.editor.set_control("truncation", 0.5)
    person.settle()
    left = person.canvas
    person.choose("tiny-vae")
    assert person.canvas.shape[:2] == (12, 16)
    person.choose("tiny-gan")
    np.testing.assert_array_equal(person.canvas, left)


def test_a_step_of_the_history_is_gone_back_to_by_mouse(person: Person) -> None:
    person.choose("tiny-gan")
    first = person.canvas
    for _ in range(2):
        person.click("seed-dice")
        person.settle()
    strip = person.find(ThumbnailStrip, "history-strip")
    person.until(lambda: strip.model().rowCount() == 3)
    person.bot.wait(50)
    place = strip.visualRect(strip.model().index(0, 0)).center()
    person.bot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.settle()
    np.testing.assert_array_equal(person.canvas, first)
    assert person.studio.editor.history.can_redo


def test_panels_are_hidden_and_shown_by_keys(person: Person) -> None:
    person.choose("tiny-gan")
    docks = person.window.docks
    person.key(Qt.Key.Key_F10)
    assert not any(dock.isVisible() for dock in docks.values())
    person.key(Qt.Key.Key_F10)
    assert all(dock.isVisible() for dock in docks.values())
    person.bot.keyClick(person.window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert not docks["draw"].isVisible()
    person.bot.keyClick(person.window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert docks["draw"].isVisible()


def test_a_prompt_from_elsewhere_that_ends_in_a_space_counts_as_drawn(person: Person) -> None:
    person.choose("tiny-prior")
    person.studio.editor.set_prompts((WeightedPrompt(text="red heart "),))
    person.settle()
    assert person.find(QAbstractButton, "prompt-draw").text() == "Draw another"
