"""Small pictures of the history's steps, also of those that were passed too quickly to be shown."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.document.history import Step
from genstudio.engine.rendering import Rendering
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.values import LatentRecipe
from genstudio.studio.editor import Editor
from genstudio.studio.picture import Picture
from genstudio.studio.work import Handlers, Work


class StepPictures:
    """Fills the gaps one at a time, whenever a picture has settled."""

    def __init__(self, editor: Editor, picture: Picture, work: Work) -> None:
        """Take the history to fill, the pictures that are known, and the workers."""
        self._history = editor.history
        self._picture, self._work = picture, work
        self._tried: set[int] = set()
        picture.settled.connect(self._take)

    def _take(self, rendering: Rendering) -> None:
        step = self._history.current
        if step is not None and self._history.thumbnail(step.number) is None:
            self._shrink(step, rendering)
        self._fill()

    def _fill(self) -> None:
        for step in reversed(self._history.steps):
            if self._lacks(step):
                self._tried.add(step.number)
                known = self._picture.known(step.recipe)
                if known is not None:
                    self._shrink(step, known)
                elif isinstance(step.recipe, LatentRecipe):
                    self._make(step.recipe, step)
                    return

    def _make(self, recipe: LatentRecipe, step: Step) -> None:
        """Draw what nobody waits for; a token model's drawing would take too long for that."""
        plain = replace(recipe, upscaling=None)
        self._work.background(
            lambda engine, progress, cancel: engine.render(plain, progress, cancel),
            Handlers(finished=lambda made: self._shrink(step, made, go_on=True)),
        )

    def _lacks(self, step: Step) -> bool:
        return (
            step != self._history.current
            and step.number not in self._tried
            and self._history.thumbnail(step.number) is None
        )

    def _shrink(self, step: Step, rendering: Rendering, *, go_on: bool = False) -> None:
        def keep(small: NDArray[np.uint8]) -> None:
            self._history.set_thumbnail(step.number, small, step.recipe)
            if go_on:
                self._fill()

        self._work.files(lambda: thumbnail_of(rendering.pixels), Handlers(finished=keep))
