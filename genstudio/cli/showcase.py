"""`genstudio showcase`: one picture of every model that comes with GenStudio."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genstudio.base.errors import GenStudioError, PackError
from genstudio.base.paths import bundled_packs_folder
from genstudio.base.progress import Progress, part_of
from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.media.pictures import write_picture
from genstudio.packs.examples import example_prompts
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.packs.settings import fresh_recipe, with_prompts
from genstudio.packs.store import PackStore
from genstudio.recipe.values import PictureRef, Recipe, UpscaleRecipe, WeightedPrompt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.render import Engine
    from genstudio.engine.rendering import Rendering

FOLDER: Final = Path("outputs")
_SEED: Final = 1

_EPILOG: Final = """\
example:
  genstudio showcase
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    inputs.add_json(parser)


def run(_args: argparse.Namespace, console: Console) -> int:
    """Render into `outputs/` under the current folder; 2 where a model could not be shown."""
    store = PackStore()
    packs = [pack for pack in store.list() if pack.folder.parent == bundled_packs_folder()]
    for problem in store.problems():
        console.note(problem)
    if not packs:
        raise PackError(
            "No models came with this GenStudio; add one with: genstudio models add PATH."
        )
    packs.sort(key=lambda pack: isinstance(pack.manifest.model, Upscaler))
    engine = inputs.open_engine(store, "auto", console)
    small: tuple[NDArray[np.uint8], str] | None = None
    failures = 0
    written: list[str] = []
    with console.working("Rendering") as progress:
        for number, pack in enumerate(packs):
            console.cancel.check()
            here = part_of(progress, number / len(packs), (number + 1) / len(packs))
            if isinstance(pack.manifest.model, Upscaler) and small is None:
                console.note(f"{pack.id}: there is no other model whose picture it could enlarge.")
                continue
            try:
                path, rendering = _show(pack, engine, small, here, console)
            except GenStudioError as error:
                failures += 1
                console.note(f"{pack.id}: {error}")
                continue
            if not isinstance(pack.manifest.model, Upscaler):
                small = (rendering.pixels, path.name)
            written.append(str(path))
            console.say(f"{path} ({pack.manifest.name})")
    console.result({"files": written})
    console.say("More: genstudio --help, or genstudio models")
    return 2 if failures else 0


def _show(
    pack: Pack,
    engine: Engine,
    small: tuple[NDArray[np.uint8], str] | None,
    progress: Progress,
    console: Console,
) -> tuple[Path, Rendering]:
    options: dict[str, Any] = {}
    recipe: Recipe
    if isinstance(pack.manifest.model, Upscaler):
        from genstudio.engine.pixels import picture_hash

        assert small is not None
        options["picture"], name = small
        recipe = UpscaleRecipe(
            model=pack.ref, picture=PictureRef(sha256=picture_hash(small[0]), name=name)
        )
    else:
        recipe = fresh_recipe(pack.ref, pack.manifest, _SEED)
        for text in example_prompts(pack.manifest)[:1]:
            recipe = with_prompts(recipe, pack.manifest, (WeightedPrompt(text=text),))
    rendering = engine.render(recipe, progress, console.cancel, **options)
    path = FOLDER / f"{pack.id}.png"
    write_picture(path, rendering.pixels, rendering.recipe, rendering.device)
    return path, rendering
