"""`genstudio walk`: a walk that was saved in the window, rendered into a film."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from genstudio.base import files
from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.cli.outputs import render_film
from genstudio.media.video import check_film
from genstudio.media.walk import SIZE_LIMIT, decode_walk

_EPILOG: Final = """\
FILE is a walk that the window's panel Walk saved; the film is the one that the window exports.

examples:
  genstudio walk trip.walk.json --out trip.mp4
  genstudio walk trip.walk.json --frames 10000 --out frames/
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("walk", type=Path, metavar="FILE", help="a saved walk")
    parser.add_argument("--frames", type=int, metavar="N", help="other than the walk's")
    parser.add_argument("--fps", type=int, metavar="N", help="other than the walk's")
    inputs.add_device(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE",
        help=".mp4, .webp, .gif or a folder for PNGs",
    )  # fmt: skip
    inputs.add_json(parser)


def run(args: argparse.Namespace, console: Console) -> None:
    """Read the walk and write the film."""
    check_film(args.out)
    walk = decode_walk(files.read_bytes(args.walk, SIZE_LIMIT, "walk"), str(args.walk))
    inputs.check_frames(args.frames, args.fps)
    walk = replace(walk, frames=args.frames or walk.frames, fps=args.fps or walk.fps)
    render_film(walk, args, console)
