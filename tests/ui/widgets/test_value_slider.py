"""The slider under mouse, wheel and keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.lock_button import LockButton
from genstudio.ui.widgets.track import Track
from genstudio.ui.widgets.value_slider import ValueSlider
from tests.ui.widgets.hands import LEFT, wheel

SHIFT = Qt.KeyboardModifier.ShiftModifier


class Told:
    """What a slider told, in order."""

    def __init__(self, slider: ValueSlider) -> None:
        self.all: list[tuple[str, Any]] = []
        slider.changed.connect(lambda value: self.all.append(("changed", value)))
        slider.finished.connect(lambda value: self.all.append(("finished", value)))

    @property
    def finished(self) -> list[float]:
        return [value for what, value in self.all if what == "finished"]


@pytest.fixture
def slider(qtbot: QtBot) -> ValueSlider:
    slider = ValueSlider("Warmth", -5, 5, 0, name="warmth", lockable=True)
    qtbot.addWidget(slider)
    slider.resize(300, 60)
    slider.show()
    return slider


@pytest.fixture
def told(slider: ValueSlider) -> Told:
    return Told(slider)


def track(slider: ValueSlider) -> Track:
    found = slider.findChild(Track)
    assert found is not None
    return found


def field(slider: ValueSlider) -> QLineEdit:
    found = slider.findChild(QLineEdit)
    assert found is not None
    return found


def drag(
    bot: QtBot, widget: QWidget, start: int, end: int, modifier: Qt.KeyboardModifier | None = None
) -> None:
    keys = modifier or Qt.KeyboardModifier.NoModifier
    middle = widget.height() // 2
    bot.mousePress(widget, LEFT, keys, QPoint(start, middle))
    for x in range(start, end, 1 if end > start else -1):
        event_at = QPointF(x, middle)
        _move(widget, event_at, keys)
    _move(widget, QPointF(end, middle), keys)
    bot.mouseRelease(widget, LEFT, keys, QPoint(end, middle))


def _move(widget: QWidget, place: QPointF, keys: Qt.KeyboardModifier) -> None:
    where = QPointF(widget.mapToGlobal(place.toPoint()))
    event = QMouseEvent(QEvent.Type.MouseMove, place, where, LEFT, LEFT, keys)
    QApplication.sendEvent(widget, event)


def test_a_drag_tells_each_position_and_its_end_once(
    slider: ValueSlider, told: Told, qtbot: QtBot
) -> None:
    bar = track(slider)
    drag(qtbot, bar, bar.width() // 2, bar.width() - 7)
    assert slider.value() == pytest.approx(5, abs=0.1)
    assert len([what for what, _ in told.all if what == "changed"]) > 20
    assert told.finished == [slider.value()]
    assert told.all[-1][0] == "finished"


def test_shift_makes_a_drag_ten_times_finer(slider: ValueSlider, qtbot: QtBot) -> None:
    bar = track(slider)
    middle = bar.width() // 2
    drag(qtbot, bar, middle, middle + 60)
    coarse = slider.value()
    slider.set_value(0)
    drag(qtbot, bar, middle, middle + 60, SHIFT)
    assert slider.value() == pytest.approx(coarse / 10, rel=0.15)


@pytest.mark.parametrize("on_label", [False, True])
def test_a_double_click_resets_as_one_change(
    slider: ValueSlider, told: Told, qtbot: QtBot, on_label: bool
) -> None:
    slider.set_value(3)
    place = QPoint(slider.width() // 5, 12) if on_label else None
    target = track(slider) if not on_label else slider.childAt(place)
    assert target is not None
    at = QPoint(20, target.height() // 2)
    qtbot.mouseClick(target, LEFT, pos=at)
    qtbot.mouseDClick(target, LEFT, pos=at)
    qtbot.mouseRelease(target, LEFT, pos=at)
    assert slider.value() == 0
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert told.finished == [0]


def test_a_click_alone_is_a_change_too(slider: ValueSlider, told: Told, qtbot: QtBot) -> None:
    bar = track(slider)
    qtbot.mouseClick(bar, LEFT, pos=QPoint(bar.width() - 8, bar.height() // 2))
    qtbot.waitUntil(lambda: told.finished == [slider.value()])
    assert slider.value() == pytest.approx(5, abs=0.2)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Right, 0.1),
        (Qt.Key.Key_Left, -0.1),
        (Qt.Key.Key_PageUp, 1.0),
        (Qt.Key.Key_PageDown, -1.0),
        (Qt.Key.Key_Home, -5.0),
        (Qt.Key.Key_End, 5.0),
    ],
)
def test_keys_step(
    slider: ValueSlider, told: Told, qtbot: QtBot, key: Qt.Key, expected: float
) -> None:
    qtbot.keyClick(track(slider), key)
    assert slider.value() == pytest.approx(expected)
    assert told.finished == [slider.value()]


def test_a_key_that_is_held_is_one_change(slider: ValueSlider, told: Told, qtbot: QtBot) -> None:
    bar = track(slider)
    qtbot.keyPress(bar, Qt.Key.Key_Right)
    for _ in range(4):
        plain = Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            QApplication.sendEvent(bar, QKeyEvent(kind, Qt.Key.Key_Right, plain, "", True))
    assert slider.value() == pytest.approx(0.5)
    assert told.finished == []
    qtbot.keyRelease(bar, Qt.Key.Key_Right)
    assert told.finished == [slider.value()]


def test_a_drag_soon_after_a_click_is_a_change_of_its_own(
    slider: ValueSlider, told: Told, qtbot: QtBot
) -> None:
    bar = track(slider)
    middle = bar.height() // 2
    qtbot.mouseClick(bar, LEFT, pos=QPoint(20, middle))
    clicked = slider.value()
    qtbot.mousePress(bar, LEFT, pos=QPoint(bar.width() - 30, middle))
    qtbot.mouseMove(bar, QPoint(bar.width() - 50, middle))
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert told.finished == [clicked], "the end of the click does not cut the drag in two"
    qtbot.mouseMove(bar, QPoint(bar.width() - 60, middle))
    qtbot.mouseRelease(bar, LEFT, pos=QPoint(bar.width() - 60, middle))
    assert told.finished == [clicked, slider.value()]


def test_with_whole_steps_small_moves_add_up(qtbot: QtBot) -> None:
    slider = ValueSlider("Steps", 0, 10, 0, step=1, name="steps")
    qtbot.addWidget(slider)
    slider.resize(300, 60)
    slider.show()
    bar = track(slider)
    drag(qtbot, bar, 7, 7 + (bar.width() - 14) // 2)
    assert slider.value() == 5
    assert field(slider).text() == "5"


def test_delete_resets(slider: ValueSlider, qtbot: QtBot) -> None:
    slider.set_value(2)
    qtbot.keyClick(track(slider), Qt.Key.Key_Delete)
    assert slider.value() == 0


def test_a_value_is_typed_and_brought_between_the_ends(
    slider: ValueSlider, told: Told, qtbot: QtBot
) -> None:
    box = field(slider)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "99")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert slider.value() == 5
    assert told.finished == [5]
    assert "-5" in box.toolTip(), "the field says how far it goes"


def test_esc_takes_back_what_was_typed(slider: ValueSlider, told: Told, qtbot: QtBot) -> None:
    slider.set_value(1.5)
    box = field(slider)
    shown = box.text()
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "4")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == shown
    assert told.all == []


def test_the_wheel_acts_only_with_the_focus(slider: ValueSlider, told: Told, qtbot: QtBot) -> None:
    bar = track(slider)
    other = QLineEdit()
    qtbot.addWidget(other)
    slider.clearFocus()
    bar.clearFocus()
    assert not wheel(bar, 1), "a panel that scrolls gets the wheel"
    assert slider.value() == 0
    slider.activateWindow()
    bar.setFocus()
    qtbot.waitUntil(bar.hasFocus)
    assert wheel(bar, 2)
    assert slider.value() == pytest.approx(0.2)
    qtbot.waitUntil(lambda: told.finished == [slider.value()])


def test_the_wheel_over_a_slider_scrolls_its_panel(qtbot: QtBot) -> None:
    area, inside = QScrollArea(), QWidget()
    column = QVBoxLayout(inside)
    sliders = [ValueSlider(f"s{n}", 0, 1, 0, name=f"s{n}") for n in range(20)]
    for one in sliders:
        column.addWidget(one)
    area.setWidget(inside)
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    window = area.windowHandle()
    bar = track(sliders[1])
    qtbot.waitUntil(lambda: bar.width() > 50)
    place = QPointF(bar.mapTo(area, bar.rect().center()))
    plain = Qt.KeyboardModifier.NoModifier
    turn = QPoint(0, -120)
    QTest.wheelEvent(window, place, turn, QPoint(), plain)
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    assert sliders[1].value() == 0


def test_a_locked_slider_stays_and_says_so(slider: ValueSlider, told: Told, qtbot: QtBot) -> None:
    lock = slider.findChild(LockButton)
    assert lock is not None
    heard: list[bool] = []
    slider.lock_toggled.connect(heard.append)
    qtbot.mouseClick(lock, LEFT)
    assert heard == [True]
    bar = track(slider)
    drag(qtbot, bar, 20, 120)
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert slider.value() == 0
    assert told.all == []


def test_setting_a_value_from_outside_tells_nobody_and_waits_for_a_drag(
    slider: ValueSlider, told: Told, qtbot: QtBot
) -> None:
    slider.set_value(2)
    assert told.all == []
    bar = track(slider)
    qtbot.mousePress(bar, LEFT, pos=QPoint(50, bar.height() // 2))
    held = slider.value()
    slider.set_value(-4)
    assert slider.value() == held, "what is held by the mouse is not moved away"


def test_a_value_beyond_the_ends_is_painted_at_the_end(slider: ValueSlider) -> None:
    slider.set_value(50)
    bar = track(slider)
    assert 0 <= bar._x(50) <= bar.width()


def test_a_screen_reader_finds_a_slider_and_can_move_it(slider: ValueSlider, told: Told) -> None:
    bar = track(slider)
    assert isinstance(bar, QAbstractSlider), "Qt tells helpers of a slider, not of a mere widget"
    assert bar.accessibleName() == "Warmth"
    assert bar.value() == bar.maximum() / 2
    bar.setValue(bar.maximum())
    assert slider.value() == 5
    assert told.finished == [5]
    slider.set_value(-5)
    assert bar.value() == 0
    assert told.finished == [5]


def test_in_a_panel_sliders_are_reached_by_tab(qtbot: QtBot) -> None:
    area, inside = QScrollArea(), QWidget()
    column = QVBoxLayout(inside)
    sliders = [ValueSlider(name, 0, 1, 0, name=name) for name in ("one", "two")]
    for one in sliders:
        column.addWidget(one)
    area.setWidget(inside)
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    track(sliders[0]).setFocus()
    qtbot.waitUntil(track(sliders[0]).hasFocus)
    qtbot.keyClick(track(sliders[0]), Qt.Key.Key_Tab)
    assert field(sliders[0]).hasFocus()
    qtbot.keyClick(field(sliders[0]), Qt.Key.Key_Tab)
    assert track(sliders[1]).hasFocus()
