"""The look: can it be read, does it follow, are all icons there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from genstudio.base.paths import resources_folder
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.sheet import style_sheet
from genstudio.ui.theme.style import Theme, apply_theme, colours_of
from genstudio.ui.theme.tokens import DARK, LIGHT, Colours

ROOT = Path(__file__).parents[3] / "genstudio"


@pytest.fixture(autouse=True)
def back_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "system")


def luminance(colour: str) -> float:
    """WCAG 2.1: the relative luminance."""
    parts = [value / 255 for value in QColor(colour).getRgb()[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a: str, b: str) -> float:
    """WCAG 2.1: from 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_texts_can_be_read_wherever_they_stand(colours: Colours) -> None:
    for ground in (colours.window, colours.surface, colours.raised, colours.hover):
        assert contrast(colours.text, ground) >= 7
        assert contrast(colours.muted, ground) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    for told in (colours.danger, colours.warning, colours.ok):
        for ground in (colours.window, colours.surface, colours.raised):
            assert contrast(told, ground) >= 4.5
    assert contrast(colours.on_accent, colours.accent_hover) >= 4.5


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_the_edge_that_marks_the_focus_can_be_seen(colours: Colours) -> None:
    for ground in (colours.window, colours.surface, colours.raised, colours.hover):
        assert contrast(colours.accent, ground) >= 3


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_greys_have_no_cast(colours: Colours) -> None:
    for shade in (colours.window, colours.surface, colours.raised, colours.canvas, colours.line):
        red, green, blue = QColor(shade).getRgb()[:3]
        assert red == green == blue


def test_a_theme_changes_palette_and_sheet(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    assert colours_of(qapp.palette()) is DARK
    assert DARK.raised in qapp.styleSheet()
    apply_theme(qapp, "light")
    assert colours_of(qapp.palette()) is LIGHT
    assert LIGHT.raised in qapp.styleSheet()
    assert DARK.raised not in qapp.styleSheet()


def test_a_desktop_that_says_nothing_gets_the_dark_theme(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    assert qapp.styleHints().colorScheme() == Qt.ColorScheme.Unknown, "as it is without a desktop"
    apply_theme(qapp, "system")
    assert colours_of(qapp.palette()) is DARK


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_the_pictures_of_the_sheet_are_there(colours: Colours) -> None:
    named = re.findall(r'url\("(.+?)"\)', style_sheet(colours))
    assert named
    assert all(Path(name).is_file() for name in named)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_the_words_in_an_empty_field_can_be_read(
    qapp: QApplication, qtbot: QtBot, theme: Theme, kind: type[QLineEdit | QPlainTextEdit]
) -> None:
    apply_theme(qapp, theme)
    field = kind()
    qtbot.addWidget(field)
    field.setPlaceholderText("Search")
    field.ensurePolished()
    shade = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert shade.alpha() == 255
    assert contrast(shade.name(), (DARK if theme == "dark" else LIGHT).raised) >= 4.5


def test_icons_are_drawn_anew_for_a_finer_screen(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    coarse = icon("save").pixmap(QSize(16, 16), 1.0)
    fine = icon("save").pixmap(QSize(16, 16), 2.0)
    assert fine.devicePixelRatio() == 2
    assert fine.size() == QSize(32, 32)
    assert fine.toImage() != coarse.scaled(fine.size()).toImage()
    assert fine.toImage() == icon("save").pixmap(QSize(32, 32)).toImage()


def test_icons_take_the_colour_of_the_theme_they_are_painted_in(qapp: QApplication) -> None:
    save = icon("save")
    shades = []
    for theme in ("dark", "light"):
        apply_theme(qapp, theme)  # type: ignore[arg-type]
        image = save.pixmap(QSize(32, 32)).toImage()
        drawn = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
        solid = [colour for colour in drawn if colour.alpha() == 255]
        assert solid
        shades.append(sum(colour.lightness() for colour in solid) / len(solid))
    assert shades[0] > 200 > 100 > shades[1]


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    drawn = {
        mode: icon("save").pixmap(QSize(32, 32), mode).toImage()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    }
    assert drawn[QIcon.Mode.Normal] != drawn[QIcon.Mode.Disabled]
    assert qapp.palette().color(QPalette.ColorRole.ButtonText) == QColor(DARK.text)


def there() -> set[str]:
    return {path.stem for path in (resources_folder() / "icons").glob("*.svg")}


ICON_AT = {"icon": 0, "paint_icon": 1, "add_button": 0, "StatusItem": 0, "_button": 0, "Action": 5}
"""Calls in the code that take an icon's name, and where."""


def asked_for() -> set[str]:
    """The names of icons in the code: given to an icon, a button, an item, an action."""
    asked: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            place = ICON_AT.get(name)
            given = [word.value for word in call.keywords if word.arg in ("icon", "icon_name")]
            if place is not None and len(call.args) > place:
                given.append(call.args[place])
            for value in given:
                # A choice between two, "lock" if locked else "lock-open", asks for both.
                parts = (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)
                words = (part.value for part in parts if isinstance(part, ast.Constant))
                asked |= {word for word in words if isinstance(word, str) and word}
    return asked


def test_every_icon_that_the_code_asks_for_is_there() -> None:
    asked = asked_for()
    assert {"lock-open", "undo-2", "memory-stick", "dice-5"} <= asked, "the search finds them"
    assert asked <= there()


def test_no_icon_lies_there_unused() -> None:
    words = "".join(path.read_text() for path in ROOT.rglob("*.py"))
    # The program's own; and the style sheet's, which are named with the theme.
    special = {"genstudio", "chevron-down-dark", "chevron-down-light"}
    unused = {name for name in there() - special if f'"{name}"' not in words}
    assert unused == set()
