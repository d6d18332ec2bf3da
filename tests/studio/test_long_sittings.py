"""A long sitting holds no more than a short one."""

from __future__ import annotations

import numpy as np

from genstudio.engine.rendering import Rendering
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef
from genstudio.studio.messages import Messages
from genstudio.studio.shown import Shown
from tests.studio.conftest import Desk


def rendering(seed: int, side: int = 10) -> Rendering:
    """A picture of 300 bytes, without another side."""
    recipe = LatentRecipe(model=ModelRef(id="any"), source=FromSeed(seed=seed))
    return Rendering(np.zeros((side, side, 3), np.uint8), recipe, "cpu", {})


def test_pictures_not_looked_at_for_longest_go_first() -> None:
    shown = Shown(budget=3 * 300)
    kept = [rendering(seed) for seed in range(4)]
    for one in kept[:3]:
        shown.keep(one)
    assert shown.get(kept[0].recipe) is kept[0]
    shown.keep(kept[3])
    found = [shown.get(one.recipe) is one for one in kept]
    assert found == [True, False, True, True]


def test_the_newest_picture_is_kept_however_large_it_is() -> None:
    shown = Shown(budget=100)
    shown.keep(rendering(1))
    large = rendering(2, side=200)
    shown.keep(large)
    assert shown.get(large.recipe) is large
    assert shown.get(rendering(1).recipe) is None


def test_a_picture_that_is_kept_again_counts_once() -> None:
    shown = Shown(budget=2 * 300)
    for _ in range(10):
        shown.keep(rendering(1))
    shown.keep(rendering(2))
    assert shown.get(rendering(1).recipe) is not None


def test_nothing_waits_for_jobs_that_are_over(desk: Desk) -> None:
    desk.open("tiny-gan")
    studio = desk.studio
    for seed in range(60):
        studio.editor.set_seed(seed)
        if seed % 7 == 0:
            studio.picture.stop()
        if seed % 5 == 0:
            studio.variations.begin(4)
            studio.editor.undo()
    batch = studio.queue.add("batch", tuple(rendering(1).recipe for _ in range(3)), None)
    studio.make_batch(30, 1, (), None)
    studio.queue.cancel(batch + 1)
    desk.finish_all()
    assert studio.picture._begun == {}
    assert not studio.picture.is_busy
    assert [row.state for row in studio.queue.rows] == ["failed", "stopped"]
    assert len(studio.variations._jobs) <= 4


def test_buttons_of_old_messages_are_forgotten() -> None:
    messages, done = Messages(), []
    for number in range(1000):
        again = {"Again": lambda number=number: done.append(number)}
        messages.tell(f"sentence {number}", ways=again)
    messages.choose("sentence 999", "Again")
    messages.choose("sentence 0", "Again")
    messages.choose("sentence 999", "Something else")
    assert done == [999]
    assert len(messages._ways) <= 100


def test_the_batches_pictures_are_small_and_few(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.make_batch(260, 1, (), None)
    desk.until(lambda: not desk.studio.queue.waiting)
    assert len(desk.studio.queue.pictures) == 200
