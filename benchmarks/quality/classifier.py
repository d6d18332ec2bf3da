"""A small classifier of icons, trained on real ones only: the judge of what a prompt drew.

One style is kept back whole to say how often the judge is right about real icons.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.training.precision import mixed
from genstudio.training.sheet import to_tensor
from genstudio.training.token_pictures import moved

SIDE: Final = 48
_STEPS: Final = 600
_BATCH: Final = 96


class Judge:
    """Says which of a list of concepts a picture shows."""

    def __init__(self, pictures: NDArray[np.uint8], labels: NDArray[np.int64], classes: int):
        """Learn from real pictures [N, H, H, 3] and their concepts [N]."""
        torch.manual_seed(0)
        random = np.random.default_rng(0)
        self._network = _network(classes).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        optimiser = torch.optim.AdamW(self._network.parameters(), 2e-3, weight_decay=0.05)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, _STEPS)
        for _ in range(_STEPS):
            rows = random.integers(len(pictures), size=_BATCH)
            seen = moved(to_tensor(pictures[rows]), SIDE, random, np.ones(_BATCH, np.bool_))
            seen = _recoloured(seen)
            with mixed():
                logits = self._network(seen)
            loss = F.cross_entropy(
                logits.float(), torch.from_numpy(labels[rows]), label_smoothing=0.1
            )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
        self._network.eval()

    @torch.inference_mode()
    def right(
        self, pictures: NDArray[np.uint8], labels: Sequence[int] | NDArray[np.int64]
    ) -> tuple[float, float]:
        """How often the concept is the likeliest, and among the five likeliest."""
        scores = []
        for start in range(0, len(pictures), 128):
            part = to_tensor(pictures[start : start + 128])
            small = F.interpolate(part, (SIDE, SIDE), mode="area")
            scores.append(self._network(small.contiguous(memory_format=torch.channels_last)))
        best = torch.cat(scores).topk(5, dim=1).indices
        hit = best == torch.as_tensor(np.asarray(labels))[:, None]
        return float(hit[:, 0].float().mean()), float(hit.any(dim=1).float().mean())


def _recoloured(pictures: Tensor) -> Tensor:
    """A little brighter, darker or of another tint, and a little noise: styles differ so."""
    count = len(pictures)
    tint = 1.0 + 0.2 * torch.randn(count, 3, 1, 1)
    ink = (pictures - 1.0) * tint.clamp(0.5, 1.5) + 1.0
    return ink + 0.03 * torch.randn_like(ink)


def _network(classes: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.PixelUnshuffle(2)]
    widths = (12, 64, 128, 256, 384)
    for a, b in pairwise(widths):
        for inputs in (a, b):
            convolution = nn.Conv2d(inputs, b, 3, padding=1, bias=False)
            layers += [convolution, nn.BatchNorm2d(b), nn.ReLU()]
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(
        *layers,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(widths[-1], classes),
    )
