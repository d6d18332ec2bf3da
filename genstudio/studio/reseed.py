"""Another seed for any recipe, whatever its latent came from."""

from __future__ import annotations

from msgspec.structs import replace

from genstudio.recipe.seeds import with_seed
from genstudio.recipe.values import Between, Exact, FromPrompt, FromSeed, LatentRecipe, Recipe


def reseeded(recipe: Recipe, seed: int) -> Recipe:
    """The recipe drawn with another seed; a latent that nothing drew gives way to a drawn one.

    Raises:
        RecipeError: the recipe enlarges a picture, so nothing in it is drawn.
    """
    if isinstance(recipe, LatentRecipe):
        source = recipe.source
        fixed = isinstance(source, Exact) and source.log_variance is None
        if fixed or isinstance(source, Between | FromPrompt):
            return replace(recipe, source=FromSeed(seed=seed))
    return with_seed(recipe, seed)
