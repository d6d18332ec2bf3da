"""Where training computes: on the processor, or on an NVIDIA card (`--preset gpu`).

Inside `computing_on`, torch makes everything new on the card; what comes from numpy is brought
there by `array`. Packs are exported on the processor, where they are compared with their graphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import torch
from numpy.typing import NDArray
from torch import Tensor

from genstudio.base.errors import TrainingError

Preset = Literal["cpu", "gpu"]


@contextmanager
def computing_on(preset: Preset) -> Iterator[None]:
    """A block that computes where `preset` says.

    Raises:
        TrainingError: there is no card, or this torch cannot use it.
    """
    if preset == "cpu":
        yield
        return
    if not torch.cuda.is_available():
        raise TrainingError(
            "The preset gpu needs an NVIDIA card and a PyTorch built for CUDA, and one of them is "
            "missing; leave --preset out to train on the processor."
        )
    with torch.device("cuda"):
        yield


def here() -> torch.device:
    """Where new tensors are made."""
    return torch.get_default_device()


def array(values: NDArray[Any]) -> Tensor:
    """An array as a tensor, here."""
    return torch.from_numpy(values).to(here())


def generator(seed: int) -> torch.Generator:
    """Random numbers of their own, begun at `seed`, here."""
    return torch.Generator(here()).manual_seed(seed)


def described(preset: Preset) -> str:
    """The card's name, for a model card; that there was none."""
    return torch.cuda.get_device_name() if preset == "gpu" else "no GPU"
