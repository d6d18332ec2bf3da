"""How far apart two pictures are as heaps of patches, wherever each patch lies.

The sliced Wasserstein distance of small patches at several sizes of the picture: patches are
projected on random filters, and the sorted projections compared. Two textures of one material are
near, shifted or drawn anew. Patches instead of features: Elnekave and Weiss 2022,
https://arxiv.org/abs/2203.11862.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

FILTERS: Final = 48
SIDE: Final = 7
STRIDES: Final = (4, 2, 1, 1)
"""Every how many pixels a patch is taken, at full size, half of it and so on."""


def patch_distance(made: Tensor, real: Tensor) -> Tensor:
    """The mean distance of pictures [B, 3, S, S], S >= 16, from their partners, in pixels' units.

    Draws other filters each time, from torch's random numbers.
    """
    apart = []
    for level, stride in enumerate(STRIDES):
        if level:
            made, real = F.avg_pool2d(made, 2), F.avg_pool2d(real, 2)
        if min(made.shape[2:]) < SIDE + stride:
            break
        filters = torch.randn(FILTERS, 3, SIDE, SIDE)
        filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
        begin = torch.randint(0, stride, (2,)).tolist()
        heaps = [
            F.conv2d(x[:, :, begin[0] :, begin[1] :], filters, stride=stride)
            .flatten(2)
            .sort(dim=2)[0]
            for x in (made, real)
        ]
        apart.append((heaps[0] - heaps[1]).abs().mean())
    return torch.stack(apart).mean()
