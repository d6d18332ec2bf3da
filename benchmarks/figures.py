"""A measured number with its target, and the clock that the measurements share."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row of the table. `target` is in words; `met` is None where there is no target."""

    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None


def at_least(name: str, value: float, unit: str, target: float) -> Figure:
    """A figure that should not be below its target."""
    return Figure(name, value, unit, f"at least {target:g}", value >= target)


def at_most(name: str, value: float, unit: str, target: float) -> Figure:
    """A figure that should not be above its target."""
    return Figure(name, value, unit, f"at most {target:g}", value <= target)


def best_seconds(runs: Mapping[str, Callable[[], object]], repeats: int = 7) -> dict[str, float]:
    """The shortest time of each run, taken in turns so that a busy moment meets them alike.

    Each runs once before, so that nothing is measured cold.
    """
    best = dict.fromkeys(runs, float("inf"))
    for run in runs.values():
        run()
    for _ in range(repeats):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - started)
    return best
