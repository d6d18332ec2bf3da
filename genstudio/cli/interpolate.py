"""`genstudio interpolate`: a film of the way from one recipe to another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.latent.walk import Easing, positions
from genstudio.media.video import FRAMES_PER_SECOND, check_film, open_film
from genstudio.packs.store import PackStore
from genstudio.recipe.png import read_recipe
from genstudio.recipe.tween import tween
from genstudio.recipe.values import Recipe, UpscaleRecipe

_FRAMES: Final = (2, 100_000)

_EPILOG: Final = """\
FROM and TO are recipe files or pictures that GenStudio made with one model. The first frame is
exactly FROM and the last exactly TO; with --loop the film comes back to FROM. What cannot be
between (a class, the seed of a token model) changes in the middle.

examples:
  genstudio interpolate hill.png coast.png --frames 120 --out trip.mp4
  genstudio interpolate a.json b.json --frames 48 --loop --smooth --out a-and-b.gif
  genstudio interpolate a.png b.png --frames 30 --out frames/     # PNGs with a recipe each
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
        choices=("spherical", "linear"),
        default="spherical",
        help="the way through the latent space (default: spherical)",
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
    _check("--frames", args.frames, *_FRAMES)
    _check("--fps", args.fps, *FRAMES_PER_SECOND)
    check_film(args.out)
    start, end = _of_one_size(read_recipe(args.start), read_recipe(args.end), console)
    tween(start, end, 0.5, args.how)
    ends = (start, end)
    easing: Easing = "ease-in-out" if args.smooth else "linear"
    way = positions(len(ends), args.frames, easing, loop=args.loop)
    engine = inputs.open_engine(PackStore(), args.device, console)
    device: str = engine.plan.device
    with (
        console.working("Rendering") as progress,
        open_film(args.out, args.fps, device) as add,
    ):
        for number, (a, b, t) in enumerate(way):
            console.cancel.check()
            recipe = tween(ends[a], ends[b], t, args.how)
            rendering = engine.render(recipe, cancel=console.cancel)
            device = rendering.device
            add(rendering.pixels, rendering.recipe)
            progress((number + 1) / args.frames, f"Frame {number + 1} of {args.frames}")
    console.say(f"{args.out} ({args.frames} frames, {args.frames / args.fps:.1f} s, on {device})")
    console.result(
        {"file": str(args.out), "frames": args.frames, "fps": args.fps, "device": device}
    )


def _of_one_size(start: Recipe, end: Recipe, console: Console) -> tuple[Recipe, Recipe]:
    """Leave out the upscaling where only one side has it, since a film has one size."""
    if isinstance(start, UpscaleRecipe) or isinstance(end, UpscaleRecipe):
        return start, end
    if start.upscaling == end.upscaling:
        return start, end
    console.note("The two are enlarged differently; the film leaves enlarging out.")
    return replace(start, upscaling=None), replace(end, upscaling=None)


def _check(option: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise RecipeError(f"{option} is a number from {low} to {high}, not {value}.")
