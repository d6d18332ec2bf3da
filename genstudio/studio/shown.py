"""Pictures that were rendered lately, so that undo and a second look cost nothing."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from genstudio.engine.rendering import Rendering
from genstudio.recipe.values import Recipe

_BYTES: Final = 256 << 20


class Shown:
    """The newest renderings by recipe, within a budget of pixels."""

    def __init__(self, budget: int = _BYTES) -> None:
        """Take the most bytes of pixels to keep."""
        self._budget = budget
        self._kept: OrderedDict[Recipe, Rendering] = OrderedDict()
        self._bytes = 0

    def get(self, recipe: Recipe) -> Rendering | None:
        """The rendering of a recipe, if it is still here."""
        rendering = self._kept.get(recipe)
        if rendering is not None:
            self._kept.move_to_end(recipe)
        return rendering

    def keep(self, rendering: Rendering) -> None:
        """Remember a rendering; the ones not looked at for longest go."""
        before = self._kept.pop(rendering.recipe, None)
        self._bytes += rendering.pixels.nbytes - (before.pixels.nbytes if before else 0)
        self._kept[rendering.recipe] = rendering
        while self._bytes > self._budget and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.pixels.nbytes
