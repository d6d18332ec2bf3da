"""A program that saves without end and says what is safe, until it is killed.

    python -m tests.torture.child ACTION FOLDER

Each line "safe NUMBER" is a promise: from then on no kill may cost what NUMBER stands for.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from genstudio.document.history import History
from genstudio.document.project import project_of, save_project
from genstudio.document.sittings import Sittings
from genstudio.engine.rendering import Rendering
from genstudio.library.entries import Marks
from genstudio.library.mend import Keeper
from genstudio.media.pictures import write_picture
from genstudio.media.video import open_film
from genstudio.packs.store import PackStore
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef

SIDE = 96


def recipe_of(number: int) -> LatentRecipe:
    return LatentRecipe(model=ModelRef(id="hills"), source=FromSeed(seed=number))


def pixels_of(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


def history_of(number: int) -> History:
    history = History()
    for seed in range(number + 1):
        history.push(recipe_of(seed), f"step {seed}")
        history.set_thumbnail(history.steps[-1].number, pixels_of(seed))
    return history


def save(folder: Path) -> Callable[[int], None]:
    def one(number: int) -> None:
        suffix = (".png", ".webp", ".jpg")[number % 3]
        path = folder / f"{number}{suffix}"
        write_picture(path, pixels_of(number), recipe_of(number), "cpu")
        # The same name again, as a person does who saves a change.
        write_picture(folder / "again.png", pixels_of(number), recipe_of(number), "cpu")

    return one


def library(folder: Path) -> Callable[[int], None]:
    keeper = Keeper(folder)

    def one(number: int) -> None:
        made = Rendering(pixels_of(number), recipe_of(number), "cpu", {})
        kept = keeper.use(lambda library: library.keep(made))
        marks = Marks(stars=number % 6, note=f"note {number}")
        keeper.use(lambda library: library.mark([kept], marks))
        keeper.use(lambda library: library.put([kept], f"collection {number % 3}"))

    return one


def autosave(folder: Path) -> Callable[[int], None]:
    sittings, history = Sittings(folder), History()

    def one(number: int) -> None:
        history.push(recipe_of(number), f"step {number}")
        history.set_thumbnail(history.steps[-1].number, pixels_of(number))
        sittings.save(project_of(history, {}, {}, {}))

    return one


def export(folder: Path) -> Callable[[int], None]:
    def one(number: int) -> None:
        suffix = (".gif", ".webp")[number % 2]
        with open_film(folder / f"{number}{suffix}", 10) as add:
            for frame in range(4):
                add(pixels_of(frame), recipe_of(frame))
        save_project(folder / "project.genstudio", project_of(history_of(number), {}, {}, {}))

    return one


def add_pack(folder: Path) -> Callable[[int], None]:
    os.environ["GENSTUDIO_HOME"] = str(folder)
    store = PackStore()
    sources = sorted(folder.glob("*.gspack"))  # two versions of one, and another

    def one(number: int) -> None:
        store.add(sources[number % len(sources)])

    return one


ACTIONS = {
    "save": save, "library": library, "autosave": autosave, "export": export, "pack": add_pack,
}  # fmt: skip


def main() -> None:
    action, folder = sys.argv[1], Path(sys.argv[2])
    one = ACTIONS[action](folder)
    print("ready", flush=True)
    for number in itertools.count(int(sys.argv[3])):
        one(number)
        print(f"safe {number}", flush=True)


if __name__ == "__main__":
    main()
