"""The history: a line of recipes, one of them current, each with words for what changed.

A step holds a whole recipe, so going back and forth is choosing a recipe; nothing is computed
backwards. Thumbnails are kept beside the steps, by number, so that a step stays a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from genstudio.base.events import Event
from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.values import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEP_LIMIT: Final = 2000
"""The most steps that are kept; with their thumbnails they take about 60 MB."""

Words = str | Callable[[Recipe | None, Recipe], str]
"""A step's words, or what makes them of the recipe before the step and the one after it."""


@dataclass(frozen=True)
class Step:
    """One state of the picture. `words` say what led to it from the step before.

    `number` is unique and grows; steps pushed with the same `merge_key` while it is open are one.
    """

    number: int
    recipe: Recipe
    words: str
    merge_key: str | None = None


class History:
    """A linear list of steps with a current one; a new step drops those that were undone.

    It holds at most `limit` steps: beyond it the oldest go, with their thumbnails. Only `start`,
    `restore` and a `push` of another recipe change the list; what a run of the engine does or
    fails to do never touches it.
    """

    def __init__(self, limit: int = STEP_LIMIT) -> None:
        """An empty history; `start` or `restore` gives it its first step."""
        self.changed: Event[None] = Event()
        """The steps or the current one are others."""
        self.thumbnail_changed: Event[int] = Event()
        """The step of this number has a new thumbnail."""
        self._limit = limit
        self._steps: list[Step] = []
        self._index = -1
        self._next_number = 0
        self._open: int | None = None
        self._thumbnails: dict[int, NDArray[np.uint8]] = {}

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, oldest first, those that were undone included."""
        return tuple(self._steps)

    @property
    def index(self) -> int:
        """Where the current step stands in `steps`; -1 before `start`."""
        return self._index

    @property
    def current(self) -> Step | None:
        """The step that is shown; None before `start`."""
        return self._steps[self._index] if self._steps else None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step before the current one."""
        return self._index > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step after the current one."""
        return self._index + 1 < len(self._steps)

    @property
    def undo_words(self) -> str:
        """What `undo` would take back; "" where it can take back nothing."""
        return self._steps[self._index].words if self.can_undo else ""

    @property
    def redo_words(self) -> str:
        """What `redo` would bring back; "" where there is nothing to bring back."""
        return self._steps[self._index + 1].words if self.can_redo else ""

    def start(self, recipe: Recipe, words: Words) -> Step:
        """Forget everything and begin with this recipe."""
        step = self._new_step(recipe, _said(words, None, recipe), None)
        self._replace_all([step], 0, {})
        return step

    def restore(
        self,
        steps: Sequence[Step],
        index: int,
        thumbnails: Mapping[int, NDArray[np.uint8]] | None = None,
    ) -> None:
        """Take over the steps of a saved history, with `steps[index]` as the current one.

        They get new numbers, so that a thumbnail still being made for the old history finds none
        of them. `thumbnails` are by the numbers in `steps`.
        """
        surplus = max(len(steps) - self._limit, 0)
        taken = [self._new_step(step.recipe, step.words, None) for step in steps[surplus:]]
        pictures = {
            new.number: thumbnail_of(thumbnails[old.number])
            for old, new in zip(steps[surplus:], taken, strict=True)
            if thumbnails and old.number in thumbnails
        }
        self._replace_all(taken, max(index - surplus, 0), pictures)

    def push(self, recipe: Recipe, words: Words, merge_key: str | None = None) -> Step:
        """Make `recipe` the current step and return that step.

        The steps that were undone go. A recipe equal to the current one makes no step. While the
        newest step is current and was pushed with the same `merge_key`, it takes the recipe; its
        words then tell the way from before the drag, and its thumbnail, of the recipe before, goes.
        A drag that comes back to where it began leaves no step.

        Args:
            recipe: What makes the picture from now on.
            words: What changed, or a function that says it.
            merge_key: The same for all the pushes of a drag; `seal` ends it.
        """
        current = self.current
        if current is None:
            return self.start(recipe, words)
        if recipe == current.recipe:
            return current
        if merge_key is not None and merge_key == self._open_key():
            return self._merge(recipe, words)
        del self._steps[self._index + 1 :]
        step = self._new_step(recipe, _said(words, current.recipe, recipe), merge_key)
        self._steps.append(step)
        self._open = step.number if merge_key is not None else None
        del self._steps[: -self._limit]
        self._settle(len(self._steps) - 1)
        return step

    def seal(self) -> None:
        """End a drag: the next push makes a step of its own, whatever its merge key."""
        self._open = None

    def undo(self) -> Step | None:
        """Go one step back and return where that is; None where there is nothing to undo."""
        return self._go(self._index - 1) if self.can_undo else None

    def redo(self) -> Step | None:
        """Go one step forward and return where that is; None where there is nothing to redo."""
        return self._go(self._index + 1) if self.can_redo else None

    def go_to(self, number: int) -> Step | None:
        """Make the step of this number current; None where it is no longer there."""
        for index, step in enumerate(self._steps):
            if step.number == number:
                return self._go(index)
        return None

    def set_thumbnail(
        self, number: int, pixels: NDArray[np.uint8], recipe: Recipe | None = None
    ) -> None:
        """Keep a small copy of a step's picture [height, width, 1, 3 or 4].

        It is passed over where it comes too late: the step is gone, or has by now another recipe
        than `recipe`, the one that the picture was made from, since a drag went on.
        """
        step = next((step for step in self._steps if step.number == number), None)
        if step is not None and recipe in (None, step.recipe):
            self._thumbnails[number] = thumbnail_of(pixels)
            self.thumbnail_changed.emit(number)

    def thumbnail(self, number: int) -> NDArray[np.uint8] | None:
        """The small picture of a step, RGB [height, width, 3]; None before it is made."""
        return self._thumbnails.get(number)

    def thumbnails(self) -> dict[int, NDArray[np.uint8]]:
        """All small pictures by the numbers of their steps."""
        return dict(self._thumbnails)

    def _open_key(self) -> str | None:
        """The merge key of the drag that goes on, if one does."""
        newest = self._steps[-1]
        return newest.merge_key if newest.number == self._open and not self.can_redo else None

    def _merge(self, recipe: Recipe, words: Words) -> Step:
        before = self._steps[-2].recipe if len(self._steps) > 1 else None
        if recipe == before:
            del self._steps[-1]
            self.seal()
        else:
            self._steps[-1] = replace(
                self._steps[-1], recipe=recipe, words=_said(words, before, recipe)
            )
            self._thumbnails.pop(self._steps[-1].number, None)
        self._settle(len(self._steps) - 1)
        return self._steps[-1]

    def _new_step(self, recipe: Recipe, words: str, merge_key: str | None) -> Step:
        step = Step(self._next_number, recipe, words, merge_key)
        self._next_number += 1
        return step

    def _go(self, index: int) -> Step:
        self.seal()
        self._settle(index)
        return self._steps[index]

    def _replace_all(
        self, steps: list[Step], index: int, thumbnails: dict[int, NDArray[np.uint8]]
    ) -> None:
        self.seal()
        self._steps = steps
        self._thumbnails = thumbnails
        self._settle(index)

    def _settle(self, index: int) -> None:
        """Set the current step, let go of what belongs to no step, and tell."""
        self._index = index
        kept = {step.number for step in self._steps}
        self._thumbnails = {n: p for n, p in self._thumbnails.items() if n in kept}
        self.changed.emit(None)


def _said(words: Words, before: Recipe | None, after: Recipe) -> str:
    return words if isinstance(words, str) else words(before, after)
