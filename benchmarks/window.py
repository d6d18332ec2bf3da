"""The window: does it breathe while a picture is drawn, how soon is a slider's picture there.

Each measurement runs in a process of its own, on Qt's offscreen platform: what is measured is the
program, not a screen.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure

_STARTS = 7
_CODE = "from benchmarks import window_child; window_child.{what}()"


def measure() -> list[Figure]:
    """All figures of the window."""
    figures: list[Figure] = []
    for what in ("heartbeat", "slider_gan", "slider_vae"):
        figures += [Figure(**figure) for figure in json.loads(_child(what))]
    return figures + _starts()


def _starts() -> list[Figure]:
    """From the start of the process, in turns with an empty window."""
    kinds = ("empty", "usable", "first_picture")
    for kind in kinds:
        _child(kind)
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(_STARTS):
        for kind in kinds:
            begun = time.time()
            seconds[kind].append(float(_child(kind)) - begun)
    empty, usable, picture = (1000 * statistics.median(seconds[kind]) for kind in kinds)
    return [
        Figure("empty PySide6 window, from start", empty, "ms"),
        Figure("studio's window usable, from start", usable, "ms"),
        Figure("studio's window usable, against the empty one", usable / empty, "x"),
        Figure("first picture on the canvas, from start", picture, "ms"),
        Figure("first picture, against the empty window", picture / empty, "x"),
    ]


def _child(what: str) -> str:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "GENSTUDIO_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        # From the second start on, Python has its modules compiled, as on anybody's machine.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            [sys.executable, "-c", _CODE.format(what=what)],
            env=environment,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            check=True,
            text=True,
        )
    return done.stdout.strip().splitlines()[-1]
