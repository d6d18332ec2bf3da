"""What a command is given: models, recipes, pictures and prompts, read from the command line."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.base.errors import PackError, RecipeError
from genstudio.cli.console import Console
from genstudio.media.video import FRAMES_PER_SECOND
from genstudio.media.walk import MOST_FRAMES
from genstudio.packs.controls import takes_prompt
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.packs.store import PackStore
from genstudio.recipe.png import recipe_if_any
from genstudio.recipe.values import ModelRef, Recipe, UpscaleRecipe, WeightedPrompt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.providers import Device
    from genstudio.engine.render import Engine

_PROMPT_SEPARATOR = "|"
_WEIGHT_MARK = "::"


def add_device(parser: argparse.ArgumentParser) -> None:
    """Add `--device`."""
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda"),
        default="auto",
        help="what to compute on; auto takes the GPU where there is one (default: auto)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on stdout, for scripts"
    )


def open_engine(store: PackStore, device: Device, console: Console) -> Engine:
    """The engine on the chosen device; says why where it is not the one hoped for."""
    from genstudio.engine.render import Engine

    engine = Engine(store.resolve, device=device)
    if engine.plan.note:
        console.note(f"GenStudio {engine.plan.note}.")
    return engine


@dataclass(frozen=True)
class Given:
    """A file that a recipe or a picture comes from."""

    path: Path
    recipe: Recipe | None

    def pixels(self) -> NDArray[np.uint8]:
        """The file as a picture. Raises `PictureError` where it is none."""
        from genstudio.engine.pixels import read_picture

        return read_picture(self.path)


def open_given(path: Path) -> Given:
    """Look what a file is; an enlarged picture counts as a picture, not as a recipe."""
    found = recipe_if_any(path)
    is_picture = found is None or isinstance(found.recipe, UpscaleRecipe)
    return Given(path, None if found is None or is_picture else found.recipe)


def parse_prompts(text: str) -> tuple[WeightedPrompt, ...]:
    """Read "red heart" or a blend such as "red heart::2 | blue fish::1".

    Raises:
        RecipeError: an empty part, or a weight that is no number above 0.
    """
    prompts = []
    for part in text.split(_PROMPT_SEPARATOR):
        words, mark, weight_text = part.rpartition(_WEIGHT_MARK)
        words = (words if mark else part).strip()
        try:
            weight = float(weight_text) if mark else 1.0
        except ValueError:
            weight = 0.0
        if not words or not 0 < weight <= 1000:
            raise RecipeError(
                f"The prompt part {part.strip()[:60]!r} cannot be read; write words, and a weight "
                'above 0 behind "::" if you like: "red heart::2 | blue fish".'
            )
        if len(words) > 2000:
            raise RecipeError("A prompt is longer than 2000 characters; shorten it.")
        prompts.append(WeightedPrompt(text=words, weight=weight))
    if len(prompts) > 16:
        raise RecipeError(f"A blend takes up to 16 prompts, not {len(prompts)}.")
    return tuple(prompts)


def find_upscaler(store: PackStore, scale: int) -> Pack:
    """The first upscaler of that scale. Raises `PackError` with the scales there are."""
    scales: dict[int, Pack] = {}
    for pack in store.list():
        if isinstance(pack.manifest.model, Upscaler):
            scales.setdefault(pack.manifest.model.scale, pack)
    if scale not in scales:
        there = ", ".join(str(number) for number in sorted(scales)) or "none"
        raise PackError(f"No model enlarges {scale} times; upscalers here enlarge: {there}.")
    return scales[scale]


def choose_pack(
    store: PackStore, model: str | None, given: Given | None, prompt: str | None, scale: int | None
) -> Pack:
    """The model that is named, that the recipe names, or that alone fits what was asked.

    Raises:
        PackError: the model is not here, or none was named and none follows.
    """
    if model is not None:
        return store.get(model)
    if given is not None and given.recipe is not None:
        return store.resolve(ModelRef(id=given.recipe.model.id))
    if given is not None and scale is not None:
        return find_upscaler(store, scale)
    packs = store.list()
    if prompt is not None:
        packs = [pack for pack in packs if takes_prompt(pack.manifest)]
    if len(packs) == 1:
        return packs[0]
    there = ", ".join(pack.id for pack in store.list())
    if not there:
        raise PackError("There are no models here; add one with: genstudio models add PATH.")
    raise PackError(f"Name a model with --model; there are: {there}.")


def check_frames(frames: int | None, fps: int | None) -> None:
    """Refuse numbers of frames that no film has; None is whatever is usual."""
    for option, value, low, high in (
        ("--frames", frames, 2, MOST_FRAMES),
        ("--fps", fps, *FRAMES_PER_SECOND),
    ):
        if value is not None and not low <= value <= high:
            raise RecipeError(f"{option} is a number from {low} to {high}, not {value}.")
