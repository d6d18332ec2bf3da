"""The two networks of a style-based GAN, shaped so that ONNX Runtime runs them fast.

Convolutions are modulated by scaling their input and output (never by one set of weights a
picture), so a whole batch shares plain convolutions with constant weights.

A tileable model pads by going on at the other side, and begins with a grid of noise in place of
a learned one, so that a larger grid makes a larger picture (as in periodic spatial GANs: Bergmann
et al. 2017, https://arxiv.org/abs/1705.06566).
StyleGAN2: Karras et al. 2020, https://arxiv.org/abs/1912.04958.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.config import GanNetworks

SLOPE = 0.2
GAIN = math.sqrt(2.0)
HALF = math.sqrt(0.5)
GRID_NOISE = 32
"""Channels of the noise that a tileable model begins with."""


class EqualisedLinear(nn.Module):
    """A linear layer whose weights are drawn from N(0, 1) and scaled as it runs.

    `gain` is what a following leaky ReLU would be multiplied with: the two change places freely.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        bias: float = 0.0,
        rate: float = 1.0,
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full((outputs,), bias / rate))
        self.scale = gain * rate / math.sqrt(inputs)
        self.bias_scale = gain * rate

    def forward(self, x: Tensor) -> Tensor:
        """Scale the weights and apply them: [B, inputs] -> [B, outputs]."""
        return F.linear(x, self.weight * self.scale, self.bias * self.bias_scale)


class EqualisedConv(nn.Module):
    """A 2-D convolution with the same equalised weights and gain; padding keeps the size."""

    def __init__(
        self, inputs: int, outputs: int, size: int, gain: float = GAIN, *, wrap: bool = False
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = gain / math.sqrt(inputs * size * size)
        self.gain = gain
        self.padding = size // 2
        self.wrap = wrap

    def forward(self, x: Tensor) -> Tensor:
        """Scale the weights and convolve: [B, inputs, H, W] -> [B, outputs, H, W]."""
        weight, bias = self.weight * self.scale, self.bias * self.gain
        if self.wrap:
            return convolve(x, weight, bias, wrap=True)
        return F.conv2d(x, weight, bias, padding=self.padding)


class MappingNetwork(nn.Module):
    """z [B, z_dim] -> w [B, w_dim]."""

    def __init__(self, config: GanNetworks) -> None:
        super().__init__()
        widths = [config.z_dim] + [config.w_dim] * config.mapping_layers
        self.layers = nn.ModuleList(
            EqualisedLinear(a, b, rate=0.01, gain=GAIN) for a, b in pairwise(widths)
        )

    def forward(self, z: Tensor) -> Tensor:
        """Normalise z and map it."""
        x = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + 1e-8)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE)
        return x


def modulation(style: Tensor, weight: Tensor) -> Tensor:
    """The factor [B, outputs] that brings a convolution modulated by `style` back to unit variance.

    `weight` is [outputs, inputs, k, k]; summing its squares over the kernel first keeps this a
    small matrix product.
    """
    power = weight.square().sum(dim=(2, 3))
    return torch.rsqrt(style.square() @ power.t() + 1e-8)


class StyledConv(nn.Module):
    """Modulated 3x3 convolution, noise, bias, leaky ReLU.

    If `tileable` it goes on at the other side, and each channel has a noise strength of its own.
    """

    def __init__(self, inputs: int, outputs: int, w_dim: int, *, tileable: bool = False) -> None:
        super().__init__()
        self.affine = EqualisedLinear(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros((outputs, 1, 1) if tileable else ()))
        self.scale = 1.0 / math.sqrt(inputs * 9)
        self.tileable = tileable

    def forward(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        """Maps [B, inputs, H, W], w [B, w_dim], noise [B, 1, H, W] -> [B, outputs, H, W]."""
        style = self.affine(w)
        weight = self.weight * self.scale
        with torch.autocast(x.device.type, enabled=False):
            factor = modulation(style.float(), weight) * GAIN
        x = convolve(x * style[:, :, None, None].to(x.dtype), weight, wrap=self.tileable)
        x = x * factor[:, :, None, None].to(x.dtype)
        x = x + (noise * self.noise_strength).to(x.dtype)
        return F.leaky_relu(x + self.bias[None, :, None, None].to(x.dtype), SLOPE)


class ToPicture(nn.Module):
    """Modulated 1x1 convolution to the `colours` of a place, without demodulation."""

    def __init__(self, inputs: int, w_dim: int, colours: int = 3) -> None:
        super().__init__()
        self.affine = EqualisedLinear(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(colours, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(colours))
        self.scale = 1.0 / math.sqrt(inputs)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Maps [B, inputs, H, W], w [B, w_dim] -> what this size adds, [B, colours, H, W]."""
        style = self.affine(w)[:, :, None, None].to(x.dtype)
        return F.conv2d(x * style, self.weight * self.scale, self.bias)


class Synthesis(nn.Module):
    """w per layer [B, L, w_dim] and one noise picture a layer -> picture [B, 3, S, S].

    Every step up convolves before it enlarges, which costs a quarter of the other order.
    The picture is the sum of what each size adds ("skip" generator). Noise inputs are
    [B or 1, 1, h, w]; `noise_strength` scales them all.

    A tileable one makes 2 x 2 pixels at once at its last size (depth to space). Its first noise,
    [B or 1, GRID_NOISE, h, w], is the grid that it begins with, which `noise_strength` leaves.
    """

    def __init__(self, config: GanNetworks) -> None:
        super().__init__()
        channels, tileable = config.channels, config.tileable
        self.tileable = tileable
        self.start = nn.Parameter(torch.randn(1, channels[0], *(1, 1) if tileable else (4, 4)))
        if tileable:
            self.grid = EqualisedConv(GRID_NOISE, channels[0], 1, 1.0)
        widths = [(channels[0], channels[0])]
        for a, b in pairwise(channels):
            widths += [(a, b), (b, b)]
        self.layers = nn.ModuleList(
            StyledConv(a, b, config.w_dim, tileable=tileable) for a, b in widths
        )
        colours = [3] * (len(channels) - 1) + [12 if tileable else 3]
        self.pictures = nn.ModuleList(
            ToPicture(c, config.w_dim, n) for c, n in zip(channels, colours, strict=True)
        )
        self.noise_factors = noise_factors(config)

    @property
    def last_weight(self) -> Tensor:
        """The weights that everything that is drawn goes through last."""
        last = self.pictures[-1]
        assert isinstance(last, ToPicture)
        return last.weight

    def noise_shapes(self, size: int) -> list[tuple[int, int, int]]:
        """(channels, height, width) of each noise input for a picture of `size` pixels a side."""
        first = GRID_NOISE if self.tileable else 1
        sides = [size // factor for factor in self.noise_factors]
        return [(first if i == 0 else 1, side, side) for i, side in enumerate(sides)]

    def forward(self, w: Tensor, noise: list[Tensor], noise_strength: Tensor) -> Tensor:
        """Draw."""
        waiting = list(noise)
        x = self.start.expand(w.shape[0], -1, -1, -1)
        if self.tileable:
            x = x + self.grid(waiting.pop(0))
        picture = self.start.new_zeros(())
        for index, layer in enumerate(self.layers):
            x = layer(x, w[:, index], waiting.pop(0) * noise_strength)
            if index % 2 == 0:
                added = self.pictures[index // 2](x, w[:, index + 1])
                picture = add_picture(picture, added, first=index == 0, wrap=self.tileable)
            else:
                x = enlarge_smoothly(x, wrap=True) if self.tileable else enlarge(x)
        return picture


def noise_factors(config: GanNetworks) -> list[int]:
    """Pixels of the picture that a cell of each noise input covers, side by side."""
    steps = len(config.channels) - 1
    top = 2 if config.tileable else 1
    layers = [top << (steps - index // 2) for index in range(2 * len(config.channels) - 1)]
    return [top << steps, *layers] if config.tileable else layers


def convolve(x: Tensor, weight: Tensor, bias: Tensor | None = None, *, wrap: bool) -> Tensor:
    """A 3x3 convolution that keeps the size: zeros beyond the edges, or the other side."""
    if not wrap:
        return F.conv2d(x, weight, bias, padding=1)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), weight, bias)


def enlarge(x: Tensor) -> Tensor:
    """Twice the height and width, each number four times."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def enlarge_smoothly(x: Tensor, *, wrap: bool) -> Tensor:
    """Twice the height and width, bilinear; across the edges if `wrap`."""
    if not wrap:
        return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
    x = F.pad(x, (1, 1, 1, 1), mode="circular")
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)[
        :, :, 2:-2, 2:-2
    ]


def add_picture(picture: Tensor, added: Tensor, *, first: bool, wrap: bool) -> Tensor:
    """The picture so far, enlarged to what a size adds, and that added."""
    if added.shape[1] > 3:
        added = F.pixel_shuffle(added, 2)
        picture = enlarge_smoothly(picture, wrap=wrap)
    return added if first else enlarge_smoothly(picture, wrap=wrap) + added


class Critic(nn.Module):
    """Picture [B, 3, S, S] -> score [B, 1], a tileable model's [B, places]; no normalisation.

    Half size in twice two pixels comes first (space to depth): the widest maps are never made.
    A tileable model's judges each place by what lies around it, so that it takes any size.
    """

    def __init__(self, config: GanNetworks) -> None:
        super().__init__()
        self.tileable = config.tileable
        widths = list(reversed(config.channels if self.tileable else config.channels[:-1]))
        self.enter = EqualisedConv(12, widths[0], 3)
        self.blocks = nn.ModuleList()
        for a, b in pairwise(widths):
            self.blocks.append(CriticBlock(a, b))
        self.group = config.deviation_group
        self.leave = EqualisedConv(widths[-1] + 1, widths[-1], 3, wrap=self.tileable)
        seen = widths[-1] * (1 if self.tileable else 16)
        self.hidden = EqualisedLinear(seen, config.critic_hidden, gain=GAIN)
        self.score = EqualisedLinear(config.critic_hidden, 1)

    def forward(self, picture: Tensor) -> Tensor:
        """Score."""
        x = self.features(picture)
        x = torch.cat([x, self.deviation(x)], dim=1)
        x = F.leaky_relu(self.leave(x), SLOPE)
        places = x.flatten(2).transpose(1, 2) if self.tileable else x.flatten(1)
        score: Tensor = self.score(F.leaky_relu(self.hidden(places), SLOPE))
        return score.flatten(1)

    def features(self, picture: Tensor) -> Tensor:
        """What the critic sees before it compares: [B, C, 4, 4]."""
        x = F.leaky_relu(self.enter(F.pixel_unshuffle(picture, 2)), SLOPE)
        for block in self.blocks:
            x = block(x)
        return x

    def deviation(self, x: Tensor) -> Tensor:
        """How unlike each other the pictures of a group are, as one more channel."""
        count, _, height, width = x.shape
        group = math.gcd(count, self.group)
        spread = x.float().reshape(group, count // group, -1).var(dim=0, unbiased=False)
        value = (spread + 1e-8).sqrt().mean(dim=1).to(x.dtype)
        return value.repeat(group).view(count, 1, 1, 1).expand(count, 1, height, width)


class CriticBlock(nn.Module):
    """Two convolutions and a shortcut, at half the size."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = EqualisedConv(inputs, inputs, 3)
        self.second = EqualisedConv(inputs, outputs, 3, GAIN * HALF)
        self.shortcut = EqualisedConv(inputs, outputs, 1, HALF)

    def forward(self, x: Tensor) -> Tensor:
        """Maps [B, inputs, H, W] -> [B, outputs, H / 2, W / 2]."""
        half = F.avg_pool2d(x, 2)
        y = F.leaky_relu(self.first(x), SLOPE)
        y = F.leaky_relu(self.second(F.avg_pool2d(y, 2)), SLOPE)
        summed: Tensor = y + self.shortcut(half)
        return summed
