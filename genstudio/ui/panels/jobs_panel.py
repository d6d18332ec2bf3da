"""Batches: how far each is, and the pictures as they come."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.recipe.prompts import prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import Recipe
from genstudio.studio.editor import Edited
from genstudio.studio.queue import JobRow, Made
from genstudio.studio.studio import Studio
from genstudio.ui.folders import open_folder
from genstudio.ui.images import to_qimage
from genstudio.ui.panels.job_line import JobLine
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from genstudio.ui.widgets.thumbnail_strip import Item, ThumbnailStrip

_ROWS: Final = 30
"""Batches that are listed, the newest first."""
_WIDE: Final = 640
"""From this width on the parts stand side by side."""
_SMALLEST: Final = QSize(240, 96)
_SIDE: Final = 56
_ANY: Final = (1 << 24) - 1
"""Qt's greatest height: no limit."""


class JobsPanel(QWidget):
    """Shows the queue.

    Signals:
        batch_wanted: The person wants to make many pictures.
    """

    batch_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lines: dict[int, JobLine] = {}
        self.setObjectName("jobs-panel")
        self._batch = QPushButton(icon("images"), translate("JobsPanel", "Batch ..."), self)
        self._batch.setObjectName("jobs-batch")
        self._batch.clicked.connect(self.batch_wanted)
        self._clear = QToolButton(self)
        self._clear.setObjectName("jobs-clear")
        self._clear.setIcon(icon("list-x"))
        self._clear.setAccessibleName(translate("JobsPanel", "Clear finished"))
        self._clear.setToolTip(
            translate("JobsPanel", "Take what is over out of the list; pictures and files stay.")
        )
        self._clear.clicked.connect(studio.queue.clear)
        self._empty = QLabel(
            translate(
                "JobsPanel",
                "Nothing is being made. A batch makes many pictures, from seeds or prompts, while "
                "you go on.",
            ),
            self,
        )
        self._empty.setObjectName("jobs-empty")
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        self._strip = ThumbnailStrip("jobs-pictures", _SIDE, self)
        self._strip.setAccessibleName(translate("JobsPanel", "Finished pictures"))
        self._strip.chosen.connect(self._open)
        self._bar = self._strip.horizontalScrollBar()
        self._follows = True
        self._bar.valueChanged.connect(self._scrolled)
        self._bar.rangeChanged.connect(self._stay_at_newest)
        self._lay_out()
        # A batch of a quick model tells of hundreds of things a second; each turn of the event
        # loop shows what there is by then.
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._show)
        for leave in (
            studio.queue.changed.connect(lambda _: self._due.start(0)),
            studio.editor.changed.connect(self._follow),
        ):
            self.destroyed.connect(leave)
        self._show()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """What the parts need one below the other, so that the panel can become that narrow."""
        return _SMALLEST

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The parts stand side by side where there is room, else one below the other."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(across if is_wide else down)
        self._strip.setMaximumHeight(_ANY if is_wide else self._strip.minimumHeight())

    def _follow(self, edited: Edited) -> None:
        if not edited.dragging:
            self._due.start(0)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_XS)
        buttons.addWidget(self._batch, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addStretch()
        inside = QWidget(self)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(SPACE_S)
        self._list.addWidget(self._empty)
        self._list.addStretch()
        area = QScrollArea(self)
        area.setObjectName("jobs-list")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)
        self._parts.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_XS)
        self._parts.setSpacing(SPACE_M)
        self._parts.addLayout(buttons)
        self._parts.addWidget(area, 1)
        self._parts.addWidget(self._strip, 1)

    def _show(self) -> None:
        rows = self._studio.queue.rows
        self._empty.setVisible(not rows)
        self._clear.setVisible(any(row.is_over for row in rows))
        self._show_rows(rows[-_ROWS:])
        self._show_pictures(tuple(self._studio.queue.pictures))

    def _show_rows(self, rows: tuple[JobRow, ...]) -> None:
        for number in self._lines.keys() - {row.number for row in rows}:
            line = self._lines.pop(number)
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        for row in rows:
            line = self._lines.get(row.number) or self._new_line(row)
            line.show_row(row)

    def _new_line(self, row: JobRow) -> JobLine:
        line = JobLine(row, self)
        line.cancel_wanted.connect(self._studio.queue.cancel)
        line.folder_wanted.connect(self._open_folder)
        self._lines[row.number] = line
        self._list.insertWidget(0, line)
        return line

    def _show_pictures(self, made: tuple[Made, ...]) -> None:
        self._strip.setVisible(bool(made))
        if not made:
            return
        if self._strip.keys() != tuple(one.number for one in made):
            self._strip.set_items([self._item(one) for one in made])
        self._mark(made)

    def _scrolled(self) -> None:
        """Who looks at older pictures is left there; at the end, newer ones come into view."""
        self._follows = self._bar.value() > self._bar.maximum() - _SIDE

    def _stay_at_newest(self) -> None:
        if self._follows:
            self._bar.setValue(self._bar.maximum())

    def _mark(self, made: tuple[Made, ...]) -> None:
        """Mark the picture that is open, without moving the strip under a hand."""
        recipe = self._studio.editor.recipe
        opened = next((one.number for one in made if one.recipe == recipe), None)
        self._strip.set_current(opened, follow=False)

    def _item(self, made: Made) -> Item:
        picture = self._strip.picture(made.number) or to_qimage(made.thumbnail)
        return (made.number, picture, _caption(made.recipe))

    def _open(self, number: object) -> None:
        for made in self._studio.queue.pictures:
            if made.number == number:
                self._studio.editor.open(made.recipe, translate("History", "from a batch"))
                return

    def _open_folder(self, folder: Path) -> None:
        open_folder(folder, self._studio.messages)


def _caption(recipe: Recipe) -> str:
    seed, prompts = seed_of(recipe), prompts_of(recipe)
    parts = [prompt.text for prompt in prompts]
    if seed is not None:
        parts.append(translate("JobsPanel", "seed {seed}").format(seed=seed))
    return ", ".join(parts)
