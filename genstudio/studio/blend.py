"""A and B: two held pictures of one model, and the way between them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.tween import tween
from genstudio.recipe.values import Recipe, UpscaleRecipe
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Picture

End = Literal["a", "b"]


class Blend:
    """Holds up to two recipes; sliding between them makes recipes and nothing else."""

    def __init__(self, editor: Editor, picture: Picture, messages: Messages) -> None:
        """Take the recipe to hold and to change, its picture, and where refusals are told."""
        self.changed: Event[None] = Event()
        """Another recipe is held, or the way between the two was gone along."""
        self.position = 0.0
        """Where the slider stands: 0 is A, 1 is B."""
        self._editor, self._picture, self._messages = editor, picture, messages
        self._held: dict[End, Recipe] = {}
        self._thumbnails: dict[End, NDArray[np.uint8]] = {}

    @property
    def can_hold(self) -> bool:
        """Whether the current picture is one that there is a way from and to."""
        recipe = self._editor.recipe
        return recipe is not None and not isinstance(recipe, UpscaleRecipe)

    @property
    def can_slide(self) -> bool:
        """Whether both ends are held."""
        return len(self._held) == 2

    def thumbnail(self, end: End) -> NDArray[np.uint8] | None:
        """The small picture of an end; None where nothing is held or it was not finished."""
        return self._thumbnails.get(end)

    def holds(self, end: End) -> bool:
        """Whether a picture is held at this end."""
        return end in self._held

    def hold(self, end: End) -> None:
        """Hold the current picture as an end; both must be of one model, and of one size."""
        recipe = self._editor.recipe
        if recipe is None or not self.can_hold:
            return
        other = self._held.get("b" if end == "a" else "a")
        try:
            if other is not None:
                tween(other, recipe, 0.5)
        except GenStudioError as error:
            self._messages.tell(str(error), "warning", key="blend")
            return
        self._held[end] = recipe
        self._thumbnails.pop(end, None)
        rendering = self._picture.rendering
        if rendering is not None and rendering.recipe == recipe:
            self._thumbnails[end] = thumbnail_of(rendering.pixels)
        self.position = 0.0 if end == "a" else 1.0
        self.changed.emit(None)

    def let_go(self) -> None:
        """Hold nothing any more; the picture stays."""
        self._held, self._thumbnails = {}, {}
        self.changed.emit(None)

    def slide(self, position: float, *, dragging: bool = False) -> None:
        """Go to a place between the two, 0 (A) to 1 (B)."""
        if not self.can_slide:
            return
        self.position = min(max(position, 0.0), 1.0)
        recipe = tween(self._held["a"], self._held["b"], self.position)
        words = translate("History", "between A and B: {share} %")
        told = words.format(share=round(100 * self.position))
        self._editor.blend_to(recipe, told, dragging=dragging)
        self.changed.emit(None)
