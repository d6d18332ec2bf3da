"""The network that enlarges: residual blocks on the small picture, pixels laid out at the end.

The blocks are those of a residual dense network (Zhang et al. 2018,
https://arxiv.org/abs/1802.08797) with one convolution each, as UpscalerJS' smaller ESRGAN models
have them; pixels are laid out as in ESPCN (Shi et al. 2016, https://arxiv.org/abs/1609.05158), so
that all that costs time happens at the small picture's size.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.upscaler_config import UpscalerNetworks

CUBIC_REACH = 2
"""How far, in its input's pixels, a cubic enlargement sees."""
QUIET = 0.1
"""What the last layer's first weights are multiplied by: training begins at a cubic filter."""


class Block(nn.Module):
    """A convolution whose channels are mixed into those that there are."""

    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        self.look = nn.Conv2d(width, growth, 3, 1, 1)
        self.mix = nn.Conv2d(width + growth, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, width, H, W] -> the same shape."""
        mixed: Tensor = x + self.mix(torch.cat([x, F.relu(self.look(x))], dim=1))
        return mixed


class Enlarger(nn.Module):
    """Picture [B, 3, H, W] in [-1, 1] -> [B, 3, `scale` H, `scale` W], nearly so."""

    def __init__(self, config: UpscalerNetworks) -> None:
        super().__init__()
        self.scale = config.scale
        self.enter = nn.Conv2d(3, config.width, 3, 1, 1)
        self.begin = nn.Conv2d(config.width, config.width, 3, 1, 1)
        blocks = [Block(config.width, config.growth) for _ in range(config.blocks)]
        self.blocks = nn.Sequential(*blocks)
        self.leave = nn.Conv2d(config.width, 3 * config.scale**2, 3, 1, 1)
        with torch.no_grad():
            self.leave.weight.mul_(QUIET)

    @property
    def reach(self) -> int:
        """How far, in the small picture's pixels, a pixel sees around itself."""
        return max(CUBIC_REACH, len(self.blocks) + 3)

    def forward(self, picture: Tensor) -> Tensor:
        """What a cubic filter makes of the picture, and what that lacks."""
        plain = F.interpolate(picture, scale_factor=self.scale, mode="bicubic")
        first = self.enter(picture)
        seen = self.blocks(self.begin(first)) + first
        return plain + F.pixel_shuffle(self.leave(seen), self.scale)
