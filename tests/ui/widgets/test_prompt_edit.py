"""A prompt that is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.prompt_edit import PromptEdit
from tests.ui.widgets.hands import window_of

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def edit(qtbot: QtBot) -> PromptEdit:
    edit = PromptEdit("What shall it draw?", "prompt")
    window_of(qtbot, edit)
    edit.setFocus()
    return edit


def told(edit: PromptEdit) -> list[str]:
    heard: list[str] = []
    edit.submitted.connect(heard.append)
    return heard


def test_enter_submits_and_shift_enter_begins_a_line(edit: PromptEdit, qtbot: QtBot) -> None:
    heard = told(edit)
    qtbot.keyClicks(edit, " a red")
    qtbot.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClicks(edit, "heart ")
    assert heard == []
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClick(edit, Qt.Key.Key_Enter)
    assert [text.split() for text in heard] == [["a", "red", "heart"]] * 2
    assert not heard[0].startswith(" ")
    assert not heard[0].endswith(" ")


def test_earlier_prompts_are_walked_through_and_the_draft_comes_back(
    edit: PromptEdit, qtbot: QtBot
) -> None:
    edit.set_history(["second", "first"])
    qtbot.keyClicks(edit, "draft")
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(edit, key, CONTROL)
        seen.append(edit.toPlainText())
    assert seen == ["second", "first", "first", "second", "draft"]
    qtbot.keyClicks(edit, "ed")
    assert edit.toPlainText() == "drafted", "the cursor stands at the end"


def test_undo_takes_an_earlier_prompt_back(edit: PromptEdit, qtbot: QtBot) -> None:
    edit.set_history(["earlier"])
    qtbot.keyClicks(edit, "mine")
    qtbot.keyClick(edit, Qt.Key.Key_Up, CONTROL)
    QTest.keySequence(edit, QKeySequence(QKeySequence.StandardKey.Undo))
    assert edit.toPlainText() == "mine"


def test_without_earlier_prompts_the_text_stays(edit: PromptEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(edit, "mine")
    qtbot.keyClick(edit, Qt.Key.Key_Up, CONTROL)
    qtbot.keyClick(edit, Qt.Key.Key_Down, CONTROL)
    assert edit.toPlainText() == "mine"


def test_it_grows_with_its_lines_up_to_five(edit: PromptEdit, qtbot: QtBot) -> None:
    heights = [edit.height()]
    for _ in range(7):
        qtbot.keyClick(edit, Qt.Key.Key_Return, SHIFT)
        heights.append(edit.height())
    assert heights[0] == heights[1] < heights[2] < heights[4] == heights[7]


def test_a_text_that_is_too_long_loses_its_end_and_is_typed_on_where_it_was(
    edit: PromptEdit, qtbot: QtBot
) -> None:
    shortened: list[bool] = []
    edit.shortened.connect(lambda: shortened.append(True))
    edit.insertPlainText("x" * 2000)
    assert shortened == []
    edit.moveCursor(edit.textCursor().MoveOperation.Start)
    qtbot.keyClicks(edit, "ab")
    assert edit.toPlainText() == "ab" + "x" * 1998
    assert shortened
    assert edit.textCursor().position() == 2


def test_letters_beyond_the_usual_are_not_cut_in_two(edit: PromptEdit) -> None:
    edit.insertPlainText("🌄" * 2100)
    assert edit.toPlainText() == "🌄" * 2000


def test_tab_leaves_it(edit: PromptEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(edit, "a")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "a"
    assert not edit.hasFocus()
    elsewhere = edit.window().findChild(QLineEdit, "elsewhere")
    assert elsewhere is not None
    assert elsewhere.hasFocus()
