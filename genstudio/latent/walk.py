"""A way through several latents, frame by frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genstudio.latent.interpolate import lerp, slerp

Easing = Literal["linear", "ease-in-out"]
Way = Literal["spherical", "linear"]

_WAYS: dict[Way, Callable[[NDArray[np.float32], NDArray[np.float32], float], NDArray[np.float32]]]
_WAYS = {"spherical": slerp, "linear": lerp}


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


def walk(
    keyframes: Sequence[NDArray[np.float32]],
    frames: int,
    way: Way = "spherical",
    easing: Easing = "linear",
    *,
    loop: bool = False,
) -> list[NDArray[np.float32]]:
    """The latents [B, ...] of `frames` frames through `keyframes` of that shape."""
    between = _WAYS[way]
    return [
        between(keyframes[start], keyframes[end], t)
        for start, end, t in positions(len(keyframes), frames, easing, loop=loop)
    ]
