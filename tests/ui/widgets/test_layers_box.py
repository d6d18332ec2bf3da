"""A range of layers, drawn by hand."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.layers_box import LayersBox
from tests.ui.widgets.hands import LEFT, leave, window_of

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def box(qtbot: QtBot) -> LayersBox:
    box = LayersBox("Layers", 8, "layers")
    window_of(qtbot, box)
    return box


def cells(box: LayersBox) -> QWidget:
    found = box.findChild(QWidget, "layers-cells")
    assert found is not None
    return found


def told(box: LayersBox) -> list[tuple[str, Any]]:
    heard: list[tuple[str, Any]] = []
    box.changed.connect(lambda chosen: heard.append(("changed", chosen)))
    box.finished.connect(lambda chosen: heard.append(("finished", chosen)))
    return heard


def at(box: LayersBox, cell: int) -> QPoint:
    widget = cells(box)
    return QPoint(int((cell + 0.5) * widget.width() / 8), widget.height() // 2)


@pytest.mark.parametrize(("start", "end"), [(2, 5), (5, 2)])
def test_a_drag_either_way_covers_the_cells_it_crosses(
    box: LayersBox, qtbot: QtBot, start: int, end: int
) -> None:
    heard = told(box)
    qtbot.mousePress(cells(box), LEFT, pos=at(box, start))
    for x in range(at(box, start).x(), at(box, end).x(), 3 if end > start else -3):
        qtbot.mouseMove(cells(box), QPoint(x, 5))
    qtbot.mouseMove(cells(box), at(box, end))
    qtbot.mouseRelease(cells(box), LEFT, pos=at(box, end))
    assert box.range() == (2, 6)
    changes = [what for what, _ in heard if what == "changed"]
    assert len(changes) == 4, "one for each new range, none for a move inside a cell"
    assert heard[-1] == ("finished", (2, 6))
    assert [what for what, _ in heard].count("finished") == 1


def test_a_drag_beyond_the_ends_stops_there(box: LayersBox, qtbot: QtBot) -> None:
    qtbot.mousePress(cells(box), LEFT, pos=at(box, 6))
    qtbot.mouseMove(cells(box), at(box, 7) + QPoint(400, 0))
    qtbot.mouseRelease(cells(box), LEFT, pos=at(box, 7))
    assert box.range() == (6, 8)


def test_shift_and_a_click_stretch_the_range(box: LayersBox, qtbot: QtBot) -> None:
    qtbot.mouseClick(cells(box), LEFT, pos=at(box, 1))
    assert box.range() == (1, 2)
    qtbot.mouseClick(cells(box), LEFT, SHIFT, at(box, 4))
    assert box.range() == (1, 5)


def test_arrows_move_the_range_up_to_the_ends_and_shift_stretches_it(
    box: LayersBox, qtbot: QtBot
) -> None:
    box.set_range((5, 7))
    qtbot.keyClick(cells(box), Qt.Key.Key_Right)
    qtbot.keyClick(cells(box), Qt.Key.Key_Right)
    assert box.range() == (6, 8)
    qtbot.keyClick(cells(box), Qt.Key.Key_Left, SHIFT)
    qtbot.keyClick(cells(box), Qt.Key.Key_Left, SHIFT)
    assert box.range() == (6, 7), "one layer is the least"


def test_a_key_that_is_held_is_one_change(box: LayersBox, qtbot: QtBot) -> None:
    box.set_range((0, 2))
    heard = told(box)
    qtbot.keyPress(cells(box), Qt.Key.Key_Right)
    for _ in range(3):
        again = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, "", True
        )
        QApplication.sendEvent(cells(box), again)
    assert box.range() == (4, 6)
    qtbot.keyRelease(cells(box), Qt.Key.Key_Right)
    assert [chosen for what, chosen in heard if what == "finished"] == [(4, 6)]


def test_a_held_key_ends_when_the_focus_goes(box: LayersBox, qtbot: QtBot) -> None:
    box.set_range((0, 2))
    heard = told(box)
    cells(box).setFocus()
    qtbot.keyPress(cells(box), Qt.Key.Key_Right)
    leave(box.window())
    assert heard[-1] == ("finished", (1, 3))


def test_a_range_from_outside_is_silent_and_said_in_words(box: LayersBox) -> None:
    heard = told(box)
    box.set_range((1, 4))
    assert heard == []
    assert cells(box).accessibleName() == "Layers"
    assert cells(box).accessibleDescription() == "layers 1 to 3"


def test_the_cells_are_reached_by_tab_and_show_it(box: LayersBox, qtbot: QtBot) -> None:
    before = cells(box).grab().toImage()
    elsewhere = QApplication.focusWidget()
    assert elsewhere is not None
    qtbot.keyClick(elsewhere, Qt.Key.Key_Tab)
    assert cells(box).hasFocus()
    assert cells(box).grab().toImage() != before
