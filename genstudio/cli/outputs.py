"""Where pictures go: a file, numbered files, unique names in a folder; and films."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.media.film import write_walk
from genstudio.media.pictures import check_suffix, free_path, picture_name
from genstudio.media.walk import Walk
from genstudio.packs.store import PackStore


class Places:
    """Gives each picture its file.

    A file that is named is replaced, whole or not at all; several pictures get its name with
    numbers. In a folder no file is ever replaced: names are made unique.
    """

    def __init__(self, out: str, count: int) -> None:
        """`out` as typed. Raises `StorageError` where it is a file of an unknown picture format."""
        self._out = Path(out)
        self._count = count
        self._number = 0
        self._taken: set[Path] = set()
        ends_as_folder = out.endswith(("/", os.sep)) or not self._out.suffix
        self._is_folder = ends_as_folder or self._out.is_dir()
        if not self._is_folder:
            check_suffix(self._out)

    def next(self, model: str, seed: int | None) -> Path:
        """The file for the next picture."""
        self._number += 1
        if self._is_folder:
            path = free_path(self._out, picture_name(model, seed), self._taken)
            self._taken.add(path)
            return path
        if self._count == 1:
            return self._out
        width = len(str(self._count))
        return self._out.with_stem(f"{self._out.stem}-{self._number:0{width}d}")


def render_film(walk: Walk, args: argparse.Namespace, console: Console) -> None:
    """Render a walk into `args.out` on `args.device`, and say what came of it."""
    engine = inputs.open_engine(PackStore(), args.device, console)
    with console.working("Rendering") as progress:
        device = write_walk(engine, walk, args.out, progress, console.cancel)
    console.say(f"{args.out} ({walk.frames} frames, {walk.seconds:.1f} s, on {device})")
    console.result(
        {"file": str(args.out), "frames": walk.frames, "fps": walk.fps, "device": device}
    )
