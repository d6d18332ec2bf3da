"""A GAN finds its own pictures again, and the same latent for the same picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import Cancelled
from genstudio.base.progress import Cancel
from genstudio.engine import inversion, nearness
from genstudio.engine.render import Engine
from genstudio.packs.manifest import open_pack
from genstudio.packs.store import PackStore
from genstudio.recipe.values import (
    Exact,
    FromSeed,
    LatentRecipe,
    ModelRef,
    TokenRecipe,
    WeightedPrompt,
)
from genstudio.studio.own_picture import can_read
from tests import builders
from tests.studio.conftest import Desk

GAN = ModelRef(id="tiny-gan")
OWN = np.random.default_rng(3).integers(0, 255, (30, 40, 3), dtype=np.uint8)


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
    assert any("nearest to grey" in text and "CMA-ES" in text for text in desk.told())
    assert desk.studio.compare.is_on


def with_words(desk: Desk) -> TokenRecipe:
    """A token model with words and settings of one's own."""
    desk.open("tiny-prior")
    desk.studio.editor.set_prompts((WeightedPrompt(text="a red cat"),))
    desk.studio.editor.set_control("temperature", 0.5)
    desk.settle()
    desk.studio.files.take_picture(OWN, "own")
    return token_recipe(desk)


def token_recipe(desk: Desk) -> TokenRecipe:
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, TokenRecipe)
    return recipe


def test_a_token_model_starts_from_it_with_the_words_and_settings_there_are(desk: Desk) -> None:
    before = with_words(desk)
    desk.studio.messages.choose("incoming", "Start from it with Tiny prior")
    desk.until(lambda: token_recipe(desk) != before)
    desk.settle()
    now = token_recipe(desk)
    assert now.kept is not None
    assert now == replace(before, kept=now.kept)
    assert any("own as Tiny prior reads it is" in text for text in desk.told())
    desk.expect_picture()


def test_a_token_model_draws_on_below_the_upper_half(desk: Desk) -> None:
    before = with_words(desk)
    desk.studio.messages.choose("incoming", "Draw its lower half with Tiny prior")
    desk.until(lambda: token_recipe(desk) != before)
    desk.settle()
    now = token_recipe(desk)
    assert now.kept is not None
    assert now.kept.kept == b"\x01" * 4 + b"\x00" * 8, "one row of three"
    assert now.prompts == before.prompts
    engine = Engine(PackStore().resolve, device="cpu")
    read = engine.render(engine.encode(now.model, OWN)).pixels
    height = read.shape[0] // 3
    np.testing.assert_array_equal(desk.shown()[:height], read[:height])
    assert desk.studio.editor.history.undo_words == "own, drawn on"
    first = desk.shown()
    desk.studio.editor.roll_seed()
    desk.settle()
    np.testing.assert_array_equal(desk.shown()[:height], read[:height])
    assert not np.array_equal(desk.shown(), first)


def test_a_palette_needs_no_encoder_to_start_from_a_picture(tmp_path: Path) -> None:
    assert can_read(open_pack(builders.palette_prior(tmp_path / "palette")))
