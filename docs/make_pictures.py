"""Makes the pictures of the guide from the real window: python docs/make_pictures.py."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QApplication

from genstudio.library.entries import Marks
from genstudio.recipe.values import WeightedPrompt
from genstudio.studio.blend import CORNERS
from genstudio.ui.app import Sitting, make_application

HERE = Path(__file__).parent / "pictures"
SIZE = (1280, 800)


def main(language: str = "en") -> None:
    """Walk through the window and keep what it looks like."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["GENSTUDIO_HOME"] = home
        make_application(["genstudio"])
        sitting = Sitting()
        sitting.studio.preferences.change(theme="dark", language=language)
        sitting.window.resize(*SIZE)
        sitting.start()
        _walk(sitting)
        sitting.window.close()


def _walk(sitting: Sitting) -> None:
    studio, window = sitting.studio, sitting.window
    _until(lambda: bool(studio.models.packs) and studio.plan is not None)
    studio.messages.withdraw("device")
    _keep(window, "start")

    def settle() -> None:
        _until(lambda: studio.picture.is_current and not studio.picture.is_busy)
        _until(lambda: studio.sliders.finding is None)

    studio.editor.choose_model("landscapes")
    studio.editor.set_seed(10)
    settle()
    studio.sliders.move("brightness", 1.0)
    studio.editor.finish()
    settle()
    _keep(window, "landscape")
    studio.variations.begin(9)
    _until(lambda: len(studio.variations.pictures) == 9)
    _keep(window, "variations")
    studio.variations.close()
    studio.atlas.show(True)
    _until(lambda: not studio.atlas.is_drawing)
    _keep(window, "map")
    studio.atlas.show(False)
    studio.compare.turn(True)
    settle()
    _keep(window, "compare")
    studio.compare.turn(False)
    studio.editor.choose_model("faces")
    settle()
    studio.editor.set_prompts((WeightedPrompt(text="happy face"),))
    settle()
    studio.sliders.add_phrases("happy", "angry")
    studio.sliders.add_phrases("person", "cat")
    studio.sliders.move("happy -> angry", 2.0)
    studio.editor.finish()
    settle()
    _keep(window, "faces")
    for end, words in zip(CORNERS, ("happy face", "cat", "angry face", "woman"), strict=True):
        studio.editor.set_prompts((WeightedPrompt(text=words),))
        settle()
        studio.blend.hold(end)
    studio.blend.slide(0.4, 0.6)
    studio.editor.finish()
    settle()
    _keep(window, "blend")
    studio.blend.let_go()
    studio.editor.choose_model("icons")
    settle()
    studio.editor.set_seed(8)
    settle()
    studio.editor.set_prompts((WeightedPrompt(text="red heart"),))
    settle()
    _keep(window, "words")
    studio.editor.choose_model("materials")
    settle()
    studio.editor.set_prompts((WeightedPrompt(text="lava"),))
    settle()
    _keep(window, "materials")
    studio.editor.choose_model("icons")
    settle()
    studio.editor.set_prompts((WeightedPrompt(text="red heart"),))
    settle()
    studio.token_sight.begin()
    _until(lambda: studio.token_sight.odds is not None)
    _keep(window, "odds")
    studio.token_sight.end()
    studio.make_batch(8, 1, ("red heart", "rose"), None)
    studio.editor.choose_model("landscapes")
    studio.make_batch(14, 100, (), None)
    _until(lambda: studio.queue.waiting == 0 and len(studio.queue.pictures) > 25)
    studio.gallery.show(True)
    _until(lambda: len(studio.gallery.ids) > 30)
    studio.gallery.choose(studio.gallery.ids[20])
    _until(lambda: studio.gallery.entry is not None)
    studio.gallery.mark([studio.gallery.ids[20]], Marks(stars=4, favourite=True))
    _until(lambda: studio.gallery.entry is not None and studio.gallery.entry.favourite)
    _keep(window, "library")
    studio.gallery.show(False)
    studio.editor.choose_model("faces")
    settle()
    for words in ("skull", "smiling face", "cat", "robot"):
        studio.editor.set_prompts((WeightedPrompt(text=words),))
        settle()
        studio.walking.add()
    window.toggle_dock("walk")
    studio.walking.look(0.15)
    _until(lambda: studio.picture.is_current)
    _keep(window, "walk")
    studio.walking.stop()
    studio.editor.choose_model("icons")
    settle()
    studio.editor.set_prompts((WeightedPrompt(text="red heart"),))
    settle()
    studio.breeding.choose_partner()
    studio.editor.set_prompts((WeightedPrompt(text="smiling face"),))
    settle()
    window.toggle_dock("family")
    studio.breeding.breed()
    _until(lambda: len(studio.variations.pictures) == 9)
    studio.variations.pick(3)
    settle()
    studio.breeding.breed()
    _until(lambda: len(studio.variations.pictures) == 9)
    _keep(window, "family")
    studio.variations.close()


def _until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents()
        time.sleep(0.005)
    # The strip of thumbnails and the status follow a moment later.
    for _ in range(60):
        QApplication.processEvents()
        time.sleep(0.005)


def _keep(window: object, name: str) -> None:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")  # type: ignore[attr-defined]
    picture = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    HERE.mkdir(exist_ok=True)
    picture.save(HERE / f"{name}.webp", quality=80, method=6)


if __name__ == "__main__":
    main(*sys.argv[1:])
