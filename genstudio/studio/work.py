"""The studio's workers, and who is told when a job of theirs ends.

Five threads: the engine's, one for small files (saving, encoding PNGs, thumbnails), one for packs
that are added, whose check takes seconds, the library's, and one that saves the sitting. Their
events come in through `receive`, which whoever made the studio calls in the studio's own thread;
handlers run there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genstudio.jobs.events import Failed, Finished, JobEvent, Progressed, Started, Stopped
from genstudio.jobs.lanes import Lane, Task
from genstudio.jobs.worker import Worker
from genstudio.library.mend import Keeper

if TYPE_CHECKING:
    # The runtime is loaded in the engine's thread, so that the window need not wait for it.
    from genstudio.engine.render import Engine

_CLOSING_SECONDS: Final = 5.0


def _ignore(*_: object) -> None:
    """Nobody needs to know."""


@dataclass(frozen=True)
class Handlers:
    """What to call, in the studio's thread, as a job goes on."""

    finished: Callable[[Any], None] = _ignore
    failed: Callable[[str, str], None] = _ignore
    """Takes a sentence that is safe to show, and details for a report (maybe "")."""
    stopped: Callable[[], None] = _ignore
    progressed: Callable[[Progressed], None] = _ignore
    started: Callable[[], None] = _ignore


class Work:
    """Submits tasks to the workers and hands their events to handlers."""

    def __init__(
        self, open_engine: Callable[[], Engine], library: Path, post: Callable[[JobEvent], None]
    ) -> None:
        """Take what makes the engine, the library's folder, and `post`.

        `post` brings events to the studio's thread.
        """
        self._engine: Worker[Engine] = Worker(open_engine, post, "engine")
        self._files: Worker[None] = Worker(_nothing, post, "files")
        self._packs: Worker[None] = Worker(_nothing, post, "packs")
        self._autosave: Worker[None] = Worker(_nothing, post, "autosave")
        self._library: Worker[Keeper] = Worker(lambda: Keeper(library), post, "library")
        self._workers: tuple[Worker[Any], ...] = (
            self._engine, self._files, self._packs, self._library, self._autosave,
        )  # fmt: skip
        self._handlers: dict[int, Handlers] = {}

    def live(self, key: Hashable, task: Task, handlers: Handlers) -> int:
        """Ask the engine for the newest picture; replaces a request that still waits."""
        number = self._engine.submit_live(key, task)
        self._handlers.setdefault(number, handlers)
        return number

    def batch(self, task: Task, handlers: Handlers) -> int:
        """Queue work for the engine."""
        return self._known(self._engine.submit(task), handlers)

    def background(self, task: Task, handlers: Handlers) -> int:
        """Queue work for the engine that everything else goes before."""
        return self._known(self._engine.submit(task, Lane.BACKGROUND), handlers)

    def files(self, task: Callable[[], object], handlers: Handlers) -> int:
        """Do something small with files beside the window."""
        return self._known(self._files.submit(lambda *_: task()), handlers)

    def packs(self, task: Task, handlers: Handlers) -> int:
        """Do something with packs that may take seconds. The task's tool is None."""
        return self._known(self._packs.submit(task), handlers)

    def library(self, task: Task, handlers: Handlers, *, idle: bool = False) -> int:
        """Do something with the library; the task's tool is its `Keeper`.

        What is done when it is `idle` gives way to everything else.
        """
        lane = Lane.BACKGROUND if idle else Lane.BATCH
        return self._known(self._library.submit(task, lane), handlers)

    def ask_library(self, key: Hashable, task: Task, handlers: Handlers) -> int:
        """Ask the library for what is wanted now; replaces an asking that still waits."""
        number = self._library.submit_live(key, task)
        self._handlers.setdefault(number, handlers)
        return number

    def autosave(self, task: Task, handlers: Handlers) -> int:
        """Save the sitting. The task's tool is None."""
        return self._known(self._autosave.submit(task), handlers)

    def cancel(self, number: int) -> None:
        """Stop a job wherever it is."""
        for worker in self._workers:
            worker.cancel(number)

    def receive(self, event: JobEvent) -> None:
        """Hand an event to its job's handlers. Call it in the studio's thread only."""
        handlers = self._handlers.get(event.job)
        if handlers is None:
            return
        match event:
            case Started():
                handlers.started()
            case Progressed():
                handlers.progressed(event)
            case Finished(result=result):
                del self._handlers[event.job]
                handlers.finished(result)
            case Failed(sentence=sentence, details=details):
                del self._handlers[event.job]
                handlers.failed(sentence, details)
            case Stopped():
                del self._handlers[event.job]
                handlers.stopped()

    def close(self) -> bool:
        """End all threads; what runs is cancelled, what is being saved and kept is finished."""
        self._handlers.clear()
        self._library.submit(lambda keeper, *_: keeper.close())
        # All of them begin to end before any is waited for.
        self._engine.leave()
        self._packs.leave()
        for saving in (self._files, self._autosave):
            saving.leave(finish=True)
        self._library.leave(finish=True)
        ended = [
            self._engine.close(_CLOSING_SECONDS),
            self._packs.close(_CLOSING_SECONDS),
            self._files.close(_CLOSING_SECONDS, finish=True),
            self._autosave.close(_CLOSING_SECONDS, finish=True),
            self._library.close(_CLOSING_SECONDS, finish=True),
        ]
        return all(ended)

    def _known(self, number: int, handlers: Handlers) -> int:
        self._handlers[number] = handlers
        return number


def _nothing() -> None:
    """The tool of a worker that needs none."""
