"""A measured number with its target, and the clock that the measurements share."""

from __future__ import annotations

import statistics
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


def median_seconds(runs: Mapping[str, Callable[[], object]], repeats: int = 15) -> dict[str, float]:
    """The median time of each run, taken in turns so that a busy moment meets them alike.

    Each runs once right before, so that nothing is measured cold, nor beside threads of the run
    before it that still wait for work.
    """
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            run()
            started = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(seconds) for name, seconds in times.items()}
