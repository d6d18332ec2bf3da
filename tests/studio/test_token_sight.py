"""How sure the model was of each token, and forking from a token that might have been."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.recipe.values import TokenRecipe, WeightedPrompt
from tests.studio.conftest import Desk

COLUMNS, ROWS = 4, 3


def looked_into(desk: Desk) -> TokenRecipe:
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts((WeightedPrompt(text="a red cat"),))
    desk.settle()
    desk.studio.token_sight.begin()
    desk.until(lambda: desk.studio.token_sight.odds)
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, TokenRecipe)
    return recipe


def test_the_odds_are_the_priors_own(desk: Desk) -> None:
    recipe = looked_into(desk)
    odds = desk.studio.token_sight.odds
    assert odds is not None
    assert odds.entropy.shape == odds.chance.shape == (ROWS, COLUMNS)
    assert (odds.entropy >= 0).all()
    assert odds.entropy.max() > 0
    engine = Engine(PackStore().resolve, device="cpu")
    assert odds.tokens == engine.tokens(recipe)
    # Drawn without luck, each token is the likeliest one, told what stands before it.
    sure = replace(recipe, temperature=0.0)
    told = engine.odds(sure)
    assert (told.chance[..., None] >= told.runner_chances).all()
    everything = told.chance + told.runner_chances.sum(axis=-1)
    assert (everything <= 1 + 1e-4).all()
    assert (np.diff(told.runner_chances, axis=-1) <= 0).all()
    # One thousand draws of the first token come as often as the odds say.
    drawn = [
        np.frombuffer(engine.tokens(replace(recipe, seed=seed)).tokens, "<u4")[0]
        for seed in range(300)
    ]
    share = np.mean(np.array(drawn) == odds.runners[0, 0, 0])
    assert abs(share - odds.runner_chances[0, 0, 0]) < 0.1


def test_runners_up_are_forks_that_keep_all_before_them(desk: Desk) -> None:
    recipe = looked_into(desk)
    sight, variations = desk.studio.token_sight, desk.studio.variations
    odds = sight.odds
    assert odds is not None
    sight.show_runners(1, 1)
    assert not sight.is_on
    desk.until(lambda: len(variations.pictures) == len(variations.recipes))
    assert variations.recipes[0] == recipe
    assert len(variations.labels) == len(variations.recipes) > 2
    assert variations.labels[1].endswith("%")
    engine, cell = Engine(PackStore().resolve, device="cpu"), COLUMNS + 1
    was = np.frombuffer(odds.tokens.tokens, "<u4")
    for fork, runner in zip(variations.recipes[1:], odds.runners[1, 1], strict=True):
        assert isinstance(fork, TokenRecipe)
        now = np.frombuffer(engine.tokens(fork).tokens, "<u4")
        assert (now[:cell] == was[:cell]).all()
        assert now[cell] == runner != was[cell]
    variations.pick(2)
    desk.settle()
    desk.expect_picture()
    desk.studio.editor.undo()
    assert desk.studio.editor.recipe == recipe


def test_it_follows_the_picture_and_ends_with_the_model(desk: Desk) -> None:
    looked_into(desk)
    sight = desk.studio.token_sight
    first = sight.odds
    assert first is not None
    desk.studio.editor.set_seed(77)
    assert sight.odds is None
    desk.until(lambda: sight.odds)
    assert sight.odds.tokens != first.tokens
    desk.studio.editor.choose_model("tiny-gan")
    assert not sight.is_on
    sight.begin()
    assert not sight.is_on


def test_it_tells_how_far_the_looking_is(desk: Desk) -> None:
    told: list[float] = []
    sight = desk.studio.token_sight
    sight.changed.connect(lambda _: told.append(sight.done))
    looked_into(desk)
    assert told == sorted(told)
    assert any(0 < done < 1 for done in told)
