"""Averaged weights: what a model is drawn with, while training moves the raw ones."""

from __future__ import annotations

import copy
from typing import Generic, TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)


class Average(Generic[Network]):
    """An exponential moving average of a network's weights, with a half-life in pictures.

    Early on the half-life is a twentieth of the pictures seen, so that the first moments are
    forgotten soon. Buffers (running statistics) are copied as they are.
    """

    def __init__(self, network: Network, half_life: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.half_life = half_life

    @torch.no_grad()
    def update(self, network: Network, seen: int, batch: int) -> None:
        """Move towards `network`, after a step of `batch` pictures with `seen` before it."""
        half_life = min(self.half_life, max(seen * 0.05, batch))
        keep = 0.5 ** (batch / half_life)
        kept: list[torch.Tensor] = list(self.network.parameters())
        new: list[torch.Tensor] = list(network.parameters())
        torch._foreach_lerp_(kept, new, 1.0 - keep)
        for old, current in zip(self.network.buffers(), network.buffers(), strict=True):
            old.copy_(current)


def channels_last(network: Network) -> Network:
    """Lay out convolution weights as the processor's bf16 kernels want them."""
    for module in network.modules():
        for name, value in list(module.named_parameters(recurse=False)):
            if value.dim() == 4:
                laid_out = value.detach().contiguous(memory_format=torch.channels_last)
                setattr(module, name, nn.Parameter(laid_out, value.requires_grad))
    return network
