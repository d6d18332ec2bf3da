"""A group that is folded by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.section import Section
from tests.ui.widgets.hands import LEFT, window_of


@pytest.fixture
def section(qtbot: QtBot) -> Section:
    section = Section("Main directions", "main")
    section.body.addWidget(QLabel("inside", section))
    window_of(qtbot, section)
    return section


def header(section: Section) -> QToolButton:
    found = section.findChild(QToolButton, "main-header")
    assert found is not None
    return found


def inside(section: Section) -> QLabel:
    return next(label for label in section.findChildren(QLabel) if label.text() == "inside")


def test_a_click_folds_and_a_key_unfolds(section: Section, qtbot: QtBot) -> None:
    told: list[bool] = []
    section.toggled.connect(told.append)
    assert inside(section).isVisible()
    tall = section.sizeHint().height()
    qtbot.mouseClick(header(section), LEFT)
    assert not inside(section).isVisible()
    assert section.sizeHint().height() < tall, "it gives its room away"
    qtbot.keyClick(header(section), Qt.Key.Key_Space)
    assert inside(section).isVisible()
    assert told == [False, True]


def test_a_section_that_begins_folded_shows_nothing_of_itself(qtbot: QtBot) -> None:
    section = Section("Single latents", "main", is_open=False)
    section.body.addWidget(QLabel("inside", section))
    window_of(qtbot, section)
    assert not section.is_open()
    assert not inside(section).isVisible()


def test_its_buttons_are_named_and_do_not_fold_it(section: Section, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    button = section.add_button("dice-5", "Randomise", "main-dice")
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, LEFT)
    assert pressed == [True]
    assert section.is_open()
    assert button.accessibleName() == "Randomise"


def test_a_screen_reader_hears_whether_it_is_open(section: Section) -> None:
    assert header(section).accessibleName() == "Main directions"
    assert header(section).isCheckable()
    section.set_open(False)
    assert not header(section).isChecked()
    assert header(section).focusPolicy() & Qt.FocusPolicy.TabFocus


def test_what_a_hand_unfolds_comes_into_view(qtbot: QtBot) -> None:
    area, column = QScrollArea(), QWidget()
    rows = QVBoxLayout(column)
    above, section = QLabel("above", column), Section("Lower", "main", is_open=False)
    above.setFixedHeight(300)
    section.body.addWidget(tall := QLabel("inside", section))
    tall.setFixedHeight(120)
    for part in (above, section):
        rows.addWidget(part)
    area.setWidget(column)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.resize(300, 380)
    area.show()
    qtbot.waitExposed(area)
    bar = area.verticalScrollBar()
    assert bar.value() == 0
    qtbot.mouseClick(header(section), LEFT)
    qtbot.waitUntil(lambda: bar.value() > 0)
    assert tall.visibleRegion().boundingRect().height() == 120
    assert header(section).visibleRegion().boundingRect().top() == 0
    tall.setFixedHeight(1000)
    section.set_open(False)
    qtbot.mouseClick(header(section), LEFT)
    qtbot.waitUntil(lambda: bar.value() > 250)
    assert not header(section).visibleRegion().isEmpty(), "what is too tall shows its top"
