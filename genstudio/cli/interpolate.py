"""`genstudio interpolate`: a film of the way from one recipe to another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final, get_args

from msgspec.structs import replace

from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.cli.outputs import render_film
from genstudio.media.video import check_film
from genstudio.media.walk import Walk, check_walk
from genstudio.recipe.png import read_recipe
from genstudio.recipe.values import Recipe, UpscaleRecipe, Way

_EPILOG: Final = """\
FROM and TO are recipe files or pictures that GenStudio made with one model. The first frame is
exactly FROM and the last exactly TO; with --loop the film comes back to FROM. What cannot be
between (a class, the seed of a token model) changes in the middle.

examples:
  genstudio interpolate hill.png coast.png --frames 120 --out trip.mp4
  genstudio interpolate a.json b.json --frames 48 --loop --smooth --out a-and-b.gif
  genstudio interpolate a.png b.png --frames 30 --out frames/     # PNGs with a recipe each
  genstudio interpolate smiley.png cat.png --how learned --out morph.mp4
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("start", type=Path, metavar="FROM", help="a recipe or GenStudio picture")
    parser.add_argument("end", type=Path, metavar="TO", help="a recipe or GenStudio picture")
    parser.add_argument(
        "--frames", type=int, default=48, metavar="N", help="how many pictures (default: 48)"
    )
    parser.add_argument(
        "--fps", type=int, default=24, metavar="N", help="pictures a second (default: 24)"
    )
    parser.add_argument("--loop", action="store_true", help="go there and back, without a jump")
    parser.add_argument("--smooth", action="store_true", help="start and end slowly")
    parser.add_argument(
        "--how",
        choices=get_args(Way),
        default="spherical",
        help="the way through the latent space (default: spherical); learned goes past learned "
        "pictures, for models that keep some, as Faces does",
    )
    inputs.add_device(parser)
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=".mp4, .webp, .gif or a folder for PNGs",
    )
    inputs.add_json(parser)


def run(args: argparse.Namespace, console: Console) -> None:
    """Render frame after frame into the film; nothing is kept of a frame once it is written."""
    inputs.check_frames(args.frames, args.fps)
    check_film(args.out)
    ends = _of_one_size(read_recipe(args.start), read_recipe(args.end), console)
    walk = Walk(
        keyframes=ends, frames=args.frames, fps=args.fps, loop=args.loop, how=args.how,
        easing="ease-in-out" if args.smooth else "linear",
    )  # fmt: skip
    check_walk(walk)
    render_film(walk, args, console)


def _of_one_size(start: Recipe, end: Recipe, console: Console) -> tuple[Recipe, Recipe]:
    """Leave out the upscaling where only one side has it, since a film has one size."""
    if isinstance(start, UpscaleRecipe) or isinstance(end, UpscaleRecipe):
        return start, end
    if start.upscaling == end.upscaling:
        return start, end
    console.note("The two are enlarged differently; the film leaves enlarging out.")
    return replace(start, upscaling=None), replace(end, upscaling=None)
