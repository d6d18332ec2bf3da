"""A trained texture model as its pack has it: a GAN's mapping, synthesis and critic.

w is a place among the textures, which lie near those that are like them. The synthesis shows the
ones nearest to it, quilted anew from their codes. It takes w twice: for forms and for colours.
Noise lays the quilt out, and, by its strength, moves w from piece to piece.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.patch_critic import PlaceCritic
from genstudio.training.quilt import CHANCES, patchwork, quilt
from genstudio.training.texture_networks import Decoder

LAYERS: Final = 2
NEAREST: Final = 3
"""Textures that a picture is mixed from at most."""
FALL: Final = 3.0
"""Half the power of the distance with which a texture's part falls."""
SHARPNESS: Final = 200.0
"""How much a latent's nearest texture outweighs the next ones."""
ASTRAY: Final = 0.15
"""How much of z itself stays: seeds that are near the same texture differ."""
MOST: Final = 6.0
"""Deviations from 0 that a code may have; the few beyond are cut."""
STRONGEST: Final = 2.0
"""The most that a colour's contrast is raised or lowered for another texture's colours."""


class TextureMapping(nn.Module):
    """z [B, latent] -> w [B, latent], drawn to the textures in z's direction.

    Softly, so that near z still give near w.
    """

    known: Tensor

    def __init__(self, known: Tensor) -> None:
        """`known` [textures, latent]: where the textures lie."""
        super().__init__()
        self.register_buffer("known", known)

    def forward(self, z: Tensor) -> Tensor:
        """Map."""
        alike = F.normalize(z, dim=1) @ F.normalize(self.known, dim=1).T
        return (SHARPNESS * alike).softmax(dim=1) @ self.known + ASTRAY * z


class TextureSynthesis(nn.Module):
    """w [B, 2, latent], noise strength (a number), noise -> picture [B, 3, S, S] in [-1, 1].

    The noise is [B or 1, `CHANCES` + latent, cells, cells].
    """

    bank: Tensor
    known: Tensor
    colours: Tensor

    def __init__(self, bank: Tensor, known: Tensor, colours: Tensor, decoder: Decoder,
                 *, side: int, wraps: bool) -> None:  # fmt: skip
        """`bank` [textures side side, code] in rows; `colours` [textures, 6]: mean, deviation.

        The codes are kept in 8 bits, up to `MOST` deviations.
        """
        super().__init__()
        self.register_buffer("bank", (bank / MOST * 127.0).round().clamp(-127, 127).to(torch.int8))
        self.register_buffer("known", known)
        self.register_buffer("colours", colours)
        self.decoder = decoder
        self.side, self.wraps = side, wraps

    def forward(self, w: Tensor, noise_strength: Tensor, noise: Tensor) -> Tensor:
        """Draw, and cut what goes beyond the range."""
        forms = w[:, 0]
        nearest = self._nearest(forms)
        moved = forms[:, :, None, None] + noise_strength * noise[:, CHANCES:]
        mix = parts(moved, self.known[nearest])
        plan = quilt(noise[:, :CHANCES], self.side, wraps=self.wraps)
        pieces = patchwork(self.bank, nearest * self.side**2, mix * (MOST / 127.0), plan)
        picture: Tensor = self.decoder(pieces)
        mean, spread = self._colours(forms)
        new_mean, new_spread = self._colours(w[:, 1])
        ratio = (new_spread / spread).clamp(1.0 / STRONGEST, STRONGEST)
        return ((picture - mean) * ratio + new_mean).clamp(-1.0, 1.0)

    def _nearest(self, w: Tensor) -> Tensor:
        """Which textures lie nearest to w: int64 [B, `NEAREST` or fewer]."""
        apart = (w[:, None] - self.known).square().sum(dim=2)
        return apart.topk(min(NEAREST, len(self.known)), dim=1, largest=False).indices

    def _colours(self, w: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation of the colours at w: each [B, 3, 1, 1]."""
        nearest = self._nearest(w)
        share = parts(w[:, :, None, None], self.known[nearest])[:, :, 0]
        mean, spread = (share * self.colours[nearest]).sum(dim=1)[:, :, None, None].split(3, dim=1)
        return mean, spread


def parts(w: Tensor, textures: Tensor) -> Tensor:
    """What part each of `textures` [B, K, latent] has at w [B, latent, h, w]: [B, K, h, w].

    By the inverse of their distances (Shepard 1968, https://doi.org/10.1145/800186.810616): at a
    texture's own place it is alone.
    """
    apart = (w[:, None] - textures[:, :, :, None, None]).square().sum(dim=2) + 1e-4
    near = (apart.amin(dim=1, keepdim=True) / apart) ** FALL
    return near / near.sum(dim=1, keepdim=True)


class PictureCritic(nn.Module):
    """Picture [B, 3, S, S] -> score [B, 1]: the mean of all places'."""

    def __init__(self, critic: PlaceCritic) -> None:
        super().__init__()
        self.critic = critic

    def forward(self, picture: Tensor) -> Tensor:
        """Judge."""
        score: Tensor = self.critic(picture)
        return score.mean(dim=(2, 3))
