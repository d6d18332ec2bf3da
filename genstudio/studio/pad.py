"""The latent pad: two directions at once, with small pictures of what lies at its edges."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.engine.rendering import Rendering
from genstudio.media.thumbnails import thumbnail_of
from genstudio.packs.settings import with_setting
from genstudio.recipe.values import LatentRecipe
from genstudio.studio.editor import Editor
from genstudio.studio.picture import Picture
from genstudio.studio.sliders import Sliders
from genstudio.studio.work import Handlers, Work

REACH: Final = 3.0
"""From the middle to an edge, in standard deviations."""

Place = tuple[int, int]
"""An edge or a corner: -1, 0 or 1 along each direction, never both 0."""

EDGES: Final[tuple[Place, ...]] = tuple(
    (x, y) for y in (1, 0, -1) for x in (-1, 0, 1) if (x, y) != (0, 0)
)


class Pad:
    """Moves along two of the model's directions as one change."""

    def __init__(self, editor: Editor, sliders: Sliders, picture: Picture, work: Work) -> None:
        """Take the recipe to move, its directions, and what makes the small pictures."""
        self.changed: Event[None] = Event()
        """Other directions, another position, or another small picture."""
        self.thumbnails: dict[Place, NDArray[np.uint8]] = {}
        self.wants_pictures = False
        """Whether somebody looks: without, no small pictures are made."""
        self._editor, self._sliders, self._work = editor, sliders, work
        self._axes: dict[str, tuple[str, str]] = {}
        self._shown: tuple[LatentRecipe, tuple[str, str]] | None = None
        self._jobs: list[int] = []
        sliders.changed.connect(lambda _: self.changed.emit(None))
        editor.changed.connect(lambda _: self.changed.emit(None))
        picture.settled.connect(lambda _: self.look_around())

    @property
    def names(self) -> tuple[str, ...]:
        """The directions that can be chosen; none before they are found."""
        found = self._sliders.directions
        return found.names if found else ()

    @property
    def axes(self) -> tuple[str, str] | None:
        """The directions to the right and upwards; None where the model has no two."""
        names, pack = self.names, self._editor.pack
        if pack is None or len(names) < 2:
            return None
        return self._axes.get(pack.id, (names[0], names[1]))

    @property
    def position(self) -> tuple[float, float]:
        """Where the recipe stands, each from -1 to 1."""
        amounts = self._sliders.amounts()
        x, y = (amounts.get(name, 0.0) / REACH for name in self.axes or ("", ""))
        return min(max(x, -1.0), 1.0), min(max(y, -1.0), 1.0)

    def choose(self, right: str, up: str) -> None:
        """Take other directions; the two are never the same."""
        pack = self._editor.pack
        if pack is not None and right != up:
            self._axes[pack.id] = (right, up)
            self.look_around()
        self.changed.emit(None)

    def move_to(self, x: float, y: float, *, dragging: bool = False) -> None:
        """Go to a place of the square, each from -1 to 1."""
        if self.axes is not None:
            right, up = self.axes
            amounts = {right: round(x * REACH, 3), up: round(y * REACH, 3)}
            self._editor.move_all(amounts, lambda: self.names, dragging=dragging)

    def look_around(self) -> None:
        """Make the small pictures, where they are of another picture than those there are."""
        recipe, axes = self._editor.recipe, self.axes
        if not self.wants_pictures or axes is None or not isinstance(recipe, LatentRecipe):
            return
        moves = tuple(move for move in recipe.moves if move.direction not in axes)
        plain = replace(recipe, moves=moves, upscaling=None)
        if self._shown == (plain, axes):
            return
        for job in self._jobs:
            self._work.cancel(job)
        self._shown, self.thumbnails = (plain, axes), {}
        self._jobs = [self._ask(plain, axes, place) for place in EDGES]
        self.changed.emit(None)

    def _ask(self, plain: LatentRecipe, axes: tuple[str, str], place: Place) -> int:
        pack = self._editor.pack
        assert pack is not None
        recipe = plain
        for name, step in zip(axes, place, strict=True):
            moved = with_setting(recipe, pack.manifest, name, step * REACH, lambda: self.names)
            assert isinstance(moved, LatentRecipe)
            recipe = moved

        def take(rendering: Rendering) -> None:
            if self._shown == (plain, axes):
                self.thumbnails[place] = thumbnail_of(rendering.pixels)
                self.changed.emit(None)

        return self._work.background(
            lambda engine, progress, cancel: engine.render(recipe, progress, cancel),
            Handlers(finished=take),
        )
