"""A model's controls with their values, and bringing some of them back."""

from __future__ import annotations

import numpy as np

from genstudio.engine.latents import to_tensor
from genstudio.recipe.values import Exact, FromSeed, LatentRecipe
from genstudio.studio.controls import ControlRow, rows_of
from tests.studio.conftest import Desk


def rows(desk: Desk) -> dict[str, ControlRow]:
    pack, recipe = desk.studio.editor.pack, desk.studio.editor.recipe
    assert pack is not None
    assert recipe is not None
    return {row.control.name: row for row in rows_of(pack, recipe)}


def latent(desk: Desk) -> LatentRecipe:
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    return recipe


def test_a_control_that_would_be_refused_cannot_be_set(desk: Desk) -> None:
    desk.open("tiny-gan")
    assert rows(desk)["mix-seed"].value is None
    assert rows(desk)["mix-seed"].can_set, "it begins a mixing"
    assert not rows(desk)["mix-layers"].can_set
    desk.studio.editor.set_control("mix-seed", 3)
    assert rows(desk)["mix-layers"].can_set


def test_a_variation_can_be_set_once_a_picture_was_encoded(desk: Desk) -> None:
    desk.open("tiny-vae")
    assert not rows(desk)["variation"].can_set
    numbers = to_tensor(np.zeros(8, np.float32))
    encoded = Exact(mean=numbers, log_variance=numbers)
    desk.studio.editor.open(LatentRecipe(model=latent(desk).model, source=encoded))
    assert rows(desk)["variation"].can_set


def test_controls_are_reset_as_one_step_and_others_stay(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    editor.set_control("truncation", 0.5)
    editor.set_control("truncation-cutoff", 2)
    editor.set_control("noise-strength", 0.25)
    assert {name for name, row in rows(desk).items() if row.is_moved} == {
        "truncation", "truncation-cutoff", "noise-strength",
    }  # fmt: skip
    steps = len(editor.history.steps)
    editor.reset_controls(["truncation", "truncation-cutoff"])
    assert (latent(desk).truncation, latent(desk).truncation_cutoff) == (1, None)
    assert latent(desk).noise_strength == 0.25
    assert len(editor.history.steps) == steps + 1


def test_resetting_what_rests_makes_no_step_and_begins_no_mixing(desk: Desk) -> None:
    desk.open("tiny-gan")
    editor = desk.studio.editor
    editor.set_seed(5)
    steps = editor.history.steps
    editor.reset_controls(list(rows(desk)))
    assert editor.history.steps == steps
    assert latent(desk).mixing == ()
    assert latent(desk).source == FromSeed(seed=5)


def test_moved_sliders_are_counted_by_kind(desk: Desk) -> None:
    desk.open("tiny-gan")
    sliders = desk.studio.sliders
    desk.until(lambda: sliders.directions is not None)
    sliders.move(sliders.rows("principal")[1].name, 2.0)
    sliders.move("latent 2", 1.0)
    sliders.move("latent 5", -1.0)
    assert [sliders.moved(kind) for kind in ("named", "principal", "raw")] == [0, 1, 2]
    assert sliders.count("raw") == sliders.raw_count == len(sliders.rows("raw"))
