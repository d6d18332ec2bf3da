"""What a checkpoint keeps of a trainer: its networks and optimisers, and its place in the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from genstudio.training.data import Batches

Parts = Mapping[str, nn.Module | torch.optim.Optimizer]
"""What learns or remembers, by name."""


class Kept:
    """The half of a `loop.Trainer` that checkpoints ask for."""

    batches: Batches

    def parts(self) -> Parts:
        """Everything that learns or remembers, by name."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """Weights, averages, optimisers, place in the data."""
        return {name: part.state_dict() for name, part in self.parts().items()} | {
            "batches": self.batches.state()
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.batches.restore(state["batches"])
