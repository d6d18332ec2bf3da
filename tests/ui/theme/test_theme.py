"""The look: can it be read, does it follow, are all icons there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from genstudio.base.paths import resources_folder
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.style import apply_theme, colours_of
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
        assert contrast(told, colours.window) >= 4.5


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


def used_icons() -> set[str]:
    """Names of icons in the code: given to `icon(...)`, to an action, a button, a status item."""
    there = {path.stem for path in (resources_folder() / "icons").glob("*.svg")}
    words = set()
    for path in ROOT.rglob("*.py"):
        words |= set(re.findall(r'"([a-z0-9-]+)"', path.read_text()))
    return words & there


def test_every_icon_that_the_code_asks_for_is_there() -> None:
    there = {path.stem for path in (resources_folder() / "icons").glob("*.svg")}
    asked = set()
    for path in ROOT.rglob("*.py"):
        asked |= set(re.findall(r'\bicon\("([a-z0-9-]+)"\)', path.read_text()))
    assert asked
    assert asked <= there


def test_no_icon_lies_there_unused() -> None:
    there = {path.stem for path in (resources_folder() / "icons").glob("*.svg")}
    # The program's own; and the style sheet's, which are named with the theme.
    special = {"genstudio", "chevron-down-dark", "chevron-down-light"}
    assert there - used_icons() - special == set()
