"""Small pictures of recipes that stand on a strip or in a tree, drawn while nothing else waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.engine.rendering import Rendering
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.values import Recipe
from genstudio.studio.picture import Picture
from genstudio.studio.work import Handlers, Work

MOST: Final = 500
"""How many are drawn at a time; the rest of a large family has none until it is gone to."""


class Portraits:
    """The small pictures of those that are wanted."""

    def __init__(self, picture: Picture, work: Work) -> None:
        """Take the pictures that are known, and the workers for those that are not."""
        self.changed: Event[None] = Event()
        """One more is there."""
        self._picture, self._work = picture, work
        self._wanted: set[Recipe] = set()
        self._small: dict[Recipe, NDArray[np.uint8]] = {}
        picture.settled.connect(self._note)

    def of(self, recipe: Recipe) -> NDArray[np.uint8] | None:
        """The small picture of a recipe; None until it was seen."""
        return self._small.get(recipe)

    def want(self, recipes: Iterable[Recipe]) -> None:
        """Have small pictures of these, and of none that were wanted before."""
        wanted = list(recipes)
        new = [recipe for recipe in wanted if recipe not in self._wanted][-MOST:]
        self._wanted = set(wanted)
        self._small = {r: small for r, small in self._small.items() if r in self._wanted}
        for recipe in new:
            known = self._picture.known(recipe)
            if known is not None:
                self._small[recipe] = thumbnail_of(known.pixels)
            else:
                self._work.background(
                    lambda engine, *ways, one=recipe: engine.render(one, *ways),
                    Handlers(finished=self._note),
                )
        self.changed.emit(None)

    def _note(self, rendering: Rendering) -> None:
        if rendering.recipe in self._wanted and rendering.recipe not in self._small:
            self._small[rendering.recipe] = thumbnail_of(rendering.pixels)
            self.changed.emit(None)
