"""What the canvas shows while a person works, with the real engine and tiny packs."""

from __future__ import annotations

import numpy as np

from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.recipe.values import LatentRecipe
from tests.studio.conftest import Desk


def test_choosing_a_model_shows_its_picture(desk: Desk) -> None:
    desk.open("tiny-gan")
    rendering = desk.studio.picture.rendering
    assert rendering is not None
    again = Engine(PackStore().resolve, device="cpu").render(rendering.recipe)
    np.testing.assert_array_equal(rendering.pixels, again.pixels)


def test_a_drag_ends_on_its_newest_position_as_one_step(desk: Desk) -> None:
    desk.open("tiny-gan")
    steps = len(desk.studio.editor.history.steps)
    for tenth in range(1, 10):
        desk.studio.editor.set_control("truncation", tenth / 10, dragging=True)
    desk.studio.editor.finish()
    desk.settle()
    rendering = desk.studio.picture.rendering
    assert rendering is not None
    assert isinstance(rendering.recipe, LatentRecipe)
    assert rendering.recipe.truncation == 0.9
    assert len(desk.studio.editor.history.steps) == steps + 1
    assert desk.studio.editor.history.undo_words == "truncation 1 → 0.9"


def test_the_critic_tells_its_score_once_the_picture_rests(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.until(lambda: desk.studio.picture.score is not None)


def test_undo_brings_the_picture_before_back_without_rendering(desk: Desk) -> None:
    desk.open("tiny-vae")
    first = desk.studio.picture.rendering
    desk.studio.editor.set_control("truncation", 0.5)
    desk.settle()
    assert desk.studio.picture.rendering is not first
    desk.studio.editor.undo()
    assert desk.studio.picture.rendering is first
