"""The sheet of variations under mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.canvas.sheet import Sheet

Picture = Callable[..., QImage]
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sheet(qtbot: QtBot, picture: Picture) -> Sheet:
    widget = Sheet()
    qtbot.addWidget(widget)
    widget.setGeometry(100, 100, 640, 640)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    widget.begin(9, [f"seed {index}" for index in range(9)], 1.0)
    for index in range(9):
        widget.set_picture(index, picture(32, 32, blue=index * 20))
    widget.setFocus()
    return widget


def focused(sheet: Sheet) -> list[int]:
    return [index for index, cell in enumerate(sheet.cells) if cell.hasFocus()]


def test_a_click_picks(sheet: Sheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.picked) as told:
        qtbot.mouseClick(sheet.cells[4], LEFT)
    assert told.args == [4]
    assert [cell.is_picked for cell in sheet.cells].index(True) == 4
    assert sheet.marked == ()


def test_another_pick_takes_the_first_ones_place(sheet: Sheet, qtbot: QtBot) -> None:
    qtbot.mouseClick(sheet.cells[4], LEFT)
    qtbot.mouseClick(sheet.cells[2], LEFT)
    assert [cell.is_picked for cell in sheet.cells].count(True) == 1
    assert sheet.cells[4].accessibleName() == "Variation 5 of 9"


def test_enter_picks_the_focused_one(sheet: Sheet, qtbot: QtBot) -> None:
    qtbot.keyClick(sheet.cells[0], Qt.Key.Key_Right)
    with qtbot.waitSignal(sheet.picked) as told:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert told.args == [1]


def test_an_empty_cell_cannot_be_picked(sheet: Sheet, qtbot: QtBot) -> None:
    sheet.begin(2, ["a", "b"], 1.0)
    assert sheet.cells[1].accessibleName() == "Variation 2 of 2, still to come"
    with qtbot.assertNotEmitted(sheet.picked):
        qtbot.mouseClick(sheet.cells[1], LEFT)


def test_the_arrows_move_the_focus_in_the_grid(sheet: Sheet, qtbot: QtBot) -> None:
    assert focused(sheet) == [0]
    path = []
    for key in ("Right", "Down", "Down", "Down", "Left", "Left", "Up", "End", "Right", "Home"):
        qtbot.keyClick(QApplication.focusWidget(), getattr(Qt.Key, f"Key_{key}"))
        path.append(focused(sheet)[0])
    assert path == [1, 4, 7, 7, 6, 5, 2, 8, 8, 0]


def test_tab_leaves_the_sheet_and_comes_back_to_the_same_cell(
    qtbot: QtBot, picture: Picture
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, sheet, last = QPushButton("first"), Sheet(), QPushButton("last")
    layout = QHBoxLayout(window)
    for widget in (first, sheet, last):
        layout.addWidget(widget)
    window.resize(800, 500)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    sheet.begin(4, ["a", "b", "c", "d"], 1.0)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert focused(sheet) == [0]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert last.hasFocus()
    qtbot.keyClick(last, Qt.Key.Key_Backtab)
    assert focused(sheet) == [1]


def test_ctrl_click_and_space_mark(sheet: Sheet, qtbot: QtBot) -> None:
    told: list[object] = []
    sheet.marked_changed.connect(told.append)
    with qtbot.assertNotEmitted(sheet.picked):
        qtbot.mouseClick(sheet.cells[5], LEFT, CTRL)
        qtbot.keyClick(sheet.cells[2], Qt.Key.Key_Space)
        qtbot.mouseClick(sheet.cells[5], LEFT, CTRL)
    assert told == [(5,), (2, 5), (2,)]
    assert sheet.marked == (2,)


def test_the_arrows_go_on_from_a_marked_cell(sheet: Sheet, qtbot: QtBot) -> None:
    qtbot.mouseClick(sheet.cells[5], LEFT, CTRL)
    assert focused(sheet) == [5]
    qtbot.keyClick(sheet.cells[5], Qt.Key.Key_Down)
    assert focused(sheet) == [8]
    assert sheet.current == 8


def test_escape_leaves(sheet: Sheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.left):
        qtbot.keyClick(sheet.cells[0], Qt.Key.Key_Escape)


def test_each_cell_is_named_for_a_screen_reader(sheet: Sheet, qtbot: QtBot) -> None:
    assert sheet.cells[2].accessibleName() == "Variation 3 of 9"
    qtbot.mouseClick(sheet.cells[2], LEFT)
    assert sheet.cells[2].accessibleName() == "Variation 3 of 9, picked"
    assert sheet.cells[2].accessibleDescription() == "seed 2"
    assert sheet.cells[2].toolTip() == "seed 2"


def test_each_cell_shows_its_picture(sheet: Sheet) -> None:
    for index in (0, 4, 8):
        cell = sheet.cells[index]
        shown = cell.grab().toImage().pixelColor(cell.rect().center())
        assert shown.blue() == index * 20
        assert abs(shown.red() - 127) < 6


def test_pick_mark_and_focus_are_seen(sheet: Sheet, qtbot: QtBot) -> None:
    cell = sheet.cells[3]
    plain = cell.grab().toImage()
    cell.set_picked(True)
    picked = cell.grab().toImage()
    cell.set_picked(False)
    cell.toggle_mark()
    marked = cell.grab().toImage()
    cell.toggle_mark()
    cell.setFocus()
    looks = [plain, picked, marked, cell.grab().toImage()]
    assert all(first != second for n, first in enumerate(looks) for second in looks[:n])


def test_the_cells_follow_the_sheets_size(sheet: Sheet, qtbot: QtBot) -> None:
    sheet.resize(900, 120)
    tops = {cell.geometry().top() for cell in sheet.cells}
    assert len(tops) == 1
    assert all(sheet.rect().contains(cell.geometry()) for cell in sheet.cells)


@pytest.mark.parametrize("count", [1, 2, 64])
def test_any_number_of_variations_fits(sheet: Sheet, qtbot: QtBot, count: int) -> None:
    sheet.begin(count, ["label"] * count, 1.5)
    inside = QRect(10, 10, 620, 620)
    assert len(sheet.cells) == count
    assert all(inside.contains(cell.geometry()) for cell in sheet.cells)
    assert all(cell.isVisible() for cell in sheet.cells)


def test_beginning_again_takes_all_back(sheet: Sheet, qtbot: QtBot) -> None:
    sheet.cells[3].toggle_mark()
    with qtbot.waitSignal(sheet.marked_changed) as told:
        sheet.begin(4, ["a", "b", "c", "d"], 1.0)
    assert told.args == [()]
    assert focused(sheet) == [0]
    assert all(cell.image is None for cell in sheet.cells)


def test_a_cells_empty_tile_is_calm(sheet: Sheet) -> None:
    sheet.begin(1, ["a"], 1.0)
    cell = sheet.cells[0]
    image = cell.grab().toImage()
    window = cell.palette().window().color()
    tile = image.pixelColor(cell.rect().center() + cell.rect().center() / 2)
    assert tile != window
    assert abs(tile.lightness() - window.lightness()) < 40
    assert isinstance(tile, QColor)
