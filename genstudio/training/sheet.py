"""Pictures as a network has them and back, and many small ones on a sheet to look at."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genstudio.training.device import array


def to_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    """uint8 [N, H, W, 3] -> float32 [N, 3, H, W] in [-1, 1], channels last in memory."""
    values = array(np.ascontiguousarray(pixels)).permute(0, 3, 1, 2).float()
    return values.div_(127.5).sub_(1.0).contiguous(memory_format=torch.channels_last)


def to_pixels(pictures: Tensor) -> NDArray[np.uint8]:
    """[N, 3, H, W] in [-1, 1] -> uint8 [N, H, W, 3]."""
    values = pictures.detach().float().clamp(-1.0, 1.0).add(1.0).mul(127.5).round()
    pixels: NDArray[np.uint8] = values.permute(0, 2, 3, 1).cpu().numpy().astype(np.uint8)
    return pixels


def lay_out(pixels: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """[N, H, W, 3] -> one picture with `columns` a row; the rest of the last row is white."""
    count, height, width, channels = pixels.shape
    rows = -(-count // columns)
    cells = np.full((rows * columns, height, width, channels), 255, dtype=np.uint8)
    cells[:count] = pixels
    grid = cells.reshape(rows, columns, height, width, channels).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(grid.reshape(rows * height, columns * width, channels))
