"""Who judges made pictures: a critic, how it learns, and what it tells the maker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.average import channels_last
from genstudio.training.precision import mixed

Augment = Callable[[Tensor], Tensor]


class Judge:
    """A critic and the optimiser that teaches it: hinge loss, and R1 where a penalty is set.

    The critic sees pictures as `augment` changes them, real and made ones alike.
    """

    pace = 1.0
    """The critic's learning rate as a part of the maker's."""
    penalty = 0.0
    """Weight of R1 (Mescheder et al. 2018), https://arxiv.org/abs/1801.04406."""
    penalise_every = 8
    """Steps from one penalty to the next."""
    betas = (0.0, 0.99)
    decay = 0.0
    """AdamW's numbers."""

    def __init__(self, critic: nn.Module, augment: Augment | None = None) -> None:
        self.critic = channels_last(critic)
        self._augment = augment or _unchanged
        self._learning = [p for p in self.critic.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(
            self._learning, betas=self.betas, weight_decay=self.decay, fused=True
        )

    def judge(self, real: Tensor, made: Tensor, rate: float, turn: int) -> float:
        """Teach the critic to tell `real` from `made` (which gets no gradient); its loss.

        `rate` is the maker's learning rate, `turn` the number of the step.
        """
        with mixed():
            on_real, on_made = self._scores(self._augment(real), self._augment(made.detach()))
        loss = self._learn(on_real.float(), on_made.float(), rate)
        if self.penalty and turn % self.penalise_every == 0:
            self._penalise(real)
        return loss

    def unreal(self, made: Tensor) -> Tensor:
        """How unreal the critic finds `made`, for the maker to lessen."""
        with self._still(), mixed():
            score = self.critic(self._augment(made))
        return self._displeasure(score.float())

    def _scores(self, real: Tensor, made: Tensor) -> tuple[Tensor, Tensor]:
        return self.critic(real), self.critic(made)

    def _learn(self, on_real: Tensor, on_made: Tensor, rate: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = rate * self.pace
        loss = self._confusion(on_real, on_made)
        self._descend(loss)
        return loss.item()

    def _confusion(self, on_real: Tensor, on_made: Tensor) -> Tensor:
        return F.relu(1.0 - on_real).mean() + F.relu(1.0 + on_made).mean()

    def _displeasure(self, on_made: Tensor) -> Tensor:
        return -on_made.mean()

    @contextmanager
    def _still(self) -> Iterator[None]:
        """What is computed inside teaches the critic nothing."""
        for weight in self._learning:
            weight.requires_grad_(False)
        yield
        for weight in self._learning:
            weight.requires_grad_(True)

    def _penalise(self, real: Tensor) -> None:
        pictures = self._augment(real).detach().requires_grad_(True)
        with mixed():
            score = self.critic(pictures).float().flatten(1).mean(dim=1).sum()
        (slope,) = torch.autograd.grad(score, pictures, create_graph=True)
        penalty = slope.square().sum(dim=(1, 2, 3)).mean()
        self._descend(0.5 * self.penalty * self.penalise_every * penalty)

    def _descend(self, loss: Tensor) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()


def _unchanged(pictures: Tensor) -> Tensor:
    return pictures
