"""The history strip by mouse and key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from genstudio.recipe.seeds import seed_of, with_seed
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.panels.history_panel import HistoryPanel
from genstudio.ui.widgets.thumbnail_strip import ThumbnailStrip

Open = Callable[[str], Studio]
CURRENT = int(Qt.ItemDataRole.UserRole) + 1
DIMMED = int(Qt.ItemDataRole.UserRole) + 2


@pytest.fixture
def panel(studio: Studio, qtbot: QtBot) -> HistoryPanel:
    panel = HistoryPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(400, 130)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def strip(panel: HistoryPanel) -> ThumbnailStrip:
    found = panel.findChild(ThumbnailStrip, "history-strip")
    assert found is not None
    return found


def words(panel: HistoryPanel) -> str:
    label = panel.findChild(QLabel, "history-words")
    assert label is not None
    return label.text()


def column(panel: HistoryPanel, role: int) -> list[object]:
    """What each thumbnail has for a role, oldest first."""
    model = strip(panel).model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def place(panel: HistoryPanel, row: int) -> QRect:
    return strip(panel).visualRect(strip(panel).model().index(row, 0))


def make_steps(studio: Studio, qtbot: QtBot, panel: HistoryPanel, *seeds: int) -> None:
    """Draw with each seed and wait for its thumbnail."""
    for seed in seeds:
        studio.editor.set_seed(seed)
        step = studio.editor.history.current
        assert step is not None
        number = step.number
        qtbot.waitUntil(
            lambda number=number: strip(panel).picture(number) is not None, timeout=30_000
        )


def test_an_empty_history_says_what_will_be_there(panel: HistoryPanel) -> None:
    assert column(panel, CURRENT) == []
    assert words(panel)


def test_each_step_shows_its_small_picture_and_its_words(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make_steps(studio, qtbot, panel, 1, 2)
    steps = studio.editor.history.steps
    assert strip(panel).keys() == tuple(step.number for step in steps)
    assert column(panel, Qt.ItemDataRole.ToolTipRole) == [step.words for step in steps]
    for step, shown in zip(steps, column(panel, Qt.ItemDataRole.DecorationRole), strict=True):
        pixels = studio.editor.history.thumbnail(step.number)
        assert pixels is not None
        assert isinstance(shown, QImage)
        assert shown == to_qimage(pixels)
    assert steps[-1].words in words(panel)


def test_the_current_one_is_marked_and_those_undone_are_dimmed(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make_steps(studio, qtbot, panel, 1, 2)
    qtbot.waitUntil(lambda: column(panel, CURRENT) == [False, False, True])
    assert column(panel, DIMMED) == [False, False, False]
    studio.editor.undo()
    qtbot.waitUntil(lambda: column(panel, CURRENT) == [False, True, False])
    assert column(panel, DIMMED) == [False, False, True]
    assert studio.editor.history.steps[1].words in words(panel)


def test_a_click_goes_to_a_step(panel: HistoryPanel, open_model: Open, qtbot: QtBot) -> None:
    studio = open_model("tiny-gan")
    make_steps(studio, qtbot, panel, 1, 2, 3)
    QTest.mouseClick(
        strip(panel).viewport(), Qt.MouseButton.LeftButton, pos=place(panel, 1).center()
    )
    assert studio.editor.history.index == 1
    assert studio.editor.recipe is not None
    assert seed_of(studio.editor.recipe) == 1
    qtbot.waitUntil(lambda: column(panel, CURRENT) == [False, True, False, False])


def test_arrows_and_enter_go_to_a_step(panel: HistoryPanel, open_model: Open, qtbot: QtBot) -> None:
    studio = open_model("tiny-gan")
    make_steps(studio, qtbot, panel, 1, 2, 3)
    qtbot.waitUntil(lambda: strip(panel).currentIndex().row() == 3)
    strip(panel).setFocus()
    QTest.keyClick(strip(panel), Qt.Key.Key_Left)
    QTest.keyClick(strip(panel), Qt.Key.Key_Left)
    assert studio.editor.history.index == 3
    QTest.keyClick(strip(panel), Qt.Key.Key_Return)
    assert studio.editor.history.index == 1
    QTest.keyClick(strip(panel), Qt.Key.Key_Right)
    QTest.keyClick(strip(panel), Qt.Key.Key_Return)
    assert studio.editor.history.index == 2


def test_a_new_step_takes_the_place_of_those_undone(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make_steps(studio, qtbot, panel, 1, 2, 3)
    studio.editor.go_to(studio.editor.history.steps[1].number)
    make_steps(studio, qtbot, panel, 9)
    numbers = tuple(step.number for step in studio.editor.history.steps)
    qtbot.waitUntil(lambda: strip(panel).keys() == numbers)
    assert len(numbers) == 3
    assert column(panel, DIMMED) == [False, False, False]


def test_a_drag_is_one_thumbnail_whose_words_follow_it(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    qtbot.waitUntil(lambda: len(strip(panel).keys()) == 1)
    studio.editor.set_control("truncation", 0.9, dragging=True)
    qtbot.waitUntil(lambda: len(strip(panel).keys()) == 2)
    model = strip(panel).model()
    come, gone = QSignalSpy(model.rowsInserted), QSignalSpy(model.rowsRemoved)
    for tenth in range(8, 3, -1):
        studio.editor.set_control("truncation", tenth / 10, dragging=True)
        newest = studio.editor.history.steps[-1].words
        qtbot.waitUntil(lambda newest=newest: newest in words(panel))
    assert column(panel, Qt.ItemDataRole.ToolTipRole)[-1] == "truncation 1 → 0.4"
    # The row is changed in place: nothing flickers, however long the history is.
    assert (come.count(), gone.count()) == (0, 0)
    studio.editor.finish()


def test_the_strip_follows_the_current_step(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    for seed in range(40):
        studio.editor.set_seed(seed)
    qtbot.waitUntil(lambda: len(strip(panel).keys()) == len(studio.editor.history.steps))
    viewport = strip(panel).viewport().rect()
    last = len(studio.editor.history.steps) - 1
    assert viewport.contains(place(panel, last).center())
    assert not viewport.contains(place(panel, 0).center())
    studio.editor.go_to(studio.editor.history.steps[0].number)
    qtbot.waitUntil(lambda: viewport.contains(place(panel, 0).center()))
    assert not viewport.contains(place(panel, last).center())


def test_the_current_step_stays_in_view_in_a_narrower_panel(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    panel.resize(900, 130)
    for seed in range(9):
        studio.editor.set_seed(seed)
    last = len(studio.editor.history.steps) - 1
    viewport = strip(panel).viewport()
    qtbot.waitUntil(lambda: column(panel, CURRENT)[-1] is True and len(strip(panel).keys()) > 9)
    qtbot.waitUntil(lambda: viewport.rect().contains(place(panel, last).center()))
    panel.resize(300, 130)
    qtbot.waitUntil(lambda: viewport.width() < 300)
    assert viewport.rect().contains(place(panel, last).center())


def test_a_closed_panel_hears_no_more(open_model: Open, qtbot: QtBot) -> None:
    studio = open_model("tiny-gan")
    panel = HistoryPanel(studio)
    gone: list[bool] = []
    panel.destroyed.connect(lambda: gone.append(True))
    panel.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))
    step = studio.editor.history.current
    assert step is not None
    studio.editor.history.set_thumbnail(step.number, np.zeros((8, 8, 3), np.uint8))
    studio.editor.set_seed(4)
    qtbot.waitUntil(lambda: studio.picture.is_current and not studio.picture.is_busy)


def test_a_step_whose_picture_was_never_made_can_be_gone_to(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make_steps(studio, qtbot, panel, 1, 2)
    first, second, third = studio.editor.history.steps
    never_made = replace(second, recipe=with_seed(second.recipe, 77))
    studio.editor.restore([first, never_made, third], 2, {})
    passed_over = studio.editor.history.steps[1]
    qtbot.waitUntil(lambda: studio.picture.is_current and not studio.picture.is_busy)
    assert strip(panel).picture(passed_over.number) is None
    QTest.mouseClick(
        strip(panel).viewport(), Qt.MouseButton.LeftButton, pos=place(panel, 1).center()
    )
    qtbot.waitUntil(lambda: strip(panel).picture(passed_over.number) is not None, timeout=30_000)


def test_the_first_steps_go_once_there_are_too_many(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_model("tiny-gan")
    monkeypatch.setattr(studio.editor.history, "_limit", 5)
    make_steps(studio, qtbot, panel, *range(10))
    numbers = tuple(step.number for step in studio.editor.history.steps)
    qtbot.waitUntil(lambda: strip(panel).keys() == numbers)
    assert len(numbers) == 5
    assert column(panel, CURRENT) == [False, False, False, False, True]


def test_another_history_replaces_this_one(
    panel: HistoryPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    make_steps(studio, qtbot, panel, 1, 2)
    steps = studio.editor.history.steps
    studio.editor.restore(steps[:2], 0, {})
    numbers = tuple(step.number for step in studio.editor.history.steps)
    qtbot.waitUntil(lambda: strip(panel).keys() == numbers)
    assert column(panel, CURRENT) == [True, False]
    assert column(panel, DIMMED) == [False, True]
