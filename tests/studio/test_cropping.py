"""An own picture is cut to the model's shape, read, and stands beside what came of it."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.engine.pixels import fit_picture
from genstudio.recipe.values import Exact, LatentRecipe
from genstudio.studio.cropping import SMALLEST
from tests.studio.conftest import Desk

PICTURE = np.random.default_rng(0).integers(0, 256, (60, 200, 3), np.uint8)


def cropped(desk: Desk, model: str = "tiny-vae") -> None:
    desk.open(model)
    desk.studio.files.take_picture(PICTURE, "holiday.jpg")
    ways = desk.messages[-1].actions
    crop = next(action for action, text in ways if "Crop" in text)
    desk.studio.messages.choose("incoming", crop)


def test_the_frame_has_the_models_shape_and_stays_on_the_picture(desk: Desk) -> None:
    cropped(desk)
    cropping = desk.studio.files.cropping
    frame = cropping.frame
    assert (frame.width, frame.height) == (80, 60)
    assert (frame.x, frame.y) == (60, 0)
    cropping.move(1000, 1000)
    assert (cropping.frame.x, cropping.frame.y) == (120, 0)
    cropping.resize(0.5)
    assert (cropping.frame.width, cropping.frame.height) == (40, 30)
    cropping.resize(0.001)
    assert cropping.frame.height == pytest.approx(SMALLEST)
    cropping.resize(1000.0)
    assert cropping.frame.height == pytest.approx(60)
    assert cropping.frame.width / cropping.frame.height == pytest.approx(80 / 60)


def test_what_is_inside_is_read_and_the_own_picture_stands_beside_it(desk: Desk) -> None:
    cropped(desk)
    cropping, compare = desk.studio.files.cropping, desk.studio.compare
    cropping.move(30, 0)
    cropping.use()
    assert cropping.pixels is None
    desk.until(lambda: desk.studio.editor.history.undo_words == "from picture holiday.jpg")
    desk.settle()
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    assert isinstance(recipe.source, Exact)
    cut = PICTURE[:, 90:170]
    desk.until(lambda: compare.pixels is not None)
    assert compare.is_on
    assert compare.pixels is not None
    assert np.array_equal(compare.pixels, fit_picture(cut, 16, 12, 3))
    desk.studio.editor.set_control("truncation", 0.5)
    assert not compare.is_on


def test_leaving_changes_nothing(desk: Desk) -> None:
    cropped(desk)
    before = desk.studio.editor.recipe
    shown: list[bool] = []
    desk.studio.files.cropping.opened.connect(shown.append)
    desk.studio.files.cropping.leave()
    desk.finish_all()
    assert shown == [False]
    assert desk.studio.editor.recipe == before
