"""Choosing the next token: logits of a few rows in, one token for each candidate out.

Draws use the Gumbel-max trick (Maddison, Tarlow and Minka 2014): the token whose scaled logit plus
Gumbel noise is largest. Every cell of the grid has noise of its own, one number a token, whatever
happened in other cells. So a candidate is the same alone and in a batch, a kept token leaves the
luck of its neighbours alone, and a small change of prompt or temperature changes few tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import EngineError

_LOWEST: Final = np.float32(-1e9)
"""Stands for a forbidden token: minus infinity would turn into "not a number" in a blend."""

_GREEDY: Final = 1e-4
"""Below this temperature only the likeliest token can win, and dividing by it would overflow."""


_LEAST: Final = np.finfo(np.float64).tiny
"""Stands for a uniform 0, whose logarithm would be infinite."""

_ROUNDING: Final = 1e-4
"""More than what sums of probabilities in float32 may be off by, as a share."""


@dataclass(frozen=True)
class Sampling:
    """How a token is drawn. Temperature 0 takes the likeliest; `top_k` 0 and `top_p` 1 keep all."""

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0

    @property
    def is_greedy(self) -> bool:
        """Whether no luck is involved."""
        return self.temperature < _GREEDY or self.top_k == 1


class Chooser(Protocol):
    """What decides which token a cell gets."""

    @property
    def vocabulary(self) -> int:
        """How many tokens there are."""

    def skip(self) -> None:
        """Pass over a cell whose token is given."""

    def draw(self, logits: NDArray[np.float32]) -> NDArray[np.int64]:
        """The next cell's token for each candidate: [candidates, vocabulary] -> [candidates]."""


class Sampler:
    """Draws one token a cell for several candidates, each with a seed of its own."""

    def __init__(self, sampling: Sampling, seeds: Sequence[int], vocabulary: int) -> None:
        self._sampling = sampling
        self.vocabulary = vocabulary
        self._random = [] if sampling.is_greedy else [np.random.RandomState(s) for s in seeds]
        self._noise = np.empty((len(self._random), vocabulary))

    def skip(self) -> None:
        """Pass over a cell whose token is given, so that later cells keep their own noise."""
        for random in self._random:
            random.random_sample(self.vocabulary)

    def draw(self, logits: NDArray[np.float32]) -> NDArray[np.int64]:
        """Draw a token for each candidate. `logits` [candidates, vocabulary] -> [candidates].

        Raises:
            EngineError: a logit is not a number.
        """
        if not np.isfinite(logits.max(axis=1)).all():
            raise EngineError(
                "The model's prior gave values that are not numbers; its weights are damaged or "
                "its number format is too small for this device. Try another device or model."
            )
        sampling = self._sampling
        if sampling.is_greedy:
            return _argmax(logits)
        scaled = logits / np.float32(sampling.temperature)
        noise = self._uniform()
        if not 0 < sampling.top_k < self.vocabulary:
            return _luckiest(scaled, noise, sampling.top_p)
        left = largest(scaled, sampling.top_k)
        rows = np.arange(len(left))[:, None]
        return left[rows[:, 0], _luckiest(scaled[rows, left], noise[rows, left], sampling.top_p)]

    def _uniform(self) -> NDArray[np.float64]:
        for row, random in enumerate(self._random):
            self._noise[row] = random.random_sample(self.vocabulary)
        return self._noise


def _luckiest(
    scaled: NDArray[np.float32], uniform: NDArray[np.float64], top_p: float
) -> NDArray[np.int64]:
    """Turn uniform numbers, in place, into Gumbel noise and take the largest sum of each row."""
    np.log(np.maximum(uniform, _LEAST, out=uniform), out=uniform)
    exponential = uniform.astype(np.float32)
    np.negative(exponential, out=exponential)
    gumbel = np.subtract(scaled, np.log(exponential, out=exponential), out=exponential)
    places = _argmax(gumbel)
    if top_p < 1:
        rest = np.flatnonzero(~_surely_inside(scaled, places, top_p))
        if rest.size:
            places[rest] = _argmax(np.where(nucleus(scaled[rest], top_p), gumbel[rest], -np.inf))
    return places


def _surely_inside(
    logits: NDArray[np.float32], places: NDArray[np.int64], mass: float
) -> NDArray[np.bool_]:
    """Mark the rows whose chosen token is in the row's nucleus beyond any doubt of rounding.

    That is so for most tokens that luck favours, and to see it takes no sorting.
    """
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    own = weights[np.arange(len(places)), places]
    likelier = (weights * (weights >= own[:, None])).sum(axis=1) - own
    inside: NDArray[np.bool_] = likelier < (mass - _ROUNDING) * weights.sum(axis=1)
    return inside


def _argmax(rows: NDArray[Any]) -> NDArray[np.int64]:
    places: NDArray[np.int64] = np.argmax(rows, axis=1)
    return places


def blend(logits: NDArray[np.float32], coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sum each candidate's rows by their coefficients: guidance and blends of prompts.

    `logits` [candidates x conditions, vocabulary], a candidate's conditions side by side;
    `coefficients` [conditions], which add up to 1. Gives [candidates, vocabulary].
    """
    conditions = len(coefficients)
    if conditions == 1:
        return logits
    rows = np.maximum(logits, _LOWEST).reshape(-1, conditions, logits.shape[1])
    result: NDArray[np.float32] = rows[:, 0] * coefficients[0]
    for index in range(1, conditions):
        result += rows[:, index] * coefficients[index]
    return result


def largest(logits: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Where the `count` largest of each row are, in no set order (top-k).

    [rows, vocabulary] -> [rows, count]; 0 < count < vocabulary.
    """
    first = logits.shape[1] - count
    return np.argpartition(logits, first, axis=1)[:, first:]


def nucleus(logits: NDArray[np.float32], mass: float) -> NDArray[np.bool_]:
    """Mark the fewest tokens of each row whose probabilities reach `mass` (top-p).

    Of equally likely ones at the edge the first stay. Holtzman et al. 2020.
    [rows, vocabulary] -> bool of that shape; at least one a row.
    """
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    falling = np.sort(weights, axis=1)[:, ::-1]
    sums = np.cumsum(falling, axis=1, dtype=np.float64)
    counts = np.minimum(np.count_nonzero(sums < mass * sums[:, -1:], axis=1) + 1, logits.shape[1])
    edge = falling[np.arange(len(logits)), counts - 1]
    kept: NDArray[np.bool_] = weights >= edge[:, None]
    for row in np.flatnonzero(np.count_nonzero(kept, axis=1) > counts):
        surplus = np.count_nonzero(kept[row]) - counts[row]
        kept[row, np.flatnonzero(weights[row] == edge[row])[-surplus:]] = False
    return kept
