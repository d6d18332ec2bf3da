"""A trained GAN's networks with everything constant folded: what is exported, and nothing else.

Weight scales, activation gains and the sums of squared weights are multiplied in; the critic's
first step (space to depth, then a 3x3 convolution) becomes one 6x6 convolution with stride 2.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.gan_networks import (
    GAIN,
    SLOPE,
    Critic,
    CriticBlock,
    EqualisedConv,
    EqualisedLinear,
    MappingNetwork,
    StyledConv,
    Synthesis,
    ToPicture,
    add_picture,
    edged,
    enlarge,
)
from genstudio.training.projected_critic import Head, ProjectedCritic

EPSILON = 1e-8


class PlainMapping(nn.Module):
    """z [B, z] -> w [B, w]."""

    def __init__(self, source: MappingNetwork) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            plain_linear(x) for x in source.layers if isinstance(x, EqualisedLinear)
        )

    def forward(self, z: Tensor) -> Tensor:
        """Map."""
        x = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + EPSILON)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE)
        return x


class PlainStyledConv(nn.Module):
    """A `StyledConv` with its scales multiplied in."""

    power: Tensor

    def __init__(self, source: StyledConv) -> None:
        super().__init__()
        weight = source.weight * source.scale
        self.outputs, self.inputs = weight.shape[:2]
        self.affine = plain_linear(source.affine)
        self.weight = nn.Parameter(weight.contiguous())
        self.bias = nn.Parameter(source.bias[:, None, None].clone())
        self.noise_strength = nn.Parameter(source.noise_strength.clone())
        power = weight.square().sum(dim=(2, 3)).t().contiguous() / GAIN**2
        self.register_buffer("power", power)

    def forward(self, x: Tensor, w: Tensor, noise: Tensor, noise_strength: Tensor) -> Tensor:
        """Maps [B, inputs, H, W], w [B, w], noise [B or 1, 1, H, W] -> [B, outputs, H, W]."""
        style = self.affine(w)
        factor = torch.rsqrt(style.square() @ self.power + EPSILON / GAIN**2)
        x = F.conv2d(edged(x * as_maps(style, self.inputs)), self.weight)
        x = x * as_maps(factor, self.outputs)
        x = x + noise * (noise_strength * self.noise_strength)
        return F.leaky_relu(x + self.bias, SLOPE)


class PlainToPicture(nn.Module):
    """A `ToPicture` with its scale multiplied in."""

    def __init__(self, source: ToPicture) -> None:
        super().__init__()
        self.inputs = source.weight.shape[1]
        self.affine = plain_linear(source.affine)
        self.weight = nn.Parameter((source.weight * source.scale).contiguous())
        self.bias = nn.Parameter(source.bias.clone())

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Maps [B, inputs, H, W], w [B, w] -> [B, 3, H, W]."""
        return F.conv2d(x * as_maps(self.affine(w), self.inputs), self.weight, self.bias)


class PlainSynthesis(nn.Module):
    """w [B, L, w], noise strength (a number), noise a layer -> picture [B, 3, S, S] in [-1, 1]."""

    def __init__(self, source: Synthesis) -> None:
        super().__init__()
        self.start = nn.Parameter(source.start.clone())
        self.layers = nn.ModuleList(
            PlainStyledConv(x) for x in source.layers if isinstance(x, StyledConv)
        )
        self.pictures = nn.ModuleList(
            PlainToPicture(x) for x in source.pictures if isinstance(x, ToPicture)
        )

    def forward(self, w: Tensor, noise_strength: Tensor, *noise: Tensor) -> Tensor:
        """Draw, and cut what goes beyond the range."""
        waiting = list(noise)
        x: Tensor = self.start
        picture = torch.empty(0)
        for index, layer in enumerate(self.layers):
            x = layer(x, w[:, index], waiting.pop(0), noise_strength)
            if index % 2 == 0:
                added = self.pictures[index // 2](x, w[:, index + 1])
                picture = add_picture(picture, added, first=index == 0)
            else:
                x = enlarge(x)
        return picture.clamp(-1.0, 1.0)


class PlainCritic(nn.Module):
    """Picture [B, 3, S, S] -> score [B, 1], each picture by itself.

    In training the critic also sees how unlike each other the pictures of a batch are; here
    that is the constant `deviation`, so that a score does not depend on the company.
    """

    def __init__(self, source: Critic, deviation: float) -> None:
        super().__init__()
        self.enter = whole_picture_conv(source.enter)
        self.blocks = nn.ModuleList(
            PlainCriticBlock(x) for x in source.blocks if isinstance(x, CriticBlock)
        )
        self.leave = with_constant_channel(source.leave, deviation)
        self.hidden = plain_linear(source.hidden)
        self.score = plain_linear(source.score)

    def forward(self, picture: Tensor) -> Tensor:
        """Score."""
        x = F.leaky_relu(self.enter(picture), SLOPE)
        for block in self.blocks:
            x = block(x)
        x = F.leaky_relu(self.leave(x), SLOPE)
        score: Tensor = self.score(F.leaky_relu(self.hidden(x.flatten(1)), SLOPE))
        return score


class PlainCriticBlock(nn.Module):
    """A `CriticBlock` with its scales multiplied in."""

    def __init__(self, source: CriticBlock) -> None:
        super().__init__()
        self.first = plain_conv(source.first)
        self.second = plain_conv(source.second)
        self.shortcut = plain_conv(source.shortcut)

    def forward(self, x: Tensor) -> Tensor:
        """Maps [B, inputs, H, W] -> [B, outputs, H / 2, W / 2]."""
        half = F.avg_pool2d(x, 2)
        y = F.avg_pool2d(F.leaky_relu(self.first(x), SLOPE), 2)
        y = F.leaky_relu(self.second(y), SLOPE)
        summed: Tensor = y + self.shortcut(half)
        return summed


class PlainProjectedCritic(nn.Module):
    """Picture [B, 3, S, S] -> score [B, 1], as the critic of the smallest size gives it.

    That one sees whole pictures; the others judge grain, at three times its weight on the disk.
    """

    def __init__(self, source: ProjectedCritic) -> None:
        super().__init__()
        self.sight = source.sight
        self.mixing = source.mixing.channels[-1]
        head = source.heads[-1]
        assert isinstance(head, Head)
        layers = (without_norm(x) if isinstance(x, nn.Conv2d) else x for x in head.body)
        self.head = nn.Sequential(*layers)

    def forward(self, picture: Tensor) -> Tensor:
        """Score."""
        scores: Tensor = self.head(self.mixing(self.sight(picture)[-1]))
        return scores.mean(dim=(2, 3))


class EdgeConv(nn.Module):
    """A convolution with a bias for each place, [channels, height, width]."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.contiguous())
        self.bias = nn.Parameter(bias.contiguous())

    def forward(self, x: Tensor) -> Tensor:
        """Maps [B, inputs, 4, 4] -> [B, outputs, 4, 4]."""
        return F.conv2d(x, self.weight, padding=1) + self.bias


def as_maps(values: Tensor, channels: int) -> Tensor:
    """[B, channels] -> [B, channels, 1, 1]; a constant number of channels makes it one node."""
    return values.reshape(-1, channels, 1, 1)


def plain_linear(source: EqualisedLinear) -> nn.Linear:
    """The same layer with its scale multiplied in."""
    made = nn.Linear(source.weight.shape[1], source.weight.shape[0])
    made.weight = nn.Parameter(source.weight.detach() * source.scale)
    made.bias = nn.Parameter(source.bias.detach() * source.bias_scale)
    return made


def plain_conv(source: EqualisedConv) -> nn.Conv2d:
    """The same convolution with its scale multiplied in."""
    outputs, inputs, size, _ = source.weight.shape
    made = nn.Conv2d(inputs, outputs, size, padding=source.padding)
    made.weight = nn.Parameter((source.weight.detach() * source.scale).contiguous())
    made.bias = nn.Parameter(source.bias.detach() * source.gain)
    return made


def without_norm(source: nn.Conv2d) -> nn.Conv2d:
    """The same convolution with its weights as its spectral norm makes them."""
    outputs, inputs, size, _ = source.weight.shape
    made = nn.Conv2d(inputs, outputs, size, padding=source.padding[0])
    made.weight = nn.Parameter(source.weight.detach().contiguous())
    made.bias = source.bias
    return made


def whole_picture_conv(source: EqualisedConv) -> nn.Conv2d:
    """A 3x3 convolution over space-to-depth blocks of 2x2, as a 6x6 convolution with stride 2."""
    outputs, blocks, size, _ = source.weight.shape
    weight = (source.weight.detach() * source.scale).view(outputs, blocks // 4, 2, 2, size, size)
    weight = weight.permute(0, 1, 4, 2, 5, 3).reshape(outputs, blocks // 4, 2 * size, 2 * size)
    made = nn.Conv2d(blocks // 4, outputs, 2 * size, stride=2, padding=2)
    made.weight = nn.Parameter(weight.contiguous())
    made.bias = nn.Parameter(source.bias.detach() * source.gain)
    return made


def with_constant_channel(source: EqualisedConv, value: float) -> EdgeConv:
    """A convolution whose last input channel is always `value`, on 4x4 maps.

    The channel becomes a bias that differs at the edges, where the padding is zero.
    """
    weight = source.weight.detach() * source.scale
    constant = torch.full((1, 1, 4, 4), value)
    bias = F.conv2d(constant, weight[:, -1:], source.bias.detach() * source.gain, padding=1)
    return EdgeConv(weight[:, :-1], bias[0])
