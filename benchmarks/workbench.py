"""The workbench's figures: a sheet of nine, a walk, a long film's memory, a repaint.

    python -m benchmarks.workbench [FRAMES]

For each bundled model the time of a sheet of nine pictures, and the frames a second of a walk
beside what its graphs alone would give; the peak memory of `genstudio walk` for a short film and
for one of FRAMES (10,000) pictures; the time to draw a quarter of a token picture again beside the
whole.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import psutil
from msgspec.structs import replace
from rich.console import Console

from benchmarks.__main__ import table
from benchmarks.figures import Figure, median_seconds
from genstudio.engine.graph import LoadedGraph
from genstudio.engine.render import Engine
from genstudio.media.walk import SUFFIX, Walk, encode_walk, recipes_of
from genstudio.packs.manifest import Autoregressive, Pack, Upscaler
from genstudio.packs.settings import fresh_recipe, takes_prompt, with_prompts
from genstudio.packs.store import PackStore
from genstudio.recipe.seeds import with_seed
from genstudio.recipe.values import (
    Between,
    FromSeed,
    KeptTokens,
    LatentRecipe,
    Recipe,
    TokenRecipe,
    WeightedPrompt,
)

THREADS = 2
FRAMES = 60
SHORT_FILM = 500
LONG_FILM = 10_000
FILMED = "faces"
MEGABYTE = 1 << 20


def main(frames: int = LONG_FILM) -> None:
    """Measure and show."""
    engine = Engine(PackStore().resolve, device="cpu", threads=THREADS)
    packs = [p for p in PackStore().list() if not isinstance(p.manifest.model, Upscaler)]
    figures: list[Figure] = []
    for pack in packs:
        figures += [*_sheet(engine, pack), *_walk(engine, pack), *_repaint(engine, pack)]
    film = next(pack for pack in packs if pack.id == FILMED)
    figures += [_film(film, SHORT_FILM), _film(film, frames)]
    Console(width=110).print(table(figures))


def _recipe(pack: Pack, seed: int) -> Recipe:
    recipe: Recipe = fresh_recipe(pack.ref, pack.manifest, seed)
    if isinstance(recipe, TokenRecipe) and takes_prompt(pack.manifest):
        return with_prompts(recipe, pack.manifest, (WeightedPrompt(text="red heart"),))
    return recipe


def _sheet(engine: Engine, pack: Pack) -> list[Figure]:
    """Nine pictures, one after the other, as the sheet of variations asks for them."""
    first = _recipe(pack, 1)
    sheet = [first, *(_near(first, seed) for seed in range(2, 10))]
    seconds = median_seconds({"sheet": lambda: [engine.render(one) for one in sheet]}, 5)["sheet"]
    return [Figure(f"{pack.id}: sheet of nine", 1000 * seconds, "ms")]


def _near(recipe: Recipe, seed: int) -> Recipe:
    if isinstance(recipe, LatentRecipe):
        return replace(recipe, source=Between(a=recipe.source, b=FromSeed(seed=seed), t=0.4))
    return with_seed(recipe, seed)


def _walk(engine: Engine, pack: Pack) -> list[Figure]:
    """Frames a second of a walk, and of its graphs alone: what they took of the same frames."""
    walk = Walk(keyframes=tuple(_recipe(pack, seed) for seed in (1, 2, 3)), frames=FRAMES)
    recipes = list(recipes_of(walk))
    whole, graphs = [], []
    engine.render(recipes[1])
    for recipe in recipes:
        with _graph_seconds() as spent:
            started = time.perf_counter()
            engine.render(recipe)
            whole.append(time.perf_counter() - started)
        graphs.append(sum(spent))
    frames, bare = (1 / statistics.median(times) for times in (whole, graphs))
    return [
        Figure(f"{pack.id}: walk", frames, "frames/s"),
        Figure(f"{pack.id}: its graphs alone", bare, "frames/s"),
    ]


@contextmanager
def _graph_seconds() -> Iterator[list[float]]:
    """The seconds that graphs run while inside."""
    spent: list[float] = []

    def clocked(run: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return run(*args, **options)
            finally:
                spent.append(time.perf_counter() - started)

        return timed

    run, bound = LoadedGraph.run, LoadedGraph.run_bound
    with (
        mock.patch.object(LoadedGraph, "run", clocked(run)),
        mock.patch.object(LoadedGraph, "run_bound", clocked(bound)),
    ):
        yield spent


def _repaint(engine: Engine, pack: Pack) -> list[Figure]:
    """A quarter of the tokens, in the middle and in a corner, beside the whole picture."""
    model, recipe = pack.manifest.model, _recipe(pack, 1)
    if not isinstance(model, Autoregressive) or not isinstance(recipe, TokenRecipe):
        return []
    tokens, (width, height) = engine.tokens(recipe), model.grid
    runs: dict[str, Callable[[], object]] = {"whole": lambda: engine.render(recipe)}
    for name, top, left in (("middle", height // 4, width // 4), ("last", height // 2, width // 2)):
        kept = np.ones((height, width), np.uint8)
        kept[top : top + height // 2, left : left + width // 2] = 0
        held = KeptTokens(tokens=tokens.tokens, kept=kept.tobytes())
        runs[name] = partial(engine.render, replace(recipe, seed=9, kept=held))
    seconds = median_seconds(runs, 9)
    names = {
        "whole": "whole picture", "middle": "quarter in the middle", "last": "last quarter",
    }  # fmt: skip
    return [
        Figure(f"{pack.id}: {names[which]} drawn", 1000 * taken, "ms")
        for which, taken in seconds.items()
    ]


def _film(pack: Pack, frames: int) -> Figure:
    """The most memory that the command needs for a film."""
    walk = Walk(keyframes=tuple(_recipe(pack, seed) for seed in (1, 2, 3, 4)), frames=frames)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"walk{SUFFIX}"
        path.write_bytes(encode_walk(walk))
        words = [sys.executable, "-m", "genstudio", "walk", str(path), "--device", "cpu"]
        child = subprocess.Popen([*words, "--out", str(path.with_suffix(".mp4"))])
        peak = 0
        while child.poll() is None:
            try:
                peak = max(peak, psutil.Process(child.pid).memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.05)
        if child.wait():
            raise SystemExit("the film could not be made")
    return Figure(f"{pack.id}: peak memory, film of {frames:,}", peak / MEGABYTE, "MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
