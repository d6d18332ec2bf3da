"""A sheet of variations of the current picture, of which one is picked.

Near ones lie between the picture's latent and another one's; token models, and whoever wants them,
get other seeds. The first cell is the picture itself, so that nothing is lost by looking.
"""

from __future__ import annotations

import secrets
from typing import Final, Literal

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.engine.rendering import Rendering
from genstudio.recipe.values import (
    SEED_LIMIT,
    Between,
    FromSeed,
    LatentRecipe,
    LatentSource,
    Recipe,
    UpscaleRecipe,
)
from genstudio.studio.editor import Edited, Editor
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Picture
from genstudio.studio.reseed import reseeded
from genstudio.studio.work import Handlers, Work

Kind = Literal["near", "seeds"]
SPREADS: Final = (0.1, 0.9)
MOST: Final = 64
_GENERATIONS: Final = 40
"""Picks of picks that a recipe holds: one that is nested much deeper could not be read again."""


class Variations:
    """The sheet; it is open from `begin` to `pick` or `close`."""

    def __init__(self, editor: Editor, work: Work, picture: Picture, messages: Messages) -> None:
        """Take what is varied, the workers, and where finished pictures are remembered."""
        self.changed: Event[None] = Event()
        """Another sheet, or none."""
        self.arrived: Event[int] = Event()
        """The picture of this cell is there."""
        self.picked: Event[Recipe] = Event()
        """This one was taken from the sheet."""
        self.recipes: tuple[Recipe, ...] = ()
        self.labels: tuple[str, ...] = ()
        """What tells each of the recipes apart."""
        self.pictures: dict[int, NDArray[np.uint8]] = {}
        self.kind: Kind = "near"
        self._words = ""
        self._editor, self._work, self._picture, self._messages = editor, work, picture, messages
        self._jobs: list[int] = []
        editor.changed.connect(self._follow)

    @property
    def is_open(self) -> bool:
        """Whether there is a sheet to show."""
        return bool(self.recipes)

    @property
    def can_vary(self) -> bool:
        """Whether the current recipe is one of a model that draws."""
        recipe = self._editor.recipe
        return recipe is not None and not isinstance(recipe, UpscaleRecipe)

    def begin(self, count: int = 9, kind: Kind = "near", spread: float = 0.4) -> None:
        """Lay out `count` variations; `spread` from 0.1 (close) to 0.9 (far) is for near ones."""
        recipe = self._editor.recipe
        if recipe is None or isinstance(recipe, UpscaleRecipe):
            return
        plain = _plain(recipe)
        self.kind = kind if isinstance(recipe, LatentRecipe) else "seeds"
        others = [_varied(plain, self.kind, spread) for _ in range(min(count, MOST) - 1)]
        self.lay_out((plain, *others))

    def lay_out(
        self, recipes: tuple[Recipe, ...], labels: tuple[str, ...] = (), words: str = ""
    ) -> None:
        """Lay out these; the first one is what they come from. Without labels they are numbered.

        `words` is what the history calls the one that is picked, with its `{number}`.
        """
        self._stop()
        self._words = words or translate("History", "variation {number}")
        numbered = (str(number) for number in range(2, len(recipes) + 1))
        self.labels = labels or (translate("Sheet", "As it is"), *numbered)
        self.recipes, self.pictures = recipes, {}
        self.changed.emit(None)
        for index, one in enumerate(recipes):
            known = self._picture.known(one)
            if known is not None:
                self._take(index, known)
            else:
                self._ask(index, one)

    def pick(self, index: int) -> None:
        """Take a variation as the current recipe, as one undo step, and close the sheet."""
        before = self._editor.recipe
        if before is None or isinstance(before, UpscaleRecipe) or index >= len(self.recipes):
            return
        chosen = self.recipes[index]
        assert not isinstance(chosen, UpscaleRecipe)
        self.picked.emit(chosen)
        chosen = replace(chosen, upscaling=before.upscaling)
        self.close()
        if chosen != before:
            self._editor.open(chosen, self._words.format(number=index + 1))

    def close(self) -> None:
        """Go back to the picture as it was."""
        self._stop()
        self.recipes, self.pictures = (), {}
        self.changed.emit(None)

    def _follow(self, edited: Edited) -> None:
        """A sheet of another picture than the current one is over."""
        if self.is_open and _plain(edited.recipe) not in self.recipes:
            self.close()

    def _ask(self, index: int, recipe: Recipe) -> None:
        jobs = self._jobs
        jobs.append(
            self._work.batch(
                lambda engine, progress, cancel: engine.render(recipe, progress, cancel),
                Handlers(
                    finished=lambda rendering: self._take(index, rendering),
                    failed=self._refuse,
                ),
            )
        )

    def _take(self, index: int, rendering: Rendering) -> None:
        self._picture.keep(rendering)
        if index < len(self.recipes) and self.recipes[index] == rendering.recipe:
            self.pictures[index] = rendering.pixels
            self.arrived.emit(index)

    def _refuse(self, sentence: str, _details: str) -> None:
        self._stop()
        self._messages.tell(sentence, "error", key="variations")

    def _stop(self) -> None:
        for job in self._jobs:
            self._work.cancel(job)
        self._jobs = []


def _varied(recipe: Recipe, kind: Kind, spread: float) -> Recipe:
    seed = secrets.randbelow(SEED_LIMIT)
    if kind == "near" and isinstance(recipe, LatentRecipe):
        way = Between(a=pruned(recipe.source), b=FromSeed(seed=seed), t=spread)
        return replace(recipe, source=way)
    return reseeded(recipe, seed)


def _plain(recipe: Recipe) -> Recipe:
    return recipe if isinstance(recipe, UpscaleRecipe) else replace(recipe, upscaling=None)


def pruned(source: LatentSource, generations: int = _GENERATIONS) -> LatentSource:
    """The source with its oldest step left out, where it has as many as there may be."""
    if not isinstance(source, Between):
        return source
    if generations == 1:
        return pruned(source.a if source.t < 0.5 else source.b, 1)
    return replace(source, a=pruned(source.a, generations - 1))
