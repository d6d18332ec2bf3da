"""Telling how far a piece of work is, and stopping it."""

from threading import Thread

import pytest

from genstudio.base.errors import Cancelled
from genstudio.base.progress import NEVER, Cancel, part_of


def test_a_set_token_stops_the_next_check() -> None:
    cancel = Cancel()
    cancel.check()
    cancel.set()
    with pytest.raises(Cancelled):
        cancel.check()


def test_a_callback_runs_once_when_another_thread_sets_the_token() -> None:
    cancel = Cancel()
    calls: list[str] = []
    cancel.on_set(lambda: calls.append("told"))
    for _ in range(2):
        thread = Thread(target=cancel.set)
        thread.start()
        thread.join()
    assert calls == ["told"]


def test_a_callback_that_comes_too_late_runs_at_once() -> None:
    cancel = Cancel()
    cancel.set()
    calls: list[str] = []
    cancel.on_set(lambda: calls.append("told"))
    assert calls == ["told"]


def test_an_unregistered_callback_does_not_run() -> None:
    cancel = Cancel()
    calls: list[str] = []
    unregister = cancel.on_set(lambda: calls.append("told"))
    unregister()
    cancel.set()
    assert calls == []


def test_the_default_token_is_never_set() -> None:
    NEVER.check()
    assert not NEVER.is_set


def test_a_part_of_the_work_fills_its_part_of_the_bar() -> None:
    seen: list[tuple[float, str]] = []
    part = part_of(lambda done, what="", preview=None: seen.append((done, what)), 0.5, 0.75)
    part(0.0, "begin")
    part(1.0, "end")
    assert seen == [(0.5, "begin"), (0.75, "end")]
