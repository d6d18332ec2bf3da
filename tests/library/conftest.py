"""A library in a folder of its own, and pictures to keep in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from genstudio.engine.rendering import Rendering
from genstudio.library.library import Library
from genstudio.recipe.values import (
    FromSeed,
    LatentRecipe,
    ModelRef,
    Recipe,
    TokenRecipe,
    WeightedPrompt,
)

Draw = Callable[..., Rendering]


def drawn(
    seed: int, *, model: str = "hills", prompt: str = "", colour: int | None = None
) -> Rendering:
    """A picture of a seed, or of a prompt, as a renderer would give it."""
    recipe: Recipe = LatentRecipe(model=ModelRef(id=model), source=FromSeed(seed=seed))
    if prompt:
        recipe = TokenRecipe(
            model=ModelRef(id=model), seed=seed, prompts=(WeightedPrompt(text=prompt),)
        )
    chance = np.random.default_rng(seed)
    pixels = chance.integers(0, 256, (24, 32, 3), np.uint8)
    if colour is not None:
        pixels = np.full((24, 32, 3), colour, np.uint8)
    return Rendering(pixels, recipe, "CPU", {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    library = Library(folder)
    yield library
    library.close()
