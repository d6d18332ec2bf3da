"""The sheet of variations: nothing is lost by looking, a pick is one step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.base.errors import RecipeError
from genstudio.recipe import codec
from genstudio.recipe.values import LatentRecipe, TokenRecipe, WeightedPrompt
from tests import builders
from tests.studio.conftest import Desk, Renders, rendered


def test_a_sheet_holds_the_picture_itself_and_others_like_it(desk: Desk) -> None:
    desk.open("tiny-gan")
    variations, arrived = desk.studio.variations, []
    variations.arrived.connect(arrived.append)
    variations.begin(9, "near")
    assert variations.is_open
    assert arrived == [0], "the picture itself is there at once"
    desk.until(lambda: len(arrived) == 9)
    assert sorted(arrived) == list(range(9))
    assert variations.pictures[0] is desk.shown()
    assert len(set(variations.recipes)) == 9
    for index in (1, 8):
        made = rendered(variations.recipes[index])
        np.testing.assert_array_equal(variations.pictures[index], made)
    assert len(desk.studio.editor.history.steps) == 1


def test_a_pick_is_one_step_and_keeps_enlarging(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor, variations = desk.studio.editor, desk.studio.variations
    editor.enlarge(desk.studio.upscaler(2))
    desk.settle()
    before, count = editor.recipe, len(editor.history.steps)
    assert isinstance(before, LatentRecipe)
    variations.begin(4, "seeds")
    desk.until(lambda: len(variations.pictures) == 4)
    assert all(p.shape == (16, 16, 3) for p in variations.pictures.values())
    chosen = variations.recipes[2]
    variations.pick(2)
    assert not variations.is_open
    assert variations.pictures == {}
    assert isinstance(editor.recipe, LatentRecipe)
    assert isinstance(chosen, LatentRecipe)
    assert editor.recipe.source == chosen.source
    assert editor.recipe.upscaling == before.upscaling
    assert len(editor.history.steps) == count + 1
    assert editor.history.undo_words == "variation 3"
    desk.settle()
    desk.expect_picture()
    editor.undo()
    assert editor.recipe == before


def test_picking_the_picture_itself_changes_nothing(desk: Desk) -> None:
    desk.open("tiny-gan")
    steps = desk.studio.editor.history.steps
    desk.studio.variations.begin(4)
    desk.studio.variations.pick(0)
    assert not desk.studio.variations.is_open
    assert desk.studio.editor.history.steps == steps


def test_closing_the_sheet_stops_its_pictures(renders: Renders, desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.until(lambda: desk.studio.sliders.directions)
    desk.finish_all()
    renders.hold()
    desk.studio.variations.begin(64, "near")
    count = len(renders.recipes)
    desk.studio.variations.close()
    desk.finish_all()
    assert len(renders.recipes) <= count + 1
    assert not desk.studio.variations.is_open
    renders.release()
    desk.studio.editor.set_seed(3)
    desk.settle()
    desk.expect_picture()


def test_a_second_sheet_gets_none_of_the_firsts_pictures(desk: Desk) -> None:
    desk.open("tiny-gan")
    variations = desk.studio.variations
    variations.begin(9, "seeds")
    desk.until(lambda: len(variations.pictures) > 2)
    variations.begin(9, "seeds")
    desk.until(lambda: len(variations.pictures) == 9)
    desk.finish_all()
    for index, picture in variations.pictures.items():
        np.testing.assert_array_equal(picture, rendered(variations.recipes[index]))


def test_undo_or_another_model_leaves_the_sheet(desk: Desk) -> None:
    desk.open("tiny-vae")
    desk.open("tiny-gan")
    variations = desk.studio.variations
    variations.begin(4)
    desk.studio.editor.enlarge(desk.studio.upscaler(2))
    assert variations.is_open, "it is still a sheet of this picture"
    desk.studio.editor.undo()
    assert variations.is_open
    desk.studio.editor.undo()
    assert not variations.is_open
    desk.settle()
    desk.expect_picture()


def test_a_token_models_variations_are_other_seeds_of_the_same_prompt(desk: Desk) -> None:
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts((WeightedPrompt(text="red cat"),))
    variations = desk.studio.variations
    variations.begin(4, "near")
    assert variations.kind == "seeds"
    recipes = [one for one in variations.recipes if isinstance(one, TokenRecipe)]
    assert len({one.seed for one in recipes}) == 4
    assert {one.prompts[0].text for one in recipes} == {"red cat"}


def test_a_picture_from_words_has_other_seeds_too(desk: Desk, home: Path) -> None:
    desk.until(lambda: desk.studio.models.is_read)
    builders.prompted_gan(home / "packs" / "prompted-gan")
    desk.studio.models.reload()
    desk.until(lambda: desk.studio.models.find("prompted-gan"))
    desk.open("prompted-gan")
    desk.studio.editor.set_prompts((WeightedPrompt(text="red cat"),))
    variations = desk.studio.variations
    variations.begin(4, "seeds")
    desk.until(lambda: len(variations.pictures) == 4)
    assert len(set(variations.recipes)) == 4
    assert desk.told() == []


def test_a_long_line_of_picks_can_still_be_saved_and_read(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor, variations = desk.studio.editor, desk.studio.variations
    for _ in range(80):
        variations.begin(2, "near", 0.1)
        variations.pick(1)
    desk.settle()
    desk.expect_picture()
    recipe = editor.recipe
    assert recipe is not None
    try:
        assert codec.decode(codec.encode(recipe), "the recipe") == recipe
    except RecipeError as error:
        pytest.fail(str(error))


def test_a_near_variation_stays_near_after_many_picks(desk: Desk) -> None:
    desk.open("tiny-gan")
    variations = desk.studio.variations
    near, far = [], []
    for _ in range(5):
        for _ in range(60):
            variations.begin(2, "near", 0.1)
            variations.pick(1)
        desk.settle()
        before = desk.shown().astype(float)
        for found, spread in ((near, 0.1), (far, 0.9)):
            variations.begin(9, "near", spread)
            desk.until(lambda: len(variations.pictures) == 9)
            found += [np.abs(variations.pictures[i] - before).mean() for i in range(1, 9)]
    assert np.mean(near) < np.mean(far) / 2
