"""The library as a page of the stage."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.library.details import PictureDetails
from genstudio.ui.library.filters import LibraryFilters
from genstudio.ui.library.grid import PictureGrid
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S


class LibraryPage(QWidget):
    """Filters above a grid, details beside it.

    Signals:
        folder_wanted: A folder is to be taken in.
    """

    folder_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._gallery = studio, studio.gallery
        self.setObjectName("library-page")
        self.filters = LibraryFilters(self)
        self.grid = PictureGrid(self._picture_of, self)
        self.details = PictureDetails(studio, self)
        self._empty = QLabel(self)
        self._empty.setObjectName("library-empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "muted")
        self._count = QLabel(self)
        self._count.setObjectName("library-count")
        self._count.setProperty("role", "muted")
        self._everything = self._named("everything", translate("LibraryPage", "Show all"))
        self._empty_bin = self._named("empty-bin", translate("LibraryPage", "Empty the bin"))
        self._take_in = self._named("take-in", translate("LibraryPage", "Take in a folder ..."))
        self._back = self._named("back", translate("LibraryPage", "Back to the picture"))
        self._lay_out()
        self._connect()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape goes back to the picture."""
        if event.key() == Qt.Key.Key_Escape:
            self._gallery.show(False)
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        gallery = self._gallery
        self.filters.changed.connect(gallery.search)
        self.grid.view_changed.connect(gallery.want)
        self.grid.current_changed.connect(gallery.choose)
        self.grid.opened.connect(self._use)
        self.grid.menu_wanted.connect(self._show_menu)
        self.grid.removed.connect(self._remove)
        self._everything.clicked.connect(self.filters.clear)
        self._empty_bin.clicked.connect(gallery.empty_bin)
        self._take_in.clicked.connect(self.folder_wanted)
        self._back.clicked.connect(lambda: gallery.show(False))
        for leave in (
            gallery.changed.connect(lambda _: self._show()),
            gallery.thumbnails_changed.connect(lambda _: self._show_thumbnails()),
            self._studio.models.changed.connect(lambda _: self._show()),
        ):
            self.destroyed.connect(leave)

    def _named(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"library-{name}")
        button.setProperty("flat", True)
        return button

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self._count, 1)
        for button in (self._everything, self._empty_bin, self._take_in, self._back):
            below.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(SPACE_S)
        left.addWidget(self.filters)
        left.addWidget(self.grid, 1)
        left.addWidget(self._empty, 1)
        left.addLayout(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, 0, SPACE_S)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.details)

    def _show(self) -> None:
        gallery = self._gallery
        names = {pack.id: pack.manifest.name for pack in self._studio.models.packs}
        self.filters.show_facets(gallery.facets, names)
        self.grid.set_ids(gallery.ids)
        found, query = len(gallery.ids), gallery.query
        self.grid.setVisible(found > 0)
        self._empty.setVisible(found == 0)
        total = gallery.facets.binned if query.binned else gallery.facets.count
        self._empty.setText(_nothing(total, binned=query.binned))
        like = query.like is not None
        told = translate("LibraryPage", "{found} of {total} pictures")
        if like:
            told = translate("LibraryPage", "{found} pictures, the most alike first")
        self._count.setText(told.format(found=found, total=total))
        self._everything.setVisible(like or found < total)
        self._empty_bin.setVisible(query.binned and found > 0)

    def _show_thumbnails(self) -> None:
        self.grid.refresh()
        self.details.show_entry()

    def _picture_of(self, number: int) -> QImage | None:
        pixels = self._gallery.thumbnail(number)
        return to_qimage(pixels) if pixels is not None else None

    def _use(self, number: int) -> None:
        entry = self._gallery.entry
        if entry is not None and entry.id == number:
            self._gallery.use(entry)

    def _remove(self) -> None:
        if self._gallery.query.binned:
            self._gallery.restore(self.grid.selected)
        else:
            self._gallery.bin(self.grid.selected)

    def _put(self, collection: str) -> None:
        self._gallery.put(self.grid.selected, collection)

    def _show_menu(self, place: QPoint) -> None:
        if len(self.grid.selected) == 1:
            self.details.open_menu().popup(place)
            return
        menu = QMenu(self)
        menu.setObjectName("library-menu")
        menu.aboutToHide.connect(menu.deleteLater)
        text = translate("LibraryPage", "Move {count} pictures to the bin")
        if self._gallery.query.binned:
            text = translate("LibraryPage", "Bring {count} pictures back from the bin")
        menu.addAction(text.format(count=len(self.grid.selected)), self._remove)
        inside = menu.addMenu(translate("LibraryPage", "Collections"))
        for name in self._gallery.facets.collections:
            inside.addAction(name, partial(self._put, name))
        inside.setEnabled(bool(self._gallery.facets.collections))
        menu.popup(place)


def _nothing(total: int, *, binned: bool) -> str:
    if binned:
        return translate("LibraryPage", "The bin is empty.")
    if total == 0:
        return translate(
            "LibraryPage",
            "Every picture that comes to rest on the canvas is kept here, with all that made it.",
        )
    return translate("LibraryPage", "No picture is like that.")
