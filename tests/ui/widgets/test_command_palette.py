"""The list of everything that can be done, by mouse and key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.command_palette import CommandPalette, PaletteRow
from tests.ui.widgets.hands import LEFT, window_of

ROWS = (
    PaletteRow("open", "Open picture or model ...", "Ctrl+O", "File"),
    PaletteRow("save", "Save picture ...", "Ctrl+S", "File", enabled=False),
    PaletteRow("fit", "Fit the picture", "F", "View"),
    PaletteRow("variations", "Variations of the picture", "V", "Picture"),
)


@pytest.fixture
def palette(qtbot: QtBot) -> CommandPalette:
    over = QWidget()
    over.setMinimumSize(800, 600)
    window = window_of(qtbot, over, width=820)
    palette = CommandPalette(window)
    with qtbot.waitExposed(palette):
        palette.open_with(ROWS)
    return palette


def search(palette: CommandPalette) -> QLineEdit:
    found = palette.findChild(QLineEdit, "palette-search")
    assert found is not None
    return found


def rows(palette: CommandPalette) -> QListWidget:
    found = palette.findChild(QListWidget, "palette-list")
    assert found is not None
    return found


def told(palette: CommandPalette) -> list[str]:
    heard: list[str] = []
    palette.chosen.connect(heard.append)
    return heard


def test_what_cannot_be_done_now_stands_last(palette: CommandPalette) -> None:
    assert palette.shown_ids() == ("open", "fit", "variations", "save")


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("pict", ("open", "fit", "variations", "save")),
        ("PICTURE VAR", ("variations",)),
        ("vi", ("fit",)),
        ("save", ("save",)),
        ("file", ("open", "save")),
        ("nothing like it", ()),
    ],
)
def test_letters_of_words_or_of_the_menu_are_enough(
    palette: CommandPalette, qtbot: QtBot, typed: str, ids: tuple[str, ...]
) -> None:
    qtbot.keyClicks(search(palette), typed)
    assert palette.shown_ids() == ids


def test_arrows_walk_while_the_focus_stays_in_the_words(
    palette: CommandPalette, qtbot: QtBot
) -> None:
    heard = told(palette)
    qtbot.keyClick(search(palette), Qt.Key.Key_Up)
    qtbot.keyClick(search(palette), Qt.Key.Key_Down)
    qtbot.keyClick(search(palette), Qt.Key.Key_Return)
    assert heard == ["fit"]
    assert not palette.isVisible()


def test_enter_on_what_cannot_be_done_does_nothing(palette: CommandPalette, qtbot: QtBot) -> None:
    heard = told(palette)
    qtbot.keyClicks(search(palette), "save")
    qtbot.keyClick(search(palette), Qt.Key.Key_Return)
    qtbot.keyClicks(search(palette), " what")
    qtbot.keyClick(search(palette), Qt.Key.Key_Down)
    qtbot.keyClick(search(palette), Qt.Key.Key_Return)
    assert heard == []
    assert palette.isVisible()


def test_a_click_chooses(palette: CommandPalette, qtbot: QtBot) -> None:
    heard = told(palette)
    place = rows(palette).visualItemRect(rows(palette).item(2)).center()
    qtbot.mouseClick(rows(palette).viewport(), LEFT, pos=place)
    assert heard == ["variations"]


def test_esc_closes_it_and_it_opens_empty_again(palette: CommandPalette, qtbot: QtBot) -> None:
    qtbot.keyClicks(search(palette), "save")
    qtbot.keyClick(search(palette), Qt.Key.Key_Escape)
    assert not palette.isVisible()
    with qtbot.waitExposed(palette):
        palette.open_with(ROWS)
    assert search(palette).text() == ""
    assert len(palette.shown_ids()) == len(ROWS)


def test_words_menu_and_shortcut_are_in_a_row_and_fit(palette: CommandPalette) -> None:
    widget = rows(palette).itemWidget(rows(palette).item(0))
    labels = widget.findChildren(QLabel)
    assert [label.text() for label in labels] == ["Open picture or model ...", "Ctrl+O", "File"]
    for label in labels:
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())
        assert widget.rect().contains(label.geometry())
