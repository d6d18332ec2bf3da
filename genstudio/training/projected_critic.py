"""A critic that looks through a network which learned to see from a million photographs.

Projected GAN (Sauer et al. 2021), https://arxiv.org/abs/2111.01007: what the fixed network sees at
four sizes is mixed by fixed random convolutions, across channels and from small to large, so that
no part of it can be left unheeded; at each size a small critic of its own judges. One more judges
the bare picture: colours and grain, of which a network that names things keeps little.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from genstudio.training.patch_critic import PatchCritic, PlaceCritic, Sharpener
from genstudio.training.picture_features import WIDTHS, read_picture_features
from genstudio.training.precision import mixed

SLOPE = 0.2
MIXED = (32, 64, 128, 256)
"""Channels of each size after mixing."""
BLOCK = 4
"""Pixels a side that are one place of the bare picture."""


class ProjectedCritic(PlaceCritic):
    """Picture [B, 3, S, S] in [-1, 1] -> scores [B, N] of N places, the bare picture's first."""

    def __init__(self) -> None:
        super().__init__()
        self.sight = read_picture_features()
        self.mixing = Mixing()
        self.heads = nn.ModuleList(Head(width) for width in (3 * BLOCK**2, *MIXED))

    def forward(self, picture: Tensor) -> Tensor:
        """Judge."""
        return self.score(picture, self.features(picture))

    def features(self, picture: Tensor) -> list[Tensor]:
        """What the fixed network sees."""
        seen: list[Tensor] = self.sight(picture)
        return seen

    def score(self, picture: Tensor, seen: list[Tensor]) -> Tensor:
        """Judge a picture of which the features are known."""
        looked_at = [F.pixel_unshuffle(picture, BLOCK), *self.mixing(seen)]
        scores = [head(x).flatten(1) for head, x in zip(self.heads, looked_at, strict=True)]
        return torch.cat(scores, dim=1)


class Mixing(nn.Module):
    """Fixed random convolutions: of each size's channels, and of each with all smaller sizes."""

    def __init__(self) -> None:
        super().__init__()
        self.channels = nn.ModuleList(
            nn.Conv2d(a, b, 1, bias=False) for a, b in zip(WIDTHS, MIXED, strict=True)
        )
        self.sizes = nn.ModuleList(
            nn.Conv2d(b, a, 3, padding=1, bias=False) for a, b in pairwise(MIXED)
        )
        for conv in [*self.channels, *self.sizes]:
            nn.init.kaiming_normal_(conv.weight, nonlinearity="linear")
        self.requires_grad_(False)

    def forward(self, seen: list[Tensor]) -> list[Tensor]:
        """Maps of WIDTHS channels -> as many maps of MIXED channels."""
        mixed = [conv(x) for conv, x in zip(self.channels, seen, strict=True)]
        for index in reversed(range(len(self.sizes))):
            below = F.interpolate(mixed[index + 1], scale_factor=2.0, mode="nearest")
            mixed[index] = (mixed[index] + self.sizes[index](below)) * 0.7071
        return mixed


class Head(nn.Module):
    """One size's critic: [B, width, s, s] -> scores [B, 1, S / 32, S / 32]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        while width < MIXED[-1]:
            layers += [spectral_norm(nn.Conv2d(width, 2 * width, 4, 2, 1)), nn.LeakyReLU(SLOPE)]
            width *= 2
        layers += [spectral_norm(nn.Conv2d(width, width, 3, padding=1)), nn.LeakyReLU(SLOPE)]
        self.body: nn.Sequential = nn.Sequential(*layers, spectral_norm(nn.Conv2d(width, 1, 1)))

    def forward(self, x: Tensor) -> Tensor:
        """Judge."""
        score: Tensor = self.body(x)
        return score


class ProjectedSharpener(Sharpener):
    """Sharpness by such a critic, which needs no penalty; what it sees is compared in proportion.

    The distance is a perceptual one, as in Zhang et al. 2018, https://arxiv.org/abs/1801.03924.
    """

    critic: ProjectedCritic
    pace = 1.0
    penalty = 0.0
    betas = (0.0, 0.99)
    decay = 0.0

    def __init__(self) -> None:
        super().__init__(ProjectedCritic())

    def judge_both(
        self,
        real: Tensor,
        made: Tensor,
        rate: float,
        turn: int,  # noqa: ARG002 (there is no penalty)
    ) -> tuple[Tensor, float]:
        """The same; each picture is looked at only once, since that part of the critic is fixed."""
        with mixed():
            wanted, seen = self.critic.features(real), self.critic.features(made)
            on_real = self.critic.score(real, wanted).float()
            on_made = self.critic.score(made.detach(), [x.detach() for x in seen]).float()
        loss = self._learn(on_real, on_made, rate)
        with self._still(), mixed():
            unreal = self._displeasure(self.critic.score(made, seen).float())
            return unreal + self._apart([x[: len(real)] for x in seen], wanted), loss

    def _distance(self, made: Tensor, wanted: Tensor) -> Tensor:
        return super()._distance(made, wanted) / wanted.abs().mean()


def make_sharpener(width: int, steps: int, *, projected: bool) -> Sharpener:
    """The sharpener that a training file asks for; the numbers are a `PatchCritic`'s."""
    return ProjectedSharpener() if projected else Sharpener(PatchCritic(width, steps))
