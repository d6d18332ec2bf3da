"""Ways between two latents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PARALLEL = 1e-6


def lerp(a: NDArray[np.float32], b: NDArray[np.float32], t: float) -> NDArray[np.float32]:
    """The straight way: `a` at t = 0, `b` at t = 1, any equal shapes."""
    if t in (0, 1):
        return b if t else a
    return (a + np.float32(t) * (b - a)).astype(np.float32)


def slerp(a: NDArray[np.float32], b: NDArray[np.float32], t: float) -> NDArray[np.float32]:
    """The way over the sphere, a latent at a time: [batch, ...] to the same shape.

    Normal latents lie near a sphere; the straight way cuts through its middle, where no training
    latent ever was. Lengths change linearly. Parallel, opposite and zero latents, between which
    no single arc lies, take the straight way.
    Shoemake 1985, "Animating rotation with quaternion curves".
    """
    if t in (0, 1):
        return b if t else a
    rows_a, rows_b = (x.reshape(len(x), -1).astype(np.float64) for x in (a, b))
    length_a, length_b = (np.linalg.norm(x, axis=1, keepdims=True) for x in (rows_a, rows_b))
    safe = np.where(length_a * length_b > 0, length_a * length_b, 1.0)
    cosine = np.clip((rows_a * rows_b).sum(axis=1, keepdims=True) / safe, -1.0, 1.0)
    angle = np.arccos(cosine)
    sine = np.sin(angle)
    usable = (sine > _PARALLEL) & (length_a > 0) & (length_b > 0)
    divisor = np.where(usable, sine, 1.0)
    unit_a = rows_a / np.where(length_a > 0, length_a, 1.0)
    unit_b = rows_b / np.where(length_b > 0, length_b, 1.0)
    arc = (np.sin((1 - t) * angle) * unit_a + np.sin(t * angle) * unit_b) / divisor
    arc *= (1 - t) * length_a + t * length_b
    straight = (1 - t) * rows_a + t * rows_b
    return np.where(usable, arc, straight).reshape(a.shape).astype(np.float32)
