"""The map of a model: samples arrive, one is gone to, and nothing else has to wait."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.thumbnails import thumbnail_of
from genstudio.recipe.values import FromSeed, LatentRecipe, TokenRecipe
from genstudio.studio import atlas as atlas_module
from tests.studio.conftest import Desk, rendered


@pytest.fixture(autouse=True)
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas_module, "SAMPLES", 40)


@pytest.mark.parametrize("model", ["tiny-gan", "tiny-vae", "tiny-prior"])
def test_every_sample_is_what_its_seed_gives_and_a_click_goes_there(desk: Desk, model: str) -> None:
    desk.open(model)
    atlas, editor = desk.studio.atlas, desk.studio.editor
    before, steps = editor.recipe, len(editor.history.steps)
    atlas.show(True)
    assert atlas.is_drawing
    desk.until(lambda: not atlas.is_drawing)
    assert len(atlas.samples) == len(atlas.places) == 40
    assert editor.recipe == before
    atlas.go_to(17)
    assert not atlas.is_open
    desk.settle()
    desk.expect_picture()
    recipe = editor.recipe
    if isinstance(recipe, LatentRecipe):
        assert recipe.source == FromSeed(seed=17)
    else:
        assert isinstance(recipe, TokenRecipe)
        assert recipe.seed == 17
    assert np.array_equal(atlas.samples[17], thumbnail_of(rendered(recipe), atlas_module.SIDE))
    assert len(editor.history.steps) == steps + 1
    assert editor.history.undo_words == "from the map: seed 17"
    editor.undo()
    assert editor.recipe == before


def test_it_stops_when_left_and_goes_on_when_shown_again(desk: Desk) -> None:
    desk.open("tiny-gan")
    atlas = desk.studio.atlas
    atlas.show(True)
    desk.until(lambda: atlas.samples)
    atlas.show(False)
    desk.finish_all()
    there = len(atlas.samples)
    assert 0 < there < 40
    first = atlas.samples[0]
    atlas.show(True)
    assert atlas.samples[0] is first
    desk.until(lambda: not atlas.is_drawing)
    assert len(atlas.samples) == 40


def test_another_model_has_another_map_and_other_settings_too(desk: Desk) -> None:
    desk.open("tiny-gan")
    atlas, editor = desk.studio.atlas, desk.studio.editor
    atlas.show(True)
    desk.until(lambda: not atlas.is_drawing)
    first = atlas.samples[3]
    editor.choose_model("tiny-vae")
    desk.until(lambda: atlas.samples and not atlas.is_drawing)
    assert not np.array_equal(atlas.samples[3], first)
    atlas.show(False)
    editor.set_control("truncation", 0.1)
    atlas.show(True)
    assert not atlas.samples
    desk.until(lambda: not atlas.is_drawing)


def test_without_a_model_there_is_no_map(desk: Desk) -> None:
    desk.studio.atlas.show(True)
    assert not desk.studio.atlas.is_open
