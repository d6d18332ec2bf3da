"""Nothing in the window is cut off or lies over another, at 1280 by 720, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from genstudio.base.texts import install_translator
from genstudio.recipe.values import WeightedPrompt
from genstudio.ui.app import Sitting
from genstudio.ui.language import install_language
from genstudio.ui.widgets.command_palette import CommandPalette
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.track import Track
from tests.ui.window import WAIT, Person

_SEEN = (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    Track,
)
MODELS = ("tiny-gan", "tiny-prior", "tiny-vae")


@pytest.fixture(params=["en", "de"])
def person(
    home: Path, qtbot: QtBot, request: pytest.FixtureRequest, qapp: QApplication
) -> Iterator[Person]:
    """Somebody at a window of 1280 by 720 in a language."""
    code = request.param
    (home / "preferences.json").write_text(f'{{"language": "{code}"}}')
    sitting = Sitting()
    qtbot.addWidget(sitting.window)
    sitting.start()
    sitting.window.resize(1280, 720)
    with qtbot.waitExposed(sitting.window):
        sitting.window.activateWindow()
    qtbot.waitUntil(lambda: bool(sitting.studio.models.packs), timeout=WAIT)
    yield Person(sitting, qtbot)
    sitting.window.close()
    install_translator(None)
    for translator in qapp.findChildren(QTranslator):
        QCoreApplication.removeTranslator(translator)
        translator.deleteLater()
    install_language(qapp, "en")


@pytest.mark.parametrize("model", MODELS)
def test_each_models_panels_fit(person: Person, model: str) -> None:
    person.choose(model)
    person.until(lambda: person.studio.sliders.finding is None)
    person.bot.wait(100)
    assert person.window.width() == 1280
    assert problems(person.window) == []


def test_the_first_page_fits(person: Person) -> None:
    person.bot.wait(50)
    assert person.window.stage.page == "start"
    assert problems(person.window) == []


def test_a_blend_of_prompts_fits(person: Person) -> None:
    person.choose("tiny-prior")
    person.click("prompt-blend")
    person.bot.keyClicks(QApplication.focusWidget(), "a rather long second prompt " * 4)
    person.bot.wait(100)
    assert problems(person.window) == []


def test_messages_with_several_ways_fit(person: Person) -> None:
    person.choose("tiny-vae")
    person.studio.files.take_picture(person.canvas, "a-picture-with-a-rather-long-name.png")
    person.studio.messages.tell("A sentence that goes on and on. " * 8, "warning")
    person.bot.wait(50)
    assert problems(person.window) == []


def test_jobs_fit(person: Person) -> None:
    person.choose("tiny-gan")
    person.studio.make_batch(12, 1, (), None)
    person.window.docks["jobs"].raise_()
    person.until(lambda: person.studio.queue.waiting == 0)
    person.bot.wait(50)
    assert problems(person.window) == []


def test_the_palette_fits_with_a_long_undo(person: Person) -> None:
    person.choose("tiny-prior")
    prompts = tuple(WeightedPrompt(text=f"words {n} " * 20) for n in range(4))
    person.studio.editor.set_prompts(prompts)
    person.settle()
    person.go("palette")
    palette = person.find(CommandPalette, "palette")
    person.bot.wait(50)
    # The words of prompts may end in an ellipsis; nothing is cut without one.
    cut = [problem for problem in problems(palette) if not problem.endswith("is elided")]
    assert cut == []
    palette.hide()


def test_many_long_prompts_and_their_warnings_fit(person: Person) -> None:
    person.choose("tiny-prior")
    prompts = tuple(WeightedPrompt(text=f"words {n} " * 20) for n in range(4))
    person.studio.editor.set_prompts(prompts)
    person.settle()
    person.bot.wait(100)
    assert problems(person.window) == []


@pytest.mark.parametrize(("action", "name"), [("batch", "batch-dialog"), ("about", "about-dialog")])
def test_a_dialog_fits(person: Person, action: str, name: str) -> None:
    person.choose("tiny-prior")
    person.go(action)
    dialog = person.find(QDialog, name)
    person.bot.wait(50)
    assert problems(dialog) == []
    dialog.close()


def problems(top: QWidget) -> list[str]:
    """What is cut off or overlaps, each in words."""
    seen = [one for one in top.findChildren(QWidget) if _is_seen(one, top)]
    elided = [
        f"“{label.text()}” is elided"
        for label in seen
        if isinstance(label, ElidedLabel)
        and label.toolTip() == label.text() != ""
        and not Path(label.text()).is_absolute()
    ]
    return [cut for one in seen if (cut := _cut(one))] + elided + _overlaps(seen, top)


def _is_seen(widget: QWidget, top: QWidget) -> bool:
    return (
        isinstance(widget, _SEEN)
        and widget.isVisibleTo(top)
        and not widget.visibleRegion().isEmpty()
        and not widget.objectName().startswith("qt_")
        and widget.window() is top
    )


def _cut(widget: QWidget) -> str:
    """How the words of a widget do not fit into it; "" where they do."""
    if isinstance(widget, ElidedLabel | Track | QPlainTextEdit | QLineEdit):
        return ""
    if isinstance(widget, QToolButton) and _shows_icon_alone(widget):
        return ""
    if isinstance(widget, QLabel) and not widget.text():
        return ""
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        too_low = needed > widget.height()
        return f"{_name(widget)} is {widget.height()} high of {needed}" if too_low else ""
    needed = widget.minimumSizeHint().width()
    if isinstance(widget, QPushButton):
        needed = widget.sizeHint().width()
    elif isinstance(widget, QAbstractButton):
        needed = widget.fontMetrics().horizontalAdvance(widget.text().replace("&", ""))
    too_narrow = needed > widget.width()
    return f"{_name(widget)} is {widget.width()} wide of {needed}" if too_narrow else ""


def _overlaps(seen: list[QWidget], top: QWidget) -> list[str]:
    places = [(widget, _place(widget, top)) for widget in seen]
    return [
        f"{_name(one)} lies over {_name(other)}"
        for (one, here), (other, there) in combinations(places, 2)
        if here.intersects(there)
        and not one.isAncestorOf(other)
        and not other.isAncestorOf(one)
        and _layer(one) == _layer(other)
    ]


def _place(widget: QWidget, top: QWidget) -> QRect:
    """What is to be seen of it."""
    region = widget.visibleRegion().boundingRect()
    return region.translated(widget.mapTo(top, region.topLeft()) - region.topLeft())


def _layer(widget: QWidget) -> str:
    """Messages float above the stage on purpose."""
    floating: QWidget | None = widget
    while floating is not None and not isinstance(floating, QMainWindow):
        if floating.objectName() == "messages":
            return "messages"
        floating = floating.parentWidget()
    return ""


def _shows_icon_alone(button: QToolButton) -> bool:
    alone = Qt.ToolButtonStyle.ToolButtonIconOnly
    return button.toolButtonStyle() == alone and not button.icon().isNull()


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.objectName()} “{words}”"
