"""Projects: the whole sitting in one file, opened and saved beside the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.document.history import History
from genstudio.document.project import Project, open_project, project_of, save_project
from genstudio.document.project_json import ModelUsed, ViewValue
from genstudio.studio.breeding import Breeding
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.models import Models
from genstudio.studio.walking import Walking
from genstudio.studio.work import Handlers, Work

Sources = dict[str, NDArray[np.uint8]]


class Projects:
    """The project file that is open, if one is."""

    def __init__(
        self,
        editor: Editor,
        walking: Walking,
        breeding: Breeding,
        models: Models,
        sources: Sources,
        work: Work,
        messages: Messages,
    ) -> None:
        """Take what is kept, the models that it names, and the pictures from outside."""
        self.view: Callable[[], Mapping[str, ViewValue]] = dict
        """What the window wants to find again; the window gives it."""
        self.restored: Event[Mapping[str, ViewValue]] = Event()
        """A sitting was taken over, with what the window wanted to find again."""
        self.touched: Event[None] = Event()
        """What is kept is another than before."""
        self.changed: Event[None] = Event()
        self.path: Path | None = None
        """Where the project was opened or saved last."""
        self._editor, self._models, self._sources = editor, models, sources
        self._work, self._messages = work, messages
        self._walking, self._breeding = walking, breeding
        editor.history.changed.connect(self.touched.emit)
        editor.history.thumbnail_changed.connect(lambda _: self.touched.emit(None))
        breeding.changed.connect(self.touched.emit)
        walking.changed.connect(self.touched.emit)

    @property
    def can_save(self) -> bool:
        """Whether there is anything to keep."""
        return self._editor.recipe is not None

    @property
    def history(self) -> History:
        """The history that is kept."""
        return self._editor.history

    def snapshot(self) -> Project | None:
        """The sitting as it is now, which later changes do not reach; None before it began."""
        if not self.can_save:
            return None
        names: Mapping[str, str] = {p.id: p.manifest.name for p in self._models.packs}
        return project_of(
            self._editor.history, names, self._sources, self.view(), self._walking.walk,
            self._breeding.family,
        )  # fmt: skip

    def restore(self, project: Project) -> None:
        """Take over a sitting in place of this one, and say which of its models are missing."""
        self._sources.update(project.pictures)
        self._editor.restore(project.steps, project.index, project.thumbnails)
        self._walking.restore(project.walk)
        self._breeding.restore(project.family)
        self.restored.emit(project.view)
        missing = [_told(m) for m in project.models if self._models.find(m.id) is None]
        if missing:
            text = translate(
                "Projects",
                "Models of this work are not here: {models}. Add them to see all of its pictures.",
            )
            self._messages.tell(text.format(models=", ".join(missing)), "warning")

    def begin_anew(self) -> None:
        """Keep the current step alone, as the first one of a new history."""
        current = self._editor.history.current
        if current is not None:
            self.path = None
            self._editor.restore([current], 0, {})
            self.changed.emit(None)

    def open(self, path: Path) -> None:
        """Open a project in place of what is on the window."""
        self._work.files(
            lambda: open_project(path),
            Handlers(finished=lambda project: self._take(path, project), failed=self._refuse),
        )

    def save(self, path: Path) -> None:
        """Write the history, its thumbnails and the pictures from outside to a file."""
        project = self.snapshot()
        if project is None:
            return
        self._work.files(
            lambda: save_project(path, project),
            Handlers(finished=lambda _: self._tell_saved(path), failed=self._refuse),
        )

    def _take(self, path: Path, project: Project) -> None:
        self.restore(project)
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


def _told(model: ModelUsed) -> str:
    """A model's name, id and version, by which it can be found again."""
    version = f", {model.sha256[:12]}" if model.sha256 else ""
    return f"{model.name or model.id} ({model.id}{version})"
