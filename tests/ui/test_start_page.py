"""The page of the first start: one click or Enter, and there is a picture."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from genstudio.packs.examples import FACES, THINGS
from genstudio.recipe.prompts import prompts_of
from genstudio.recipe.values import WeightedPrompt
from genstudio.studio.studio import Studio
from genstudio.ui.panels.model_card import ModelCardButton
from genstudio.ui.start_page import StartPage
from tests import builders


@pytest.fixture
def page(studio: Studio, qtbot: QtBot) -> StartPage:
    page = StartPage(studio)
    qtbot.addWidget(page)
    page.resize(960, 640)
    page.show()
    qtbot.waitExposed(page)
    return page


def cards(page: StartPage) -> list[ModelCardButton]:
    """The cards on the page, as they are read."""
    seen = [card for card in page.findChildren(ModelCardButton) if card.isVisible()]
    return sorted(seen, key=lambda card: (place(page, card).y(), place(page, card).x()))


def card(page: StartPage, pack_id: str) -> ModelCardButton:
    return next(card for card in cards(page) if card.card.id == pack_id)


def place(page: StartPage, widget: QWidget) -> QPoint:
    return widget.mapTo(page, QPoint())


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def button(page: StartPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def wait_for_picture(studio: Studio, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: studio.picture.is_current and not studio.picture.is_busy, timeout=30_000
    )


def test_one_click_on_a_card_gives_a_picture(page: StartPage, studio: Studio, qtbot: QtBot) -> None:
    click(card(page, "tiny-gan"))
    wait_for_picture(studio, qtbot)
    assert studio.editor.recipe is not None
    assert studio.editor.recipe.model.id == "tiny-gan"


def test_the_page_hands_its_focus_to_the_first_card_where_enter_draws(
    page: StartPage, studio: Studio, qtbot: QtBot
) -> None:
    page.setFocus()
    first = cards(page)[0]
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Return)
    wait_for_picture(studio, qtbot)
    assert studio.editor.recipe is not None
    assert studio.editor.recipe.model.id == first.card.id


def test_the_card_of_a_model_that_reads_words_draws_the_first_example(
    page: StartPage, studio: Studio, qtbot: QtBot
) -> None:
    click(card(page, "tiny-prior"))
    wait_for_picture(studio, qtbot)
    assert prompts_of(studio.editor.recipe) == (WeightedPrompt(text=THINGS[0]),)


def test_an_example_chooses_its_model_and_draws_its_words(
    page: StartPage, studio: Studio, qtbot: QtBot
) -> None:
    click(button(page, "example-tiny-prior-blue-fish"))
    wait_for_picture(studio, qtbot)
    assert studio.editor.recipe is not None
    assert studio.editor.recipe.model.id == "tiny-prior"
    assert prompts_of(studio.editor.recipe) == (WeightedPrompt(text="blue fish"),)
    assert studio.preferences.now.prompts == ("blue fish",)


def test_only_models_that_read_words_have_examples(page: StartPage) -> None:
    names = [b.objectName() for b in page.findChildren(QPushButton) if b.isVisible()]
    examples = [name for name in names if name.startswith("example-")]
    assert len(examples) == len(THINGS)
    assert all(name.startswith("example-tiny-prior-") for name in examples)


def test_a_latent_model_that_reads_words_has_examples_of_its_own(
    page: StartPage, studio: Studio, home: Path, qtbot: QtBot
) -> None:
    builders.prompted_gan(home / "packs" / "prompted-gan")
    studio.models.reload()
    name = FACES[1].replace(" ", "-")
    qtbot.waitUntil(
        lambda: any(
            b.objectName() == f"example-prompted-gan-{name}" for b in page.findChildren(QPushButton)
        )
    )
    qtbot.waitUntil(button(page, f"example-prompted-gan-{name}").isVisible)
    click(button(page, f"example-prompted-gan-{name}"))
    wait_for_picture(studio, qtbot)
    assert prompts_of(studio.editor.recipe) == (WeightedPrompt(text=FACES[1]),)


def test_the_button_asks_for_a_file(page: StartPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.open_wanted):
        click(button(page, "start-open"))


def test_tab_goes_over_the_cards_and_their_examples_to_the_button(page: StartPage) -> None:
    page.setFocus()
    wanted = {c.objectName() for c in cards(page)}
    wanted |= {b.objectName() for b in page.findChildren(QPushButton) if b.isVisible()}
    reached: list[str] = []
    for _ in wanted:
        focused = page.focusWidget()
        reached.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert set(reached) == wanted
    assert reached[-1] == "start-open"


def test_before_the_models_are_read_the_page_says_so(home: Path, qtbot: QtBot) -> None:
    events: list[object] = []
    studio = Studio(events.append, device="cpu")
    page = StartPage(studio)
    qtbot.addWidget(page)
    page.show()
    note = page.findChild(QLabel, "start-note")
    assert note is not None
    assert note.isVisible()
    assert note.text() == "Reading the models ..."
    page.setFocus()
    assert page.focusWidget() is button(page, "start-open")
    assert studio.close()


def test_a_model_that_comes_later_gets_a_card(
    page: StartPage, studio: Studio, qtbot: QtBot, home: Path
) -> None:
    page.setFocus()
    builders.gan(home / "packs" / "another-gan", pack_id="another-gan")
    studio.models.reload()
    qtbot.waitUntil(lambda: len(cards(page)) == 4, timeout=30_000)
    assert cards(page)[0].hasFocus()


@pytest.mark.parametrize(("width", "height"), [(700, 500), (960, 640), (1920, 1080), (3840, 2160)])
def test_everything_is_in_view_at_any_size(
    page: StartPage, qtbot: QtBot, width: int, height: int
) -> None:
    page.resize(width, height)
    area = page.findChild(QScrollArea, "start-area")
    assert area is not None

    def is_laid_out() -> bool:
        shown = [*cards(page), *(b for b in page.findChildren(QPushButton) if b.isVisible())]
        places = [one.rect().translated(place(page, one)) for one in shown]
        apart = all(not a.intersects(b) for a, b in itertools.combinations(places, 2))
        inside = all(page.rect().contains(one) for one in places)
        return apart and inside and area.verticalScrollBar().maximum() == 0

    qtbot.waitUntil(is_laid_out)


def test_a_larger_page_has_larger_cards_and_a_narrow_one_more_lines(
    page: StartPage, qtbot: QtBot
) -> None:
    page.resize(800, 640)
    qtbot.waitUntil(lambda: len({place(page, c).y() for c in cards(page)}) == 1)
    small = cards(page)[0].width()
    page.resize(1400, 900)
    qtbot.waitUntil(lambda: cards(page)[0].width() > small)
    page.resize(420, 900)
    qtbot.waitUntil(lambda: len({place(page, c).y() for c in cards(page)}) == 2)
