"""The library with 100,000 pictures: first page, searches, scrolling, memory.

    python -m benchmarks.library [COUNT]

Makes a library of small made-up pictures (about two minutes), then measures on it in the way the
window uses it, offscreen.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from genstudio.library.entries import THUMBNAIL_SIDE, Query
from genstudio.library.library import Library, thumbnail_pixels
from genstudio.media.thumbnails import thumbnail_of, to_webp
from genstudio.ui.images import to_qimage
from genstudio.ui.library.grid import PictureGrid

WORDS = [
    "red",
    "blue",
    "green",
    "cat",
    "dog",
    "house",
    "tree",
    "heart",
    "star",
    "fish",
    "moon",
    "sun",
    "rocket",
    "hill",
    "sea",
    "night",
]
STEPS = 400
ROUNDS = 15


def make(folder: Path, count: int) -> None:
    """A library with rows, thumbnails and words, but without picture files."""
    library = Library(folder)
    chance = np.random.default_rng(0)
    small = [to_webp(_blocks(chance)) for _ in range(200)]
    with library.database.together():
        for number in range(count):
            prompt = " ".join(chance.choice(WORDS, 4))
            library.database.write(
                "INSERT INTO pictures (file, recipe, made, model, family, prompt, seed, width, "
                "height, stars) VALUES (?, ?, ?, ?, ?, ?, ?, 192, 192, ?)",
                f"{number}.png", str(number), float(number), f"model{number % 7}", "gan", prompt,
                number, int(chance.integers(0, 6)),
            )  # fmt: skip
            add = "INSERT INTO thumbnails VALUES (?, ?)"
            library.database.write(add, number + 1, small[number % 200])
            library.database.write(
                "INSERT INTO words (rowid, prompt, note, model) VALUES (?, ?, '', ?)",
                number + 1, prompt, f"model{number % 7}",
            )  # fmt: skip
            library.database.write(
                "INSERT INTO looks VALUES (?, 'encoder', ?)",
                number + 1, chance.normal(size=128).astype(np.float16).tobytes(),
            )  # fmt: skip
    library.close()


def _blocks(chance: np.random.Generator) -> np.ndarray:
    """A picture of coloured blocks, as small as the library keeps them."""
    blocks = chance.integers(0, 256, (6, 6, 3), np.uint8)
    return thumbnail_of(np.kron(blocks, np.ones((32, 32, 1), np.uint8)), THUMBNAIL_SIDE)


def median_ms(task: Callable[[], object]) -> float:
    """The median time of a task in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        task()
        times.append(1000 * (time.perf_counter() - begun))
    return round(statistics.median(times), 1)


def first_page(folder: Path) -> float:
    """Opening the library, its newest pictures listed, and a screen of them read."""

    def task() -> None:
        library = Library(folder)
        ids = library.find(Query())
        for webp in library.thumbnails(ids[:60]).values():
            thumbnail_pixels(webp)
        library.close()

    return median_ms(task)


def scroll(library: Library) -> dict[str, float]:
    """Times of frames while the grid is scrolled from end to end, what is in view read first."""
    app = QApplication.instance() or QApplication([])
    ids = library.find(Query())
    kept: dict[int, np.ndarray] = {}
    grid = PictureGrid(lambda n: to_qimage(kept[n]) if n in kept else None)
    wanted: list[int] = []
    grid.view_changed.connect(wanted.extend)
    grid.resize(1100, 800)
    grid.show()
    grid.set_ids(ids)
    bar, frames = grid.verticalScrollBar(), []
    before = psutil.Process().memory_info().rss
    for step in range(STEPS):
        # The window reads small pictures in another thread, so that is not part of the frame.
        new = [number for number in wanted if number not in kept]
        kept.update({n: thumbnail_pixels(w) for n, w in library.thumbnails(new).items()})
        wanted.clear()
        begun = time.perf_counter()
        bar.setValue(bar.value() + 40 if step % 20 else bar.maximum() * step // STEPS)
        grid.viewport().repaint()
        app.processEvents()
        frames.append(1000 * (time.perf_counter() - begun))
        if len(kept) > 800:
            kept.clear()
    return {
        "frame median ms": round(statistics.median(frames), 2),
        "frame 99th percentile ms": round(float(np.percentile(frames, 99)), 2),
        "memory growth MB": round((psutil.Process().memory_info().rss - before) / 2**20, 1),
    }


def main(count: int = 100_000) -> None:
    """Make, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "library"
        make(folder, count)
        found: dict[str, object] = {"pictures": count, "first page ms": first_page(folder)}
        library = Library(folder)
        for words in ("red", "red cat", "moon rock", "model3"):
            query = Query(words=words)
            found[f"search {words!r} ms"] = median_ms(partial(library.find, query))
        found["stars and model ms"] = median_ms(
            lambda: library.find(Query(stars=5, model="model2"))
        )
        library.find(Query(like=5))
        found["looks like this ms"] = median_ms(partial(library.find, Query(like=7)))
        found |= scroll(library)
        library.close()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
