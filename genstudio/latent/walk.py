"""A way through several keyframes, frame by frame."""

from __future__ import annotations

import math
from typing import Literal

Easing = Literal["linear", "ease-in-out"]


def ease(t: float, easing: Easing) -> float:
    """`t` in 0 to 1, or slow at both ends: half a cosine wave."""
    return t if easing == "linear" else (1 - math.cos(math.pi * t)) / 2


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
