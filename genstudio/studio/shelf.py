"""Asking the library for something, in its own thread, and telling what it could not do."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Final, TypeVar

from genstudio.base.progress import Cancel, Progress
from genstudio.base.texts import translate
from genstudio.jobs.lanes import Task
from genstudio.library.library import Library
from genstudio.library.mend import Keeper, gather
from genstudio.studio.messages import Messages
from genstudio.studio.work import Handlers, Work

TROUBLE: Final = "library-trouble"
"""The key of the message about a library that cannot be used."""
Result = TypeVar("Result")


class Shelf:
    """The library for whoever has a question and a place for the answer."""

    def __init__(self, work: Work, messages: Messages) -> None:
        """Take the workers, and where refusals are told."""
        self._work, self._messages = work, messages

    def ask(
        self,
        task: Callable[[Library], Result],
        then: Callable[[Result], None],
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Do something with the library, after what was asked before; `then` takes the answer."""
        self._work.library(_with_notice(task), self._handlers(then, failed))

    def ask_live(
        self, key: Hashable, task: Callable[[Library], Result], then: Callable[[Result], None]
    ) -> None:
        """Ask before everything that waits; an asking that waits here already gives way."""
        self._work.ask_library(key, _with_notice(task), self._handlers(then, None))

    def tidy(self) -> None:
        """Find pictures whose rows a kill or a power cut has cost, when nothing else is asked."""

        def task(keeper: Keeper, progress: Progress, cancel: Cancel) -> int:
            return keeper.use(lambda library: gather(library, progress, cancel))

        self._work.library(task, Handlers(failed=self.refuse), idle=True)

    def refuse(self, sentence: str, _details: str = "") -> None:
        """Tell what went wrong."""
        self._messages.tell(sentence, "error", key=TROUBLE)

    def _handlers(self, then: Callable[[Any], None], failed: Callable[[], None] | None) -> Handlers:
        def finished(answer: tuple[Any, Path | None]) -> None:
            result, damaged = answer
            if damaged is not None:
                self._tell_mended(damaged)
            then(result)

        def refuse(sentence: str, details: str) -> None:
            if failed is not None:
                failed()
            self.refuse(sentence, details)

        return Handlers(finished=finished, failed=refuse)

    def _tell_mended(self, damaged: Path) -> None:
        text = translate(
            "Library",
            "The library's database was damaged, so it was made anew from the pictures, with their "
            "stars and notes. The damaged one is {path}.",
        )
        self._messages.tell(text.format(path=damaged), "warning", key="library-mended")


def _with_notice(task: Callable[[Library], object]) -> Task:
    def run(keeper: Keeper, *_: object) -> tuple[object, Path | None]:
        result = keeper.use(task)
        return result, keeper.take_damaged()

    return run
