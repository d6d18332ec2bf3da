"""What is done is on the disk within two seconds, and comes back after a kill, whole."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from genstudio.document.project import open_project
from genstudio.document.sittings import Sittings
from genstudio.studio.messages import Message
from tests.studio.conftest import Desk, sit_down


def work_and_wait(ready: object) -> None:
    """A sitting in a process of its own, which waits to be killed."""
    desk = Desk()
    desk.studio.start()
    desk.open("tiny-gan")
    for seed in (11, 12, 13):
        desk.studio.editor.set_seed(seed)
        desk.settle()
    desk.studio.editor.undo()
    changed = time.monotonic()
    desk.until(lambda: time.monotonic() - changed > 2.0)
    ready.set()  # type: ignore[attr-defined]
    time.sleep(600)


def killed_sitting() -> None:
    """Leave a sitting as a kill leaves it."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=work_and_wait, args=(ready,))
    process.start()
    assert ready.wait(60)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


@pytest.fixture
def after_a_kill(home: Path) -> Iterator[Desk]:
    """The sitting after one that was killed."""
    killed_sitting()
    yield from sit_down()


def offered(desk: Desk) -> Message:
    desk.until(lambda: any("without being closed" in text for text in desk.told()))
    return next(m for m in desk.messages if "without being closed" in m.text)


def test_a_killed_sitting_is_offered_and_comes_back_whole(after_a_kill: Desk, home: Path) -> None:
    desk = after_a_kill
    message = offered(desk)
    desk.studio.messages.choose(message.key, "Bring it back")
    history = desk.studio.editor.history
    desk.until(lambda: len(history.steps) == 4)
    seeds = [getattr(getattr(step.recipe, "source", None), "seed", 0) for step in history.steps]
    assert seeds[1:] == [11, 12, 13]
    assert history.undo_words == f"seed {seeds[1]} → {seeds[2]}"
    assert history.index == 2
    desk.settle()
    desk.expect_picture()
    assert history.thumbnail(history.steps[1].number) is not None
    desk.finish_all()
    assert Sittings(home / "sittings").left_over() == []


def test_what_is_let_go_is_not_offered_again(after_a_kill: Desk, home: Path) -> None:
    desk = after_a_kill
    message = offered(desk)
    desk.studio.messages.choose(message.key, "Let it go")
    desk.until(lambda: not list((home / "sittings").glob("2*.genstudio")))


def test_a_sitting_that_goes_on_elsewhere_is_not_offered(desk: Desk, home: Path) -> None:
    desk.open("tiny-gan")
    desk.until(lambda: list((home / "sittings").glob("2*.genstudio")))
    assert Sittings(home / "sittings").left_over() == []


def test_a_drag_is_saved_while_it_goes_on_and_the_disk_is_left_in_peace(
    desk: Desk, home: Path
) -> None:
    desk.open("tiny-gan")
    folder = home / "sittings"
    desk.until(lambda: list(folder.glob("2*.genstudio")))
    (path,) = folder.glob("2*.genstudio")
    seen, begun = {path.stat().st_ino}, time.monotonic()
    amount = 0.0
    while time.monotonic() - begun < 3.0:
        amount += 0.01
        desk.studio.sliders.move("latent 1", amount, dragging=True)
        with contextlib.suppress(queue.Empty):
            desk.studio.receive(desk.events.get(timeout=0.02))
        seen.add(path.stat().st_ino)
    assert len(open_project(path).steps) == 2
    assert 2 <= len(seen) <= 6


def test_a_disk_that_cannot_be_written_is_told_and_the_next_change_tries_again(
    desk: Desk, home: Path
) -> None:
    (home / "sittings").write_text("a file in its place")
    desk.open("tiny-gan")
    desk.until(lambda: any("sitting" in text for text in desk.told()))
    (home / "sittings").unlink()
    desk.studio.editor.set_seed(4)
    desk.settle()
    desk.until(lambda: list((home / "sittings").glob("2*.genstudio")))


def test_a_new_sitting_keeps_the_picture_and_gives_the_old_history_back(desk: Desk) -> None:
    desk.open("tiny-gan")
    for seed in (1, 2):
        desk.studio.editor.set_seed(seed)
        desk.settle()
    history, picture = desk.studio.editor.history, desk.shown()
    steps = history.steps
    desk.studio.autosave.start_afresh()
    assert [step.recipe for step in history.steps] == [steps[-1].recipe]
    np.testing.assert_array_equal(desk.shown(), picture)
    desk.studio.messages.choose("left-over", "Bring it back")
    assert [step.recipe for step in history.steps] == [step.recipe for step in steps]


def test_closing_does_not_wait_for_the_rest_between_two_savings(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.studio.autosave._REST", 3600.0)
    desk = Desk()
    desk.studio.start()
    desk.open("tiny-gan")
    desk.until(lambda: list((home / "sittings").glob("2*.genstudio")))
    assert desk.studio.close(), "all threads ended"
    assert [path.name for path in (home / "sittings").iterdir()] == ["last.genstudio"]
