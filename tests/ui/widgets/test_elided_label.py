"""A line that gives way."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.elided_label import ElidedLabel
from tests.ui.widgets.hands import window_of

WORDS = "How far the picture may go from the mean"


@pytest.fixture
def label(qtbot: QtBot) -> ElidedLabel:
    label = ElidedLabel(WORDS)
    window_of(qtbot, label, width=600)
    return label


def drawn(widget: QWidget) -> int:
    """How far to the right something is drawn."""
    image: QImage = widget.grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    columns = range(image.width())
    return max(
        x for x in columns if any(image.pixel(x, y) != ground for y in range(image.height()))
    )


def test_a_text_that_fits_needs_no_tooltip(label: ElidedLabel) -> None:
    assert label.toolTip() == ""


def test_a_text_that_does_not_fit_is_cut_and_whole_as_a_tooltip(
    label: ElidedLabel, qtbot: QtBot
) -> None:
    wide = drawn(label)
    label.window().resize(160, 120)
    qtbot.waitUntil(lambda: label.width() < 160)
    assert drawn(label) < wide
    assert label.toolTip() == WORDS
    assert label.text() == WORDS
    label.setText("Short")
    assert label.toolTip() == ""


def test_what_more_there_is_to_tell_stays_below_the_whole_text(
    label: ElidedLabel, qtbot: QtBot
) -> None:
    label.setToolTip("In pixels.")
    assert label.toolTip() == "In pixels."
    label.window().resize(160, 120)
    qtbot.waitUntil(lambda: label.width() < 160)
    assert label.toolTip() == f"{WORDS}\nIn pixels."
    label.setText("Short")
    assert label.toolTip() == "In pixels."


def test_a_panel_may_be_narrower_than_the_words(label: ElidedLabel) -> None:
    assert label.minimumSizeHint().width() < 60


def test_markup_is_shown_as_it_is(label: ElidedLabel) -> None:
    label.setText("<i>lake</i>")
    slanted = drawn(label)
    label.setText("lake")
    assert slanted > drawn(label)
