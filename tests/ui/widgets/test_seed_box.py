"""A seed under mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.seed_box import SEEDS, SeedBox
from tests.ui.widgets.hands import LEFT, window_of


@pytest.fixture
def box(qtbot: QtBot) -> SeedBox:
    box = SeedBox("Seed", "seed")
    box.set_seed(7)
    window_of(qtbot, box)
    return box


def field(box: SeedBox) -> QLineEdit:
    found = box.findChild(QLineEdit, "seed-value")
    assert found is not None
    return found


def button(box: SeedBox, name: str) -> QToolButton:
    found = box.findChild(QToolButton, name)
    assert found is not None
    return found


def test_the_greatest_seed_is_typed_and_fits(box: SeedBox, qtbot: QtBot) -> None:
    told: list[object] = []
    box.changed.connect(told.append)
    field(box).setFocus()
    qtbot.keyClicks(field(box), str(SEEDS - 1))
    qtbot.keyClick(field(box), Qt.Key.Key_Return)
    assert told == [SEEDS - 1]
    assert box.seed() == SEEDS - 1
    assert isinstance(told[0], int)
    drawn = field(box).fontMetrics().horizontalAdvance(field(box).text())
    assert drawn < field(box).contentsRect().width()


def test_dice_and_lock_tell_of_clicks_only(box: SeedBox, qtbot: QtBot) -> None:
    rolled: list[bool] = []
    locked: list[bool] = []
    box.dice_rolled.connect(lambda: rolled.append(True))
    box.lock_toggled.connect(locked.append)
    box.set_locked(True)
    box.set_seed(9)
    assert (rolled, locked) == ([], [])
    assert box.is_locked()
    qtbot.mouseClick(button(box, "seed-dice"), LEFT)
    qtbot.mouseClick(button(box, "seed-lock"), LEFT)
    assert (rolled, locked) == ([True], [False])
    assert box.seed() == 9, "whoever listens to the dice chooses the seed"


def test_the_lock_says_what_a_click_would_do(box: SeedBox, qtbot: QtBot) -> None:
    lock = button(box, "seed-lock")
    assert lock.accessibleName() == lock.toolTip() == "Lock Seed"
    qtbot.keyClick(lock, Qt.Key.Key_Space)
    assert lock.accessibleName() == lock.toolTip() == "Unlock Seed"


def test_where_nothing_is_drawn_by_a_seed_it_is_off_and_says_why(box: SeedBox) -> None:
    box.set_seed(None)
    assert (field(box).text(), box.seed()) == ("", None)
    assert not field(box).isEnabled()
    assert not button(box, "seed-dice").isEnabled()
    assert field(box).toolTip() == "Nothing in this picture is drawn by a seed."
    box.set_seed(None, can_roll=True)
    assert field(box).isEnabled()
    assert button(box, "seed-dice").isEnabled()
    assert "not drawn by a seed" in field(box).toolTip()


def test_a_box_without_a_lock_is_never_locked(qtbot: QtBot) -> None:
    box = SeedBox("Mix seed", "mix", lockable=False)
    window_of(qtbot, box)
    box.set_locked(True)
    assert not box.is_locked()
    assert box.findChild(QToolButton, "mix-lock") is None


def test_tab_goes_from_the_number_to_the_dice_to_the_lock(box: SeedBox, qtbot: QtBot) -> None:
    field(box).setFocus()
    qtbot.keyClick(field(box), Qt.Key.Key_Tab)
    assert button(box, "seed-dice").hasFocus()
    qtbot.keyClick(button(box, "seed-dice"), Qt.Key.Key_Tab)
    assert button(box, "seed-lock").hasFocus()
