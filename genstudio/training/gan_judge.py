"""Who judges a GAN's pictures: a critic, how it learns, and what it tells the maker.

Critics see real and made pictures in augmented form only, so that few pictures last long.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.average import channels_last
from genstudio.training.config import GanTraining
from genstudio.training.gan_networks import Critic
from genstudio.training.picture_features import read_picture_features
from genstudio.training.precision import mixed
from genstudio.training.projected_critic import ProjectedCritic

Augment = Callable[[Tensor], Tensor]


class Judge(ABC):
    """A critic and the optimiser that teaches it."""

    pace = 1.0
    """The critic's learning rate as a part of the maker's."""
    silent = 0
    """Pictures into a run before the maker heeds it; after three times as many it does wholly."""
    penalty = 0.0
    """Weight of R1 (Mescheder et al. 2018), https://arxiv.org/abs/1801.04406."""
    penalise_every = 1

    def __init__(self, critic: nn.Module, augment: Augment) -> None:
        self.critic = channels_last(critic)
        self._augment = augment
        self._learning = [p for p in self.critic.parameters() if p.requires_grad]
        # Steps that the penalty takes count in the average of squared slopes, as in StyleGAN2.
        betas = (0.0, 0.99**self.pace if self.penalty else 0.99)
        self.optimiser = torch.optim.Adam(self._learning, betas=betas, fused=True)

    @abstractmethod
    def _confusion(self, on_real: Tensor, on_made: Tensor) -> Tensor:
        """The critic's loss, of its scores."""

    @abstractmethod
    def _displeasure(self, on_made: Tensor) -> Tensor:
        """The maker's loss."""

    def heeded(self, seen: int) -> float:
        """How far the maker heeds it, `seen` pictures into a run: a factor of its learning rate."""
        return min(max((seen / self.silent - 1.0) / 2.0, 0.0), 1.0) if self.silent else 1.0

    def judge(self, real: Tensor, made: Tensor, rate: float, turn: int) -> Mapping[str, float]:
        """Learn to tell `real` from `made` (which gets no gradient); the losses.

        `rate` is the maker's learning rate, `turn` the number of the step.
        """
        for group in self.optimiser.param_groups:
            group["lr"] = rate * self.pace
        with mixed():
            on_real = self.critic(self._augment(real)).float()
            on_made = self.critic(self._augment(made.detach())).float()
        loss = self._confusion(on_real, on_made)
        self._descend(loss)
        losses = {"critic": loss.item()}
        if self.penalty:
            losses["r1"] = 0.0 if turn % self.penalise_every else self._penalise(real)
        return losses

    def displeasure(self, made: Tensor) -> Tensor:
        """How little it likes `made`, for the maker to lessen; the critic learns nothing by it."""
        for weight in self._learning:
            weight.requires_grad_(False)
        with mixed():
            score = self.critic(self._augment(made)).float()
        for weight in self._learning:
            weight.requires_grad_(True)
        return self._displeasure(score)

    def _penalise(self, real: Tensor) -> float:
        pictures = self._augment(real).detach().requires_grad_(True)
        with mixed():
            score = self.critic(pictures).float().mean(dim=1).sum()
        (slope,) = torch.autograd.grad(score, pictures, create_graph=True)
        penalty = slope.square().sum(dim=(1, 2, 3)).mean()
        self._descend(penalty * (0.5 * self.penalty * self.penalise_every))
        return penalty.item()

    def _descend(self, loss: Tensor) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()


class PlainJudge(Judge):
    """A critic that begins with knowing nothing: non-saturating loss, and R1 every few steps."""

    critic: Critic

    def __init__(self, config: GanTraining, augment: Augment) -> None:
        self.penalty, self.penalise_every = config.loss.r1_weight, config.loss.r1_every
        self.pace = self.penalise_every / (self.penalise_every + 1)
        super().__init__(Critic(config.networks), augment)

    def _confusion(self, on_real: Tensor, on_made: Tensor) -> Tensor:
        return F.softplus(-on_real).mean() + F.softplus(on_made).mean()

    def _displeasure(self, on_made: Tensor) -> Tensor:
        return F.softplus(-on_made).mean()


class ProjectedJudge(Judge):
    """A critic that can see from the beginning: hinge loss, no penalty.

    What it says is chance at first, which would spoil a maker that knows much: hence the silence.
    """

    critic: ProjectedCritic
    pace = 0.5
    silent = 500

    def __init__(self, augment: Augment) -> None:
        super().__init__(ProjectedCritic(read_picture_features()), augment)

    def _confusion(self, on_real: Tensor, on_made: Tensor) -> Tensor:
        return F.relu(1.0 - on_real).mean() + F.relu(1.0 + on_made).mean()

    def _displeasure(self, on_made: Tensor) -> Tensor:
        return -on_made.mean()
