"""How far pictures are from what they should be: pixels, and their gradients at several scales."""

from __future__ import annotations

from typing import Final, Literal

from torch import Tensor
from torch.nn import functional as F

Kind = Literal["absolute", "squared"]
SCALES: Final = 3


def size_of(difference: Tensor, kind: Kind) -> Tensor:
    """The mean absolute, or squared, difference."""
    return difference.abs().mean() if kind == "absolute" else difference.square().mean()


def gradient_size(difference: Tensor, kind: Kind) -> Tensor:
    """The size of a difference's horizontal and vertical gradients, at three scales."""
    total = difference.new_zeros(())
    for scale in range(SCALES):
        if scale:
            difference = F.avg_pool2d(difference, 2)
        total = total + size_of(difference.diff(dim=-1), kind)
        total = total + size_of(difference.diff(dim=-2), kind)
    return total / SCALES
