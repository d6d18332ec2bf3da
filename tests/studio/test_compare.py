"""Before and after: the step before, or what was pinned."""

from __future__ import annotations

import time

import numpy as np

from genstudio.jobs.events import Finished
from genstudio.studio.shown import Shown
from tests.studio.conftest import Desk, rendered


def test_before_is_the_picture_of_the_step_before(desk: Desk) -> None:
    desk.open("tiny-gan")
    compare, first = desk.studio.compare, desk.shown()
    compare.turn(True)
    assert compare.pixels is None
    desk.studio.editor.set_seed(1)
    assert compare.pixels is first
    desk.settle()
    second = desk.shown()
    desk.studio.editor.set_seed(2)
    assert compare.pixels is second
    desk.studio.editor.undo()
    assert compare.pixels is first


def test_a_pinned_picture_stays_before_until_it_is_let_go(desk: Desk) -> None:
    desk.open("tiny-gan")
    compare, first = desk.studio.compare, desk.shown()
    compare.pin()
    compare.turn(True)
    for seed in (1, 2, 3):
        desk.studio.editor.set_seed(seed)
        desk.settle()
    assert compare.is_pinned
    assert compare.pixels is first
    compare.unpin()
    assert compare.pixels is not first
    assert not compare.is_pinned


def test_a_picture_that_is_no_longer_known_is_made_again(desk: Desk) -> None:
    desk.open("tiny-gan")
    desk.studio.editor.set_seed(1)
    desk.settle()
    desk.finish_all()
    first = desk.studio.editor.history.steps[0].recipe
    desk.studio.picture._shown = Shown()
    compare = desk.studio.compare
    compare.turn(True)
    desk.until(lambda: compare.pixels is not None)
    assert compare.pixels is not None
    np.testing.assert_array_equal(compare.pixels, rendered(first))
    desk.expect_picture()


def test_a_late_picture_of_another_step_is_never_shown_as_before(desk: Desk) -> None:
    desk.open("tiny-gan")
    for seed in range(4):
        desk.studio.editor.set_seed(seed)
        desk.settle()
    desk.finish_all()
    desk.studio.picture._shown = Shown()
    compare, editor = desk.studio.compare, desk.studio.editor
    compare.turn(True)
    late, end = compare._job, time.monotonic() + 30
    while not any(e.job == late and isinstance(e, Finished) for e in list(desk.events.queue)):
        assert time.monotonic() < end
        time.sleep(0.002)
    shown: list[object] = []
    compare.changed.connect(lambda _: shown.append(compare.pixels))
    editor.undo()
    desk.until(lambda: compare.pixels is not None)
    desk.finish_all()
    before = editor.history.steps[editor.history.index - 1].recipe
    pictures = [pixels for pixels in shown if pixels is not None]
    assert pictures
    for pixels in pictures:
        np.testing.assert_array_equal(pixels, rendered(before))
