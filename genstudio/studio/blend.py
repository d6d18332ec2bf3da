"""Held pictures of one model and what lies between them: A to B, or four in a square."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.tween import tween
from genstudio.recipe.values import Recipe, UpscaleRecipe, Way
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Picture

End = Literal["a", "b", "c", "d"]
CORNERS: Final[dict[End, tuple[float, float]]] = {
    "a": (0.0, 0.0), "b": (1.0, 0.0), "c": (0.0, 1.0), "d": (1.0, 1.0),
}  # fmt: skip
"""Where each is in the square: to the right, and down."""


class Blend:
    """Holds up to four recipes; moving between them makes recipes and nothing else."""

    def __init__(
        self,
        editor: Editor,
        picture: Picture,
        keeps_learned: Callable[[Recipe], bool],
        messages: Messages,
    ) -> None:
        """Take the recipe to hold and to change, its picture, and where refusals are told.

        `keeps_learned` says whether a recipe's model keeps learned pictures.
        """
        self.changed: Event[None] = Event()
        """Another recipe is held, or another place was gone to."""
        self.place = (0.0, 0.0)
        """Where in the square one is: to the right from A to B, and down from A to C."""
        self.passes_learned = True
        """Whether the way from A to B goes past learned pictures, where it can."""
        self._editor, self._picture = editor, picture
        self._keeps_learned, self._messages = keeps_learned, messages
        self._held: dict[End, Recipe] = {}
        self._thumbnails: dict[End, NDArray[np.uint8]] = {}

    @property
    def can_hold(self) -> bool:
        """Whether the current picture is one that there is a way from and to."""
        recipe = self._editor.recipe
        return recipe is not None and not isinstance(recipe, UpscaleRecipe)

    @property
    def can_slide(self) -> bool:
        """Whether there is something to go between."""
        return len(self._held) > 1

    @property
    def is_square(self) -> bool:
        """Whether more than A and B is held, so that there are two ways to go."""
        return "c" in self._held or "d" in self._held

    @property
    def can_pass_learned(self) -> bool:
        """Whether the model keeps learned pictures; a square has more than one way to a place."""
        return self.can_slide and not self.is_square and self._keeps_learned(self._held["a"])

    def pass_learned(self, passes: bool) -> None:
        """Go from A to B past learned pictures, or along the sphere.

        Whoever is between them goes over to the other way at once.
        """
        is_between = self.can_slide and self._editor.recipe == self._here()
        self.passes_learned = passes
        if is_between:
            self.slide(*self.place)
        else:
            self.changed.emit(None)

    def thumbnail(self, end: End) -> NDArray[np.uint8] | None:
        """The small picture of an end; None where nothing is held or it was not finished."""
        return self._thumbnails.get(end)

    def holds(self, end: End) -> bool:
        """Whether a picture is held at this end."""
        return end in self._held

    def hold(self, end: End) -> None:
        """Hold the current picture as an end; all must be of one model, and of one size."""
        recipe = self._editor.recipe
        if recipe is None or not self.can_hold:
            return
        try:
            for other in (held for which, held in self._held.items() if which != end):
                tween(other, recipe, 0.5)
        except GenStudioError as error:
            self._messages.tell(str(error), "warning", key="blend")
            return
        self._held[end] = recipe
        self._thumbnails.pop(end, None)
        rendering = self._picture.rendering
        if rendering is not None and rendering.recipe == recipe:
            self._thumbnails[end] = thumbnail_of(rendering.pixels)
        self.place = CORNERS[end]
        self.changed.emit(None)

    def let_go(self) -> None:
        """Hold nothing any more; the picture stays."""
        self._held, self._thumbnails = {}, {}
        self.changed.emit(None)

    def slide(self, right: float, down: float = 0.0, *, dragging: bool = False) -> None:
        """Go to a place of the square, each from 0 to 1; between two there is one way."""
        if not self.can_slide:
            return
        self.place = right, down = min(max(right, 0.0), 1.0), min(max(down, 0.0), 1.0)
        recipe = self._here()
        across, along = round(100 * right), round(100 * down)
        if self.is_square:
            words = translate("History", "between {count} pictures: {across} %, {down} %")
            told = words.format(count=len(self._held), across=across, down=along)
        else:
            told = translate("History", "between A and B: {share} %").format(share=across)
        self._editor.blend_to(recipe, told, dragging=dragging)
        self.changed.emit(None)

    def _here(self) -> Recipe:
        """The recipe of the place; something is held."""
        right, down = self.place
        past = self.can_pass_learned and self.passes_learned
        above = self._row("a", "b", right, "learned" if past else "spherical")
        recipe = _between(above, self._row("c", "d", right), down)
        assert recipe is not None
        return recipe

    def _row(self, left: End, right: End, t: float, how: Way = "spherical") -> Recipe | None:
        return _between(self._held.get(left), self._held.get(right), t, how)


def _between(a: Recipe | None, b: Recipe | None, t: float, how: Way = "spherical") -> Recipe | None:
    """Between two; where one of them is missing, the other one."""
    return tween(a, b, t, how) if a is not None and b is not None else a or b
