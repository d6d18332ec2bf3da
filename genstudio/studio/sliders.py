"""The latent sliders of the current model: directions found in it, locks, dice.

Directions that the person's own phrases span come first, then named ones, principal and closed-form
ones, and single latents on demand.
Finding directions takes a while the first time; it gives way to the picture as it goes.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.jobs.events import Progressed
from genstudio.latent.directions import Directions
from genstudio.latent.phrases import phrases_in, phrases_name
from genstudio.latent.raw import raw_index
from genstudio.packs.controls import takes_prompt
from genstudio.packs.manifest import Autoregressive, Pack, Upscaler
from genstudio.recipe.values import LatentRecipe, Move
from genstudio.studio.direction_names import label_of
from genstudio.studio.editor import Edited, Editor
from genstudio.studio.messages import Messages
from genstudio.studio.work import Handlers, Work

REACH: Final = 5.0
"""Sliders go this far to both sides, in standard deviations."""
RANDOM_REACH: Final = 2.5
_RANDOM_SPREAD: Final = 1.0
KINDS: Final = ("phrases", "named", "principal", "closed-form", "raw")


@dataclass(frozen=True)
class SliderRow:
    """One slider: `share` is how well the direction does what it says, 0 to 1."""

    name: str
    label: str
    kind: str
    share: float
    amount: float
    is_locked: bool


class Sliders:
    """Finds the directions of the current model and moves along them."""

    def __init__(self, editor: Editor, work: Work, messages: Messages) -> None:
        """Take the recipe to move, and the workers that find directions."""
        self.changed: Event[None] = Event()
        """Other sliders are there (another model, or directions were found), or a lock changed."""
        self.finding: float | None = None
        """How far the search for directions is; None when none goes on."""
        self._editor, self._work, self._messages = editor, work, messages
        self._known: dict[str, Directions] = {}
        self._phrases: dict[str, list[str]] = {}
        self._locked: set[tuple[str, str]] = set()
        self._pack: Pack | None = None
        self._search: _Search | None = None
        editor.changed.connect(self._follow)

    @property
    def has_latent(self) -> bool:
        """Whether the current model has a latent to move in."""
        return self._pack is not None and not isinstance(
            self._pack.manifest.model, Autoregressive | Upscaler
        )

    @property
    def takes_phrases(self) -> bool:
        """Whether two phrases span a slider of the current model."""
        return self._pack is not None and self.has_latent and takes_prompt(self._pack.manifest)

    @property
    def directions(self) -> Directions | None:
        """The current model's, once they are found."""
        return self._known.get(self._pack.ref.sha256) if self._pack else None

    @property
    def raw_count(self) -> int:
        """How many single latents the model has."""
        return self.directions.raw_count if self.directions else 0

    def rows(self, kind: str, search: str = "", limit: int = 1000) -> tuple[SliderRow, ...]:
        """The sliders of a kind, those whose name or label holds the words of `search`."""
        words = search.casefold().split()
        amounts = self.amounts()
        rows = []
        for name, share in self._names(kind):
            label = label_of(name)
            if all(word in f"{name} {label}".casefold() for word in words):
                locked = self._key(name) in self._locked
                amount = amounts.get(name, 0.0)
                rows.append(SliderRow(name, label, kind, share, amount, locked))
            if len(rows) == limit:
                break
        return tuple(rows)

    def count(self, kind: str) -> int:
        """How many sliders of a kind there are."""
        if kind == "raw":
            return self.raw_count
        return sum(1 for _ in self._names(kind))

    def moved(self, kind: str) -> int:
        """How many sliders of a kind stand elsewhere than in the middle."""
        amounts = self.amounts()
        if kind == "raw":
            return sum(raw_index(name) is not None for name in amounts)
        return sum(name in amounts for name, _ in self._names(kind)) if amounts else 0

    def amounts(self) -> dict[str, float]:
        """Where the sliders stand that are not in the middle."""
        recipe = self._editor.recipe
        if not isinstance(recipe, LatentRecipe):
            return {}
        return {move.direction: move.amount for move in recipe.moves if move.layers is None}

    def is_locked(self, name: str) -> bool:
        """Whether a slider is out of the dice's reach."""
        return self._key(name) in self._locked

    def move(self, name: str, amount: float, *, dragging: bool = False) -> None:
        """Move one slider."""
        self._editor.move(name, amount, self._all_names, dragging=dragging)

    def set_locked(self, name: str, locked: bool) -> None:
        """Keep a slider out of the dice's reach, or let it in again."""
        change = self._locked.add if locked else self._locked.discard
        change(self._key(name))
        self.changed.emit(None)

    def add_phrases(self, start: str, end: str) -> bool:
        """Add a slider from one phrase to another; False where one is empty, or it is there."""
        name = phrases_name(start, end)
        if self._pack is None or phrases_in(name) is None or name in dict(self._names("phrases")):
            return False
        self._phrases.setdefault(self._pack.id, []).append(name)
        self.changed.emit(None)
        return True

    def remove_phrases(self, name: str) -> None:
        """Take such a slider away, after it went back to the middle."""
        if self.amounts().get(name):
            self.move(name, 0.0)
        kept = self._phrases.get(self._pack.id, []) if self._pack else []
        if name in kept:
            kept.remove(name)
        self.changed.emit(None)

    def randomise(self, kind: str) -> None:
        """Roll the dice for all unlocked sliders of a kind, as one step."""
        random = np.random.default_rng(secrets.randbits(64))
        free = [row for row in self.rows(kind) if not row.is_locked]
        drawn = np.clip(random.normal(0, _RANDOM_SPREAD, len(free)), -RANDOM_REACH, RANDOM_REACH)
        self._move_all({row.name: round(float(to), 2) for row, to in zip(free, drawn, strict=True)})

    def reset(self) -> None:
        """Bring every unlocked slider back to the middle, as one step."""
        recipe = self._editor.recipe
        moves = recipe.moves if isinstance(recipe, LatentRecipe) else ()
        names = [_full_name(move) for move in moves if not self.is_locked(move.direction)]
        self._move_all(dict.fromkeys(names, 0.0))

    def _move_all(self, amounts: dict[str, float]) -> None:
        if amounts:
            self._editor.move_all(amounts, self._all_names)

    def _names(self, kind: str) -> Iterator[tuple[str, float]]:
        """One after the other: there may be many thousand, of which a few are asked for."""
        found = self.directions
        if found is None:
            return
        if kind == "raw":
            yield from ((found.raw_name(index), 0.0) for index in range(found.raw_count))
        if kind == "phrases" and self.takes_phrases and self._pack:
            own = self._phrases.get(self._pack.id, ())
            used = (name for name in self.amounts() if phrases_in(name))
            yield from ((name, 0.0) for name in dict.fromkeys((*own, *used)))
        yield from ((d.name, d.share) for d in found.found if d.kind == kind)

    def _all_names(self) -> Collection[str]:
        """Also those that the recipe moves along, which may come before any were found."""
        found = self.directions.names if self.directions else ()
        recipe = self._editor.recipe
        moves = recipe.moves if isinstance(recipe, LatentRecipe) else ()
        return (*found, *(move.direction for move in moves))

    def _key(self, name: str) -> tuple[str, str]:
        return (self._pack.id if self._pack else "", name)

    def _follow(self, _edited: Edited) -> None:
        pack = self._editor.pack
        if pack == self._pack:
            return
        if self._search is not None:
            self._work.cancel(self._search.job)
        self._pack, self._search, self.finding = pack, None, None
        self._find()
        self.changed.emit(None)

    def _find(self) -> None:
        if self._pack is None or not self.has_latent or self.directions or self._search:
            return
        pack, self.finding = self._pack, 0.0
        search = self._search = _Search()
        search.job = self._work.background(
            lambda engine, progress, cancel: engine.directions(pack.ref, progress, cancel),
            Handlers(
                finished=lambda found: self._take(search, pack, found),
                failed=lambda sentence, _details: self._refuse(search, sentence),
                stopped=lambda: self._end(search),
                progressed=lambda event: self._progressed(search, event),
            ),
        )

    def _take(self, search: _Search, pack: Pack, found: Directions) -> None:
        self._known[pack.ref.sha256] = found
        self._end(search)

    def _refuse(self, search: _Search, sentence: str) -> None:
        if search is not self._search:
            return
        self._end(search)
        again = {translate("Sliders", "Try again"): self._find}
        self._messages.tell(sentence, "warning", key="sliders", ways=again)

    def _end(self, search: _Search) -> None:
        if search is self._search:
            self._search, self.finding = None, None
            self.changed.emit(None)

    def _progressed(self, search: _Search, event: Progressed) -> None:
        if search is self._search:
            self.finding = event.done
            self.changed.emit(None)


class _Search:
    """One search for directions; its job's number is known once the worker has it."""

    job = 0


def _full_name(move: Move) -> str:
    """A move's name as it is set: with its layers, where it is limited to some."""
    if move.layers is None:
        return move.direction
    first, end = move.layers
    return f"{move.direction}@{first}-{end - 1}"
