"""What the program tells of itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from genstudio import __version__
from genstudio.studio.messages import Message
from genstudio.studio.studio import Studio
from genstudio.ui.dialogs.about_dialog import AboutDialog


class Desktop(QObject):
    """The desktop that is asked to open folders."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def desktop(qtbot: QtBot) -> Iterator[Desktop]:
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "open")
    yield desktop
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def dialog(studio: Studio, window: QWidget, qtbot: QtBot) -> AboutDialog:
    dialog = AboutDialog(studio, window)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def texts(dialog: AboutDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def click(dialog: AboutDialog, name: str) -> None:
    button = dialog.findChild(QAbstractButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_tells_the_version_and_the_licences(dialog: AboutDialog, studio: Studio) -> None:
    told = texts(dialog)
    assert f"GenStudio {__version__}" in told
    assert any("Apache License 2.0" in text for text in told)
    for pack in studio.models.packs:
        assert pack.manifest.name in told
        assert pack.manifest.licence in told
    for name in ("Qt for Python", "ONNX Runtime"):
        version = told[told.index(name) + 1]
        assert version[0].isdigit(), name


def test_the_folders_open_in_the_desktop(
    dialog: AboutDialog, home: Path, desktop: Desktop, studio: Studio
) -> None:
    assert str(home) in texts(dialog)
    click(dialog, "about-data-open")
    assert desktop.opened == [home]


def test_a_cache_that_is_not_there_yet_is_told(
    dialog: AboutDialog, home: Path, desktop: Desktop, studio: Studio
) -> None:
    told: list[Message] = []
    studio.messages.told.connect(told.append)
    assert not (home / "cache").exists()
    click(dialog, "about-cache-open")
    assert str(home / "cache") in told[-1].text
    assert not desktop.opened


def test_close_closes_it(dialog: AboutDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.rejected, timeout=1000):
        click(dialog, "about-close")
