"""An icon and a few words for the status bar."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from genstudio.ui.theme.icons import icon

_SIDE: Final = 14


class StatusItem(QToolButton):
    """Says something; where it can be clicked, it looks like it."""

    def __init__(
        self, icon_name: str, name: str, *, clickable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setIcon(icon(icon_name))
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        if not clickable:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setStyleSheet("QToolButton:hover { background: transparent; }")

    def say(self, text: str, tooltip: str = "") -> None:
        """Show other words."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
        self.setToolTip(tooltip)
