"""`genstudio reproduce`: the recipe inside a picture rendered again and compared."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genstudio.base.errors import RecipeError
from genstudio.cli import inputs
from genstudio.cli.compare import difference
from genstudio.cli.console import Console
from genstudio.media.pictures import check_suffix, write_picture
from genstudio.packs.store import PackStore
from genstudio.recipe import xmp
from genstudio.recipe.png import Found, find_recipe
from genstudio.recipe.values import UpscaleRecipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.rendering import Rendering

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
    from genstudio.engine.pixels import read_picture

    if args.out is not None:
        check_suffix(args.out)
    found = find_recipe(args.png)
    before = read_picture(args.png)
    store = PackStore()
    pack = store.resolve(found.recipe.model)
    engine = inputs.open_engine(store, args.device, console)
    picture = _original(found, args.picture)
    with console.working("Rendering") as progress:
        rendering = engine.render(found.recipe, progress, console.cancel, picture=picture)
    if args.out is not None:
        write_picture(args.out, rendering.pixels, rendering.recipe, rendering.device)
    if before.shape != rendering.pixels.shape:
        sizes = [f"{p.shape[1]} x {p.shape[0]} x {p.shape[2]}" for p in (before, rendering.pixels)]
        console.say(f"Different: {args.png} is {sizes[0]}, the recipe now gives {sizes[1]}.")
        console.result({"identical": False, "sizes": sizes})
        return DIFFERS
    apart = difference(before, rendering.pixels)
    same = apart.largest == 0
    reasons = [] if same else _reasons(found, args.png, pack.ref.sha256, rendering)
    console.result(
        {
            "identical": same,
            "model": pack.id,
            "device": rendering.device,
            "difference": apart.facts(),
            "reasons": reasons,
        }
    )
    if same:
        console.say(f"Identical: {args.png} is what its recipe gives, pixel for pixel.")
        return IDENTICAL
    console.say(
        f"Different by at most {apart.largest} and on average {apart.mean:.3f} levels of 255 "
        f"({apart.psnr_words}). That can be because {'; or '.join(reasons)}."
    )
    return DIFFERS


def _original(found: Found, path: Path | None) -> NDArray[np.uint8] | None:
    """The picture that an upscale recipe enlarges, checked by its hash."""
    from genstudio.engine.pixels import picture_hash, read_picture

    if not isinstance(found.recipe, UpscaleRecipe):
        return None
    name = found.recipe.picture.name or "the original"
    if path is None:
        raise RecipeError(f"The recipe enlarges a picture, {name}; give it with --picture FILE.")
    pixels = read_picture(path)
    if picture_hash(pixels) != found.recipe.picture.sha256:
        raise RecipeError(f"{path} is not the picture that was enlarged ({name}).")
    return pixels


def _reasons(found: Found, path: Path, pack_sha256: str, rendering: Rendering) -> list[str]:
    """What is known to be other than when the picture was made; else what may be."""
    reasons = []
    if path.suffix.lower() != ".png":
        reasons.append("the file is not a PNG, and its format changes pixels when it is written")
    if found.recipe.model.sha256 not in ("", pack_sha256):
        reasons.append(f"the model {found.recipe.model.id} is here in another version")
    if found.device and found.device != rendering.device:
        reasons.append(f"it was rendered on {found.device} and now on {rendering.device}")
    if found.software and found.software != xmp.SOFTWARE:
        reasons.append(f"{found.software} made it and this is {xmp.SOFTWARE}")
    return reasons or [
        "it was made on another processor or with another version of ONNX Runtime",
        "its pixels were changed afterwards",
    ]
