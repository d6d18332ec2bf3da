"""What this program is, what is in it, and where it keeps things."""

from __future__ import annotations

from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from genstudio import __version__
from genstudio.base.paths import cache_folder, data_folder
from genstudio.base.texts import translate
from genstudio.studio.studio import Studio
from genstudio.ui.theme.tokens import SPACE_L, SPACE_S


class AboutDialog(QDialog):
    """Version, licences, folders."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about-dialog")
        self.setWindowTitle(translate("AboutDialog", "About GenStudio"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = QLabel(f"GenStudio {__version__}", self)
        title.setProperty("role", "title")
        said = QLabel(
            translate(
                "AboutDialog",
                "Images made by models on your own machine. Nothing is sent anywhere, and nothing "
                "is fetched.",
            ),
            self,
        )
        said.setWordWrap(True)
        form = QFormLayout()
        form.setVerticalSpacing(SPACE_S)
        form.addRow(translate("AboutDialog", "Program"), QLabel("Apache License 2.0", self))
        for card in studio.models.cards:
            form.addRow(card.name, QLabel(card.licence, self))
        runtime = _version("onnxruntime-gpu") or _version("onnxruntime")
        form.addRow("ONNX Runtime", QLabel(runtime, self))
        form.addRow("Qt", QLabel(_version("PySide6-Essentials"), self))
        form.addRow(translate("AboutDialog", "Your data"), _folder(data_folder(), self))
        form.addRow(translate("AboutDialog", "Cache"), _folder(cache_folder(), self))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_L)
        for widget in (title, said):
            column.addWidget(widget)
        column.addLayout(form)
        column.addWidget(buttons)


def _folder(path: Path, parent: QWidget) -> QLabel:
    link = QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    label = QLabel(f'<a href="{link}">{escape(str(path))}</a>', parent)
    label.setOpenExternalLinks(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
    return label


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
