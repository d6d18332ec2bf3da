"""The tokens of pictures that were drawn lately: going on from one need not draw it again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.recipe.values import ModelRef, TokenRecipe

Tokens = NDArray[np.int64]
MOST: Final = 500


class DrawnTokens:
    """Token grids [height, width] by recipe and by the pack that drew them, the newest ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[TokenRecipe, Tokens] = OrderedDict()

    def get(self, recipe: TokenRecipe, pack: ModelRef) -> Tokens | None:
        """The tokens of a recipe's picture, if the pack drew it lately."""
        return self._kept.get(_key(recipe, pack))

    def keep(self, recipes: Iterable[TokenRecipe], pack: ModelRef, tokens: Tokens) -> None:
        """Remember what the pack drew: tokens [recipes, height, width]."""
        for recipe, grid in zip(recipes, tokens, strict=True):
            self._kept[_key(recipe, pack)] = grid
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


def _key(recipe: TokenRecipe, pack: ModelRef) -> TokenRecipe:
    # A recipe may name another version of the pack than the one that draws it.
    return replace(recipe, model=pack, upscaling=None)
