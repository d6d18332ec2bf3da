"""Which job is next: a live lane with one place, and a batch lane that is a queue.

Pure bookkeeping for one worker, under the worker's lock; nothing here runs anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from genstudio.base.progress import Cancel, Progress

Task = Callable[[Any, Progress, Cancel], object]
"""What a job does: it gets the worker's tool, and the usual `progress` and `cancel`."""


@dataclass(eq=False)
class Job:
    """One piece of work; `key` tells equal live requests."""

    number: int
    task: Task
    key: Hashable = None
    cancel: Cancel = field(default_factory=Cancel)


class Lanes:
    """The jobs that wait: one live, many batch; live goes first."""

    def __init__(self) -> None:
        self.live: Job | None = None
        self.batch: deque[Job] = deque()

    def place_live(self, job: Job) -> Job | None:
        """Put a job into the live place; returns the one that was waiting there, if any."""
        before, self.live = self.live, job
        return before

    def take_live(self) -> Job | None:
        """The waiting live job, which leaves its place."""
        job, self.live = self.live, None
        return job

    def take(self) -> Job | None:
        """The next job of either lane, which leaves it."""
        return self.take_live() or (self.batch.popleft() if self.batch else None)

    def remove(self, number: int) -> Job | None:
        """Take a waiting job out; None where it does not wait."""
        if self.live is not None and self.live.number == number:
            return self.take_live()
        for job in self.batch:
            if job.number == number:
                self.batch.remove(job)
                return job
        return None

    def clear(self) -> list[Job]:
        """Take out everything that waits."""
        waiting = [*([self.live] if self.live else []), *self.batch]
        self.live = None
        self.batch.clear()
        return waiting
