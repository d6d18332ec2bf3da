"""How sure a prior was of a picture's tokens, and which ones it would have taken instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.recipe.values import KeptTokens

RUNNERS: Final = 8


@dataclass(frozen=True)
class Odds:
    """What the prior said at each cell, told the cells before it; all are [rows, columns, ...].

    `entropy` in bits: 0 where it was sure, log2 of the vocabulary where it could not know.
    `chance` is the probability of the token that is there; `runners` [..., 8] are the likeliest
    other tokens, the likeliest first, and `runner_chances` their probabilities. All at temperature
    1 and with the recipe's guidance.
    """

    tokens: KeptTokens
    entropy: NDArray[np.float32]
    chance: NDArray[np.float32]
    runners: NDArray[np.int64]
    runner_chances: NDArray[np.float32]


class Watcher:
    """Takes the place of a `Sampler`: draws the tokens that are there, and notes the odds."""

    def __init__(self, tokens: NDArray[np.int64], vocabulary: int) -> None:
        """Take the picture's tokens in raster order, [cells]."""
        self.vocabulary = vocabulary
        self._tokens = tokens
        self._noted: list[tuple[float, float, NDArray[np.int64], NDArray[np.float32]]] = []

    def skip(self) -> None:
        """Nothing is passed over: every cell is watched."""

    def draw(self, logits: NDArray[np.float32]) -> NDArray[np.int64]:
        """The token of the next cell; `logits` are [1, vocabulary]."""
        token = int(self._tokens[len(self._noted)])
        weights = np.exp(logits[0].astype(np.float64) - logits[0].max())
        chances = weights / weights.sum()
        others = np.argsort(-chances, kind="stable")
        others = others[others != token][:RUNNERS]
        entropy = -float((chances * np.log2(np.maximum(chances, 1e-300))).sum())
        noted = (entropy, float(chances[token]), others, chances[others].astype(np.float32))
        self._noted.append(noted)
        return np.array([token])

    def odds(self, tokens: KeptTokens, grid: tuple[int, int]) -> Odds:
        """What was noted, once every cell of the grid (width, height) was drawn."""
        shape = (grid[1], grid[0])
        entropy, chance, runners, chances = zip(*self._noted, strict=True)
        return Odds(
            tokens=tokens,
            entropy=np.array(entropy, np.float32).reshape(shape),
            chance=np.array(chance, np.float32).reshape(shape),
            runners=np.array(runners).reshape(*shape, -1),
            runner_chances=np.array(chances).reshape(*shape, -1),
        )
