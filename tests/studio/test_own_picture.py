"""A GAN finds its own pictures again, and the same latent for the same picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.base.errors import Cancelled
from genstudio.base.progress import Cancel
from genstudio.engine import inversion, nearness
from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.recipe.values import Exact, FromSeed, LatentRecipe, ModelRef
from tests.studio.conftest import Desk

GAN = ModelRef(id="tiny-gan")


@pytest.fixture
def engine(home: Path) -> Engine:
    return Engine(PackStore().resolve, device="cpu")


def test_a_picture_that_the_model_made_is_found_again_nearly(engine: Engine) -> None:
    target = engine.render(LatentRecipe(model=GAN, source=FromSeed(seed=77))).pixels
    other = engine.render(LatentRecipe(model=GAN, source=FromSeed(seed=78))).pixels
    told: list[float] = []
    recipe = engine.encode(GAN, target, progress=lambda done, *_: told.append(done))
    assert isinstance(recipe, LatentRecipe)
    assert isinstance(recipe.source, Exact)
    found = engine.render(recipe).pixels
    near = np.abs(found.astype(int) - target).mean()
    assert near < 0.5 * np.abs(other.astype(int) - target).mean()
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert engine.encode(GAN, target) == recipe


def test_the_search_comes_nearer_than_the_samples_that_it_begins_with(engine: Engine) -> None:
    target = np.zeros((16, 16, 3), np.uint8)
    target[:8] = 200

    def sample(count: int) -> np.ndarray:
        return engine.sample_latents(GAN, count, 0)

    def decode(latents: np.ndarray) -> object:
        return engine.decode(GAN, latents)

    made = next(engine.decode(GAN, sample(1)))
    fitted = inversion.fit_picture(target, made.shape[1], made.shape[0], made.shape[2])
    found = inversion.find_latent(fitted, sample, decode)  # type: ignore[arg-type]
    wanted = nearness.look(fitted)
    samples = [
        nearness.distance(nearness.look(picture), wanted)
        for picture in engine.decode(GAN, sample(inversion.SAMPLES))
    ]
    assert found.distance < min(samples)


def test_the_search_is_stopped(engine: Engine) -> None:
    cancel = Cancel()

    def progress(done: float, *_: object) -> None:
        if done > 0.4:
            cancel.set()

    with pytest.raises(Cancelled):
        engine.encode(GAN, np.zeros((20, 30, 3), np.uint8), cancel, progress)


def test_a_dropped_picture_is_sought_as_a_job_that_can_be_stopped(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open("tiny-gan")
    first = desk.studio.editor.recipe
    desk.studio.files.take_picture(np.full((40, 30, 3), 90, np.uint8), "grey")
    desk.studio.messages.choose("incoming", "Start from it with Tiny gan")
    desk.until(lambda: any(row.done > 0 for row in desk.studio.queue.rows))
    desk.studio.queue.cancel_all()
    desk.finish_all()
    assert desk.studio.editor.recipe == first
    desk.studio.files.take_picture(np.full((40, 30, 3), 90, np.uint8), "grey")
    desk.studio.messages.choose("incoming", "Start from it with Tiny gan")
    desk.until(lambda: desk.studio.editor.recipe != first)
    desk.settle()
    assert desk.studio.editor.history.undo_words == "from picture grey"
