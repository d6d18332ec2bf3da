"""The two networks of a style-based GAN, shaped so that ONNX Runtime runs them fast.

Convolutions are modulated by scaling their input and output (never by one set of weights a
picture), so a whole batch shares plain convolutions with constant weights.

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

    def __init__(self, inputs: int, outputs: int, size: int, gain: float = GAIN) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = gain / math.sqrt(inputs * size * size)
        self.gain = gain
        self.padding = size // 2

    def forward(self, x: Tensor) -> Tensor:
        """Scale the weights and convolve: [B, inputs, H, W] -> [B, outputs, H, W]."""
        weight, bias = self.weight * self.scale, self.bias * self.gain
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
    """Modulated 3x3 convolution, noise, bias, leaky ReLU."""

    def __init__(self, inputs: int, outputs: int, w_dim: int) -> None:
        super().__init__()
        self.affine = EqualisedLinear(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.scale = 1.0 / math.sqrt(inputs * 9)

    def forward(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        """Maps [B, inputs, H, W], w [B, w_dim], noise [B, 1, H, W] -> [B, outputs, H, W]."""
        style = self.affine(w)
        weight = self.weight * self.scale
        with torch.autocast(x.device.type, enabled=False):
            factor = modulation(style.float(), weight) * GAIN
        x = F.conv2d(edged(x * style[:, :, None, None].to(x.dtype)), weight)
        x = x * factor[:, :, None, None].to(x.dtype)
        x = x + (noise * self.noise_strength).to(x.dtype)
        return F.leaky_relu(x + self.bias[None, :, None, None].to(x.dtype), SLOPE)


class ToPicture(nn.Module):
    """Modulated 1x1 convolution to red, green and blue, without demodulation."""

    def __init__(self, inputs: int, w_dim: int) -> None:
        super().__init__()
        self.affine = EqualisedLinear(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(3, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(3))
        self.scale = 1.0 / math.sqrt(inputs)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Maps [B, inputs, H, W], w [B, w_dim] -> what this size adds, [B, 3, H, W]."""
        style = self.affine(w)[:, :, None, None].to(x.dtype)
        return F.conv2d(x * style, self.weight * self.scale, self.bias)


class Synthesis(nn.Module):
    """w per layer [B, L, w_dim] and one noise picture a layer -> picture [B, 3, S, S].

    Every step up convolves before it enlarges, which costs a quarter of the other order.
    The picture is the sum of what each size adds ("skip" generator). Noise inputs are
    [B or 1, 1, h, w]; `noise_strength` scales them all.
    """

    def __init__(self, config: GanNetworks) -> None:
        super().__init__()
        channels = config.channels
        self.start = nn.Parameter(torch.randn(1, channels[0], 4, 4))
        widths = [(channels[0], channels[0])]
        for a, b in pairwise(channels):
            widths += [(a, b), (b, b)]
        self.layers = nn.ModuleList(StyledConv(a, b, config.w_dim) for a, b in widths)
        self.pictures = nn.ModuleList(ToPicture(c, config.w_dim) for c in channels)

    @property
    def noise_shapes(self) -> list[tuple[int, int, int]]:
        """(channels, height, width) of each noise input."""
        sides = [4 << (index // 2) for index in range(len(self.layers))]
        return [(1, side, side) for side in sides]

    def forward(self, w: Tensor, noise: list[Tensor], noise_strength: Tensor) -> Tensor:
        """Draw."""
        waiting = list(noise)
        x = self.start.expand(w.shape[0], -1, -1, -1)
        picture = self.start.new_zeros(())
        for index, layer in enumerate(self.layers):
            x = layer(x, w[:, index], waiting.pop(0) * noise_strength)
            if index % 2 == 0:
                added = self.pictures[index // 2](x, w[:, index + 1])
                picture = add_picture(picture, added, first=index == 0)
            else:
                x = enlarge(x)
        return picture


def edged(x: Tensor) -> Tensor:
    """One more row and column on each side, as the outermost: zeros would leave a frame."""
    return F.pad(x, (1, 1, 1, 1), mode="replicate")


def enlarge(x: Tensor) -> Tensor:
    """Twice the height and width, smoothly: repeated numbers would leave a grid."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def add_picture(picture: Tensor, added: Tensor, *, first: bool) -> Tensor:
    """The picture so far, enlarged to what a size adds, and that added."""
    if first:
        return added
    large = F.interpolate(picture, scale_factor=2.0, mode="bilinear", align_corners=False)
    return large + added


class Critic(nn.Module):
    """Picture [B, 3, S, S] -> score [B, 1]; no normalisation.

    Half size in twice two pixels comes first (space to depth): the widest maps are never made.
    """

    def __init__(self, config: GanNetworks) -> None:
        super().__init__()
        widths = list(reversed(config.channels[:-1]))
        self.enter = EqualisedConv(12, widths[0], 3)
        self.blocks = nn.ModuleList()
        for a, b in pairwise(widths):
            self.blocks.append(CriticBlock(a, b))
        self.group = config.deviation_group
        self.leave = EqualisedConv(widths[-1] + 1, widths[-1], 3)
        self.hidden = EqualisedLinear(16 * widths[-1], config.critic_hidden, gain=GAIN)
        self.score = EqualisedLinear(config.critic_hidden, 1)

    def forward(self, picture: Tensor) -> Tensor:
        """Score."""
        x = self.features(picture)
        x = torch.cat([x, self.deviation(x)], dim=1)
        x = F.leaky_relu(self.leave(x), SLOPE)
        score: Tensor = self.score(F.leaky_relu(self.hidden(x.flatten(1)), SLOPE))
        return score

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
