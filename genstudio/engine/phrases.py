"""Directions that words span: from what one phrase means to what another does."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import numpy as np

from genstudio.base.errors import RecipeError
from genstudio.engine.latents import Array
from genstudio.latent.directions import Directions
from genstudio.packs.manifest import Pack

Read = Callable[[Pack, str], Array]
"""A phrase's latent in the space of the pack's directions, without a batch."""

_KEPT: Final = 64
_SAME: Final = 1e-4


class PhraseSteps:
    """Steps of one standard deviation along phrases; those that sliders use now are kept."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: OrderedDict[tuple[str, str, str], Array] = OrderedDict()

    def step(self, pack: Pack, phrases: tuple[str, str], directions: Directions) -> Array:
        """The step from the first phrase towards the second.

        Raises:
            RecipeError: the pack takes no prompt, or both phrases mean the same to it.
        """
        key = (pack.ref.sha256, *phrases)
        if key not in self._known:
            self._known[key] = self._between(pack, phrases, directions)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    def _between(self, pack: Pack, phrases: tuple[str, str], directions: Directions) -> Array:
        start, end = (self._read(pack, phrase) for phrase in phrases)
        way = end - start
        length = float(np.linalg.norm(way))
        if length < _SAME:
            raise RecipeError(
                f"{phrases[0]!r} and {phrases[1]!r} mean the same to {pack.id}; use other words."
            )
        unit = way / np.float32(length)
        step: Array = unit * np.linalg.norm(unit * directions.deviations).astype(np.float32)
        return step
