"""How well the words fit the tokens that were drawn, as the token model itself sees it.

Bits a token by which the words make the picture likelier than no words do: the pointwise mutual
information of picture and words, which a model that was trained with and without them can tell
(the implicit classifier of Ho and Salimans 2022, https://arxiv.org/abs/2207.12598).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genstudio.engine.conditions import Condition
from genstudio.engine.tokens import blend


class Fit:
    """Watches a drawing and sums up what each candidate's tokens owe to the words."""

    def __init__(self, conditions: Sequence[Condition], coefficients: NDArray[np.float32]) -> None:
        """Take the drawing's conditions and how they add up."""
        told = np.array([condition.prompt is not None for condition in conditions])
        self.knows = bool(told.any() and not told.all())
        """Whether the drawing has rows with words and one without; else nothing can be told."""
        weights = np.where(told, coefficients, 0.0).astype(np.float32)
        self._told = weights / max(weights.sum(), np.finfo(np.float32).tiny)
        self._untold = (~told).astype(np.float32)
        self._noted: list[NDArray[np.float64]] = []

    def note(self, logits: NDArray[np.float32], tokens: NDArray[np.int64]) -> None:
        """Take what the prior said, [candidates x conditions, vocabulary], and what was drawn."""
        if self.knows:
            told, untold = (_chances(blend(logits, w), tokens) for w in (self._told, self._untold))
            self._noted.append((told - untold) / np.log(2.0))

    def bits(self) -> NDArray[np.float64] | None:
        """The mean over the cells drawn, of each candidate; more is a better fit."""
        return np.mean(self._noted, axis=0) if self._noted else None


def _chances(logits: NDArray[np.float32], tokens: NDArray[np.int64]) -> NDArray[np.float64]:
    """The logarithm of each row's probability of its token."""
    largest = logits.max(axis=1)
    total = np.log(np.exp(logits - largest[:, None]).sum(axis=1)) + largest
    own: NDArray[np.float64] = (logits[np.arange(len(tokens)), tokens] - total).astype(np.float64)
    return own
