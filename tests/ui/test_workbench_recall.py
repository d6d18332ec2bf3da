"""What is done at the workbench is a recipe: undone in words, kept, and in the picture's file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from genstudio.base.paths import data_folder
from genstudio.recipe.png import find_recipe
from genstudio.recipe.values import Recipe
from tests.ui.window import Person

NO, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
Key = Qt.Key


def press(person: Person, *keys: Key, with_: Qt.KeyboardModifier = NO) -> None:
    """Press keys where the focus is, one after the other."""
    for key in keys:
        QApplication.processEvents()
        person.bot.keyClick(QApplication.focusWidget() or person.window, key, with_)


def pick(person: Person) -> None:
    """Wait for a full sheet, and take its second picture by keys."""
    variations = person.studio.variations
    person.until(lambda: variations.is_open and len(variations.pictures) == len(variations.recipes))
    press(person, Key.Key_Right, Key.Key_Return)


def breed(person: Person) -> None:
    press(person, Key.Key_M, with_=CONTROL)
    pick(person)


def breed_of_two(person: Person) -> None:
    press(person, Key.Key_M, with_=CONTROL | SHIFT)
    person.studio.editor.set_seed(5)
    person.settle()
    breed(person)


def go_by_the_map(person: Person) -> None:
    atlas = person.studio.atlas
    press(person, Key.Key_F6)
    person.until(lambda: len(atlas.places) > 16)
    press(person, Key.Key_Right, Key.Key_Right, Key.Key_Return)


def move_the_pad(person: Person) -> None:
    person.until(lambda: person.studio.sliders.directions is not None)
    person.click("pad-header")
    pad = person.part("pad-square")
    pad.setFocus()
    press(person, Key.Key_Right)


def blend(person: Person) -> None:
    press(person, Key.Key_A, with_=CONTROL | SHIFT)
    person.studio.editor.set_seed(9)
    person.settle()
    press(person, Key.Key_D, with_=CONTROL | SHIFT)
    person.part("blend-slider-track").setFocus()
    press(person, Key.Key_Home)


def keep_a_place_of_a_walk(person: Person) -> None:
    press(person, Key.Key_K, with_=CONTROL | SHIFT)
    person.studio.editor.set_seed(9)
    person.settle()
    press(person, Key.Key_K, with_=CONTROL | SHIFT)
    person.window.toggle_dock("walk")
    person.part("walk-place").setFocus()
    press(person, Key.Key_PageUp)
    person.click("walk-take")


def take_an_own_picture(person: Person) -> None:
    path = Path("own.png").absolute()
    Image.fromarray(np.full((12, 16, 3), 200, np.uint8)).save(path)
    person.drop(path)
    person.until(lambda: "own.png" in person.said)
    person.answer("Start from it")


def repaint(person: Person) -> None:
    press(person, Key.Key_R, with_=CONTROL)
    person.until(person.part("mask-layer").isVisible)
    press(person, Key.Key_Down, Key.Key_Space, Key.Key_Return)


def fork(person: Person) -> None:
    press(person, Key.Key_U, with_=CONTROL)
    person.until(lambda: person.studio.token_sight.odds is not None)
    press(person, Key.Key_Right, Key.Key_Return)
    pick(person)


def extend(person: Person) -> None:
    press(person, Key.Key_Right, with_=CONTROL | ALT)


def take_the_critics_best(person: Person) -> None:
    press(person, Key.Key_B, with_=CONTROL | SHIFT)


def kept_as(recipe: Recipe) -> Path | None:
    """The library's picture of a recipe, once it is there."""
    kept = (data_folder() / "library").rglob("*.png")
    return next((path for path in kept if find_recipe(path).recipe == recipe), None)


GAN, VAE, PRIOR = "tiny-gan", "tiny-vae", "tiny-prior"
GESTURES: list[tuple[Callable[[Person], None], tuple[str, ...], str]] = [
    (breed, (GAN, VAE, PRIOR), "child 2"),
    (breed_of_two, (GAN, VAE, PRIOR), "child 2"),
    (go_by_the_map, (GAN, PRIOR), "from the map: seed"),
    (move_the_pad, (GAN, VAE), "0 → +"),
    (blend, (GAN, PRIOR), "between A and B: 0 %"),
    (keep_a_place_of_a_walk, (GAN, VAE), "from the walk, 1"),
    (take_an_own_picture, (GAN, VAE, PRIOR), "from picture own.png"),
    (repaint, (PRIOR,), "9 tokens drawn again"),
    (fork, (PRIOR,), "fork 2"),
    (extend, (PRIOR,), "extended to the right"),
    (take_the_critics_best, (GAN,), "best of 16"),
]


@pytest.mark.parametrize(
    ("gesture", "model", "words"),
    [
        pytest.param(gesture, model, words, id=f"{gesture.__name__} {model}")
        for gesture, models, words in GESTURES
        for model in models
    ],
)
def test_a_gesture_is_one_recipe_that_is_undone_kept_and_recalled(
    person: Person, gesture: Callable[[Person], None], model: str, words: str
) -> None:
    person.choose(model)
    editor = person.studio.editor
    editor.set_seed(2)
    person.settle()
    gesture(person)
    person.until(lambda: words in editor.history.undo_words)
    person.settle()
    after, before = person.recipe, editor.history.steps[-2].recipe
    assert after != before
    person.until(lambda: kept_as(after) is not None)
    person.control(Qt.Key.Key_Z)
    assert person.recipe == before
    kept = kept_as(after)
    assert kept is not None
    person.drop(kept)
    person.until(lambda: person.recipe == after)
