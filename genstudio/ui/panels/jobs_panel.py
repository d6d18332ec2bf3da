"""Batches: how far each is, and the pictures as they come."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.recipe.seeds import seed_of
from genstudio.studio.queue import JobRow, Made
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.status_bar import duration
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.progress_line import ProgressLine
from genstudio.ui.widgets.thumbnail_strip import Item, ThumbnailStrip

_ROWS: Final = 30
"""Batches that are listed, the newest first."""


class JobsPanel(QWidget):
    """Shows the queue.

    Signals:
        batch_wanted: The person wants to make many pictures.
    """

    batch_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lines: dict[int, _JobLine] = {}
        self.setObjectName("jobs-panel")
        self._empty = QLabel(
            translate("JobsPanel", "Many pictures at once: seeds, prompts, into a folder."), self
        )
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        batch = QPushButton(icon("images"), translate("JobsPanel", "Batch ..."), self)
        batch.setObjectName("jobs-batch")
        batch.clicked.connect(self.batch_wanted)
        self._strip = ThumbnailStrip("jobs-pictures", 48, self)
        self._strip.setAccessibleName(translate("JobsPanel", "Finished pictures"))
        self._strip.chosen.connect(self._open)
        inside = QWidget(self)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(SPACE_S)
        self._list.addWidget(self._empty)
        self._list.addStretch()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        side = QVBoxLayout()
        side.addWidget(batch)
        side.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_S, 0, SPACE_S, SPACE_XS)
        row.setSpacing(SPACE_M)
        row.addLayout(side)
        row.addWidget(area, 2)
        row.addWidget(self._strip, 3)
        studio.queue.changed.connect(lambda _: self._show())
        studio.queue.made.connect(lambda _: self._show_pictures())
        self._show()
        self._show_pictures()

    def _show(self) -> None:
        rows = self._studio.queue.rows[-_ROWS:]
        self._empty.setVisible(not rows)
        gone = self._lines.keys() - {row.number for row in rows}
        for number in gone:
            line = self._lines.pop(number)
            self._list.removeWidget(line)
            line.deleteLater()
        for row in rows:
            line = self._lines.get(row.number) or self._new_line(row)
            line.show_row(row)

    def _new_line(self, row: JobRow) -> _JobLine:
        line = _JobLine(row, self)
        line.cancel_wanted.connect(lambda: self._studio.queue.cancel(row.number))
        self._lines[row.number] = line
        self._list.insertWidget(0, line)
        return line

    def _show_pictures(self) -> None:
        made = tuple(self._studio.queue.pictures)
        self._strip.setVisible(bool(made))
        self._strip.set_items([self._item(one) for one in made])
        if made:
            self._strip.set_current(made[-1].number)

    def _item(self, made: Made) -> Item:
        picture = self._strip.picture(made.number) or to_qimage(made.thumbnail)
        seed = seed_of(made.recipe)
        told = translate("JobsPanel", "seed {seed}").format(seed=seed) if seed is not None else ""
        return (made.number, picture, told)

    def _open(self, number: object) -> None:
        for made in self._studio.queue.pictures:
            if made.number == number:
                self._studio.editor.open(made.recipe, translate("History", "from a batch"))
                return


class _JobLine(QWidget):
    cancel_wanted = Signal()

    def __init__(self, row: JobRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"job-{row.number}")
        self._title = ElidedLabel(row.title, self)
        self._said = QLabel(self)
        self._said.setProperty("role", "muted")
        self._line = ProgressLine(f"job-{row.number}-progress", self)
        self._cancel = _button("x", translate("JobsPanel", "Cancel"), self)
        self._cancel.setObjectName(f"job-{row.number}-cancel")
        self._cancel.clicked.connect(self.cancel_wanted)
        self._folder: Path | None = row.folder
        folder = _button("folder-open", translate("JobsPanel", "Open the folder"), self)
        folder.setVisible(row.folder is not None)
        folder.clicked.connect(self._open_folder)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(self._title, 1)
        head.addWidget(self._said)
        head.addWidget(folder)
        head.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._line)

    def show_row(self, row: JobRow) -> None:
        self._said.setText(_state(row))
        self._said.setToolTip(row.sentence)
        self._line.set_fraction(None if row.is_over else row.done)
        self._cancel.setVisible(not row.is_over)
        self.setAccessibleName(f"{row.title}, {_state(row)}")

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _button(icon_name: str, text: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(icon(icon_name))
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setAutoRaise(True)
    return button


def _state(row: JobRow) -> str:
    if row.state == "failed":
        return translate("JobsPanel", "failed")
    if row.state == "stopped":
        return translate("JobsPanel", "stopped at {done} of {count}").format(
            done=row.finished, count=row.count
        )
    if row.state == "done":
        return translate("JobsPanel", "done")
    told = translate("JobsPanel", "{done} of {count}").format(done=row.finished, count=row.count)
    if row.seconds_left is None:
        return told
    left = translate("JobsPanel", "{done}, {time} left")
    return left.format(done=told, time=duration(row.seconds_left))
