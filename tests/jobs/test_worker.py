"""The worker: which job runs when, and how each one ends."""

from __future__ import annotations

import threading

import pytest

from genstudio.base.errors import Cancelled, DeviceError, EngineError
from genstudio.base.progress import Cancel, Progress
from genstudio.jobs.events import Failed, Finished, JobEvent, Progressed, Started, Stopped
from genstudio.jobs.lanes import Lane
from genstudio.jobs.worker import Worker
from tests.jobs.conftest import SECONDS, Gate, Post, instant


def test_a_job_gets_the_tool_and_ends_with_what_it_returned(
    worker: Worker[str], post: Post
) -> None:
    number = worker.submit(lambda tool, *_: f"{tool} used")
    assert post.end(number) == Finished(number, "tool used")
    assert post.of(number) == [Started(number), Finished(number, "tool used")]


def test_jobs_of_the_batch_lane_run_in_their_order(worker: Worker[str], post: Post) -> None:
    numbers = [worker.submit(instant(index)) for index in range(20)]
    post.end(numbers[-1])
    ended = [event.job for event in post.events if isinstance(event, Finished)]
    assert ended == numbers


def test_a_live_job_that_waits_is_replaced_by_a_newer_one(
    worker: Worker[str], post: Post, gate: Gate
) -> None:
    first = worker.submit_live("a", gate)
    gate.running.wait(SECONDS)
    others = [worker.submit_live(f"b{index}", instant(index)) for index in range(200)]
    gate.go.set()
    assert post.end(others[-1]) == Finished(others[-1], 199)
    assert post.end(first) == Finished(first, "done"), "what ran was left to finish"
    assert all(post.ends(number) == [Stopped(number)] for number in others[:-1])
    assert len([event for event in post.events if isinstance(event, Started)]) == 2


def test_an_equal_live_request_shares_the_job_that_waits_or_runs(
    worker: Worker[str], post: Post, gate: Gate
) -> None:
    running = worker.submit_live("a", gate)
    gate.running.wait(SECONDS)
    assert worker.submit_live("a", gate) == running
    waiting = worker.submit_live("b", instant("b"))
    assert worker.submit_live("b", instant("never")) == waiting
    gate.go.set()
    assert post.end(waiting) == Finished(waiting, "b")
    assert gate.runs == 1


def test_going_back_to_what_runs_drops_what_waits(
    worker: Worker[str], post: Post, gate: Gate
) -> None:
    running = worker.submit_live("a", gate)
    gate.running.wait(SECONDS)
    waiting = worker.submit_live("b", instant("b"))
    assert worker.submit_live("a", gate) == running
    gate.go.set()
    assert post.end(running) == Finished(running, "done")
    assert post.end(waiting) == Stopped(waiting)
    assert gate.runs == 1


def test_an_equal_request_after_a_cancel_is_a_job_of_its_own(
    worker: Worker[str], post: Post
) -> None:
    gate = Gate(heeds_cancel=True)
    first = worker.submit_live("a", gate)
    gate.running.wait(SECONDS)
    worker.cancel(first)
    again = worker.submit_live("a", instant("again"))
    assert again != first
    assert post.end(first) == Stopped(first)
    assert post.end(again) == Finished(again, "again")


def test_a_batch_job_gives_way_to_a_live_one_when_it_tells_its_progress(
    worker: Worker[str], post: Post
) -> None:
    asked, answered = threading.Event(), []

    def long(_tool: str, progress: Progress, _cancel: Cancel) -> str:
        progress(0.1, "begun", preview="a look")
        asked.wait(SECONDS)
        progress(0.2)
        answered.append("long goes on")
        return "long"

    batch = worker.submit(long)
    post.until(lambda: any(isinstance(event, Progressed) for event in post.events))
    live = worker.submit_live("a", lambda *_: answered.append("live"))
    asked.set()
    post.end(batch)
    assert answered == ["live", "long goes on"]
    assert isinstance(post.end(live), Finished)
    assert post.end(batch) == Finished(batch, "long")


def test_background_work_gives_way_to_all_that_waits_before_it(
    worker: Worker[str], post: Post
) -> None:
    asked, done = threading.Event(), []

    def search(_tool: str, progress: Progress, _cancel: Cancel) -> None:
        progress(0.1, preview="begun")
        asked.wait(SECONDS)
        progress(0.2)
        done.append("search")

    background = worker.submit(search, Lane.BACKGROUND)
    post.until(lambda: any(isinstance(event, Progressed) for event in post.events))
    later = worker.submit(lambda *_: done.append("later"), Lane.BACKGROUND)
    for name in ("first", "second"):
        worker.submit(lambda *_, name=name: done.append(name))
    worker.submit_live("a", lambda *_: done.append("live"))
    asked.set()
    post.end(background)
    post.end(later)
    assert done == ["live", "first", "second", "search", "later"]


def test_a_live_job_within_a_batch_job_fails_alone(worker: Worker[str], post: Post) -> None:
    asked = threading.Event()

    def long(_tool: str, progress: Progress, _cancel: Cancel) -> str:
        progress(0.1, preview="a look")
        asked.wait(SECONDS)
        progress(0.2)
        return "long"

    def bad(*_: object) -> object:
        raise EngineError("The graph broke.")

    batch = worker.submit(long)
    post.until(lambda: any(isinstance(event, Progressed) for event in post.events))
    live = worker.submit_live("a", bad)
    asked.set()
    assert post.end(live) == Failed(live, "The graph broke.")
    assert post.end(batch) == Finished(batch, "long")


def test_progress_with_a_picture_is_always_told_and_other_progress_now_and_then(
    worker: Worker[str], post: Post
) -> None:
    def many(_tool: str, progress: Progress, _cancel: Cancel) -> None:
        for index in range(1000):
            progress(index / 1000)
        progress(0.5, "a", preview="first")
        progress(0.6, "b", preview="second")

    number = worker.submit(many)
    post.end(number)
    told = [event for event in post.of(number) if isinstance(event, Progressed)]
    assert told[-2:] == [
        Progressed(number, 0.5, "a", "first"),
        Progressed(number, 0.6, "b", "second"),
    ]
    assert len(told) < 500


def test_a_waiting_job_that_is_cancelled_never_begins(
    worker: Worker[str], post: Post, gate: Gate
) -> None:
    worker.submit(gate)
    gate.running.wait(SECONDS)
    batch, live = worker.submit(instant(1)), worker.submit_live("a", instant(2))
    worker.cancel(batch)
    worker.cancel(live)
    gate.go.set()
    last = worker.submit(instant(3))
    post.end(last)
    assert post.of(batch) == [Stopped(batch)]
    assert post.of(live) == [Stopped(live)]


def test_a_running_job_is_told_to_stop_and_ends_once(worker: Worker[str], post: Post) -> None:
    gate = Gate(heeds_cancel=True)
    number = worker.submit(gate)
    gate.running.wait(SECONDS)
    worker.cancel(number)
    worker.cancel(number)
    assert post.end(number) == Stopped(number)
    worker.cancel(number)
    post.end(worker.submit(instant(0)))
    assert post.ends(number) == [Stopped(number)]


def test_a_job_that_finishes_although_it_was_told_to_stop_has_finished(
    worker: Worker[str], post: Post, gate: Gate
) -> None:
    number = worker.submit(gate)
    gate.running.wait(SECONDS)
    worker.cancel(number)
    gate.go.set()
    assert post.end(number) == Finished(number, "done")


def _raise(error: Exception) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (EngineError("The graph broke; choose another."), "The graph broke; choose another."),
        (MemoryError(), "There is not enough memory"),
        (ZeroDivisionError("a bug"), "Something inside GenStudio broke (ZeroDivisionError)"),
    ],
)
def test_what_goes_wrong_becomes_a_sentence_and_the_next_job_runs(
    worker: Worker[str], post: Post, error: Exception, sentence: str
) -> None:
    number = worker.submit(lambda *_: _raise(error))
    event = post.end(number)
    assert isinstance(event, Failed)
    assert event.sentence.startswith(sentence)
    assert ("ZeroDivisionError: a bug" in event.details) == isinstance(error, ZeroDivisionError)
    following = worker.submit(instant("fine"))
    assert post.end(following) == Finished(following, "fine")


def test_a_task_that_stops_itself_has_stopped(worker: Worker[str], post: Post) -> None:
    number = worker.submit(lambda *_: _raise(Cancelled()))
    assert post.end(number) == Stopped(number)


def test_a_tool_that_cannot_be_opened_fails_each_job_until_it_can(post: Post) -> None:
    is_there, opened = threading.Event(), []

    def open_tool() -> str:
        if not is_there.is_set():
            raise DeviceError("There is no GPU.")
        opened.append("once")
        return "tool"

    worker = Worker(open_tool, post.put, "test")
    try:
        first, second = worker.submit(instant(1)), worker.submit_live("a", instant(2))
        assert post.end(first) == Failed(first, "There is no GPU.")
        assert post.end(second) == Failed(second, "There is no GPU.")
        is_there.set()
        for _ in range(2):
            later = worker.submit(lambda tool, *_: tool)
            assert post.end(later) == Finished(later, "tool")
        assert opened == ["once"]
    finally:
        assert worker.close(SECONDS)


def test_every_job_ends_exactly_once_whatever_happens_to_it(
    worker: Worker[str], post: Post
) -> None:
    def short(_tool: str, progress: Progress, cancel: Cancel) -> None:
        for index in range(3):
            cancel.check()
            progress(index / 3)

    numbers: set[int] = set()
    for index in range(300):
        numbers.add(worker.submit(short))
        numbers.add(worker.submit_live(index % 3, short))
        if index % 2:
            worker.cancel(max(numbers) - index % 5)
    for number in numbers:
        post.end(number)
    post.drain()
    assert all(len(post.ends(number)) == 1 for number in numbers)
    assert all(post.of(number)[-1] == post.ends(number)[0] for number in numbers)


def test_closing_stops_what_runs_and_drops_what_waits(post: Post) -> None:
    worker = Worker(lambda: None, post.put, "test")
    gate, dropped = Gate(heeds_cancel=True), Gate()
    worker.submit(gate)
    gate.running.wait(SECONDS)
    worker.submit(dropped)
    worker.submit_live("a", dropped)
    assert worker.close(SECONDS)
    assert dropped.runs == 0


def test_closing_may_do_all_that_waits_first(post: Post, gate: Gate) -> None:
    worker = Worker(lambda: None, post.put, "test")
    worker.submit(gate)
    gate.running.wait(SECONDS)
    done: list[int] = []
    for index in range(5):
        worker.submit(lambda *_, index=index: done.append(index))
    worker.leave(finish=True)
    gate.go.set()
    assert worker.close(SECONDS, finish=True)
    assert done == [0, 1, 2, 3, 4]


def test_nothing_is_posted_and_nothing_is_taken_after_closing(gate: Gate) -> None:
    events: list[JobEvent] = []
    worker = Worker(lambda: None, events.append, "test")
    worker.submit(gate)
    gate.running.wait(SECONDS)
    worker.leave()
    before = list(events)
    late = Gate()
    late.go.set()
    worker.submit(late)
    worker.submit_live("a", late)
    worker.submit_live("b", late)
    worker.cancel(-1)
    gate.go.set()
    worker._thread.join(SECONDS)
    assert worker.close(SECONDS)
    assert events == before
    assert late.runs == 0


def test_closing_tells_where_a_task_does_not_end_in_time(post: Post, gate: Gate) -> None:
    worker = Worker(lambda: None, post.put, "test")
    worker.submit(gate)
    gate.running.wait(SECONDS)
    assert not worker.close(0.01)
    gate.go.set()
    assert worker.close(SECONDS)
