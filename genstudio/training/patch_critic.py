"""Sharpness for a decoder: a critic that judges patches, and the optimiser that teaches it.

PatchGAN (Isola et al. 2017), https://arxiv.org/abs/1611.07004; hinge loss, its weight set by the
ratio of gradients at the decoder's last layer (VQGAN, Esser et al. 2021,
https://arxiv.org/abs/2012.09841); distances between the critic's features as in VAE/GAN (Larsen et
al. 2016, https://arxiv.org/abs/1512.09300).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SLOWER = 0.3
"""The critic's learning rate as a part of the decoder's: one that wins outright teaches nothing."""
PENALTY, PENALISE_EVERY = 0.5, 8
STRONGEST = 100.0


class PlaceCritic(nn.Module):
    """What judges places: picture [B, 3, S, S] -> score [B, 1, s, s]."""

    def features(self, picture: Tensor) -> list[Tensor]:
        """What each layer sees, before the score."""
        raise NotImplementedError


class PatchCritic(PlaceCritic):
    """Says of each patch whether it looks real: [B, 3, S, S] -> [B, 1, s, s].

    It sees S / 2 ** `steps` places a side: two steps judge edges, four whole features of a face.
    """

    def __init__(self, width: int, steps: int = 2) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        last = width
        for _ in range(steps - 1):
            wider = min(2 * last, 4 * width)
            layers += _normalised(nn.Conv2d(last, wider, 4, 2, 1, bias=False))
            last = wider
        layers += _normalised(nn.Conv2d(last, last, 3, 1, 1, bias=False))
        self.body = nn.Sequential(*layers, nn.Conv2d(last, 1, 3, 1, 1))

    def forward(self, picture: Tensor) -> Tensor:
        """See the class."""
        score: Tensor = self.body(picture)
        return score

    def features(self, picture: Tensor) -> list[Tensor]:
        """What each layer sees, before the score."""
        seen: list[Tensor] = []
        for layer in list(self.body)[:-1]:
            picture = layer(picture)
            if isinstance(layer, nn.LeakyReLU):
                seen.append(picture)
        return seen


class Sharpener:
    """A critic of places and its optimiser."""

    def __init__(self, critic: PlaceCritic) -> None:
        self.critic = critic
        self.critic.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimiser = torch.optim.AdamW(self.critic.parameters(), 1e-4, (0.5, 0.9), fused=True)

    def judge(self, real: Tensor, made: Tensor, rate: float, turn: int) -> float:
        """Teach the critic to tell `real` from `made` (which gets no gradient).

        `rate` is the decoder's learning rate, `turn` the number of the step.
        """
        for group in self.optimiser.param_groups:
            group["lr"] = SLOWER * rate
        if turn % PENALISE_EVERY == 0:
            self._penalise(real)
        scores = self.critic(torch.cat([real, made.detach()])).float()
        on_real, on_made = scores.split([len(real), len(made)])
        loss = F.relu(1.0 - on_real).mean() + F.relu(1.0 + on_made).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return loss.item()

    def _penalise(self, real: Tensor) -> None:
        """R1 (Mescheder et al. 2018), https://arxiv.org/abs/1801.04406."""
        pictures = real.detach().requires_grad_(True)
        score = self.critic(pictures).float().mean(dim=(1, 2, 3)).sum()
        (slope,) = torch.autograd.grad(score, pictures, create_graph=True)
        penalty = slope.square().sum(dim=(1, 2, 3)).mean()
        self.optimiser.zero_grad(set_to_none=True)
        (0.5 * PENALTY * PENALISE_EVERY * penalty).backward()
        self.optimiser.step()

    def unreal(self, made: Tensor) -> Tensor:
        """How unreal the critic finds `made`, for the decoder to lessen."""
        self.critic.requires_grad_(False)
        score: Tensor = -self.critic(made).float().mean()
        self.critic.requires_grad_(True)
        return score

    def unlike(self, made: Tensor, wanted: Tensor) -> Tensor:
        """The mean absolute difference of what the critic sees in two sets of pictures."""
        self.critic.requires_grad_(False)
        pairs = zip(self.critic.features(made), self.critic.features(wanted), strict=True)
        apart = torch.stack([F.l1_loss(a.float(), b.float()) for a, b in pairs]).mean()
        self.critic.requires_grad_(True)
        return apart


def balanced(share: float, difference: Tensor, realism: Tensor, last: Tensor) -> Tensor:
    """The weight of `realism` that gives it `share` of `difference`'s pull at the weights `last`.

    Keeps both graphs for the backward pass.
    """
    (pull,) = torch.autograd.grad(difference, last, retain_graph=True)
    (push,) = torch.autograd.grad(realism, last, retain_graph=True)
    weight: Tensor = share * (pull.norm() / (push.norm() + 1e-6)).clamp(max=STRONGEST)
    return weight


def _normalised(convolution: nn.Conv2d) -> list[nn.Module]:
    return [convolution, nn.BatchNorm2d(convolution.out_channels), nn.LeakyReLU(0.2)]
