"""Every intention is one step, in words, and undo and redo go over all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genstudio.media.pictures import write_picture
from genstudio.recipe.values import FromSeed, LatentRecipe, WeightedPrompt
from genstudio.studio.studio import Studio
from tests.studio.conftest import Desk, rendered

Intention = Callable[[Studio], None]


def drag_truncation(studio: Studio) -> None:
    for tenth in range(9, 4, -1):
        studio.editor.set_control("truncation", tenth / 10, dragging=True)
    studio.editor.finish()


LATENT: dict[str, Intention] = {
    "truncation 1 → 0.5": drag_truncation,
    "noise strength 1 → 0.25": lambda s: s.editor.set_control("noise-strength", 0.25),
    "seed 1 → 77": lambda s: s.editor.set_seed(77),
    "style mixing from seed 4 on layers 1-2": lambda s: s.editor.mix_with(FromSeed(seed=4), (1, 3)),
    "enlarged 2×": lambda s: s.editor.enlarge(s.upscaler(2)),
    "latent 2 0 → +1.5": lambda s: s.sliders.move("latent 2", 1.5),
    "All controls reset": lambda s: s.editor.start_again(),
    "model Tiny vae": lambda s: s.editor.choose_model("tiny-vae"),
    "as a variation": lambda s: s.editor.open(
        LatentRecipe(model=s.editor.recipe.model, source=FromSeed(seed=3)), "as a variation"
    ),
}


def test_undo_and_redo_go_over_all_intentions_in_words(desk: Desk) -> None:
    desk.open("tiny-gan")
    studio, history = desk.studio, desk.studio.editor.history
    studio.editor.set_seed(1)
    first = len(history.steps) - 1
    recipes, words = [studio.editor.recipe], []
    for intention in LATENT.values():
        intention(studio)
        recipes.append(studio.editor.recipe)
        words.append(history.undo_words)
        assert len(history.steps) == first + len(recipes), f"one step: {history.undo_words}"
    assert words == list(LATENT)
    for recipe, word in zip(reversed(recipes[:-1]), reversed(words), strict=True):
        assert history.undo_words == word
        studio.editor.undo()
        assert studio.editor.recipe == recipe
    desk.settle()
    desk.expect_picture()
    for recipe, word in zip(recipes[1:], words, strict=True):
        assert history.redo_words == word
        studio.editor.redo()
        assert studio.editor.recipe == recipe
    assert not history.can_redo
    desk.settle()
    desk.expect_picture()
    assert desk.told() == []


def test_every_step_of_a_token_model_can_be_undone_in_words(desk: Desk) -> None:
    desk.open("tiny-prior")
    editor = desk.studio.editor
    editor.set_seed(1)
    editor.set_prompts((WeightedPrompt(text="red cat"),))
    assert editor.history.undo_words == "prompt “red cat”"
    editor.set_control("temperature", 0.5)
    assert editor.history.undo_words == "temperature 1 → 0.5"
    editor.set_control("style", "flat")
    assert "flat" in editor.history.undo_words
    for _ in range(3):
        editor.undo()
    desk.settle()
    desk.expect_picture()
    assert editor.history.redo_words == "prompt “red cat”"


def test_a_drag_that_comes_back_to_where_it_began_leaves_no_step(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    steps = editor.history.steps
    for value in (0.9, 0.4, 1.0):
        editor.set_control("truncation", value, dragging=True)
    editor.finish()
    assert editor.history.steps == steps
    desk.settle()
    desk.expect_picture()


def test_two_drags_of_one_slider_are_two_steps(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    count = len(editor.history.steps)
    for value in (0.8, 0.6):
        editor.set_control("truncation", value + 0.1, dragging=True)
        editor.set_control("truncation", value, dragging=True)
        editor.finish()
    assert len(editor.history.steps) == count + 2
    editor.undo()
    assert isinstance(editor.recipe, LatentRecipe)
    assert editor.recipe.truncation == 0.8


def test_undo_in_the_middle_of_a_drag_takes_the_whole_drag_back(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    before = editor.recipe
    for value in (0.9, 0.4):
        editor.set_control("truncation", value, dragging=True)
    editor.undo()
    assert editor.recipe == before
    desk.settle()
    desk.expect_picture()


def test_going_to_a_step_of_the_strip_shows_its_picture(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    second = editor.history.steps[0].number
    for seed in (1, 2, 3):
        editor.set_seed(seed)
        desk.settle()
    editor.go_to(second)
    assert editor.recipe == editor.history.steps[0].recipe
    desk.expect_picture()
    editor.go_to(10**6)
    assert editor.recipe == editor.history.steps[0].recipe


def test_a_model_that_was_left_comes_back_as_it_was(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.editor.set_control("truncation", 0.3)
    left = desk.studio.editor.recipe
    desk.open("tiny-vae")
    desk.open("tiny-gan")
    assert desk.studio.editor.recipe == left


@pytest.mark.parametrize(
    ("name", "value"), [("truncation", 9), ("no such control", 1), ("noise-strength", -1)]
)
def test_what_a_control_does_not_take_is_a_sentence_and_no_step(
    desk: Desk, name: str, value: float
) -> None:
    desk.open("tiny-gan")
    before = desk.studio.editor.history.steps
    desk.studio.editor.set_control(name, value)
    assert len(desk.told()) == 1
    assert name in desk.told()[0]
    assert desk.studio.editor.history.steps == before
    desk.expect_picture()


def test_intentions_before_a_model_is_chosen_say_so(desk: Desk) -> None:
    editor = desk.studio.editor
    editor.set_seed(1)
    editor.set_control("truncation", 0.5)
    editor.enlarge(None)
    editor.undo()
    editor.redo()
    editor.finish()
    editor.start_again()
    desk.studio.draw()
    assert editor.recipe is None
    assert set(desk.told()) == {"Choose a model first."}


def test_drawing_another_keeps_a_locked_seed(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    before = editor.recipe
    editor.lock_seed(True)
    desk.studio.draw()
    assert editor.recipe == before
    editor.lock_seed(False)
    desk.studio.draw()
    assert editor.recipe != before
    desk.settle()
    desk.expect_picture()


def test_an_opened_picture_is_one_step_named_by_its_file(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    recipe = LatentRecipe(model=desk.studio.editor.recipe.model, source=FromSeed(seed=99))
    pixels = rendered(recipe)
    write_picture(tmp_path / "ninety nine.png", pixels, recipe)
    count = len(desk.studio.editor.history.steps)
    desk.studio.open_files([tmp_path / "ninety nine.png"])
    desk.until(lambda: desk.studio.editor.recipe == recipe)
    desk.settle()
    np.testing.assert_array_equal(desk.shown(), pixels)
    assert len(desk.studio.editor.history.steps) == count + 1
    assert desk.studio.editor.history.undo_words == "opened ninety nine.png"
    desk.studio.editor.undo()
    desk.settle()
    desk.expect_picture()
