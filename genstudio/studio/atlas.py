"""The map of a model: a thousand of its pictures, laid out by likeness, to go to."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.progress import Cancel, Progress
from genstudio.base.texts import translate
from genstudio.engine.rendering import Rendering
from genstudio.jobs.lanes import Task
from genstudio.media.layout import by_likeness
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.values import FromSeed, LatentRecipe, Recipe, TokenRecipe, UpscaleRecipe
from genstudio.studio.editor import Edited, Editor
from genstudio.studio.messages import Messages
from genstudio.studio.work import Handlers, Work

SAMPLES: Final = 1000
SIDE: Final = 64
"""The longer side of a sample's picture."""
_TOGETHER: Final = 8
"""Samples in one task: few, so that sliders need not wait for long."""
_ANEW: Final = 1.5
"""The plane is laid out anew when there are that many times as many pictures as before."""


class Atlas:
    """Seeds 0 to 999 with the current settings; drawn while nothing else is to do."""

    def __init__(self, editor: Editor, work: Work, messages: Messages) -> None:
        """Take the recipe whose settings are used, and the workers."""
        self.opened: Event[bool] = Event()
        """It is to be shown, or no longer."""
        self.changed: Event[None] = Event()
        """There are more samples, or others."""
        self.is_open = False
        self.samples: list[NDArray[np.uint8]] = []
        """Small pictures by seed, as far as they are drawn."""
        self.places: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        """Where samples lie, [N, 2] in 0 to 1; later samples are not laid out yet."""
        self._editor, self._work, self._messages = editor, work, messages
        self._base: Recipe | None = None
        self._job = 0
        editor.changed.connect(self._follow)

    @property
    def can_open(self) -> bool:
        """Whether the current model draws from seeds."""
        recipe = self._editor.recipe
        return recipe is not None and not isinstance(recipe, UpscaleRecipe)

    @property
    def total(self) -> int:
        """How many samples there will be."""
        return SAMPLES

    @property
    def is_drawing(self) -> bool:
        """Whether samples are still to come."""
        return self._job != 0

    @property
    def recipe(self) -> Recipe | None:
        """What all samples have in common."""
        return self._base

    def show(self, shown: bool) -> None:
        """Show the map of the current model, or the picture again."""
        if shown == self.is_open or (shown and not self.can_open):
            return
        self.is_open = shown
        if shown:
            self._begin()
        else:
            self.stop()
        self.opened.emit(shown)

    def stop(self) -> None:
        """Draw no more samples; those that are there stay."""
        self._work.cancel(self._job)
        self._job = 0
        self.changed.emit(None)

    def go_on(self) -> None:
        """Draw the samples that are missing."""
        if not self.is_drawing and len(self.samples) < SAMPLES:
            self._ask()
            self.changed.emit(None)

    def go_to(self, seed: int) -> None:
        """Make a sample the current picture, as one undo step, and leave the map."""
        if self._base is None:
            return
        words = translate("History", "from the map: seed {seed}").format(seed=seed)
        self.show(False)
        self._editor.open(_sample(self._base, seed), words)

    def _begin(self) -> None:
        recipe = self._editor.recipe
        base = _sample(recipe, 0) if recipe is not None else None
        if base != self._base:
            self._base, self.samples = base, []
            self.places = np.zeros((0, 2), np.float32)
        self.go_on()

    def _follow(self, edited: Edited) -> None:
        """Another model came: its map is shown."""
        if not self.is_open or self._base is None or edited.recipe.model == self._base.model:
            return
        self.stop()
        if self.can_open:
            self._begin()
        else:
            self.show(False)

    def _ask(self) -> None:
        base, begin = self._base, len(self.samples)
        assert base is not None
        seeds = range(begin, min(begin + _TOGETHER, SAMPLES))
        self._job = self._work.background(
            _drawing(tuple(_sample(base, seed) for seed in seeds)),
            Handlers(
                finished=lambda made: self._take(base, begin, made),
                failed=self._refuse,
            ),
        )

    def _take(self, base: Recipe, begin: int, made: list[NDArray[np.uint8]]) -> None:
        if base != self._base or begin != len(self.samples) or not self.is_drawing:
            return
        self.samples += made
        self._job = 0
        is_whole = len(self.samples) == SAMPLES
        if is_whole or len(self.samples) > _ANEW * len(self.places):
            self.places = by_likeness(self.samples)
        if not is_whole:
            self._ask()
        self.changed.emit(None)

    def _refuse(self, sentence: str, _details: str) -> None:
        self._job = 0
        self._messages.tell(sentence, "error", key="map")
        self.changed.emit(None)


def _sample(recipe: Recipe, seed: int) -> Recipe:
    """The recipe's settings with a seed, and nothing that belongs to one picture."""
    if isinstance(recipe, TokenRecipe):
        return replace(recipe, seed=seed, kept=None, upscaling=None)
    assert isinstance(recipe, LatentRecipe)
    source = FromSeed(seed=seed)
    return replace(recipe, source=source, moves=(), mixing=(), upscaling=None)


def _drawing(recipes: tuple[Recipe, ...]) -> Task:
    def draw(engine: Any, progress: Progress, cancel: Cancel) -> list[NDArray[np.uint8]]:
        made: list[Rendering] = engine.render_many(recipes, progress, cancel)
        return [thumbnail_of(rendering.pixels, SIDE) for rendering in made]

    return draw
