"""Projects: the whole sitting in one file, opened and saved beside the window."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.document.project import Project, open_project, project_of, save_project
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.models import Models
from genstudio.studio.work import Handlers, Work

Sources = dict[str, NDArray[np.uint8]]


class Projects:
    """The project file that is open, if one is."""

    def __init__(
        self, editor: Editor, models: Models, sources: Sources, work: Work, messages: Messages
    ) -> None:
        """Take the history to keep, the models it names, and the pictures from outside."""
        self.changed: Event[None] = Event()
        self.path: Path | None = None
        """Where the project was opened or saved last."""
        self._editor, self._models, self._sources = editor, models, sources
        self._work, self._messages = work, messages

    @property
    def can_save(self) -> bool:
        """Whether there is anything to keep."""
        return self._editor.recipe is not None

    def open(self, path: Path) -> None:
        """Open a project in place of what is on the window."""
        self._work.files(
            lambda: open_project(path),
            Handlers(finished=lambda project: self._take(path, project), failed=self._refuse),
        )

    def save(self, path: Path) -> None:
        """Write the history, its thumbnails and the pictures from outside to a file."""
        names: Mapping[str, str] = {p.id: p.manifest.name for p in self._models.packs}
        project = project_of(self._editor.history, names, self._sources, {})
        self._work.files(
            lambda: save_project(path, project),
            Handlers(finished=lambda _: self._tell_saved(path), failed=self._refuse),
        )

    def _take(self, path: Path, project: Project) -> None:
        self._sources.update(project.pictures)
        self._editor.restore(project.steps, project.index, project.thumbnails)
        missing = [m.name or m.id for m in project.models if self._models.find(m.id) is None]
        if missing:
            text = translate(
                "Projects",
                "{project} was made with models that are not here: {models}. Add them to see all "
                "of its pictures.",
            )
            self._messages.tell(
                text.format(project=path.name, models=", ".join(missing)), "warning"
            )
        self._place(path)

    def _tell_saved(self, path: Path) -> None:
        text = translate("Projects", "Saved the project {name}.").format(name=path.name)
        self._messages.tell(text, key="saved")
        self._place(path)

    def _place(self, path: Path) -> None:
        self.path = path
        self.changed.emit(None)

    def _refuse(self, sentence: str, _details: str) -> None:
        self._messages.tell(sentence, "error")
