"""A line to search in a list by."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit, QWidget

from genstudio.ui.theme.icons import icon


class SearchField(QLineEdit):
    """A line edit with a glass and a button that empties it."""

    def __init__(self, placeholder: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.addAction(QIcon(icon("search")), QLineEdit.ActionPosition.LeadingPosition)
