"""The two kinds of judge that a GAN can learn from."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from genstudio.training.config import GanTraining
from genstudio.training.gan_networks import Critic
from genstudio.training.judge import Augment, Judge
from genstudio.training.projected_critic import ProjectedCritic


class GanJudge(Judge):
    """A judge that says how far it is to be heeded."""

    silent = 0
    """Pictures into a run before the maker heeds it; after three times as many it does wholly."""

    def heeded(self, seen: int) -> float:
        """A factor for the maker's learning rate, `seen` pictures into a run."""
        return min(max((seen / self.silent - 1.0) / 2.0, 0.0), 1.0) if self.silent else 1.0


class PlainJudge(GanJudge):
    """A critic that begins with knowing nothing: non-saturating loss, and R1 every few steps."""

    critic: Critic

    def __init__(self, config: GanTraining, augment: Augment | None) -> None:
        self.penalty, self.penalise_every = config.loss.r1_weight, config.loss.r1_every
        # The penalty's own steps count, as in StyleGAN2.
        self.pace = self.penalise_every / (self.penalise_every + 1)
        self.betas = (0.0, 0.99**self.pace)
        super().__init__(Critic(config.networks), augment)

    def _confusion(self, on_real: Tensor, on_made: Tensor) -> Tensor:
        return F.softplus(-on_real).mean() + F.softplus(on_made).mean()

    def _displeasure(self, on_made: Tensor) -> Tensor:
        return F.softplus(-on_made).mean()


class ProjectedJudge(GanJudge):
    """A critic that can see from the beginning.

    What it says is chance at first, which would spoil a maker that knows much: hence the silence.
    """

    critic: ProjectedCritic
    pace = 0.5
    silent = 500

    def __init__(self, augment: Augment | None) -> None:
        super().__init__(ProjectedCritic(), augment)
