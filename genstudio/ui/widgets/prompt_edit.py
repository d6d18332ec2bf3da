"""A few lines for a prompt: Enter draws, Ctrl+Up and Ctrl+Down go through earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

_LINES: Final = (2, 5)
_LONGEST: Final = 2000


class PromptEdit(QPlainTextEdit):
    """Grows with its text up to five lines.

    Signals:
        submitted: Enter was pressed, with the text.
        shortened: What was typed or pasted was longer than a prompt may be.
    """

    submitted = Signal(str)
    shortened = Signal()

    def __init__(self, placeholder: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._history: tuple[str, ...] = ()
        self._place = -1
        self._draft = ""
        self.textChanged.connect(self._fit)
        self._fit()

    def set_history(self, prompts: Sequence[str]) -> None:
        """The earlier prompts, newest first."""
        self._history = tuple(prompts)
        self._place = -1

    def set_text(self, text: str) -> None:
        """Show another text, as a new beginning: there is nothing to undo in it."""
        if text != self.toPlainText():
            self.setPlainText(text)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Only now has it the font and the frame of the theme."""
        super().showEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter submits, Shift+Enter begins a line."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (shift or control):
            self.submitted.emit(self.toPlainText().strip())
        elif control and event.key() == Qt.Key.Key_Up:
            self._walk(1)
        elif control and event.key() == Qt.Key.Key_Down:
            self._walk(-1)
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802
        """Words only: a file that is dropped here is meant for the window."""
        return source.hasText() and not source.hasUrls()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for the lines there are."""
        return QSize(200, self.height())

    def _walk(self, step: int) -> None:
        if self._place < 0:
            self._draft = self.toPlainText()
        self._place = min(max(self._place + step, -1), len(self._history) - 1)
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(self._draft if self._place < 0 else self._history[self._place])
        self.setTextCursor(cursor)

    def _fit(self) -> None:
        if len(self.toPlainText()) > _LONGEST:
            self._shorten()
            return
        fewest, most = _LINES
        lines = min(max(self.document().size().height(), fewest), most)
        around = 2 * (self.frameWidth() + int(self.document().documentMargin())) + 6
        self.setFixedHeight(int(self.fontMetrics().lineSpacing() * lines) + around)

    def _shorten(self) -> None:
        """Cut the end off, as part of what made it too long; the cursor stays where it is."""
        # Qt counts in UTF-16, where some letters are two.
        kept = len(self.toPlainText()[:_LONGEST].encode("utf-16-le")) // 2
        rest = QTextCursor(self.document())
        rest.joinPreviousEditBlock()
        rest.setPosition(kept)
        rest.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        rest.removeSelectedText()
        rest.endEditBlock()
        self.shortened.emit()
