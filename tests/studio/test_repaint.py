"""Tokens under a mask are drawn again; every other token stays as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genstudio.engine.families import autoregressive
from genstudio.engine.render import Engine
from genstudio.packs.manifest import Pack
from genstudio.packs.store import PackStore
from genstudio.recipe.values import TokenRecipe, WeightedPrompt
from tests.studio.conftest import Desk

COLUMNS, ROWS = 4, 3


def tokens(recipe: TokenRecipe) -> np.ndarray:
    kept = Engine(PackStore().resolve, device="cpu").tokens(recipe)
    return np.frombuffer(kept.tokens, "<u4").reshape(ROWS, COLUMNS)


def token_recipe(desk: Desk) -> TokenRecipe:
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, TokenRecipe)
    return recipe


def masked(desk: Desk) -> None:
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts((WeightedPrompt(text="a red cat"),))
    desk.settle()
    desk.studio.repaint.begin()


def test_only_the_masked_tokens_and_their_ring_are_drawn_again(desk: Desk) -> None:
    masked(desk)
    repaint, before = desk.studio.repaint, token_recipe(desk)
    repaint.brush(0, 0)
    for _ in range(3):
        repaint.redraw()
        desk.until(lambda was=before: token_recipe(desk) != was)
        desk.settle()
        after = token_recipe(desk)
        assert after.kept is not None
        kept = np.frombuffer(after.kept.kept, np.uint8).reshape(ROWS, COLUMNS)
        assert (kept[:2, :2] == 0).all()
        assert kept.sum() == COLUMNS * ROWS - 4
        same = tokens(after) == tokens(before)
        assert same[2:].all()
        assert same[:, 2:].all()
        assert desk.studio.editor.history.undo_words == "4 tokens drawn again"
        before = after
    desk.expect_picture()
    assert repaint.is_on, "the mask stays for another try"


def test_without_the_ring_the_mask_alone_is_drawn(desk: Desk) -> None:
    masked(desk)
    repaint = desk.studio.repaint
    repaint.ring = False
    repaint.brush(3, 2)
    repaint.redraw()
    desk.until(lambda: token_recipe(desk).kept)
    kept = token_recipe(desk).kept
    assert kept is not None
    assert kept.kept == b"\x01" * 11 + b"\x00"


def test_a_brush_marks_a_disc_and_takes_it_away(desk: Desk) -> None:
    masked(desk)
    repaint = desk.studio.repaint
    repaint.brush(1, 1, radius=1)
    assert repaint.mask.sum() == 5
    repaint.brush(1, 1, erase=True)
    assert repaint.mask.sum() == 4
    repaint.fill(marked=True)
    assert repaint.mask.all()
    repaint.fill(marked=False)
    repaint.redraw()
    assert any("Brush over" in text for text in desk.told())


def test_the_mask_goes_with_its_model_and_stays_with_its_picture(desk: Desk) -> None:
    masked(desk)
    repaint = desk.studio.repaint
    desk.studio.editor.set_control("temperature", 0.5)
    desk.settle()
    assert repaint.is_on
    desk.open("tiny-gan")
    assert not repaint.is_on
    assert not repaint.can_begin
    repaint.begin()
    assert not repaint.is_on


def test_locked_tokens_stay_whatever_is_marked(desk: Desk) -> None:
    masked(desk)
    repaint, before = desk.studio.repaint, token_recipe(desk)
    repaint.lock(1, 1)
    repaint.lock(3, 0)
    repaint.fill(marked=True)
    assert repaint.mask.sum() == COLUMNS * ROWS - 2
    repaint.redraw()
    desk.until(lambda: token_recipe(desk) != before)
    desk.settle()
    after = token_recipe(desk)
    assert after.kept is not None
    assert after.kept.kept.count(b"\x01") == 2
    same = tokens(after) == tokens(before)
    assert same[1, 1]
    assert same[0, 3]
    repaint.end()
    repaint.begin()
    assert repaint.locked.sum() == 2, "locks outlast the mask"
    repaint.lock(1, 1, unlock=True)
    assert repaint.locked.sum() == 1
    repaint.unlock_all()
    repaint.brush(1, 1)
    assert repaint.mask[1, 1]


def test_a_picture_that_was_drawn_is_not_drawn_again_for_its_tokens(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open("tiny-prior")
    drawn: list[TokenRecipe] = []
    draw_tokens = autoregressive.draw_tokens

    def watched(
        pack: Pack, recipes: list[TokenRecipe], *rest: Any, scored: bool
    ) -> autoregressive.Drawing:
        drawn.extend(recipes)
        return draw_tokens(pack, recipes, *rest, scored=scored)

    monkeypatch.setattr(autoregressive, "draw_tokens", watched)
    before, repaint = token_recipe(desk), desk.studio.repaint
    repaint.begin()
    repaint.brush(1, 1)
    repaint.redraw()
    desk.until(lambda: token_recipe(desk) != before)
    desk.settle()
    assert drawn == [token_recipe(desk)]
    desk.expect_picture()
