"""The best of several seeds: which to try, and what tells the best of their pictures."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import RecipeError
from genstudio.engine.nearness import nearness_to
from genstudio.engine.rendering import Rendering
from genstudio.packs.manifest import Pack
from genstudio.packs.scores import Missing, missing_for_best
from genstudio.recipe.seeds import seed_of, with_seed
from genstudio.recipe.values import SEED_LIMIT, LatentRecipe, TokenRecipe, UpscaleRecipe

_TOGETHER: Final = 8
"""Token pictures that are drawn together; more would hold more memory."""
_NEITHER: Final = (
    "The best of several seeds needs a seed to begin with, and a critic, words or a picture to "
    "come near to; {id} cannot do that here."
)
_REFUSALS: Final[dict[Missing, str]] = {
    "judge": _NEITHER,
    "seed": _NEITHER,
    "words": (
        "The best of several pictures by {id} is the one that fits the words best; give a prompt."
    ),
    "guidance": (
        "The model {id} tells how well the words fit by drawing with them and without, which it "
        "does not do at guidance {guidance:g}; set another, such as 3."
    ),
}


def judged(
    recipe: LatentRecipe | TokenRecipe, pack: Pack, near: NDArray[np.uint8] | None
) -> Callable[[Rendering], float]:
    """How good a scored rendering of the recipe is, or how near to a picture [H, W, C].

    Raises:
        RecipeError: nothing in the recipe is drawn by a seed, or nothing can tell which is best.
    """
    if near is not None and seed_of(recipe) is not None:
        return nearness_to(near)
    missing = missing_for_best(recipe, pack.manifest)
    if missing is not None:
        guidance = recipe.guidance if isinstance(recipe, TokenRecipe) else None
        raise RecipeError(_REFUSALS[missing].format(id=pack.id, guidance=guidance))
    return attrgetter("score")


def seeds_of(
    recipe: LatentRecipe | TokenRecipe, count: int
) -> list[list[LatentRecipe | TokenRecipe]]:
    """The recipe with `count` seeds from its own on, in groups that are best made together."""
    first = seed_of(recipe) or 0
    seeds = (with_seed(recipe, (first + index) % SEED_LIMIT) for index in range(count))
    tried = [one for one in seeds if not isinstance(one, UpscaleRecipe)]
    size = _TOGETHER if isinstance(recipe, TokenRecipe) else 1
    return [tried[start : start + size] for start in range(0, count, size)]
