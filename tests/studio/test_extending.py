"""Half a grid more, again and again: what is there stays, and undo takes it back."""

from __future__ import annotations

import numpy as np

from genstudio.recipe.values import TokenRecipe
from tests.studio.conftest import Desk


def shown(desk: Desk) -> np.ndarray:
    desk.settle()
    return desk.shown()


def grid_of(desk: Desk) -> tuple[int, int] | None:
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, TokenRecipe)
    return recipe.grid


def test_the_picture_grows_and_what_is_there_stays(desk: Desk) -> None:
    desk.open("tiny-prior")
    extending, editor = desk.studio.extending, desk.studio.editor
    before = shown(desk)
    height, width = before.shape[:2]
    for side, grid in (("right", (6, 3)), ("below", (6, 4)), ("right", (8, 4))):
        assert extending.can_extend(side)
        extending.extend(side)
        desk.until(lambda grid=grid: grid_of(desk) == grid)
        now = shown(desk)
        assert np.array_equal(now[: before.shape[0], : before.shape[1]], before)
        before = now
    assert now.shape[:2] == (4 * height // 3, 2 * width)
    desk.expect_picture()
    assert editor.history.undo_words == "extended to the right"
    editor.roll_seed()
    again = shown(desk)
    assert np.array_equal(again[:, : 3 * width // 2], now[:, : 3 * width // 2])
    desk.studio.repaint.begin()
    assert desk.studio.repaint.mask.shape == (4, 8)
    assert not desk.studio.token_sight.can_begin
    for _ in range(4):
        editor.undo()
    assert grid_of(desk) is None
    assert not desk.studio.repaint.is_on


def test_other_models_do_not_extend_and_there_is_an_end(desk: Desk) -> None:
    desk.open("tiny-gan")
    assert not desk.studio.extending.can_extend("right")
    desk.studio.extending.extend("right")
    desk.open("tiny-prior")
    extending = desk.studio.extending
    for rows in range(4, 25):
        assert extending.can_extend("below")
        extending.extend("below")
        desk.until(lambda rows=rows: grid_of(desk) == (4, rows))
        desk.settle()
    assert not extending.can_extend("below")
    assert extending.can_extend("right")
