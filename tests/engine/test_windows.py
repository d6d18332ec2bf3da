"""Pictures beyond the grid: windows cover them, what was there stays, each window has its luck."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import PackError, RecipeError
from genstudio.engine.windows import windows
from genstudio.packs.check import check_pack
from genstudio.packs.settings import fresh_recipe
from genstudio.recipe.values import KeptTokens, TokenRecipe
from tests import builders

GRID = (4, 3)


def tokens_of(engine, recipe: TokenRecipe) -> np.ndarray:
    width, height = recipe.grid or GRID
    kept = engine.tokens(recipe)
    return np.frombuffer(kept.tokens, "<u4").reshape(height, width)


def recipe_of(pack) -> TokenRecipe:
    recipe = fresh_recipe(pack.ref, pack.manifest, 5)
    assert isinstance(recipe, TokenRecipe)
    return recipe


@pytest.mark.parametrize("grid", [(4, 3), (6, 3), (7, 9), (5, 4), (40, 3)])
def test_windows_cover_the_grid_and_overlap(grid: tuple[int, int]) -> None:
    seen = np.zeros(grid[0] * grid[1], int)
    for number, cells in enumerate(windows(grid, GRID)):
        assert len(cells) == GRID[0] * GRID[1]
        if number:
            assert seen[cells].any(), "each sees a part of what was drawn before"
        seen[cells] += 1
        row, column = divmod(int(cells[0]), grid[0])
        square = cells.reshape(GRID[1], GRID[0])
        assert np.array_equal(square // grid[0] - row, np.indices((3, 4))[0])
        assert np.array_equal(square % grid[0] - column, np.indices((3, 4))[1])
    assert seen.all()


@pytest.mark.parametrize("kind", [{}, {"palette": True}, {"layout": "shared"}])
def test_a_larger_picture_begins_as_the_small_one_and_goes_on(build, engine, kind) -> None:
    pack = build(builders.prior, extends=True, **kind)
    recipe = recipe_of(pack)
    larger = replace(recipe, grid=(8, 5))
    small, large = tokens_of(engine, recipe), tokens_of(engine, larger)
    assert np.array_equal(large[:3, :4], small)
    cell = engine.render(recipe).pixels.shape[0] // 3
    picture = engine.render(larger).pixels
    assert picture.shape[:2] == (5 * cell, 8 * cell)
    assert np.array_equal(picture[: 3 * cell, : 4 * cell], engine.render(recipe).pixels)
    assert np.array_equal(tokens_of(engine, larger), large)
    other = tokens_of(engine, replace(larger, seed=6))
    assert not np.array_equal(other, large)


def test_kept_tokens_of_a_larger_picture_stay(build, engine) -> None:
    pack = build(builders.prior, extends=True)
    recipe = replace(recipe_of(pack), grid=(6, 3))
    first = tokens_of(engine, recipe)
    kept = np.zeros((3, 6), np.uint8)
    kept[:, :3] = 1
    held = KeptTokens(tokens=first.astype("<u4").tobytes(), kept=kept.tobytes())
    second = tokens_of(engine, replace(recipe, seed=99, kept=held))
    assert np.array_equal(second[:, :3], first[:, :3])
    assert not np.array_equal(second[:, 3:], first[:, 3:])


@pytest.mark.parametrize("grid", [(2, 3), (4, 2), (400, 3)])
def test_grids_that_cannot_be_drawn_are_refused(build, engine, grid) -> None:
    pack = build(builders.prior, extends=True)
    with pytest.raises(RecipeError, match="4 x 3"):
        engine.render(replace(recipe_of(pack), grid=grid))


def test_a_model_that_does_not_extend_says_so(build, engine) -> None:
    pack = build(builders.prior)
    with pytest.raises(RecipeError, match="no larger"):
        engine.render(replace(recipe_of(pack), grid=(6, 3)))


def test_odds_are_of_one_drawing(build, engine) -> None:
    pack = build(builders.prior, extends=True)
    with pytest.raises(RecipeError, match="goes beyond"):
        engine.odds(replace(recipe_of(pack), grid=(6, 3)))


def test_a_decoder_of_one_size_may_not_claim_to_extend(tmp_path) -> None:
    folder = builders.prior(tmp_path / "prior", extends=True)
    check_pack(folder)
    fixed = builders.prior(tmp_path / "fixed")
    builders.change_manifest(fixed, lambda plain: plain["model"].update(extends=True))
    with pytest.raises(PackError, match="any number of rows"):
        check_pack(fixed)


def test_a_larger_picture_tells_how_far_it_is(build, engine) -> None:
    recipe = recipe_of(build(builders.prior, extends=True))
    told: list[float] = []
    engine.render(replace(recipe, grid=(8, 5)), lambda done, *_: told.append(done))
    assert told == sorted(told)
    assert len(set(told)) > 20, "within each window, not only between them"
