"""Batches of pictures that are made beside the window, one after another.

A batch is a tuple of recipes, drawn in the batch lane so that sliders stay alive, each written into
the batch's folder as soon as it is there.
"""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import RecipeError
from genstudio.base.events import Event
from genstudio.base.progress import Cancel, Progress
from genstudio.base.texts import translate
from genstudio.engine.rendering import Rendering
from genstudio.jobs.events import Progressed
from genstudio.jobs.lanes import Task
from genstudio.media.pictures import free_path, picture_name, write_picture
from genstudio.media.thumbnails import thumbnail_of
from genstudio.packs.manifest import Manifest
from genstudio.packs.settings import with_prompts
from genstudio.recipe.seeds import seed_of, with_seed
from genstudio.recipe.values import SEED_LIMIT, Recipe, WeightedPrompt
from genstudio.studio.messages import Messages
from genstudio.studio.work import Handlers, Work

State = Literal["waiting", "running", "done", "stopped", "failed"]
MOST: Final = 10_000
_KEPT: Final = 200
"""Finished pictures that are kept at hand."""
_AHEAD: Final = 2
"""Tasks that the engine has at a time: one that runs, and one so that it never waits for us."""


@dataclass(frozen=True)
class JobRow:
    """One batch as a person sees it. `done` is 0 to 1, `seconds_left` None until it is known."""

    number: int
    title: str
    count: int
    finished: int = 0
    done: float = 0.0
    state: State = "waiting"
    seconds_left: float | None = None
    folder: Path | None = None
    sentence: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "stopped", "failed")


@dataclass(frozen=True)
class Made:
    """A finished picture of a batch, small; `number` is its own."""

    number: int
    batch: int
    recipe: Recipe
    thumbnail: NDArray[np.uint8]


def batch_recipes(
    recipe: Recipe, manifest: Manifest, count: int, first_seed: int, prompts: tuple[str, ...] = ()
) -> tuple[Recipe, ...]:
    """The recipes of a batch: `count` seeds from `first_seed` on, for each prompt if there are any.

    Raises:
        RecipeError: nothing in the recipe is drawn by a seed, or the batch is too large.
    """
    if count * max(1, len(prompts)) > MOST:
        raise RecipeError(
            translate("Queue", "A batch makes up to {most} pictures; ask for fewer.").format(
                most=MOST
            )
        )
    bases = [
        with_prompts(recipe, manifest, (WeightedPrompt(text=prompt),)) for prompt in prompts
    ] or [recipe]
    if count == 1 and seed_of(recipe) is None:
        return tuple(bases)
    return tuple(
        with_seed(base, (first_seed + index) % SEED_LIMIT) if seed_of(base) is not None else base
        for base in bases
        for index in range(count)
    )


class Queue:
    """The batches of this sitting, and the pictures that came of them."""

    def __init__(self, work: Work, messages: Messages) -> None:
        """Take the workers and where refusals are told."""
        self.changed: Event[None] = Event()
        self.made: Event[Made] = Event()
        self.drawn: Event[Rendering] = Event()
        """The same in full, for whoever keeps it."""
        self.pictures: deque[Made] = deque(maxlen=_KEPT)
        """The newest finished pictures, oldest first."""
        self._work, self._messages = work, messages
        self._rows: dict[int, JobRow] = {}
        self._asked: deque[_Asked] = deque()
        self._given: dict[int, _Asked] = {}
        self._begun: dict[int, float] = {}
        self._numbers = itertools.count(1)
        self._pictures = itertools.count(1)

    @property
    def rows(self) -> tuple[JobRow, ...]:
        """All batches, oldest first."""
        return tuple(self._rows.values())

    @property
    def waiting(self) -> int:
        """How many pictures are still to come."""
        return sum(row.count - row.finished for row in self._rows.values() if not row.is_over)

    def add(self, title: str, recipes: tuple[Recipe, ...], folder: Path | None) -> int:
        """Queue a batch; without a folder the pictures are only shown. Returns its number."""
        number = next(self._numbers)
        self._rows[number] = JobRow(number, title, len(recipes), folder=folder)
        self._asked.extend(
            _Asked(number, _drawing(recipe), lambda drawn: self._finished(number, drawn))
            for recipe in recipes
        )
        self._feed()
        self.changed.emit(None)
        return number

    def run(self, title: str, task: Task, then: Callable[[Any], None]) -> int:
        """Queue one long task beside the batches; `then` gets what it returned."""
        number = next(self._numbers)
        self._rows[number] = JobRow(number, title, 1)

        def finish(result: Any) -> None:
            row = self._rows.get(number)
            if row is not None and not row.is_over:
                self._change(number, state="done", finished=1, done=1.0, seconds_left=None)
                then(result)

        self._asked.append(_Asked(number, task, finish))
        self._feed()
        self.changed.emit(None)
        return number

    def cancel(self, number: int) -> None:
        """Stop a batch; what it has made stays."""
        row = self._rows.get(number)
        if row is None or row.is_over:
            return
        self._asked = deque(asked for asked in self._asked if asked.batch != number)
        for job, given in tuple(self._given.items()):
            if given.batch == number:
                self._work.cancel(job)
        self._change(number, state="stopped", seconds_left=None)

    def cancel_all(self) -> None:
        """Stop all batches."""
        for number in list(self._rows):
            self.cancel(number)

    def clear(self) -> None:
        """Take the batches that are over out of the list; their files stay."""
        self._rows = {number: row for number, row in self._rows.items() if not row.is_over}
        self.changed.emit(None)

    def _feed(self) -> None:
        """Give the engine what it can take: ten thousand tasks at once would hold the window up."""
        while self._asked and len(self._given) < _AHEAD:
            self._give(self._asked.popleft())

    def _give(self, asked: _Asked) -> None:
        number = asked.batch

        def ended() -> None:
            self._given.pop(job, None)
            self._feed()

        def finished(result: Any) -> None:
            ended()
            asked.finish(result)

        def failed(sentence: str, _details: str) -> None:
            self._failed(number, sentence)
            ended()

        job = self._work.batch(
            asked.task,
            Handlers(
                started=lambda: self._started(number),
                progressed=lambda event: self._progressed(number, event),
                finished=finished,
                failed=failed,
                stopped=ended,
            ),
        )
        self._given[job] = asked

    def _started(self, number: int) -> None:
        row = self._rows.get(number)
        if row is not None and not row.is_over:
            self._begun.setdefault(number, time.monotonic())
            self._change(number, state="running")

    def _progressed(self, number: int, event: Progressed) -> None:
        row = self._rows.get(number)
        if row is not None and not row.is_over:
            self._advance(number, row.finished, event.done)

    def _finished(self, number: int, drawn: _Drawn) -> None:
        row = self._rows.get(number)
        if row is None:
            return
        made = Made(next(self._pictures), number, drawn.rendering.recipe, drawn.thumbnail)
        self.pictures.append(made)
        if row.folder is not None:
            self._write(number, row.folder, drawn.rendering)
        finished = row.finished + 1
        self._change(number, finished=finished)
        if finished == row.count and row.state != "failed":
            self._change(number, state="done", done=1.0, seconds_left=None)
        elif not row.is_over:
            self._advance(number, finished, 0.0)
        self.made.emit(made)
        self.drawn.emit(drawn.rendering)

    def _advance(self, number: int, finished: int, part: float) -> None:
        row = self._rows[number]
        done = (finished + part) / row.count
        elapsed = time.monotonic() - self._begun.get(number, time.monotonic())
        left = elapsed * (1 - done) / done if done > 0 and elapsed > 1 else None
        self._change(number, done=done, seconds_left=left)

    def _failed(self, number: int, sentence: str) -> None:
        """The rest would fail in the same way, so the batch ends."""
        row = self._rows.get(number)
        if row is None or row.is_over:
            return
        self.cancel(number)
        self._change(number, state="failed", sentence=sentence)
        self._messages.tell(sentence, "error", key=f"batch {number}")

    def _write(self, number: int, folder: Path, rendering: Rendering) -> None:
        def write() -> object:
            stem = picture_name(rendering.recipe.model.id, seed_of(rendering.recipe))
            path = free_path(folder, stem)
            return write_picture(path, rendering.pixels, rendering.recipe, rendering.device)

        self._work.files(
            write, Handlers(failed=lambda sentence, _details: self._unwritten(number, sentence))
        )

    def _unwritten(self, number: int, sentence: str) -> None:
        """A picture is not in its folder: said also of a batch that is over."""
        row = self._rows.get(number)
        if row is not None and row.state != "failed":
            self.cancel(number)
            self._change(number, state="failed", sentence=sentence)
        self._messages.tell(sentence, "error", key=f"batch {number}")

    def _change(self, number: int, **changes: Any) -> None:
        row = self._rows[number] = replace(self._rows[number], **changes)
        if row.is_over:
            self._begun.pop(number, None)
        self.changed.emit(None)


@dataclass(frozen=True)
class _Asked:
    """A task of a batch that is not done yet, and what takes its result."""

    batch: int
    task: Task
    finish: Callable[[Any], None]


@dataclass(frozen=True)
class _Drawn:
    """What a batch's task gives: a whole sheet of them would fill the memory."""

    rendering: Rendering
    thumbnail: NDArray[np.uint8]


def _drawing(recipe: Recipe) -> Task:
    def draw(engine: Any, progress: Progress, cancel: Cancel) -> _Drawn:
        rendering = engine.render(recipe, progress, cancel)
        return _Drawn(rendering, thumbnail_of(rendering.pixels))

    return draw
