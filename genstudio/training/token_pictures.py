"""Pictures as the tokenizer wants them: shrunk to its size, as they are or moved a little."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from genstudio.training.device import array


def shrink(pictures: Tensor, size: int) -> Tensor:
    """[N, 3, H, H] -> [N, 3, size, size], each pixel the mean of those that it covers."""
    if pictures.shape[-1] == size:
        return pictures
    return F.interpolate(pictures, (size, size), mode="area")


def moved(
    pictures: Tensor,
    size: int,
    random: np.random.Generator,
    flip: NDArray[np.bool_],
    strength: float = 1.0,
) -> Tensor:
    """The pictures scaled, stretched, shifted and, where `flip` [N] allows, mirrored, on white.

    [N, 3, H, H] in [-1, 1] -> [N, 3, size, size]. Strength 1: 76 to 104 % of the size,
    sides up to 6 % apart, shifted by up to 5 % beyond the room that is left.
    """
    count = len(pictures)
    scale = 1.0 + strength * random.uniform(-0.24, 0.04, (count, 1))
    sides = scale * (1.0 + strength * random.uniform(-0.03, 0.03, (count, 2)))
    room = np.maximum(1.0 - sides, 0.0)
    shift = random.uniform(-1.0, 1.0, (count, 2)) * (0.5 * room + 0.05 * strength)
    mirror = np.where(flip & (random.random(count) < 0.5), -1.0, 1.0)
    matrix = np.zeros((count, 2, 3), np.float32)
    matrix[:, 0, 0], matrix[:, 1, 1] = mirror / sides[:, 0], 1.0 / sides[:, 1]
    matrix[:, :, 2] = shift / sides
    grid = F.affine_grid(array(matrix), [count, 3, size, size], align_corners=False)
    white = F.grid_sample(pictures - 1.0, grid, align_corners=False) + 1.0
    return white.contiguous(memory_format=torch.channels_last)
