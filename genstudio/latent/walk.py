"""A way through several keyframes, frame by frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal, TypeVar

Easing = Literal["linear", "ease-in-out", "flow"]
"""Even, slow at each keyframe, or past all of them without a stop (see `flow`)."""

_T = TypeVar("_T")


def ease(t: float, easing: Easing) -> float:
    """`t` in 0 to 1, or slow at both ends: half a cosine wave."""
    return (1 - math.cos(math.pi * t)) / 2 if easing == "ease-in-out" else t


def positions(
    keyframes: int, frames: int, easing: Easing = "linear", *, loop: bool = False
) -> list[tuple[int, int, float]]:
    """For each frame the two keyframes (from 0) it lies between, and how far along, 0 to 1.

    The first frame is the first keyframe; the last frame the last one, or with `loop` one step
    before the first comes again. Each part of the way between two keyframes is eased by itself.
    """
    if keyframes < 2 or frames < 1:
        return [(0, 0, 0.0)] * frames if keyframes else []
    parts = keyframes if loop else keyframes - 1
    steps = frames if loop else max(frames - 1, 1)
    found = []
    for frame in range(frames):
        # In whole numbers, so that frames meant to be keyframes are exactly those.
        part, rest = divmod(frame * parts, steps)
        if part == parts:
            part, rest = parts - 1, steps
        found.append((part, (part + 1) % keyframes, ease(rest / steps, easing)))
    return found


def position_at(
    keyframes: int, place: float, easing: Easing = "linear", *, loop: bool = False
) -> tuple[int, int, float]:
    """Between which keyframes a `place` of the whole way lies, 0 to 1, and how far along."""
    parts = keyframes if loop else keyframes - 1
    if parts < 1:
        return 0, 0, 0.0
    along = min(max(place, 0.0), 1.0) * parts
    part = min(int(along), parts - 1)
    return part, (part + 1) % keyframes, ease(along - part, easing)


def flow(
    points: Sequence[_T],
    place: float,
    between: Callable[[_T, _T, float], _T],
    *,
    loop: bool = False,
) -> _T:
    """A place, 0 to 1, of the smooth way past all points: a uniform cubic B-spline.

    It goes near the points, not through them, and never stops or turns sharply; over points that
    chance drew it is a noise walk. `between` is what lies between two at 0 to 1, so the way can
    go along a sphere (de Boor's algorithm: de Boor 1972, "On calculating with B-splines").
    """
    count = len(points)
    parts = count if loop else count - 1
    along = min(max(place, 0.0), 1.0) * parts
    part = min(int(along), max(parts - 1, 0))
    t = along - part
    around = [
        points[(part + step) % count if loop else min(max(part + step, 0), count - 1)]
        for step in (-1, 0, 1, 2)
    ]
    for knots in (3, 2, 1):
        around = [
            between(a, b, (t + knots - 1 - index) / knots)
            for index, (a, b) in enumerate(pairwise(around))
        ]
    return around[0]
