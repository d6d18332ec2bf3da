"""Ways past learned pictures: short hops from like to like, in place of one long leap.

Half way between two pictures that have little in common lies what no picture is. A shortest way
over nearest neighbours, where a long hop costs far more than two short ones, keeps near what was
learned, as geodesics over a graph do for Isomap (Tenenbaum, de Silva and Langford 2000).
"""

from __future__ import annotations

import heapq
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from genstudio.latent.interpolate import slerp

Array = NDArray[np.float32]

_SHYNESS = 4
"""The power of its length that a hop costs."""
_ENTRIES = 12
"""Learned pictures by which an end may join them."""
_KEPT_WAYS = 32


class Learned:
    """Latents of learned pictures, and for each of them its nearest few."""

    def __init__(
        self, latents: Array, neighbours: NDArray[np.int64], apart: NDArray[np.float32]
    ) -> None:
        """Take latents [N, numbers], neighbours [N, K] by number, and how far these are, [N, K].

        1 is as far as two pictures usually are.
        """
        self._latents = latents
        self._typical = float(np.sqrt(2.0 * latents.astype(np.float64).var(axis=0).sum())) or 1.0
        self._hops: list[list[tuple[int, float]]] = [[] for _ in latents]
        costs = apart.astype(np.float64) ** _SHYNESS
        for here, (others, prices) in enumerate(zip(neighbours.tolist(), costs, strict=True)):
            for there, price in zip(others, prices.tolist(), strict=True):
                self._hops[here].append((there, price))
                self._hops[there].append((here, price))
        self._kept_way = lru_cache(_KEPT_WAYS)(self._find)

    def at(self, start: Array, end: Array, t: float) -> Array:
        """What lies at `t`, 0 (`start`) to 1 (`end`), both [1, numbers], of the way between them.

        The way goes over a sphere from each point to the next, and evenly all along.
        """
        if t <= 0.0 or t >= 1.0:
            return end if t > 0.0 else start
        points, ends = self._kept_way(start.tobytes(), end.tobytes())
        place = t * ends[-1]
        hop = int(np.searchsorted(ends[:-1], place))
        before = ends[hop - 1] if hop else 0.0
        length = ends[hop] - before
        return slerp(points[hop], points[hop + 1], (place - before) / length if length else 1.0)

    def _find(self, start: bytes, end: bytes) -> tuple[list[Array], NDArray[np.float64]]:
        """The points of a way [1, numbers], and how far from its start each but the first lies."""
        first, last = (np.frombuffer(x, np.float32)[None] for x in (start, end))
        passed = self._cheapest(first, last)
        points = [first, *(self._latents[number][None] for number in passed), last]
        return points, np.cumsum([float(np.linalg.norm(b - a)) for a, b in pairwise(points)])

    def _cheapest(self, start: Array, end: Array) -> list[int]:
        """The learned pictures that a way passes (Dijkstra 1959)."""
        leave = dict(self._entries(end))
        best = (float(np.linalg.norm(end - start)) / self._typical) ** _SHYNESS
        exit_from, came_from = -1, dict[int, int]()
        waiting = [(cost, number, -1) for number, cost in self._entries(start)]
        heapq.heapify(waiting)
        while waiting:
            cost, here, before = heapq.heappop(waiting)
            if here in came_from or cost >= best:
                continue
            came_from[here] = before
            if here in leave and cost + leave[here] < best:
                best, exit_from = cost + leave[here], here
            for there, price in self._hops[here]:
                if there not in came_from:
                    heapq.heappush(waiting, (cost + price, there, here))
        passed = list[int]()
        while exit_from >= 0:
            passed.append(exit_from)
            exit_from = came_from[exit_from]
        return passed[::-1]

    def _entries(self, point: Array) -> list[tuple[int, float]]:
        apart = np.linalg.norm(self._latents - point, axis=1) / self._typical
        nearest = np.argsort(apart, kind="stable")[:_ENTRIES]
        return [(int(number), float(apart[number]) ** _SHYNESS) for number in nearest]
