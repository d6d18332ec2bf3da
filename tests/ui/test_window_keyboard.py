"""The whole window without a mouse, and told to those who do not see it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from genstudio.ui.canvas.view import Canvas
from genstudio.ui.widgets.status_item import StatusItem
from genstudio.ui.widgets.thumbnail_strip import ThumbnailStrip
from genstudio.ui.widgets.track import Track
from tests.ui.window import Person

_INTERACTIVE = (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    Canvas,
    ThumbnailStrip,
    Track,
)
MODELS = ("tiny-gan", "tiny-vae", "tiny-prior")


@pytest.mark.parametrize("model", MODELS)
def test_every_interactive_part_is_reached_by_tab_and_shows_that_it_is(
    person: Person, model: str
) -> None:
    ready(person, model)
    reached = walk(person, Qt.Key.Key_Tab)
    missing = [_name(one) for one in interactive(person.window) if one not in reached]
    assert missing == []


def test_tab_goes_through_the_panels_from_left_to_right(person: Person) -> None:
    ready(person, "tiny-prior")
    names = [widget.objectName() for widget in walk(person, Qt.Key.Key_Tab)]
    way = (
        "canvas",
        "prompt-1",
        "prompt-blend",
        "prompt-draw",
        "model-tiny-gan",
        "model-tiny-vae",
        "add-model",
        "seed-value",
        "control-temperature-track",
        "history-strip",
    )
    assert [name for name in names if name in way] == list(way)


def test_tab_goes_round_and_backtab_goes_back(person: Person) -> None:
    ready(person, "tiny-gan")
    there = walk(person, Qt.Key.Key_Tab)
    back = walk(person, Qt.Key.Key_Backtab)
    assert set(there) == set(back)


@pytest.mark.parametrize("model", MODELS)
def test_every_interactive_part_has_a_name_that_can_be_told(person: Person, model: str) -> None:
    ready(person, model)
    nameless = [_name(one) for one in interactive(person.window) if not _told(one)]
    assert nameless == []


def test_every_interactive_part_has_an_object_name_of_its_own(person: Person) -> None:
    ready(person, "tiny-gan")
    names = [one.objectName() for one in interactive(person.window)]
    assert "" not in names
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_first_page_is_left_by_keys_alone(person: Person) -> None:
    page = person.part("start-page")
    page.setFocus()
    assert QApplication.focusWidget().objectName().startswith("model-")
    person.key(Qt.Key.Key_Space)
    person.settle()
    assert person.window.stage.page == "picture"


def test_the_focus_is_seen_on_every_part_that_has_it(person: Person) -> None:
    """A part looks different with the focus than without it."""
    ready(person, "tiny-gan")
    unseen = []
    for widget in interactive(person.window):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(widget, QLineEdit):
            continue
        person.window.stage.canvas.setFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if widget.grab().toImage() == before and not isinstance(widget, Canvas):
            unseen.append(_name(widget))
    assert unseen == []


def ready(person: Person, model: str) -> None:
    """Choose a model, and wait until its sliders are there."""
    person.choose(model)
    person.until(lambda: person.studio.sliders.finding is None)
    person.bot.wait(50)


def interactive(window: QWidget) -> list[QWidget]:
    """What can be worked with and is on show, but Qt's own parts inside of others."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, _INTERACTIVE)
        and not isinstance(widget, QScrollBar | QAbstractSlider)
        and widget.isVisible()
        and widget.isEnabled()
        and not isinstance(widget, StatusItem)
        and not _belongs_to_qt(widget)
    ]


def walk(person: Person, key: Qt.Key) -> list[QWidget]:
    """Where the focus goes, from the canvas on, until it has been everywhere."""
    person.window.activateWindow()
    person.window.stage.canvas.setFocus()
    reached: list[QWidget] = []
    while (focused := QApplication.focusWidget()) is not None and focused not in reached:
        reached.append(focused)
        person.bot.keyClick(focused, key)
    assert QApplication.focusWidget() is person.window.stage.canvas, "the round is closed"
    return reached


def _belongs_to_qt(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return (
        widget.objectName().startswith("qt_")
        or isinstance(parent, QToolBar | QMenuBar | QAbstractSpinBox | QComboBox | QTabBar)
        or (isinstance(widget, QToolButton) and isinstance(parent, QLineEdit))
    )


def _told(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()} in {widget.parentWidget().objectName()}"
