"""The latent sliders: found beside the picture, locked, rolled, reset; each one undo step."""

from __future__ import annotations

import threading

import pytest
from msgspec.structs import replace

from genstudio.base.progress import Cancel, Progress
from genstudio.engine.render import Engine
from genstudio.latent.directions import Directions
from genstudio.recipe.values import LatentRecipe, ModelRef, Move
from genstudio.studio.sliders import RANDOM_REACH, Sliders
from tests.studio.conftest import Desk


@pytest.fixture
def sliders(desk: Desk) -> Sliders:
    """Those of the tiny GAN, found."""
    desk.open("tiny-gan")
    desk.until(lambda: desk.studio.sliders.directions)
    return desk.studio.sliders


def moved(desk: Desk) -> dict[str, float]:
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    return {move.direction: move.amount for move in recipe.moves}


def test_pictures_go_on_while_directions_are_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    directions, may_go = Engine.directions, threading.Event()

    def patient(engine: Engine, ref: ModelRef, progress: Progress, cancel: Cancel) -> Directions:
        def report(done: float, what: str = "", preview: object | None = None) -> None:
            progress(done, what, preview)
            while done > 0.5 and not may_go.wait(0.002):
                cancel.check()
                progress(done, what, preview)

        return directions(engine, ref, report, cancel)

    monkeypatch.setattr(Engine, "directions", patient)
    sliders, found = desk.studio.sliders, [0.0]
    sliders.changed.connect(lambda _: found.append(sliders.finding or found[-1]))
    desk.open("tiny-gan")
    for seed in range(5):
        desk.studio.editor.set_seed(seed)
        desk.settle()
        desk.expect_picture()
    assert sliders.directions is None
    desk.until(lambda: (sliders.finding or 0) > 0.5)
    may_go.set()
    desk.until(lambda: sliders.directions)
    assert sliders.finding is None
    assert found == sorted(found)
    assert {row.kind for row in sliders.rows("principal")} == {"principal"}


def test_moving_a_slider_changes_the_picture_as_the_engine_would(
    desk: Desk, sliders: Sliders
) -> None:
    row = sliders.rows("principal")[0]
    before = desk.shown()
    for amount in (0.5, 1.0, 2.0):
        sliders.move(row.name, amount, dragging=True)
    desk.studio.editor.finish()
    desk.settle()
    desk.expect_picture()
    assert (desk.shown() != before).any()
    assert sliders.rows("principal")[0].amount == 2.0
    assert desk.studio.editor.history.undo_words == f"{row.name} 0 → +2"
    desk.studio.editor.undo()
    assert sliders.rows("principal")[0].amount == 0.0
    assert desk.shown() is before


def test_single_latents_are_sliders_too(desk: Desk, sliders: Sliders) -> None:
    rows = sliders.rows("raw")
    assert len(rows) == sliders.raw_count == 6
    sliders.move(rows[3].name, -1.5)
    desk.settle()
    desk.expect_picture()
    assert sliders.rows("raw")[3].amount == -1.5


def test_the_dice_move_only_what_is_not_locked_and_are_one_step(
    desk: Desk, sliders: Sliders
) -> None:
    names = [row.name for row in sliders.rows("principal")]
    sliders.move(names[0], 1.25)
    sliders.set_locked(names[0], True)
    count = len(desk.studio.editor.history.steps)
    sliders.randomise("principal")
    amounts = moved(desk)
    assert amounts[names[0]] == 1.25
    assert set(amounts) <= set(names)
    assert len(amounts) > 1
    assert all(abs(amount) <= RANDOM_REACH for amount in amounts.values())
    assert len(desk.studio.editor.history.steps) == count + 1
    sliders.randomise("principal")
    assert moved(desk) != amounts
    desk.settle()
    desk.expect_picture()
    desk.studio.editor.undo()
    assert moved(desk) == amounts


def test_reset_brings_all_unlocked_sliders_back_as_one_step(desk: Desk, sliders: Sliders) -> None:
    names = [row.name for row in sliders.rows("principal")]
    sliders.randomise("principal")
    sliders.move("latent 1", 1.0)
    sliders.move(names[1], 2.0)
    sliders.set_locked(names[1], True)
    count = len(desk.studio.editor.history.steps)
    sliders.reset()
    assert moved(desk) == {names[1]: 2.0}
    assert len(desk.studio.editor.history.steps) == count + 1
    sliders.reset()
    assert len(desk.studio.editor.history.steps) == count + 1


def test_reset_also_ends_moves_of_some_layers_and_needs_no_directions(desk: Desk) -> None:
    desk.open("tiny-gan")
    recipe = desk.studio.editor.recipe
    assert isinstance(recipe, LatentRecipe)
    moves = (
        Move(direction="principal 1", amount=2.0, layers=(1, 3)),
        Move(direction="principal 2", amount=1.0),
    )
    desk.studio.editor.open(replace(recipe, moves=moves), "from a picture")
    desk.studio.sliders.reset()
    assert desk.studio.editor.recipe == recipe
    assert desk.told() == []


def test_locks_belong_to_a_model_and_show_on_its_sliders(desk: Desk, sliders: Sliders) -> None:
    name = sliders.rows("principal")[0].name
    sliders.set_locked(name, True)
    assert sliders.rows("principal")[0].is_locked
    desk.open("tiny-vae")
    desk.until(lambda: sliders.directions)
    assert not any(row.is_locked for row in sliders.rows("principal"))
    desk.open("tiny-gan")
    assert sliders.rows("principal")[0].is_locked
    sliders.set_locked(name, False)
    assert not sliders.rows("principal")[0].is_locked


def test_sliders_are_found_by_the_words_of_their_names(sliders: Sliders) -> None:
    rows = sliders.rows("principal")
    assert sliders.rows("principal", "PRINC 2") == tuple(r for r in rows if "2" in r.name)
    assert sliders.rows("principal", "nothing like it") == ()
    assert sliders.rows("raw", limit=2) == sliders.rows("raw")[:2]


def test_another_model_ends_the_search_and_has_its_own_sliders(desk: Desk) -> None:
    desk.open("tiny-gan")
    sliders = desk.studio.sliders
    assert sliders.finding is not None
    search = sliders._search
    assert search is not None
    desk.studio.editor.choose_model("tiny-prior")
    assert sliders.finding is None
    assert not sliders.has_latent
    assert sliders.rows("principal") == ()
    desk.until(lambda: search.job not in desk.studio.work._handlers)
    assert sliders._known == {}, "it did not go on to its end"
    desk.open("tiny-gan")
    desk.until(lambda: sliders.directions)
    desk.open("tiny-vae")
    desk.until(lambda: sliders.directions)
    assert sliders.raw_count == 8


def test_directions_are_found_once_for_a_model(
    desk: Desk, sliders: Sliders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("genstudio.engine.render.Engine.directions")
    desk.open("tiny-prior")
    desk.open("tiny-gan")
    assert sliders.rows("principal")
    desk.finish_all()
    assert desk.told() == []
