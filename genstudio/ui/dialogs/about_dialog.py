"""What this program is, what is in it, and where it keeps things."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from genstudio import __version__
from genstudio.base.paths import cache_folder, data_folder
from genstudio.base.texts import translate
from genstudio.studio.studio import Studio
from genstudio.ui.folders import open_folder
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from genstudio.ui.widgets.elided_label import ElidedLabel

_WIDTH: Final = 480
_LIST_HEIGHT: Final = 240
_PARTS: Final = (
    ("Qt for Python", ("PySide6-Essentials", "PySide6"), "LGPL 3.0"),
    ("ONNX Runtime", ("onnxruntime-gpu", "onnxruntime"), "MIT"),
    ("Inter", (), "SIL Open Font License 1.1"),
    ("Lucide", (), "ISC"),
)
"""What the window is made of: name, the packages that may bring it, licence."""

Row = tuple[str, str, str]


class AboutDialog(QDialog):
    """Version, licences, folders."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages = studio.messages
        self.setObjectName("about-dialog")
        self.setWindowTitle(translate("AboutDialog", "About GenStudio"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        title = QLabel(f"GenStudio {__version__}", self)
        title.setObjectName("about-title")
        title.setProperty("role", "title")
        said = QLabel(
            translate(
                "AboutDialog",
                "Images made by models on your own machine. Nothing is sent anywhere, and nothing "
                "is fetched. GenStudio is free under the Apache License 2.0.",
            ),
            self,
        )
        said.setWordWrap(True)
        buttons = QDialogButtonBox(self)
        buttons.addButton(
            translate("AboutDialog", "Close"), QDialogButtonBox.ButtonRole.RejectRole
        ).setObjectName("about-close")
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        for widget in (title, said, _licences(studio, self)):
            column.addWidget(widget)
        for name, text, folder in (
            ("about-data", translate("AboutDialog", "Your data"), data_folder()),
            ("about-cache", translate("AboutDialog", "Cache"), cache_folder()),
        ):
            column.addLayout(self._folder(name, text, folder))
        column.addWidget(buttons)

    def _folder(self, name: str, text: str, folder: Path) -> QHBoxLayout:
        path = ElidedLabel(str(folder), self)
        path.setObjectName(name)
        path.setProperty("role", "muted")
        button = QPushButton(icon("folder-open"), translate("AboutDialog", "Open"), self)
        button.setObjectName(f"{name}-open")
        button.setAccessibleName(
            translate("AboutDialog", "{folder}: open the folder").format(folder=text)
        )
        button.setAutoDefault(False)
        button.clicked.connect(lambda: open_folder(folder, self._messages))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(QLabel(text, self))
        words.addWidget(path)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addLayout(words, 1)
        row.addWidget(button)
        return row


def _licences(studio: Studio, parent: QWidget) -> QScrollArea:
    """The models and the parts, however many there are."""
    inside = QWidget(parent)
    grid = QGridLayout(inside)
    grid.setContentsMargins(0, 0, SPACE_S, 0)
    grid.setHorizontalSpacing(SPACE_L)
    grid.setVerticalSpacing(SPACE_XS)
    grid.setColumnStretch(0, 1)
    packs = sorted(studio.models.packs, key=lambda pack: pack.manifest.name.casefold())
    models = [(p.manifest.name, p.manifest.version, p.manifest.licence) for p in packs]
    _add_rows(grid, translate("AboutDialog", "Models"), models, inside)
    parts = [(name, _version(packages), licence) for name, packages, licence in _PARTS]
    _add_rows(grid, translate("AboutDialog", "Made with"), parts, inside)
    grid.setRowStretch(grid.rowCount(), 1)
    area = QScrollArea(parent)
    area.setObjectName("about-licences")
    area.setAccessibleName(translate("AboutDialog", "Licences"))
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.setMinimumHeight(min(_LIST_HEIGHT, inside.sizeHint().height()))
    return area


def _add_rows(grid: QGridLayout, heading: str, rows: list[Row], parent: QWidget) -> None:
    label = QLabel(heading, parent)
    label.setProperty("role", "caption")
    if grid.rowCount() > 1:
        grid.setRowMinimumHeight(grid.rowCount(), SPACE_S)
    grid.addWidget(label, grid.rowCount(), 0, 1, 3)
    for name, number, licence in rows:
        at = grid.rowCount()
        for place, text in enumerate((name, number, licence)):
            told = QLabel(text, parent)
            told.setTextFormat(Qt.TextFormat.PlainText)
            if place:
                told.setProperty("role", "muted")
            grid.addWidget(told, at, place)


def _version(packages: tuple[str, ...]) -> str:
    """The version of the first of the packages that is installed."""
    for package in packages:
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return ""
