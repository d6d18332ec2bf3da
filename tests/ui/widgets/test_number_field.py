"""A number that is typed, in the person's own way of writing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from genstudio.ui.widgets.number_field import NumberField
from tests.ui.widgets.hands import LEFT, leave, window_of


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def field(qtbot: QtBot) -> NumberField:
    field = NumberField(-5, 5)
    field.set_number(0.5)
    window_of(qtbot, field)
    return field


def heard(field: NumberField) -> list[float]:
    numbers: list[float] = []
    field.entered.connect(numbers.append)
    return numbers


def enter(qtbot: QtBot, field: NumberField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("en_GB", "1.25", 1.25),
        ("en_GB", "1,25", 1.25),
        ("en_GB", "2e-1", 0.2),
        ("de_DE", "1,25", 1.25),
        ("de_DE", "1.25", 1.25),
    ],
)
def test_a_number_may_be_written_with_point_or_comma(
    field: NumberField, qtbot: QtBot, language: str, typed: str, number: float
) -> None:
    QLocale.setDefault(QLocale(language))
    told = heard(field)
    enter(qtbot, field, typed)
    assert told == [number]


def test_a_pasted_minus_of_the_printers_is_a_minus(field: NumberField, qtbot: QtBot) -> None:
    told = heard(field)
    field.setFocus()
    field.insert(" −2 ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [-2]


def test_numbers_are_shown_as_the_language_writes_them(field: NumberField) -> None:
    QLocale.setDefault(QLocale("de_DE"))
    field.set_number(1.25)
    assert field.text() == "1,25"
    field.set_number(0.0021)
    assert field.text() == "0,0021"


@pytest.mark.parametrize(("typed", "end"), [("7", 5.0), ("-7", -5.0), ("1e999", 5.0)])
def test_a_number_beyond_an_end_becomes_the_end_and_a_hint_says_so(
    field: NumberField, qtbot: QtBot, typed: str, end: float
) -> None:
    told = heard(field)
    enter(qtbot, field, typed)
    assert told == [end]
    assert QToolTip.text() == "It goes from -5 to 5."
    QToolTip.hideText()


@pytest.mark.parametrize("typed", ["", "much", "nan", "1.2.3"])
def test_what_is_no_number_gives_way_to_the_one_before(
    field: NumberField, qtbot: QtBot, typed: str
) -> None:
    told = heard(field)
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), told) == ("0.50", [])


def test_a_whole_number_is_rounded_and_the_greatest_seed_keeps_its_digits(qtbot: QtBot) -> None:
    field = NumberField(0, 2**32 - 1, whole=True)
    window_of(qtbot, field)
    told = heard(field)
    for typed in ("12.6", "4294967295", "1e999", "-1"):
        enter(qtbot, field, typed)
    assert told == [13, 4294967295, 0]
    QToolTip.hideText()


def test_enter_alone_does_not_shorten_the_number_behind(field: NumberField, qtbot: QtBot) -> None:
    told = heard(field)
    field.set_number(0.123456)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), told) == ("0.12", [])


def test_esc_brings_back_the_newest_number_although_it_came_while_typing(
    field: NumberField, qtbot: QtBot
) -> None:
    told = heard(field)
    field.setFocus()
    qtbot.keyClicks(field, "3")
    field.set_number(2)
    assert field.text() == "3", "what is typed is not disturbed"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), told) == ("2", [])


def test_leaving_the_field_takes_what_was_typed_once(field: NumberField, qtbot: QtBot) -> None:
    told = heard(field)
    field.setFocus()
    qtbot.keyClicks(field, "4")
    leave(field.window())
    assert told == [4]
    field.setFocus()
    leave(field.window())
    assert told == [4]


def test_whoever_clicks_into_the_field_types_over_the_number(
    field: NumberField, qtbot: QtBot
) -> None:
    told = heard(field)
    qtbot.mouseClick(field, LEFT, pos=QPoint(field.width() - 12, field.height() // 2))
    qtbot.keyClicks(field, "3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [3]


def test_a_second_click_puts_the_cursor_between_the_digits(
    field: NumberField, qtbot: QtBot
) -> None:
    place = QPoint(field.width() - 12, field.height() // 2)
    qtbot.mouseClick(field, LEFT, pos=place)
    assert field.hasSelectedText()
    qtbot.wait(1)
    qtbot.mouseClick(field, LEFT, pos=place - QPoint(60, 0))
    assert not field.hasSelectedText()
