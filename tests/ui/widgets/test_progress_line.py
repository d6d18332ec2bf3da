"""A line that fills."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.progress_line import ProgressLine
from tests.ui.widgets.hands import window_of


@pytest.fixture
def line(qtbot: QtBot) -> ProgressLine:
    line = ProgressLine("work")
    window_of(qtbot, line)
    return line


def filled(line: ProgressLine) -> float:
    """The share of the line on screen that has the accent's colour."""
    image = line.grab().toImage()
    accent = line.palette().color(QPalette.ColorRole.Highlight)
    row = [QColor(image.pixel(x, image.height() // 2)) for x in range(image.width())]
    return sum(colour == accent for colour in row) / len(row)


@pytest.mark.parametrize("fraction", [0.25, 0.5, 0.9])
def test_it_is_filled_as_far_as_the_work_is(line: ProgressLine, fraction: float) -> None:
    line.set_fraction(fraction)
    assert filled(line) == pytest.approx(fraction, abs=0.03)
    assert line.accessibleDescription() == f"{fraction:.0%}"


def test_a_beginning_can_be_seen_and_an_end_does_not_run_over(line: ProgressLine) -> None:
    line.set_fraction(0.0)
    assert 0 < filled(line) < 0.05
    line.set_fraction(1.7)
    assert filled(line) > 0.95


def test_without_work_nothing_is_drawn_and_nothing_moves(line: ProgressLine) -> None:
    place = line.geometry()
    line.set_fraction(0.5)
    line.set_fraction(None)
    assert filled(line) == 0
    assert line.geometry() == place
    assert line.isVisible()
    assert line.accessibleDescription() == ""
