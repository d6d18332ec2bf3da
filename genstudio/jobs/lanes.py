"""Which job is next: a live lane with one place, then two queues, batch and background.

Pure bookkeeping for one worker, under the worker's lock; nothing here runs anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from genstudio.base.progress import Cancel, Progress

Task = Callable[[Any, Progress, Cancel], object]
"""What a job does: it gets the worker's tool, and the usual `progress` and `cancel`."""


class Lane(IntEnum):
    """Where a job waits; a running one gives way to those of lanes before its own."""

    LIVE = 0
    BATCH = 1
    BACKGROUND = 2


@dataclass(eq=False)
class Job:
    """One piece of work; `key` tells equal live requests."""

    number: int
    task: Task
    lane: Lane
    key: Hashable = None
    cancel: Cancel = field(default_factory=Cancel)


class Lanes:
    """The jobs that wait; an earlier lane goes first."""

    def __init__(self) -> None:
        self.live: Job | None = None
        self._queues: dict[Lane, deque[Job]] = {Lane.BATCH: deque(), Lane.BACKGROUND: deque()}

    def queue(self, job: Job) -> None:
        """Put a job behind the others of its lane."""
        self._queues[job.lane].append(job)

    def place_live(self, job: Job) -> Job | None:
        """Put a job into the live place; returns the one that was waiting there, if any."""
        before, self.live = self.live, job
        return before

    def take_live(self) -> Job | None:
        """The waiting live job, which leaves its place."""
        job, self.live = self.live, None
        return job

    def take(self, before: Lane | None = None) -> Job | None:
        """The next job, which leaves its lane: of any lane, or of those before one."""
        if self.live is not None and before is not Lane.LIVE:
            return self.take_live()
        for lane, queue in self._queues.items():
            if queue and (before is None or lane < before):
                return queue.popleft()
        return None

    def remove(self, number: int) -> Job | None:
        """Take a waiting job out; None where it does not wait."""
        if self.live is not None and self.live.number == number:
            return self.take_live()
        for queue in self._queues.values():
            for job in queue:
                if job.number == number:
                    queue.remove(job)
                    return job
        return None

    def clear(self) -> None:
        """Drop everything that waits."""
        self.live = None
        for queue in self._queues.values():
            queue.clear()
