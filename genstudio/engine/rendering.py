"""The Rendering: what comes out when a recipe goes in."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genstudio.recipe.values import Recipe


@dataclass(frozen=True)
class Rendering:
    """A picture and how it came to be.

    `pixels` are uint8 [height, width, 1, 3 or 4]; `seconds` the time of each stage; `notes`
    sentences that the person should read, such as why the GPU was not used.

    `score`, where it was asked for and can be told, is the model's own, higher for better: of a
    GAN the critic's (more like the training pictures), of a token model by how many bits a token
    the words make the drawn tokens likelier. It ranks pictures of one model, and of the same
    words; what a token model says of its own drawing is no judgement from outside.
    """

    pixels: NDArray[np.uint8]
    recipe: Recipe
    device: str
    seconds: Mapping[str, float]
    score: float | None = None
    notes: tuple[str, ...] = ()


class Stages:
    """How long each stage took."""

    def __init__(self, seconds: dict[str, float] | None = None) -> None:
        self.seconds = seconds or {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Time one stage."""
        start = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - start
