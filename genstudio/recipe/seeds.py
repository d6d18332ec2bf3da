"""The seed of a recipe: which one it has, and the same recipe with another."""

from __future__ import annotations

from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.recipe.values import (
    SEED_LIMIT,
    Exact,
    FromSeed,
    LatentRecipe,
    Recipe,
    TokenRecipe,
    Varied,
)


def seed_of(recipe: Recipe) -> int | None:
    """The seed that the picture is drawn with; None where nothing is drawn."""
    if isinstance(recipe, TokenRecipe):
        return recipe.seed
    if isinstance(recipe, LatentRecipe) and isinstance(recipe.source, FromSeed | Varied):
        return recipe.source.seed
    return None


def with_seed(recipe: Recipe, seed: int) -> Recipe:
    """The recipe with another seed; an encoded picture is varied by it.

    Raises:
        RecipeError: the seed is out of range, or nothing in this recipe is drawn.
    """
    if not 0 <= seed < SEED_LIMIT:
        raise RecipeError(f"The seed {seed} is out of range; seeds run from 0 to {SEED_LIMIT - 1}.")
    if isinstance(recipe, TokenRecipe):
        return replace(recipe, seed=seed)
    if isinstance(recipe, LatentRecipe):
        source = recipe.source
        if isinstance(source, FromSeed | Varied):
            return replace(recipe, source=replace(source, seed=seed))
        if isinstance(source, Exact) and source.log_variance is not None:
            return replace(recipe, source=Varied(around=source, seed=seed))
    raise RecipeError(
        "Nothing in this recipe is drawn by a seed; leave out the seed and the count."
    )
