"""The dialogs that a window opens; none of them blocks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from genstudio.base.texts import translate
from genstudio.document.project import SUFFIX
from genstudio.media.pictures import SUFFIXES
from genstudio.media.walk import SUFFIX as WALK_SUFFIX
from genstudio.studio.files import PACK_SUFFIX
from genstudio.studio.studio import Studio
from genstudio.ui.dialogs.about_dialog import AboutDialog
from genstudio.ui.dialogs.batch_dialog import BatchDialog

NEAREST_OF: Final = 64
"""Seeds that are tried to come near to a picture."""
_OPENED: Final = (*SUFFIXES, ".json", PACK_SUFFIX, SUFFIX)


class WindowDialogs(QObject):
    """Opens each dialog when it is asked for."""

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._window = studio, window

    def open_files(self) -> None:
        """Choose pictures, recipes or models to open."""
        title = translate("Dialogs", "Open")
        kinds = translate("Dialogs", "Pictures, recipes and models") + f" ({_patterns(_OPENED)})"
        self._ask_files(title, kinds, QFileDialog.FileMode.ExistingFiles)

    def add_model(self) -> None:
        """Choose a pack to add."""
        title = translate("Dialogs", "Add a model")
        kinds = translate("Dialogs", "Models") + f" ({_patterns((PACK_SUFFIX,))})"
        self._ask_files(title, kinds, QFileDialog.FileMode.ExistingFiles)

    def save_picture(self) -> None:
        """Choose where to save the current picture."""
        filters = (
            translate("Dialogs", "PNG, with its recipe (*.png)"),
            translate("Dialogs", "WebP, with its recipe (*.webp)"),
            translate("Dialogs", "JPEG (*.jpg *.jpeg)"),
            translate("Dialogs", "OpenRaster, with layers (*.ora)"),
        )
        name = f"{self._studio.files.suggested_name()}.png"
        self._ask_place(translate("Dialogs", "Save the picture"), filters, name, self._save)

    def save_project(self) -> None:
        """Choose where to keep the whole sitting."""
        projects = self._studio.projects
        name = str(projects.path or f"{self._studio.files.suggested_name()}{SUFFIX}")
        filters = (translate("Dialogs", "GenStudio projects (*.genstudio)"),)
        self._ask_place(translate("Dialogs", "Save the project"), filters, name, projects.save)

    def export_walk(self) -> None:
        """Choose where the film of the walk goes."""
        filters = (
            translate("Dialogs", "MP4, plays everywhere (*.mp4)"),
            translate("Dialogs", "Animated WebP (*.webp)"),
            translate("Dialogs", "GIF (*.gif)"),
            translate("Dialogs", "A folder of PNGs (*)"),
        )
        title, export = translate("Dialogs", "Make a film"), self._studio.walking.export
        self._ask_place(title, filters, "walk.mp4", export)

    def save_walk(self) -> None:
        """Choose where the walk itself goes."""
        filters = (translate("Dialogs", "Walks (*.walk.json)"),)
        title, save = translate("Dialogs", "Save the walk"), self._studio.walking.save
        self._ask_place(title, filters, f"walk{WALK_SUFFIX}", save)

    def take_in_folder(self) -> None:
        """Choose a folder of pictures to take into the library."""
        dialog = self._file_dialog(translate("Dialogs", "Take a folder into the library"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.filesSelected.connect(lambda names: self._studio.gallery.take_in(Path(names[0])))
        dialog.open()

    def find_nearest(self) -> None:
        """Choose a picture to come near to."""
        dialog = self._file_dialog(translate("Dialogs", "Come near to a picture"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Dialogs", "Pictures") + f" ({_patterns(SUFFIXES)})")
        dialog.filesSelected.connect(
            lambda names: self._studio.nearest_of(NEAREST_OF, Path(names[0]))
        )
        dialog.open()

    def make_batch(self) -> None:
        """Ask what to make many of."""
        BatchDialog(self._studio, self._window).open()

    def about(self) -> None:
        """Tell what this program is."""
        AboutDialog(self._studio, self._window).open()

    def _ask_files(self, title: str, kinds: str, mode: QFileDialog.FileMode) -> None:
        dialog = self._file_dialog(title)
        dialog.setFileMode(mode)
        dialog.setNameFilters([kinds, translate("Dialogs", "All files (*)")])
        dialog.filesSelected.connect(self._open)
        dialog.open()

    def _ask_place(
        self, title: str, filters: Sequence[str], name: str, then: Callable[[Path], None]
    ) -> None:
        """Choose where to save; a name without a suffix gets that of the filter."""
        dialog = self._file_dialog(title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(filters))
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_suffix(chosen)))
        dialog.setDefaultSuffix(_suffix(filters[0]))
        dialog.selectFile(name)
        dialog.filesSelected.connect(lambda names: then(Path(names[0])))
        dialog.open()

    def _file_dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("file-dialog")
        dialog.finished.connect(dialog.deleteLater)
        dialog.setDirectory(str(self._folder()))
        return dialog

    def _folder(self) -> Path:
        remembered = Path(self._studio.preferences.now.pictures_folder or "")
        if remembered.is_absolute() and remembered.is_dir():
            return remembered
        pictures = QStandardPaths.StandardLocation.PicturesLocation
        return Path(QStandardPaths.writableLocation(pictures))

    def _open(self, names: list[str]) -> None:
        self._studio.open_files([Path(name) for name in names])

    def _save(self, path: Path) -> None:
        self._studio.preferences.change(pictures_folder=str(path.parent))
        self._studio.files.save(path)


def _patterns(suffixes: tuple[str, ...]) -> str:
    return " ".join(f"*{suffix}" for suffix in suffixes)


def _suffix(name_filter: str) -> str:
    """The first suffix of a filter, without its dot; "" of one that takes any name."""
    _, found, patterns = name_filter.rpartition("(*.")
    return patterns.rstrip(")").split()[0] if found else ""
