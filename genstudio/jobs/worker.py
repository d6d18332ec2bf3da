"""One plain thread that owns a tool (the engine, or nothing) and takes work from its lanes.

Live: one place. An equal request changes nothing, a pending one is replaced, a running one is left
to finish: stopping it at every slider move shows a frame in four seconds, finishing it ten. Batch
and background: queues. A job gives way to those of earlier lanes each time it tells its progress,
so a person can move a slider while a long drawing goes on, and draw while directions are sought.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
import traceback
from collections.abc import Callable, Hashable
from typing import Any, Final, Generic, TypeVar

from genstudio.base.errors import Cancelled, GenStudioError
from genstudio.base.texts import translate
from genstudio.jobs.events import Failed, Finished, JobEvent, Progressed, Started, Stopped
from genstudio.jobs.lanes import Job, Lane, Lanes, Task

_LOG = logging.getLogger(__name__)
_REPORT_SECONDS: Final = 1 / 30
"""Progress without a preview is told at most this often."""

_numbers = itertools.count(1)

Tool = TypeVar("Tool")


class Worker(Generic[Tool]):
    """Runs jobs one at a time in a thread of its own and posts events about them.

    `post` is called in the worker's thread; whoever gives it brings the events to their own.
    """

    def __init__(
        self, open_tool: Callable[[], Tool], post: Callable[[JobEvent], None], name: str
    ) -> None:
        """Take what makes the tool (called once, in the thread), where events go, and a name."""
        self._open_tool = open_tool
        self._tool: Tool | None = None
        self._is_open = False
        self._post = post
        self._lanes = Lanes()
        self._running: list[Job] = []
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, task: Task, lane: Lane = Lane.BATCH) -> int:
        """Queue a task in the batch lane or behind it; returns the job's number."""
        job = Job(next(_numbers), task, lane)
        with self._wake:
            if not self._closing:
                self._lanes.queue(job)
            self._wake.notify()
        return job.number

    def submit_live(self, key: Hashable, task: Task) -> int:
        """Put a task into the live place; returns the number of the job that will answer.

        That is an earlier job's where an equal request is pending or running. In any case another
        one that waited is no longer wanted.
        """
        with self._wake:
            waiting = self._lanes.live
            if waiting is not None and waiting.key == key:
                return waiting.number
            running = next((job for job in self._running if job.key == key), None)
            job = Job(next(_numbers), task, Lane.LIVE, key)
            if running is not None and not running.cancel.is_set:
                job = running
                replaced = self._lanes.take_live()
            else:
                replaced = None if self._closing else self._lanes.place_live(job)
            self._wake.notify()
        if replaced is not None:
            self._tell(Stopped(replaced.number))
        return job.number

    def cancel(self, number: int) -> None:
        """Stop a job, or take it out of its lane. One that is over is left alone."""
        with self._wake:
            waiting = self._lanes.remove(number)
            running = [job for job in self._running if job.number == number]
        if waiting is not None:
            self._tell(Stopped(number))
        for job in running:
            job.cancel.set()

    def close(self, seconds: float = 5.0, *, finish: bool = False) -> bool:
        """End the thread; False where it did not end in time. See `leave`."""
        self.leave(finish=finish)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def leave(self, *, finish: bool = False) -> None:
        """Begin to end, without waiting for it: nothing is taken or posted any more.

        What runs is cancelled and what waits is dropped, unless `finish` says to do it all first.
        """
        with self._wake:
            self._closing = True
            if not finish:
                self._lanes.clear()
            running = [] if finish else list(self._running)
            self._wake.notify()
        for job in running:
            job.cancel.set()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            self._run(job)

    def _next(self) -> Job | None:
        with self._wake:
            while (job := self._lanes.take()) is None:
                if self._closing:
                    return None
                self._wake.wait()
            # Under the same lock, so that no cancel falls between waiting and running.
            self._running.append(job)
            return job

    def _run(self, job: Job) -> None:
        self._tell(Started(job.number))
        try:
            event: JobEvent = self._outcome(job)
        finally:
            with self._wake:
                self._running.remove(job)
        self._tell(event)

    def _outcome(self, job: Job) -> JobEvent:
        try:
            job.cancel.check()
            if not self._is_open:
                self._tool = self._open_tool()
                self._is_open = True
            return Finished(job.number, job.task(self._tool, self._progress(job), job.cancel))
        except Cancelled:
            return Stopped(job.number)
        except GenStudioError as error:
            return Failed(job.number, str(error))
        except MemoryError:
            sentence = translate(
                "Worker",
                "There is not enough memory for this; choose a smaller picture or model, or close "
                "other programs, and try again.",
            )
            return Failed(job.number, sentence)
        except Exception as error:  # noqa: BLE001  the window and the other jobs live on
            _LOG.exception("a job broke")
            sentence = translate(
                "Worker",
                "Something inside GenStudio broke ({kind}); your work is still here. Undo or try "
                "again, and report it if it comes back.",
            ).format(kind=type(error).__name__)
            return Failed(job.number, sentence, traceback.format_exc())

    def _tell(self, event: JobEvent) -> None:
        if not self._closing:
            self._post(event)

    def _progress(self, job: Job) -> Callable[..., None]:
        told = 0.0

        def report(done: float, what: str = "", preview: Any = None) -> None:
            nonlocal told
            now = time.monotonic()
            if preview is not None or now - told >= _REPORT_SECONDS:
                told = now
                self._tell(Progressed(job.number, done, what, preview))
            self._give_way(job)

        return report

    def _give_way(self, job: Job) -> None:
        """Run what waits in earlier lanes, in the middle of a job."""
        while True:
            with self._wake:
                first = self._lanes.take(before=job.lane)
                if first is None:
                    return
                self._running.insert(0, first)
            self._run(first)
