"""What came before, as a strip of small pictures with words."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.document.history import Step
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.thumbnail_strip import Item, ThumbnailStrip


class HistoryPanel(QWidget):
    """Shows the steps; a click, or arrows and Enter, goes to one."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = studio.editor.history
        self._shown: tuple[int, ...] = ()
        self.setObjectName("history-panel")
        self._strip = ThumbnailStrip("history-strip", parent=self)
        self._strip.setAccessibleName(translate("HistoryPanel", "History"))
        self._strip.chosen.connect(studio.editor.go_to)
        self._words = ElidedLabel("", self)
        self._words.setProperty("role", "muted")
        self._words.setObjectName("history-words")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, 0, SPACE_S, SPACE_XS)
        column.setSpacing(SPACE_XS)
        column.addWidget(self._strip)
        column.addWidget(self._words)
        # A drag changes the newest step at every move of the mouse; one turn of the event loop
        # shows only what it is by then.
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._show)
        for leave in (
            self._history.changed.connect(lambda _: self._due.start(0)),
            self._history.thumbnail_changed.connect(self._show_thumbnail),
        ):
            self.destroyed.connect(leave)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The current step stays in view."""
        super().resizeEvent(event)
        self._strip.scrollTo(self._strip.currentIndex())

    def _show(self) -> None:
        steps, current = self._history.steps, self._history.current
        if current is None:
            self._words.setText(
                translate("HistoryPanel", "Every step is kept here, to come back to.")
            )
            return
        # A step is gone or new only where the ends or the number of steps are others; all but the
        # newest keep their words.
        shown = (steps[0].number, steps[-1].number, len(steps))
        if shown == self._shown:
            self._strip.set_caption(steps[-1].number, steps[-1].words)
        else:
            self._shown = shown
            self._strip.set_items([self._item(step) for step in steps])
        self._strip.set_current(current.number, dim_after=True)
        self._words.setText(
            translate("HistoryPanel", "{place} of {count}:  {words}").format(
                place=self._history.index + 1, count=len(steps), words=current.words
            )
        )

    def _show_thumbnail(self, number: int) -> None:
        pixels = self._history.thumbnail(number)
        if pixels is not None:
            self._strip.set_picture(number, to_qimage(pixels))

    def _item(self, step: Step) -> Item:
        picture = self._strip.picture(step.number)
        if picture is None:
            pixels = self._history.thumbnail(step.number)
            picture = to_qimage(pixels) if pixels is not None else None
        return (step.number, picture, step.words)
