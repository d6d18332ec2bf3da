"""What a model makes of a picture from elsewhere, how near that comes, and drawing on from it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.progress import Cancel, Progress
from genstudio.base.texts import translate
from genstudio.engine.pixels import fit_picture
from genstudio.engine.rendering import Rendering
from genstudio.media.compare import difference
from genstudio.packs.manifest import Autoregressive, Gan, Pack, Palette, Vae
from genstudio.recipe.values import KeptTokens, LatentRecipe, Recipe, TokenRecipe

if TYPE_CHECKING:
    from genstudio.engine.render import Engine

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Reading:
    """A picture as a model shows it; `apart` is how far that is from it on average, 0 to 1."""

    rendering: Rendering
    apart: float
    seconds: float

    def words(self, name: str, pack: Pack) -> str:
        """How near it came, and how."""
        if isinstance(pack.manifest.model, Gan):
            text = translate(
                "OwnPicture",
                "The nearest to {name} that {model} makes is {share} % apart on average; found by "
                "CMA-ES in {seconds} s.",
            )
        else:
            text = translate(
                "OwnPicture", "{name} as {model} reads it is {share} % apart on average."
            )
        share, seconds = f"{100 * self.apart:.1f}", max(1, round(self.seconds))
        return text.format(name=name, model=pack.manifest.name, share=share, seconds=seconds)


def can_read(pack: Pack) -> bool:
    """Whether a model can start from a picture."""
    model, graphs = pack.manifest.model, pack.manifest.graphs
    if isinstance(model, Vae):
        return "encoder" in graphs
    if isinstance(model, Autoregressive):
        return isinstance(model.tokens, Palette) or "image_encoder" in graphs
    return isinstance(model, Gan)


def read(
    engine: Engine,
    pack: Pack,
    pixels: Pixels,
    current: Recipe | None,
    progress: Progress,
    cancel: Cancel,
) -> Reading:
    """Read a picture [H, W, C], and render what was read, all of it kept. Raises as `encode`."""
    begun = time.monotonic()
    recipe = read_recipe(engine, pack, pixels, current, progress, cancel)
    rendering = engine.render(recipe, cancel=cancel)
    height, width, channels = rendering.pixels.shape
    fitted = fit_picture(pixels, width, height, channels)
    apart = difference(fitted, rendering.pixels).mean / 255
    return Reading(rendering, apart, time.monotonic() - begun)


def read_recipe(
    engine: Engine,
    pack: Pack,
    pixels: Pixels,
    current: Recipe | None,
    progress: Progress,
    cancel: Cancel,
) -> LatentRecipe | TokenRecipe:
    """The recipe of a picture; a token model goes on with the words and settings there are."""
    recipe = engine.encode(pack.ref, pixels, cancel, progress)
    if (
        isinstance(recipe, TokenRecipe)
        and isinstance(current, TokenRecipe)
        and current.model.id == recipe.model.id
    ):
        return replace(current, model=recipe.model, kept=recipe.kept, grid=None, upscaling=None)
    return recipe


def continued(recipe: TokenRecipe, grid: tuple[int, int], seed: int) -> TokenRecipe:
    """The recipe of which the upper half of the picture stays, and the model draws the rest."""
    kept, (width, height) = recipe.kept, grid
    assert kept is not None
    cells = np.frombuffer(kept.kept, np.uint8).copy()
    cells[max(height // 2, 1) * width :] = 0
    half = KeptTokens(tokens=kept.tokens, kept=cells.tobytes())
    return replace(recipe, seed=seed, kept=half)
