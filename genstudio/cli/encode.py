"""`genstudio encode`: a picture as a recipe of a model, and what the model makes of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genstudio.base import files
from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.media.compare import difference
from genstudio.media.pictures import check_suffix, write_picture
from genstudio.packs.store import PackStore
from genstudio.recipe import codec

if TYPE_CHECKING:
    from genstudio.engine.rendering import Rendering

_EPILOG: Final = """\
A .json file gets the recipe; a .png, .webp or .jpg file gets the reconstruction with the recipe in
it. Both can be given to generate --from and to interpolate.

examples:
  genstudio encode --model icon-vae photo.jpg --out photo.json
  genstudio encode --model icon-vae photo.jpg --out photo.json --out reconstruction.png
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="any PNG, JPEG or WebP")
    parser.add_argument("--model", required=True, metavar="ID", help="a model with an encoder")
    inputs.add_device(parser)
    parser.add_argument(
        "--out",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="a .json file for the recipe, or a picture file; may be given twice",
    )
    inputs.add_json(parser)


def run(args: argparse.Namespace, console: Console) -> None:
    """Encode the picture, reconstruct it, and write what was asked for."""
    from genstudio.engine.pixels import fit_picture, read_picture

    for path in args.out:
        if path.suffix.lower() != ".json":
            check_suffix(path)
    store = PackStore()
    pack = store.get(args.model)
    pixels = read_picture(args.picture)
    engine = inputs.open_engine(store, args.device, console)
    with console.working("Encoding") as progress:
        recipe = engine.encode(pack.ref, pixels, console.cancel, progress)
        rendering = engine.render(recipe, cancel=console.cancel)
    height, width, channels = rendering.pixels.shape
    apart = difference(fit_picture(pixels, width, height, channels), rendering.pixels)
    for path in args.out:
        _write(path, rendering, console)
    console.say(
        f"The reconstruction differs by {apart.mean:.2f} levels of 255 on average "
        f"({apart.psnr_words})."
    )
    console.result(
        {
            "files": [str(path) for path in args.out],
            "model": pack.id,
            "device": rendering.device,
            "width": width,
            "height": height,
            "difference": apart.facts(),
        }
    )


def _write(path: Path, rendering: Rendering, console: Console) -> None:
    if path.suffix.lower() == ".json":
        files.write_bytes(path, codec.encode(rendering.recipe))
        console.say(f"{path} (recipe)")
        return
    for note in write_picture(path, rendering.pixels, rendering.recipe, rendering.device):
        console.note(note)
    console.say(f"{path} (reconstruction with its recipe)")
