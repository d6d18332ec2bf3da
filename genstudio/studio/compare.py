"""Before and after: an earlier picture that stands beside the current one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.engine.pixels import fit_picture
from genstudio.engine.rendering import Rendering
from genstudio.recipe.values import Recipe, UpscaleRecipe
from genstudio.studio.editor import Edited, Editor
from genstudio.studio.picture import Picture
from genstudio.studio.work import Handlers, Work


class Compare:
    """Which picture is "before": one that was pinned, else that of the step before."""

    def __init__(self, editor: Editor, picture: Picture, work: Work) -> None:
        """Take the history to look back in and what renders a picture that is no longer known."""
        self.changed: Event[None] = Event()
        self.is_on = False
        self.pixels: NDArray[np.uint8] | None = None
        self._pinned: Recipe | None = None
        self._own: tuple[Recipe, NDArray[np.uint8]] | None = None
        self._job = 0
        self._editor, self._picture, self._work = editor, picture, work
        editor.changed.connect(self._follow)
        picture.settled.connect(lambda _: self._look() if self._own else None)

    @property
    def is_pinned(self) -> bool:
        """Whether the person chose what is before."""
        return self._pinned is not None

    def turn(self, on: bool) -> None:
        """Show before and after, or the picture alone."""
        self.is_on = on
        self._look()

    def show_own(self, recipe: Recipe, pixels: NDArray[np.uint8]) -> None:
        """Show an own picture beside what a recipe makes of it, until the recipe is changed."""
        self._own, self._pinned = (recipe, pixels), None
        self.turn(True)

    def pin(self) -> None:
        """Keep the present picture as what is before, until it is let go."""
        self._pinned = self._editor.recipe
        self._look()

    def unpin(self) -> None:
        """Compare with the step before again."""
        self._pinned = None
        self._look()

    def _follow(self, edited: Edited) -> None:
        if self._own is not None and edited.recipe != self._own[0]:
            self._own = None
            self.turn(False)
        elif self.is_on and not edited.dragging:
            self._look()

    def _look(self) -> None:
        if self._own is not None:
            self._look_at_own(*self._own)
            return
        recipe = self._before()
        known = self._picture.known(recipe) if recipe else None
        self.pixels = known.pixels if known else None
        self._work.cancel(self._job)
        if self.is_on and recipe and not known and not isinstance(recipe, UpscaleRecipe):
            self._job = self._work.batch(
                lambda engine, progress, cancel: engine.render(recipe, progress, cancel),
                Handlers(finished=lambda rendering: self._take(recipe, rendering)),
            )
        self.changed.emit(None)

    def _look_at_own(self, recipe: Recipe, pixels: NDArray[np.uint8]) -> None:
        """The own picture in the size of what was made of it, once that is there."""
        made = self._picture.known(recipe)
        self.pixels = None
        if made is not None:
            height, width, channels = made.pixels.shape
            self.pixels = fit_picture(pixels, width, height, channels)
        self.changed.emit(None)

    def _take(self, recipe: Recipe, rendering: Rendering) -> None:
        self._picture.keep(rendering)
        if recipe == self._before():
            self.pixels = rendering.pixels
            self.changed.emit(None)

    def _before(self) -> Recipe | None:
        if self._pinned is not None:
            return self._pinned
        history = self._editor.history
        return history.steps[history.index - 1].recipe if history.index > 0 else None
