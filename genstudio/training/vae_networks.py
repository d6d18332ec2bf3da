"""A convolutional VAE with a vector latent: convolution, batch normalisation, ReLU, nothing else.

Batch normalisation folds into the convolutions at export, so that the graph is a chain of
convolution and ReLU, which ONNX Runtime fuses.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.config import VaeNetworks

Beyond = Literal["zeros", "circular"]


class ConvUnit(nn.Sequential):
    """3x3 convolution, batch normalisation, ReLU; `beyond` is what lies past the edges."""

    def __init__(
        self, inputs: int, outputs: int, stride: int = 1, beyond: Beyond = "zeros"
    ) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False, padding_mode=beyond),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    """Two convolutions beside a way around them; `beyond` is what lies past the edges."""

    def __init__(self, channels: int, beyond: Beyond = "zeros") -> None:
        super().__init__()
        self.first = ConvUnit(channels, channels, beyond=beyond)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1, bias=False, padding_mode=beyond)
        self.norm = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm.weight)

    def forward(self, x: Tensor) -> Tensor:
        """[B, channels, H, W] -> the same shape."""
        return F.relu(x + self.norm(self.second(self.first(x))))


class Encoder(nn.Module):
    """Picture [B, 3, S, S] in [-1, 1] -> mean and log-variance, each [B, latent]."""

    def __init__(self, config: VaeNetworks) -> None:
        super().__init__()
        widths = config.channels
        layers: list[nn.Module] = [ConvUnit(3, widths[0], stride=2)]
        for a, b in pairwise(widths):
            layers += [ConvUnit(a, b, stride=2), Residual(b)]
        self.layers = nn.Sequential(*layers)
        self.moments = nn.Linear(widths[-1] * 16, 2 * config.latent)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Encode."""
        mean, log_variance = self.moments(self.layers(picture).flatten(1)).float().chunk(2, dim=1)
        return mean, log_variance.clamp(-12.0, 4.0)


class Decoder(nn.Module):
    """Latent [B, latent] -> picture [B, 3, S, S] in [-1, 1].

    Each step convolves before it enlarges, which costs a quarter of the other order; the last one
    makes 2 x 2 pixels at once (depth to space).
    """

    def __init__(self, config: VaeNetworks) -> None:
        super().__init__()
        widths = list(reversed(config.channels))
        self.width = widths[0]
        self.enter = nn.Linear(config.latent, self.width * 16)
        layers: list[nn.Module] = [nn.BatchNorm2d(self.width), nn.ReLU(inplace=True)]
        for a, b in pairwise(widths):
            layers += [Residual(a) for _ in range(config.decoder_blocks)]
            layers += [ConvUnit(a, b), nn.Upsample(scale_factor=2.0, mode="nearest")]
        layers += [Residual(widths[-1]) for _ in range(config.decoder_blocks)]
        self.layers = nn.Sequential(*layers)
        self.leave = nn.Conv2d(widths[-1], 12, 3, 1, 1)

    def forward(self, latent: Tensor) -> Tensor:
        """Decode."""
        x = self.enter(latent).view(-1, self.width, 4, 4)
        return torch.tanh(F.pixel_shuffle(self.leave(self.layers(x)), 2))
