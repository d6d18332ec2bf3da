"""A row of thumbnails under mouse, wheel and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.thumbnail_strip import Item, ThumbnailStrip
from tests.ui.widgets.hands import LEFT, wheel, window_of

RED, BLUE = QColor("#d02020"), QColor("#2020d0")


def picture(colour: QColor = RED) -> QImage:
    image = QImage(64, 64, QImage.Format.Format_RGB888)
    image.fill(colour)
    return image


def items(count: int, start: int = 0) -> list[Item]:
    return [(key, picture(), f"step {key}") for key in range(start, start + count)]


@pytest.fixture
def strip(qtbot: QtBot) -> ThumbnailStrip:
    strip = ThumbnailStrip("strip")
    strip.set_items(items(30))
    window_of(qtbot, strip, width=400)
    return strip


def told(strip: ThumbnailStrip) -> list[object]:
    heard: list[object] = []
    strip.chosen.connect(heard.append)
    return heard


def middle(strip: ThumbnailStrip, row: int) -> QColor:
    """The colour on screen in the middle of a thumbnail."""
    place = strip.visualRect(strip.model().index(row, 0)).center()
    return strip.viewport().grab().toImage().pixelColor(place)


def test_a_click_chooses(strip: ThumbnailStrip, qtbot: QtBot) -> None:
    heard = told(strip)
    place = strip.visualRect(strip.model().index(2, 0)).center()
    qtbot.mouseClick(strip.viewport(), LEFT, pos=place)
    assert heard == [2]


def test_arrows_walk_and_enter_chooses(strip: ThumbnailStrip, qtbot: QtBot) -> None:
    heard = told(strip)
    strip.set_current(3)
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert heard == [], "walking changes nothing"
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert heard == [4, 0]


def test_the_current_one_is_brought_into_view(strip: ThumbnailStrip) -> None:
    strip.set_current(25)
    shown = strip.visualRect(strip.model().index(25, 0))
    assert shown.left() >= 0
    assert shown.right() <= strip.viewport().width()
    strip.set_current(0, follow=False)
    assert strip.visualRect(strip.model().index(25, 0)) == shown


def test_the_wheel_scrolls_the_row(strip: ThumbnailStrip) -> None:
    before = strip.horizontalScrollBar().value()
    wheel(strip.viewport(), -2)
    assert strip.horizontalScrollBar().value() > before


def test_pictures_come_into_their_place(strip: ThumbnailStrip) -> None:
    assert middle(strip, 1) == RED
    strip.set_picture(1, picture(BLUE))
    assert middle(strip, 1) == BLUE
    assert middle(strip, 0) == RED


def test_one_without_a_picture_has_its_place(strip: ThumbnailStrip) -> None:
    strip.set_items([(0, None, "not yet"), *items(3, 1)])
    assert middle(strip, 0).name() == strip.palette().color(QPalette.ColorRole.Mid).name()
    assert middle(strip, 1) == RED


def test_what_was_undone_is_dimmed(strip: ThumbnailStrip) -> None:
    strip.set_current(1, dim_after=True)
    assert middle(strip, 1) == RED
    assert middle(strip, 2) != RED


def test_the_current_one_and_the_one_with_the_focus_look_different(
    strip: ThumbnailStrip, qtbot: QtBot
) -> None:
    plain = strip.viewport().grab().toImage()
    strip.set_current(1)
    marked = strip.viewport().grab().toImage()
    assert marked != plain
    strip.setFocus()
    assert strip.viewport().grab().toImage() != marked
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert strip.viewport().grab().toImage() != marked


def test_steps_come_and_go_at_both_ends_without_a_jump(strip: ThumbnailStrip) -> None:
    strip.set_current(20)
    strip.set_items(items(31))
    strip.set_items(items(28, 2))
    assert strip.keys() == tuple(range(2, 30))
    assert strip.currentIndex().row() == 18, "the same thumbnail, two places further left"
    strip.set_items(items(4, 2))
    assert strip.keys() == (2, 3, 4, 5)
    strip.set_items([])
    assert strip.keys() == ()


def test_a_caption_is_tooltip_and_accessible_text(strip: ThumbnailStrip) -> None:
    strip.set_caption(1, "truncation 0.7 → 0.5")
    index = strip.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "truncation 0.7 → 0.5"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "truncation 0.7 → 0.5"
