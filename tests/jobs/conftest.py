"""A desk of workers that ends with its test, and what they posted."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from genstudio.base.progress import Cancel, Progress
from genstudio.jobs.events import Failed, Finished, JobEvent, Stopped
from genstudio.jobs.lanes import Task
from genstudio.jobs.worker import Worker
from tests.jobs.threads import no_thread_left

SECONDS = 20.0
"""What takes longer than this hangs."""

__all__ = ["no_thread_left"]


class Post:
    """Takes the events of workers and waits for them."""

    def __init__(self) -> None:
        self.events: list[JobEvent] = []
        self._new: queue.Queue[JobEvent] = queue.Queue()

    def put(self, event: JobEvent) -> None:
        self._new.put(event)

    def drain(self) -> None:
        while not self._new.empty():
            self.events.append(self._new.get())

    def until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < end, f"it did not come about: {self.events}"
            try:
                self.events.append(self._new.get(timeout=0.02))
            except queue.Empty:
                continue

    def of(self, number: int) -> list[JobEvent]:
        return [event for event in self.events if event.job == number]

    def ends(self, number: int) -> list[JobEvent]:
        return [e for e in self.of(number) if isinstance(e, Finished | Failed | Stopped)]

    def end(self, number: int) -> JobEvent:
        """Wait until a job is over; how it ended."""
        self.until(lambda: self.ends(number))
        return self.ends(number)[0]


class Gate:
    """A task that says that it runs, and goes on when the test lets it."""

    def __init__(self, result: object = "done", *, heeds_cancel: bool = False) -> None:
        self.running = threading.Event()
        self.go = threading.Event()
        self.runs = 0
        self._result = result
        self._heeds = heeds_cancel

    def __call__(self, _tool: object, _progress: Progress, cancel: Cancel) -> object:
        self.runs += 1
        self.running.set()
        end = time.monotonic() + SECONDS
        while not self.go.wait(0.005):
            if self._heeds:
                cancel.check()
            assert time.monotonic() < end
        return self._result


def instant(result: object) -> Task:
    return lambda *_: result


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def worker(post: Post) -> Iterator[Worker[str]]:
    """A worker whose tool is a word."""
    worker = Worker(lambda: "tool", post.put, "test")
    yield worker
    assert worker.close(SECONDS)


@pytest.fixture
def gate() -> Iterator[Gate]:
    """A gate that is open at the latest when the test ends."""
    gate = Gate()
    yield gate
    gate.go.set()
