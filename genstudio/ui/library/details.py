"""What is known of the chosen picture, what may be said of it, and what may be done with it."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.library.entries import MOST_STARS, Entry, Marks
from genstudio.studio.gallery import SETTINGS, Setting
from genstudio.studio.studio import Studio
from genstudio.ui.folders import open_folder
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S

WIDTH: Final = 260
_PREVIEW: Final = QSize(236, 236)
_NOTE_HEIGHT: Final = 64


class PictureDetails(QWidget):
    """One picture of the library; empty where none is chosen."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._gallery = studio, studio.gallery
        self._shown: Entry | None = None
        self.setObjectName("library-details")
        self.setFixedWidth(WIDTH)
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight(_PREVIEW.height())
        self._name = _label("library-name", self, role="heading")
        self._facts = _label("library-facts", self, role="muted")
        self._marks = self._make_marks()
        self._note = _Note(self)
        self._note.left.connect(self._keep_note)
        self._use = QPushButton(translate("LibraryPage", "Use these settings"), self)
        self._use.setObjectName("library-use")
        self._use.setProperty("primary", True)
        self._use.clicked.connect(self._use_it)
        self._more = QPushButton(translate("LibraryPage", "More"), self)
        self._more.setObjectName("library-more")
        self._more.clicked.connect(
            lambda: self.open_menu().popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
        )
        self._lay_out()
        leave = self._gallery.changed.connect(lambda _: self.show_entry())
        self.destroyed.connect(leave)
        self.show_entry()

    def show_entry(self) -> None:
        """Show what is chosen now."""
        entry = self._gallery.entry
        for part in (self._marks, self._note, self._use, self._more, self._picture):
            part.setVisible(entry is not None)
        if entry is None:
            self._shown = None
            self._name.setText("")
            self._facts.setText(
                translate("LibraryPage", "Choose a picture to see how it was made.")
            )
            return
        pixels = self._gallery.thumbnail(entry.id)
        if pixels is not None:
            self._show_picture(to_qimage(pixels))
        self._name.setText(entry.prompt or entry.path.stem)
        self._facts.setText(_facts(entry, self._model_name(entry)))
        self._show_marks(entry)
        if self._shown is None or self._shown.id != entry.id or not self._note.hasFocus():
            self._note.setPlainText(entry.note)
        self._shown = entry

    def open_menu(self) -> QMenu:
        """Everything else that can be done with the picture."""
        menu = QMenu(self)
        menu.setObjectName("library-menu")
        menu.aboutToHide.connect(menu.deleteLater)
        entry = self._gallery.entry
        if entry is None:
            return menu
        gallery = self._gallery
        for setting in SETTINGS:
            copy = partial(gallery.copy_setting, entry, setting)
            menu.addAction(_copy_words(setting), copy)
        menu.addSeparator()
        menu.addAction(translate("LibraryPage", "What looks like it"), lambda: gallery.like(entry))
        menu.addAction(
            translate("LibraryPage", "Check against its recipe"), lambda: gallery.verify(entry)
        )
        menu.addAction(
            translate("LibraryPage", "Show in its folder"),
            lambda: open_folder(entry.path.parent, self._studio.messages),
        )
        self._add_collections(menu, entry)
        menu.addSeparator()
        if entry.binned is None:
            text = translate("LibraryPage", "Move to the bin")
            menu.addAction(text, lambda: gallery.bin([entry.id]))
        else:
            text = translate("LibraryPage", "Bring back from the bin")
            menu.addAction(text, lambda: gallery.restore([entry.id]))
        return menu

    def _add_collections(self, menu: QMenu, entry: Entry) -> None:
        gallery = self._gallery
        inside = menu.addMenu(translate("LibraryPage", "Collections"))
        for name in sorted({*gallery.facets.collections, *entry.collections}):
            row = inside.addAction(name)
            row.setCheckable(True)
            row.setChecked(name in entry.collections)
            turn = gallery.take_out if name in entry.collections else gallery.put
            row.triggered.connect(lambda _=False, n=name, t=turn: t([entry.id], n))
        inside.addAction(translate("LibraryPage", "New collection ..."), self._ask_collection)

    def _ask_collection(self) -> None:
        entry = self._gallery.entry
        if entry is None:
            return
        dialog = QInputDialog(self)
        dialog.setObjectName("collection-dialog")
        dialog.setWindowTitle(translate("LibraryPage", "New collection"))
        dialog.setLabelText(translate("LibraryPage", "Name"))
        dialog.textValueSelected.connect(lambda name: self._gallery.put([entry.id], name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _make_marks(self) -> QWidget:
        together = QWidget(self)
        row = QHBoxLayout(together)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._heart = QToolButton(together)
        self._heart.setObjectName("library-heart")
        self._heart.setCheckable(True)
        self._heart.setIcon(icon("heart"))
        self._heart.setToolTip(translate("LibraryPage", "Favourite"))
        self._heart.setAccessibleName(translate("LibraryPage", "Favourite"))
        self._heart.clicked.connect(lambda on: self._mark(Marks(favourite=on)))
        row.addWidget(self._heart)
        row.addStretch(1)
        self._stars = []
        for count in range(1, MOST_STARS + 1):
            star = QToolButton(together)
            star.setObjectName(f"library-star-{count}")
            star.setCheckable(True)
            star.setIcon(icon("star"))
            text = translate("LibraryPage", "{count} stars").format(count=count)
            star.setToolTip(text)
            star.setAccessibleName(text)
            star.clicked.connect(lambda _=False, n=count: self._give_stars(n))
            self._stars.append(star)
            row.addWidget(star)
        return together

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, 0, SPACE_M, SPACE_S)
        column.setSpacing(SPACE_S)
        for part in (self._picture, self._name, self._marks, self._facts, self._note):
            column.addWidget(part)
        column.addWidget(self._use)
        column.addWidget(self._more)
        column.addStretch(1)

    def _show_picture(self, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        scaled = image.scaled(
            _PREVIEW * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap = QPixmap.fromImage(scaled)
        pixmap.setDevicePixelRatio(ratio)
        self._picture.setPixmap(pixmap)

    def _show_marks(self, entry: Entry) -> None:
        self._heart.setChecked(entry.favourite)
        for count, star in enumerate(self._stars, 1):
            star.setChecked(count <= entry.stars)

    def _give_stars(self, count: int) -> None:
        """A click on the last star that is lit takes all away."""
        if self._shown is not None:
            self._mark(Marks(stars=0 if count == self._shown.stars else count))

    def _mark(self, marks: Marks) -> None:
        if self._shown is not None:
            self._gallery.mark([self._shown.id], marks)

    def _keep_note(self) -> None:
        note = self._note.toPlainText().strip()
        if self._shown is not None and note != self._shown.note:
            self._mark(Marks(note=note))

    def _use_it(self) -> None:
        if self._shown is not None:
            self._gallery.use(self._shown)

    def _model_name(self, entry: Entry) -> str:
        pack = self._studio.models.find(entry.model)
        return pack.manifest.name if pack else entry.model


class _Note(QPlainTextEdit):
    """A few words of one's own; told when the cursor leaves."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("library-note")
        self.setPlaceholderText(translate("LibraryPage", "Note"))
        self.setAccessibleName(translate("LibraryPage", "Note"))
        self.setFixedHeight(_NOTE_HEIGHT)
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.left.emit()


def _copy_words(setting: Setting) -> str:
    return {
        "seed": translate("LibraryPage", "Take over its seed"),
        "prompt": translate("LibraryPage", "Take over its prompt"),
        "latent": translate("LibraryPage", "Take over its latent"),
    }[setting]


def _facts(entry: Entry, model: str) -> str:
    made = QDateTime.fromSecsSinceEpoch(int(entry.made))
    when = QLocale().toString(made, QLocale.FormatType.ShortFormat)
    seed = translate("LibraryPage", "seed {seed}").format(seed=entry.seed)
    size = f"{entry.width} x {entry.height}"
    lines = [model, f"{size} · {seed}" if entry.seed is not None else size, when]
    lines += [line for line in (entry.device, entry.licence) if line]
    if entry.collections:
        lines.append(", ".join(entry.collections))
    return "\n".join(lines)


def _label(name: str, parent: QWidget, role: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
