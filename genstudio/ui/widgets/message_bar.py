"""Messages above the picture: nothing stops for them, and each can be sent away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.style import colours_of
from genstudio.ui.theme.tokens import RADIUS, SPACE_M, SPACE_S, SPACE_XS

Kind = Literal["info", "warning", "error"]
_MOST: Final = 4
_BESIDE: Final = 2
"""Buttons that stand beside the words, and in a line below them where there are more."""
_WIDEST: Final = 720
_INFO_MS: Final = 6000
"""A message without buttons that only tells goes by itself."""


class MessageBar(QWidget):
    """A short stack of messages that floats over the top of its parent, which keeps its place.

    The newest is on top; the oldest goes when there are many.

    Signals:
        action_chosen: The key of a message, and the id of the button that was pressed.
    """

    action_chosen = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("messages")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_XS)
        self._shown: dict[object, _Message] = {}
        parent.installEventFilter(self)
        self._place()

    def texts(self) -> tuple[str, ...]:
        """What is shown, oldest first."""
        return tuple(message.text for message in self._shown.values())

    def show_message(
        self,
        text: str,
        kind: Kind = "info",
        actions: Sequence[tuple[str, str]] = (),
        key: object | None = None,
    ) -> None:
        """Show a message with buttons (id, label); it replaces an earlier one of its key."""
        key = text if key is None else key
        self.withdraw(key)
        message = _Message(text, kind, actions, self)
        message.chosen.connect(lambda action: self._choose(key, action))
        message.dismissed.connect(lambda: self.withdraw(key))
        self._shown[key] = message
        self._column.insertWidget(0, message)
        if kind == "info" and not actions:
            QTimer.singleShot(_INFO_MS, message, message.dismissed.emit)
        while len(self._shown) > _MOST:
            self.withdraw(next(iter(self._shown)))
        self._place()

    def withdraw(self, key: object) -> None:
        """Take a message away."""
        message = self._shown.pop(key, None)
        if message is not None:
            self._column.removeWidget(message)
            message.hide()
            message.deleteLater()
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep to the top of the parent as it changes its size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        over = self.parentWidget()
        assert over is not None
        width = min(_WIDEST, over.width() - 2 * SPACE_M)
        height = sum(message.height_for(width) + SPACE_XS for message in self._shown.values())
        self.setGeometry((over.width() - width) // 2, SPACE_S, width, height)
        self.setVisible(bool(self._shown))
        self.raise_()

    def _choose(self, key: object, action: str) -> None:
        self.withdraw(key)
        self.action_chosen.emit(key, action)


class _Message(QFrame):
    chosen = Signal(str)
    dismissed = Signal()

    def __init__(
        self, text: str, kind: Kind, actions: Sequence[tuple[str, str]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.text = text
        self.setObjectName("message")
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        row.setSpacing(SPACE_M)
        said = QLabel(text, self)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = [self._button(action, label) for action, label in actions]
        if len(buttons) > _BESIDE:
            # More than that would leave the words no room.
            column, below = QVBoxLayout(), QGridLayout()
            column.addWidget(said)
            for index, button in enumerate(buttons):
                below.addWidget(button, index // _BESIDE, index % _BESIDE)
            column.addLayout(below)
            row.addLayout(column, 1)
        else:
            row.addWidget(said, 1)
            for button in buttons:
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        close = QToolButton(self)
        close.setObjectName("message-dismiss")
        close.setIcon(icon("x"))
        close.setIconSize(QSize(14, 14))
        close.setToolTip(translate("Messages", "Dismiss"))
        close.setAccessibleName(translate("Messages", "Dismiss"))
        close.clicked.connect(self.dismissed)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self._kind = kind
        self._colour()

    def _button(self, action: str, label: str) -> QPushButton:
        button = QPushButton(label, self)
        button.setObjectName(f"message-{action}")
        button.clicked.connect(lambda: self.chosen.emit(action))
        return button

    def height_for(self, width: int) -> int:
        """The height that the words and buttons need at a width."""
        return self.heightForWidth(width)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme: a message may stand while it turns."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        colours = colours_of(self.palette())
        edge = {"info": colours.accent, "warning": colours.warning, "error": colours.danger}
        sheet = (
            f"#message {{ background: {colours.raised}; border: 1px solid {colours.line};"
            f" border-left: 4px solid {edge[self._kind]};"
            f" border-top-right-radius: {RADIUS}px; border-bottom-right-radius: {RADIUS}px; }}"
        )
        # A new sheet is a change of the palette, too.
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
            return
        super().keyPressEvent(event)
