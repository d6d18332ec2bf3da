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

from genstudio.training.judge import Judge
from genstudio.training.precision import mixed

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


class Sharpener(Judge):
    """A critic of places, slower than the decoder: one that wins outright teaches nothing."""

    critic: PlaceCritic
    pace = 0.3
    penalty = 0.5
    betas = (0.5, 0.9)
    decay = 0.01

    def judge_both(
        self, real: Tensor, made: Tensor, rate: float, turn: int
    ) -> tuple[Tensor, float]:
        """Teach the critic as `judge` does; what the decoder is to lessen, and the critic's loss.

        That is how unreal `made` is, and how unlike `real` are the first of `made`, which
        reproduce it.
        """
        loss = self.judge(real, made, rate, turn)
        return self.unreal(made) + self.unlike(made[: len(real)], real), loss

    def unlike(self, made: Tensor, wanted: Tensor) -> Tensor:
        """The mean absolute difference of what the critic sees in two sets of pictures."""
        with self._still(), mixed():
            return self._apart(self.critic.features(made), self.critic.features(wanted))

    def _apart(self, made: list[Tensor], wanted: list[Tensor]) -> Tensor:
        pairs = zip(made, wanted, strict=True)
        return torch.stack([self._distance(a.float(), b.float()) for a, b in pairs]).mean()

    def _distance(self, made: Tensor, wanted: Tensor) -> Tensor:
        return F.l1_loss(made, wanted)

    def _scores(self, real: Tensor, made: Tensor) -> tuple[Tensor, Tensor]:
        # Together, so that a batch's normalisation is the same for both.
        on_real, on_made = self.critic(torch.cat([real, made])).split([len(real), len(made)])
        return on_real, on_made


def descend(share: float, difference: Tensor, realism: Tensor, made: Tensor, last: Tensor) -> None:
    """Go back from both losses of the pictures `made` to the weights of the decoder.

    `realism` gets `share` of `difference`'s pull at the decoder's last weights, `last`.
    """
    (wanted,) = torch.autograd.grad(difference, made)
    (asked,) = torch.autograd.grad(realism, made)
    (pull,) = torch.autograd.grad(made, last, wanted, retain_graph=True)
    (push,) = torch.autograd.grad(made, last, asked, retain_graph=True)
    weight = share * (pull.norm() / (push.norm() + 1e-6)).clamp(max=STRONGEST)
    made.backward(wanted + weight * asked)


def _normalised(convolution: nn.Conv2d) -> list[nn.Module]:
    return [convolution, nn.BatchNorm2d(convolution.out_channels), nn.LeakyReLU(0.2)]
