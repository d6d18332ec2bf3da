"""Showing a folder in the desktop's own program for files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from genstudio.base.texts import translate
from genstudio.studio.messages import Messages


def open_folder(folder: Path, messages: Messages) -> None:
    """Show it, or say that it cannot be shown."""
    if not (folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))):
        messages.tell(
            translate("Folders", "The folder {folder} cannot be opened.").format(folder=folder),
            "warning",
            key="folder",
        )
