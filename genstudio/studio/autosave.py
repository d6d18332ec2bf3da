"""The sitting is saved as it goes on, and comes back: after a close, and after a kill."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from genstudio.base.errors import GenStudioError
from genstudio.base.progress import Cancel, Progress
from genstudio.base.texts import translate
from genstudio.document.project import Project, open_project
from genstudio.document.sittings import LeftOver, Sittings
from genstudio.studio.messages import Messages
from genstudio.studio.projects import Projects
from genstudio.studio.work import Handlers, Work

_KEY: Final = "left-over"
_REST: Final = 1.0
"""Seconds between two savings: a drag must not keep the disk busy, and two may be lost."""
_STEP: Final = 0.02


class Autosave:
    """Saves a second after a change at the latest, in a thread of its own."""

    def __init__(self, projects: Projects, work: Work, messages: Messages, folder: Path) -> None:
        """Take what is saved, the workers, where trouble is told, and the folder."""
        self._sittings = Sittings(folder)
        self._projects, self._work, self._messages = projects, work, messages
        self._saving = self._changed = False
        self._job = 0
        projects.touched.connect(lambda _: self._mark())

    def begin(self, *, restore: bool) -> None:
        """Bring the last sitting back if `restore`, and offer those that ended in a kill."""
        self._work.files(
            lambda: (self._read_last() if restore else None, self._sittings.left_over()),
            Handlers(finished=lambda found: self._take(*found)),
        )

    def start_afresh(self) -> None:
        """Begin the history anew; a message brings the old one back."""
        before = self._projects.snapshot()
        if before is None:
            return
        self._projects.begin_anew()
        text = translate(
            "Autosave", "A new sitting. Every picture of the one before is in the library."
        )
        back = {translate("Autosave", "Bring it back"): lambda: self._bring_back(before)}
        self._messages.tell(text, key=_KEY, ways=back)

    def finish(self) -> None:
        """Save the sitting for the next start, behind what is being saved."""
        project = self._projects.snapshot()
        self._work.cancel(self._job)
        self._work.autosave(lambda *_: self._sittings.close(project), Handlers())

    def _mark(self) -> None:
        self._changed = True
        if not self._saving:
            self._save()

    def _save(self) -> None:
        project = self._projects.snapshot()
        self._changed = False
        if project is None:
            return
        self._saving = True

        def save(_tool: None, _progress: Progress, cancel: Cancel) -> None:
            self._sittings.save(project)
            end = time.monotonic() + _REST
            while time.monotonic() < end and not cancel.is_set:
                time.sleep(_STEP)

        self._job = self._work.autosave(
            save, Handlers(finished=lambda _: self._saved(), failed=self._refuse)
        )

    def _saved(self) -> None:
        self._saving = False
        self._messages.withdraw("autosave")
        if self._changed:
            self._save()

    def _refuse(self, sentence: str, _details: str) -> None:
        """Told once; the next change tries again."""
        self._saving = False
        self._messages.tell(sentence, "error", key="autosave")

    def _read_last(self) -> Project | None:
        last = self._sittings.last
        try:
            return open_project(last) if last else None
        except GenStudioError:
            # It stays where it is until a sitting that is closed takes its place.
            return None

    def _take(self, last: Project | None, left: list[LeftOver]) -> None:
        if last is not None and self._projects.history.current is None:
            self._projects.restore(last)
        if left:
            self._offer(left[0])

    def _offer(self, left: LeftOver) -> None:
        when = time.strftime("%H:%M", time.localtime(left.when))
        text = translate(
            "Autosave", "GenStudio ended at {time} without being closed. The work is still here."
        ).format(time=when)
        ways: Mapping[str, Callable[[], None]] = {
            translate("Autosave", "Bring it back"): lambda: self._open(left),
            translate("Autosave", "Let it go"): lambda: self._let_go(left),
        }
        self._messages.tell(text, "warning", key=_KEY, ways=ways)

    def _open(self, left: LeftOver) -> None:
        def take(project: Project) -> None:
            self._bring_back(project)
            self._let_go(left)

        self._work.files(
            lambda: open_project(left.path), Handlers(finished=take, failed=self._refuse)
        )

    def _bring_back(self, project: Project) -> None:
        self._messages.withdraw(_KEY)
        self._projects.restore(project)

    def _let_go(self, left: LeftOver) -> None:
        self._messages.withdraw(_KEY)
        self._work.files(lambda: self._sittings.forget(left), Handlers())
