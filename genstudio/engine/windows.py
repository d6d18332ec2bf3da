"""Pictures beyond a token model's own grid: windows of its size, each half over the one before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import RecipeError
from genstudio.packs.manifest import Autoregressive
from genstudio.recipe.values import TokenRecipe

MOST: Final = 16
"""How many grids side by side a picture may have."""


def grid_of(recipe: TokenRecipe, model: Autoregressive, pack_id: str) -> tuple[int, int]:
    """(width, height) in tokens of a recipe's picture.

    Raises:
        RecipeError: a grid that the model cannot draw.
    """
    grid = recipe.grid or model.grid
    if grid == model.grid:
        return grid
    if not model.extends:
        raise RecipeError(
            f"The model {pack_id} draws {model.grid[0]} x {model.grid[1]} tokens and no larger "
            "pictures; take the recipe's grid out."
        )
    if any(not own <= side <= MOST * own for side, own in zip(grid, model.grid, strict=True)):
        raise RecipeError(
            f"The recipe asks for {grid[0]} x {grid[1]} tokens; the model {pack_id} draws from "
            f"{model.grid[0]} x {model.grid[1]} to {MOST} times as many each way."
        )
    return grid


def windows(grid: tuple[int, int], window: tuple[int, int]) -> Iterator[NDArray[np.int64]]:
    """The cells of each window, in raster order: indices into the cells of `grid`.

    Both are (width, height). Windows come row by row, and together cover the grid.
    """
    (width, height), (across, down) = grid, window
    columns, rows = np.arange(across), np.arange(down)[:, None]
    for top in _starts(height, down):
        for left in _starts(width, across):
            yield ((top + rows) * width + left + columns).ravel()


def _starts(length: int, window: int) -> list[int]:
    step = max(window // 2, 1)
    return [*range(0, length - window, step), length - window]
