"""A sitting that does a bit of everything, in a process that is watched from outside."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from genstudio.recipe.values import WeightedPrompt
from genstudio.ui.app import Sitting, make_application


def until(condition: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the sitting did not get there"
        QApplication.processEvents()
        time.sleep(0.005)


def main(folder: Path) -> None:
    make_application(["genstudio"])
    sitting = Sitting()
    studio, window = sitting.studio, sitting.window
    sitting.start()
    until(lambda: studio.models.packs and studio.plan)

    def settle() -> None:
        until(lambda: studio.picture.is_current and not studio.picture.is_busy)

    studio.editor.choose_model("tiny-gan")
    settle()
    studio.sliders.move("latent 1", 1.0)
    studio.editor.finish()
    settle()
    studio.variations.begin(4)
    until(lambda: len(studio.variations.pictures) == 4)
    studio.variations.pick(2)
    settle()
    studio.editor.choose_model("tiny-prior")
    studio.editor.set_prompts((WeightedPrompt(text="a red cat"),))
    settle()
    studio.files.save(folder / "cat.png")
    studio.files.save(folder / "cat.ora")
    studio.projects.save(folder / "cat.genstudio")
    studio.make_batch(3, 1, (), folder / "batch")
    until(lambda: studio.queue.waiting == 0 and (folder / "cat.genstudio").exists())
    until(lambda: (folder / "cat.ora").exists())
    window.actions_by_id["library"].trigger()
    until(lambda: len(studio.gallery.ids) >= 6)
    window.grab()
    studio.open_files([folder / "cat.genstudio"])
    until(lambda: studio.projects.path == folder / "cat.genstudio")
    window.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
