"""Whether a picture is what its recipe gives, here and now; and if not, how far off and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.base.errors import RecipeError
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.media.compare import Difference, difference
from genstudio.recipe import xmp
from genstudio.recipe.png import Found, find_recipe
from genstudio.recipe.values import UpscaleRecipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.render import Engine
    from genstudio.engine.rendering import Rendering


@dataclass(frozen=True)
class Verdict:
    """What came of rendering a picture's recipe again.

    `apart` is None where the sizes differ; `sizes` are those of the file and of the new rendering,
    as (width, height, channels); `reasons` say why they may differ.
    """

    path: Path
    rendering: Rendering
    sizes: tuple[tuple[int, ...], tuple[int, ...]]
    apart: Difference | None
    reasons: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether every pixel is the same."""
        return self.apart is not None and self.apart.largest == 0

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        if self.apart is None:
            before, after = (" x ".join(str(n) for n in size) for size in self.sizes)
            return f"Different: {self.path} is {before}, the recipe now gives {after}."
        if self.is_same:
            return f"Identical: {self.path} is what its recipe gives, pixel for pixel."
        return (
            f"Different by at most {self.apart.largest} and on average {self.apart.mean:.3f} "
            f"levels of 255 ({self.apart.psnr_words}). That can be because "
            f"{'; or '.join(self.reasons)}."
        )


def verify(
    engine: Engine,
    path: Path,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
    *,
    sources: Mapping[str, NDArray[np.uint8]] | None = None,
) -> Verdict:
    """Render the recipe inside a picture again and compare.

    `sources` are pictures from outside by their hash, for recipes that enlarge one.

    Raises:
        RecipeError: the picture holds no recipe, or its original is not among the sources.
        GenStudioError: the model is missing, or cannot render it.
    """
    from genstudio.engine.pixels import read_picture

    found = find_recipe(path)
    before = read_picture(path)
    recipe, source = found.recipe, None
    if isinstance(recipe, UpscaleRecipe):
        source = (sources or {}).get(recipe.picture.sha256)
        if source is None:
            name = recipe.picture.name or "the original"
            raise RecipeError(f"{path} was enlarged from a picture, {name}, which is not here.")
    rendering = engine.render(recipe, progress, cancel, picture=source)
    after = rendering.pixels
    sizes = tuple((p.shape[1], p.shape[0], p.shape[2]) for p in (before, after))
    if before.shape != after.shape:
        return Verdict(path, rendering, (sizes[0], sizes[1]), None)
    apart = difference(before, after)
    reasons = () if apart.largest == 0 else _reasons(found, path, engine, rendering)
    return Verdict(path, rendering, (sizes[0], sizes[1]), apart, reasons)


def _reasons(found: Found, path: Path, engine: Engine, rendering: Rendering) -> tuple[str, ...]:
    """What is known to be other than when the picture was made; else what may be."""
    reasons = []
    if path.suffix.lower() != ".png":
        reasons.append("the file is not a PNG, and its format changes pixels when it is written")
    if found.recipe.model.sha256 not in ("", engine.pack(found.recipe.model).ref.sha256):
        reasons.append(f"the model {found.recipe.model.id} is here in another version")
    if found.device and found.device != rendering.device:
        reasons.append(f"it was rendered on {found.device} and now on {rendering.device}")
    if found.software and found.software != xmp.SOFTWARE:
        reasons.append(f"{found.software} made it and this is {xmp.SOFTWARE}")
    return tuple(reasons) or (
        "it was made on another processor or with another version of ONNX Runtime",
        "its pixels were changed afterwards",
    )
