"""Per-layer latents: taking some layers from another one, and moving only some."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def mix_layers(
    w: NDArray[np.float32], other: NDArray[np.float32], layers: tuple[int, int]
) -> NDArray[np.float32]:
    """`w` [B, L, D] with the layers from the first number up to the second taken from `other`.

    Style mixing: Karras et al. 2019, "A style-based generator architecture", section 3.1.
    """
    mixed = w.copy()
    mixed[:, slice(*layers)] = other[:, slice(*layers)]
    return mixed


def move_layers(
    w: NDArray[np.float32], step: NDArray[np.float32], layers: tuple[int, int]
) -> NDArray[np.float32]:
    """`w` [B, L, D] with `step` [D] added to the layers from the first number up to the second."""
    moved = w.copy()
    moved[:, slice(*layers)] += step
    return moved
