"""One of several names."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.choice_box import ChoiceBox
from tests.ui.widgets.hands import leave, wheel, window_of

FEW = [("none", "As it is"), ("2x", "Twice"), ("4x", "Four times")]
MANY = [(f"class-{n}", f"{word} {n}") for n, word in enumerate(["Tiger", "Lily", "Boat"] * 7)]


def combo(box: ChoiceBox) -> QComboBox:
    found = box.findChild(QComboBox)
    assert found is not None
    return found


def told(box: ChoiceBox) -> list[str]:
    heard: list[str] = []
    box.changed.connect(heard.append)
    return heard


@pytest.fixture
def few(qtbot: QtBot) -> ChoiceBox:
    box = ChoiceBox("Enlarge", FEW, "enlarge")
    window_of(qtbot, box)
    return box


@pytest.fixture
def many(qtbot: QtBot) -> ChoiceBox:
    box = ChoiceBox("Class", MANY, "class")
    window_of(qtbot, box)
    return box


def test_a_choice_is_made_by_keys(few: ChoiceBox, qtbot: QtBot) -> None:
    heard = told(few)
    combo(few).setFocus()
    qtbot.keyClick(combo(few), Qt.Key.Key_Down)
    assert (few.value(), heard) == ("2x", ["2x"])


def test_a_choice_is_made_in_the_open_list(few: ChoiceBox, qtbot: QtBot) -> None:
    heard = told(few)
    combo(few).showPopup()
    view = combo(few).view()
    place = view.visualRect(view.model().index(2, 0)).center()
    qtbot.mouseMove(view.viewport(), place)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: heard == ["4x"])


def test_a_choice_from_outside_is_silent(few: ChoiceBox) -> None:
    heard = told(few)
    few.set_value("4x")
    assert (few.value(), heard) == ("4x", [])
    few.set_value("gone")
    assert few.value() == ""


def test_the_wheel_chooses_only_with_the_focus(few: ChoiceBox) -> None:
    heard = told(few)
    assert not wheel(combo(few), -1), "a panel that scrolls gets the wheel"
    assert heard == []
    combo(few).setFocus()
    assert wheel(combo(few), -1)
    assert heard == ["2x"]


def test_where_there_are_many_a_part_of_the_name_is_enough(many: ChoiceBox, qtbot: QtBot) -> None:
    heard = told(many)
    line = combo(many).lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "at 17")
    completer = combo(many).completer()
    assert isinstance(completer, QCompleter)
    popup = completer.popup()
    qtbot.waitUntil(popup.isVisible)
    assert completer.completionCount() == 1
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert (many.value(), heard) == ("class-17", ["class-17"])


@pytest.mark.parametrize(
    ("typed", "chosen"), [("lily 4", "class-4"), ("no such name", "class-0"), ("", "class-0")]
)
def test_on_leaving_a_whole_name_is_taken_and_anything_else_taken_back(
    many: ChoiceBox, qtbot: QtBot, typed: str, chosen: str
) -> None:
    heard = told(many)
    line = combo(many).lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(line, typed)
    completer = combo(many).completer()
    assert completer is not None
    if completer.popup().isVisible():
        qtbot.keyClick(completer.popup(), Qt.Key.Key_Escape)
    leave(many.window())
    assert many.value() == chosen
    assert line.text() == dict(MANY)[chosen]
    assert heard == [chosen] * (chosen != "class-0")


def test_it_has_the_name_of_its_label(few: ChoiceBox) -> None:
    assert combo(few).accessibleName() == "Enlarge"
