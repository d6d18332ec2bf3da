"""The networks of a texture model: codes of patches, a decoder that draws them, a critic.

Codes are the principal components of patches, which need no learning: what the decoder learns is
the rest, fine forms and how patches join. Convolution, batch normalisation, ReLU, like a VAE's, but
all padding goes on at the other side, so that any grid of codes gives a seamless picture.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.gan_networks import SLOPE, CriticBlock, EqualisedConv
from genstudio.training.patch_critic import PlaceCritic
from genstudio.training.quilt import PIXELS, Pieces
from genstudio.training.texture_config import TextureNetworks
from genstudio.training.vae_networks import Residual


def around(inputs: int, outputs: int) -> nn.Conv2d:
    """A 3x3 convolution that goes on at the other side."""
    return nn.Conv2d(inputs, outputs, 3, 1, 1, padding_mode="circular")


def residual(channels: int) -> Residual:
    """A VAE's, that goes on at the other side."""
    return Residual(channels, "circular")


class PatchCodes(nn.Module):
    """Patches of `PIXELS` x `PIXELS` pixels as principal components of unit variance, and back."""

    directions: Tensor
    spread: Tensor
    middle: Tensor

    def __init__(self, code: int) -> None:
        super().__init__()
        self.register_buffer("directions", torch.zeros(code, 3 * PIXELS**2))
        self.register_buffer("spread", torch.ones(code))
        self.register_buffer("middle", torch.zeros(3 * PIXELS**2))

    def fit(self, pictures: Iterable[Tensor]) -> None:
        """Find the components of all patches of pictures [B, 3, S, S]."""
        count, total = 0, torch.zeros_like(self.middle)
        squares = torch.zeros(len(total), len(total), device=total.device)
        for part in pictures:
            patches = F.pixel_unshuffle(part, PIXELS).permute(0, 2, 3, 1).flatten(0, 2)
            count += len(patches)
            total += patches.sum(dim=0)
            squares += patches.T @ patches
        self.middle.copy_(total / count)
        strength, found = torch.linalg.eigh(squares / count - self.middle.outer(self.middle))
        first = strength.argsort(descending=True)[: len(self.spread)]
        self.spread.copy_(strength[first].clamp_min(1e-8).sqrt())
        self.directions.copy_(found[:, first].T)

    def encode(self, pictures: Tensor) -> Tensor:
        """[B, 3, S, S] -> [B, code, S / 8, S / 8]."""
        weight = self.directions / self.spread[:, None]
        codes: Tensor = F.conv2d(
            F.pixel_unshuffle(pictures, PIXELS), weight[:, :, None, None], -weight @ self.middle
        )
        return codes

    def forward(self, codes: Tensor) -> Tensor:
        """[B, code, h, w] -> the patches as far as their components tell, [B, 3, 8 h, 8 w]."""
        weight = (self.directions * self.spread[:, None]).T
        return F.pixel_shuffle(F.conv2d(codes, weight[:, :, None, None], self.middle), PIXELS)


class Decoder(nn.Module):
    """A quilt's pieces, of h x w codes -> picture [B, 3, 8 h, 8 w], about in [-1, 1].

    It adds to what the codes tell by themselves, which fades smoothly from piece to piece. The last
    step makes 2 x 2 pixels at once (depth to space).
    """

    def __init__(self, config: TextureNetworks) -> None:
        super().__init__()
        first, second, third = config.decoder
        self.patches = PatchCodes(config.code)
        self.layers = nn.Sequential(
            around(config.code, first), residual(first), residual(first),
            nn.Conv2d(first, second, 1), nn.Upsample(scale_factor=2.0), residual(second),
            nn.Conv2d(second, third, 1), nn.Upsample(scale_factor=2.0), residual(third),
        )  # fmt: skip
        self.leave = around(third, 12)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)  # type: ignore[arg-type]

    def forward(self, pieces: Pieces) -> Tensor:
        """Decode."""
        with torch.autocast(pieces.codes.device.type, enabled=False):
            told = torch.zeros(())
            seeds = zip(pieces.fine.unbind(dim=1), pieces.codes.unbind(dim=1), strict=True)
            for share, codes in seeds:
                told = told + share[:, None] * self.patches(codes)
        blended = pieces.blended().contiguous(memory_format=torch.channels_last)
        return told + F.pixel_shuffle(self.leave(self.layers(blended)), 2)


class TextureCritic(PlaceCritic):
    """Picture [B, 3, S, S] -> score [B, 1, S / 8, S / 8], each place by what lies around it.

    Without normalisation, since a batch's statistics would tell made pictures from real ones.
    """

    def __init__(self, config: TextureNetworks) -> None:
        super().__init__()
        width = config.critic
        self.enter = EqualisedConv(12, width, 3)
        self.blocks = nn.Sequential(
            CriticBlock(width, 2 * width), CriticBlock(2 * width, 4 * width)
        )
        self.leave = EqualisedConv(4 * width, 4 * width, 3)
        self.score = EqualisedConv(4 * width, 1, 1, 1.0)

    def forward(self, picture: Tensor) -> Tensor:
        """Judge."""
        score: Tensor = self.score(self.features(picture)[-1])
        return score

    def features(self, picture: Tensor) -> list[Tensor]:
        """What each layer sees, before the score."""
        seen = [F.leaky_relu(self.enter(F.pixel_unshuffle(picture, 2)), SLOPE)]
        for block in self.blocks:
            seen.append(block(seen[-1]))
        return [*seen, F.leaky_relu(self.leave(seen[-1]), SLOPE)]


def latents(pictures: int, numbers: int, facts: Tensor) -> Tensor:
    """A place for each texture, near those that are like it: [pictures, numbers].

    The principal components of `facts` [pictures, F], each facts' column and each component
    brought to unit variance; zeros where there are fewer components than `numbers`.
    """
    spread = facts.std(dim=0, correction=0).clamp_min(1e-6)
    even = (facts - facts.mean(dim=0)) / spread
    rows, strength, _ = torch.linalg.svd(even, full_matrices=False)
    kept = min(numbers, int((strength > 1e-4 * strength[0]).sum()))
    found = torch.zeros(pictures, numbers)
    found[:, :kept] = rows[:, :kept] * pictures**0.5
    return found
