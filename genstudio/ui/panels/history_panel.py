"""What came before, as a strip of small pictures with words."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.base.texts import translate
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
        # A drag changes the newest step sixty times a second; the strip need not follow each time.
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._show)
        self._history.changed.connect(lambda _: self._show_soon())
        self._history.thumbnail_changed.connect(self._show_thumbnail)
        self._show()

    def _show_soon(self) -> None:
        if not self._due.isActive():
            self._due.start(60)

    def _show(self) -> None:
        self._strip.set_items([self._item(step.number, step.words) for step in self._history.steps])
        current = self._history.current
        if current is not None:
            self._strip.set_current(current.number, dim_after=True)
        self._words.setText(current.words if current else "")

    def _show_thumbnail(self, number: int) -> None:
        pixels = self._history.thumbnail(number)
        if pixels is not None:
            self._strip.set_picture(number, to_qimage(pixels))

    def _item(self, number: int, words: str) -> Item:
        picture = self._strip.picture(number)
        if picture is None:
            pixels = self._history.thumbnail(number)
            picture = to_qimage(pixels) if pixels is not None else None
        return (number, picture, words)
