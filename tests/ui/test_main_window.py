"""The window as a whole, driven by mouse and key with the real engine."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget

from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import LatentRecipe, TokenRecipe
from genstudio.ui.widgets.elided_label import ElidedLabel
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


def test_before_and_after_tiles_and_zoom_have_their_keys(person: Person) -> None:
    person.choose("tiny-gan")
    person.studio.editor.set_control("truncation", 0.2)
    person.settle()
    canvas = person.window.stage.canvas
    person.control(Qt.Key.Key_E)
    assert canvas.is_comparing
    person.control(Qt.Key.Key_E)
    assert not canvas.is_comparing
    person.control(Qt.Key.Key_T)
    assert canvas.is_tiled
    person.control(Qt.Key.Key_T)
    person.control(Qt.Key.Key_1)
    assert canvas.zoom == 1.0
    person.control(Qt.Key.Key_0)
    assert canvas.is_fitted


def test_enlarging_makes_a_larger_picture_in_the_same_place(person: Person) -> None:
    person.choose("tiny-gan")
    small, zoom = person.canvas, person.window.stage.canvas.zoom
    person.studio.editor.enlarge(person.studio.models.upscalers[0].ref)
    person.settle()
    scale = person.canvas.shape[0] // small.shape[0]
    assert scale > 1
    assert person.window.stage.canvas.zoom == pytest.approx(zoom / scale)
    person.control(Qt.Key.Key_Z)
    np.testing.assert_array_equal(person.canvas, small)


def test_the_palette_finds_and_does(person: Person) -> None:
    person.choose("tiny-gan")
    person.control(Qt.Key.Key_K)
    search = person.part("palette-search")
    person.bot.keyClicks(search, "tiles")
    person.bot.keyClick(search, Qt.Key.Key_Return)
    assert person.window.stage.canvas.is_tiled
    assert not person.part("palette").isVisible()


def test_nothing_is_cut_or_lies_over_another_at_1280_by_720(person: Person) -> None:
    for model in ("tiny-gan", "tiny-prior", "tiny-vae"):
        person.choose(model)
        person.until(lambda: person.studio.sliders.finding is None)
        QApplication.processEvents()
        for widget in person.window.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, QLabel | QAbstractButton):
                _fits(widget)


def _fits(widget: QLabel | QAbstractButton) -> None:
    if isinstance(widget, ElidedLabel) or not widget.text() or widget.visibleRegion().isEmpty():
        return
    if isinstance(widget, QToolButton) and _shows_icon_alone(widget):
        return
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        assert needed <= widget.height() + 1, widget.text()
        return
    words = widget.fontMetrics().horizontalAdvance(widget.text().replace("&", ""))
    assert words <= widget.width(), (widget.objectName(), widget.text())


def _shows_icon_alone(button: QToolButton) -> bool:
    alone = Qt.ToolButtonStyle.ToolButtonIconOnly
    return button.toolButtonStyle() == alone and not button.icon().isNull()
