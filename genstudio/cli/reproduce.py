"""`genstudio reproduce`: the recipe inside a picture rendered again and compared."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genstudio.base.errors import RecipeError
from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.media.pictures import check_suffix, write_picture
from genstudio.media.verify import verify
from genstudio.packs.store import PackStore
from genstudio.recipe.png import Found, find_recipe
from genstudio.recipe.values import UpscaleRecipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

IDENTICAL: Final = 0
DIFFERS: Final = 1

_EPILOG: Final = """\
status: 0 identical, 1 different (the sentence says how far and why that can be), 2 refused

examples:
  genstudio reproduce hill.png
  genstudio reproduce hill.png --out again.png
  genstudio reproduce enlarged.png --picture original.jpg
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("png", type=Path, metavar="PNG", help="a picture that GenStudio made")
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="the original, for a picture from outside that was enlarged",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the new rendering too")
    inputs.add_device(parser)
    inputs.add_json(parser)


def run(args: argparse.Namespace, console: Console) -> int:
    """Render again, compare, say why it may differ."""
    if args.out is not None:
        check_suffix(args.out)
    sources = _original(find_recipe(args.png), args.picture)
    engine = inputs.open_engine(PackStore(), args.device, console)
    with console.working("Rendering") as progress:
        verdict = verify(engine, args.png, progress, console.cancel, sources=sources)
    rendering = verdict.rendering
    if args.out is not None:
        write_picture(args.out, rendering.pixels, rendering.recipe, rendering.device)
    facts: dict[str, Any] = {"identical": verdict.is_same, "model": rendering.recipe.model.id}
    if verdict.apart is None:
        facts["sizes"] = verdict.sizes
    else:
        facts |= {"difference": verdict.apart.facts(), "reasons": verdict.reasons}
    console.result(facts | {"device": rendering.device})
    console.say(verdict.sentence)
    return IDENTICAL if verdict.is_same else DIFFERS


def _original(found: Found, path: Path | None) -> dict[str, NDArray[np.uint8]]:
    """The picture that an upscale recipe enlarges, checked by its hash, which it is given by."""
    from genstudio.engine.pixels import picture_hash, read_picture

    if not isinstance(found.recipe, UpscaleRecipe):
        return {}
    name = found.recipe.picture.name or "the original"
    if path is None:
        raise RecipeError(f"The recipe enlarges a picture, {name}; give it with --picture FILE.")
    pixels = read_picture(path)
    if picture_hash(pixels) != found.recipe.picture.sha256:
        raise RecipeError(f"{path} is not the picture that was enlarged ({name}).")
    return {found.recipe.picture.sha256: pixels}
