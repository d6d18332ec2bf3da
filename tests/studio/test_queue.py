"""Batches beside the window, with the real engine, real files and tiny packs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.base.progress import Cancel, Progress
from genstudio.engine.render import Engine
from genstudio.media.thumbnails import thumbnail_of
from genstudio.packs.store import PackStore
from genstudio.recipe.png import read_recipe
from genstudio.recipe.prompts import prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import SEED_LIMIT, FromPrompt, LatentRecipe, ModelRef, TokenRecipe
from genstudio.studio.queue import MOST, JobRow, batch_recipes
from tests.studio.conftest import Desk


class Held:
    """A task that tells of its first quarter, and goes on until it is let go or cancelled."""

    def __init__(self) -> None:
        self.begun, self.may_tell, self.let_go = (threading.Event() for _ in range(3))

    def __call__(self, _engine: Any, progress: Progress, cancel: Cancel) -> str:
        self.begun.set()
        told = False
        while not self.let_go.wait(0.01):
            cancel.check()
            if self.may_tell.is_set() and not told:
                progress(0.25)
                told = True
        return "result"


def row(desk: Desk, number: int = -1) -> JobRow:
    """The newest batch, or the one of a number."""
    return next(r for r in reversed(desk.studio.queue.rows) if number in (-1, r.number))


def over(desk: Desk) -> Callable[[], bool]:
    return lambda: bool(desk.studio.queue.rows) and all(r.is_over for r in desk.studio.queue.rows)


def test_a_batch_writes_a_picture_of_each_seed_that_tells_its_recipe(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open("tiny-gan")
    folder = tmp_path / "not" / "there yet"
    desk.studio.make_batch(3, 70, (), folder)
    desk.until(lambda: over(desk)() and len(list(folder.glob("*.png"))) == 3)
    recipes = [read_recipe(path) for path in sorted(folder.iterdir())]
    assert [seed_of(recipe) for recipe in recipes] == [70, 71, 72]
    assert desk.studio.editor.recipe is not None
    assert {recipe.model for recipe in recipes} == {desk.studio.editor.recipe.model}
    assert (row(desk).state, row(desk).finished, row(desk).done) == ("done", 3, 1.0)
    assert row(desk).folder == folder


def test_finished_pictures_come_small_one_by_one_with_their_recipes(desk: Desk) -> None:
    desk.open("tiny-gan")
    made: list[int | None] = []
    desk.studio.queue.made.connect(lambda one: made.append(seed_of(one.recipe)))
    desk.studio.make_batch(3, 5, (), None)
    desk.until(over(desk))
    assert made == [5, 6, 7]
    first = desk.studio.queue.pictures[0]
    again = Engine(PackStore().resolve, device="cpu").render(first.recipe)
    np.testing.assert_array_equal(first.thumbnail, thumbnail_of(again.pixels))


def test_a_batch_changes_nothing_on_the_canvas(desk: Desk) -> None:
    desk.open("tiny-gan")
    recipe, steps = desk.studio.editor.recipe, desk.studio.editor.history.steps
    desk.studio.make_batch(2, 5, (), None)
    desk.until(over(desk))
    assert desk.studio.editor.recipe == recipe
    assert desk.studio.editor.history.steps == steps
    assert desk.studio.picture.is_current


def test_batches_are_made_in_the_order_in_which_they_came(desk: Desk) -> None:
    desk.open("tiny-gan")
    order: list[int] = []
    desk.studio.queue.made.connect(lambda one: order.append(one.batch))
    desk.studio.make_batch(4, 0, (), None)
    desk.studio.make_batch(3, 0, (), None)
    desk.until(over(desk))
    first, second = (r.number for r in desk.studio.queue.rows)
    assert order == [first] * 4 + [second] * 3


def test_the_picture_on_the_canvas_goes_before_a_batch(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.make_batch(400, 0, (), None)
    desk.studio.editor.set_control("truncation", 0.3)
    desk.settle()
    assert desk.studio.queue.waiting > 0
    desk.studio.queue.cancel_all()


def test_cancelling_stops_a_batch_and_keeps_what_it_made(desk: Desk, tmp_path: Path) -> None:
    desk.open("tiny-gan")
    queue = desk.studio.queue
    stop = queue.made.connect(lambda one: queue.cancel(one.batch))
    desk.studio.make_batch(200, 0, (), tmp_path / "out")
    desk.until(over(desk))
    stop()
    desk.studio.make_batch(1, 900, (), None)
    desk.until(over(desk))
    stopped = queue.rows[0]
    assert stopped.state == "stopped"
    assert 1 <= stopped.finished < 10
    assert stopped.finished == sum(one.batch == stopped.number for one in queue.pictures)
    desk.until(lambda: len(list((tmp_path / "out").glob("*.png"))) == stopped.finished)


def test_cancelling_one_batch_lets_the_others_go_on(desk: Desk) -> None:
    desk.open("tiny-gan")
    held, queue = Held(), desk.studio.queue
    queue.run("long", held, lambda _: None)
    desk.studio.make_batch(3, 0, (), None)
    cancelled = row(desk).number
    desk.studio.make_batch(2, 0, (), None)
    queue.cancel(cancelled)
    assert row(desk, cancelled).state == "stopped"
    held.let_go.set()
    desk.until(over(desk))
    assert [r.state for r in queue.rows] == ["done", "stopped", "done"]
    assert {one.batch for one in queue.pictures} == {row(desk).number}


def test_cancel_all_leaves_nothing_to_come(desk: Desk) -> None:
    desk.open("tiny-gan")
    held, queue = Held(), desk.studio.queue
    results: list[str] = []
    queue.run("long", held, results.append)
    desk.studio.make_batch(5, 0, (), None)
    assert queue.waiting == 6
    desk.until(held.begun.is_set)
    queue.cancel_all()
    assert queue.waiting == 0
    assert [r.state for r in queue.rows] == ["stopped", "stopped"]
    # The engine is free again, and neither result comes after all.
    desk.studio.editor.set_seed(4)
    desk.settle()
    assert not results
    assert not queue.pictures


def test_the_largest_batch_asks_the_engine_for_no_more_than_it_can_do(desk: Desk) -> None:
    desk.open("tiny-gan")
    held, queue = Held(), desk.studio.queue
    queue.run("long", held, lambda _: None)
    desk.until(held.begun.is_set)
    desk.studio.make_batch(MOST, 0, (), None)
    assert queue.waiting == MOST + 1
    queue.cancel_all()
    # Every task that was handed over is told as stopped: ten thousand would hold the window up.
    assert desk.events.qsize() < MOST / 100


def test_progress_inside_a_picture_counts(desk: Desk) -> None:
    desk.open("tiny-gan")
    held = Held()
    held.may_tell.set()
    number = desk.studio.queue.run("long", held, lambda _: None)
    desk.until(lambda: row(desk, number).done == 0.25)
    assert row(desk, number).state == "running"
    held.let_go.set()
    desk.until(over(desk))
    assert (row(desk).state, row(desk).done) == ("done", 1.0)


def test_the_time_left_follows_from_what_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open("tiny-gan")
    now = 0.0
    clock = SimpleNamespace(monotonic=lambda: now)
    monkeypatch.setattr("genstudio.studio.queue.time", clock)
    held = Held()
    number = desk.studio.queue.run("long", held, lambda _: None)
    desk.until(lambda: row(desk, number).state == "running")
    assert row(desk, number).seconds_left is None
    now = 10.0
    held.may_tell.set()
    desk.until(lambda: row(desk, number).done == 0.25)
    assert row(desk, number).seconds_left == pytest.approx(30.0)
    held.let_go.set()
    desk.until(over(desk))
    assert row(desk).seconds_left is None


def test_a_folder_that_cannot_be_written_ends_the_batch_with_a_sentence(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open("tiny-gan")
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")
    desk.studio.make_batch(300, 0, (), occupied)
    desk.until(over(desk))
    assert row(desk).state == "failed"
    assert str(occupied) in row(desk).sentence
    assert row(desk).finished < 300
    assert [m.kind for m in desk.messages if m.text == row(desk).sentence] == ["error"]
    assert occupied.read_text() == "a file"


def test_a_picture_that_cannot_be_made_ends_its_batch_and_no_other(desk: Desk) -> None:
    desk.open("tiny-gan")
    recipe = desk.studio.editor.recipe
    assert recipe is not None
    lost = replace(recipe, model=ModelRef(id="lost"))
    desk.studio.queue.add("lost", (lost, lost, lost), None)
    desk.studio.make_batch(1, 3, (), None)
    desk.until(over(desk))
    failed, fine = desk.studio.queue.rows
    assert failed.state == "failed"
    assert "lost" in failed.sentence
    assert fine.state == "done"


def test_clearing_takes_away_what_is_over_only(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.make_batch(1, 0, (), None)
    desk.until(over(desk))
    held, queue = Held(), desk.studio.queue
    number = queue.run("long", held, lambda _: None)
    desk.until(held.begun.is_set)
    queue.clear()
    assert [r.number for r in queue.rows] == [number]
    assert len(queue.pictures) == 1
    queue.cancel(number)
    queue.clear()
    assert queue.rows == ()
    desk.studio.editor.set_seed(8)
    desk.settle()


def test_best_of_opens_the_seed_that_the_critic_likes(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.editor.set_seed(100)
    desk.settle()
    desk.studio.best_of(8)
    desk.until(over(desk))
    best = desk.studio.editor.recipe
    assert best is not None
    scores = {}
    engine = Engine(PackStore().resolve, device="cpu")
    for seed in range(100, 108):
        assert isinstance(best, LatentRecipe)
        tried = replace(best, source=replace(best.source, seed=seed))
        scores[seed] = engine.render(tried, scored=True).score or 0.0
    assert seed_of(best) == max(scores, key=scores.__getitem__)


def test_each_prompt_is_drawn_with_each_seed(desk: Desk) -> None:
    desk.open("tiny-prior")
    recipe, pack = desk.studio.editor.recipe, desk.studio.editor.pack
    assert isinstance(recipe, TokenRecipe)
    assert pack is not None
    made = batch_recipes(recipe, pack.manifest, 2, 9, ("a", "b"))
    drawn = [(prompts_of(one)[0].text, seed_of(one)) for one in made]
    assert drawn == [("a", 9), ("a", 10), ("b", 9), ("b", 10)]


def test_seeds_begin_again_after_the_last_one(desk: Desk) -> None:
    desk.open("tiny-gan")
    recipe, pack = desk.studio.editor.recipe, desk.studio.editor.pack
    assert recipe is not None
    assert pack is not None
    made = batch_recipes(recipe, pack.manifest, 3, SEED_LIMIT - 1)
    assert [seed_of(one) for one in made] == [SEED_LIMIT - 1, 0, 1]


def test_what_is_drawn_by_no_seed_is_drawn_once(desk: Desk) -> None:
    desk.open("tiny-gan")
    recipe, pack = desk.studio.editor.recipe, desk.studio.editor.pack
    assert isinstance(recipe, LatentRecipe)
    assert pack is not None
    spoken = replace(recipe, source=FromPrompt(text="hills"))
    assert batch_recipes(spoken, pack.manifest, 1, 0) == (spoken,)


def test_a_batch_that_is_too_large_is_refused_with_a_sentence(desk: Desk) -> None:
    desk.open("tiny-prior")
    recipe, pack = desk.studio.editor.recipe, desk.studio.editor.pack
    assert recipe is not None
    assert pack is not None
    with pytest.raises(RecipeError, match=str(MOST)):
        batch_recipes(recipe, pack.manifest, MOST // 2 + 1, 0, ("a", "b"))
    desk.studio.make_batch(MOST // 2 + 1, 0, ("a", "b"), None)
    assert desk.studio.queue.rows == ()
    assert str(MOST) in desk.messages[-1].text
