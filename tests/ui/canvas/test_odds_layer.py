"""The heat map by mouse and key."""

from __future__ import annotations

from PySide6.QtCore import Qt

from genstudio.ui.canvas.odds_layer import OddsLayer, heat
from tests.ui.window import LEFT, Person


def looking(person: Person) -> OddsLayer:
    person.choose("tiny-prior")
    person.control(Qt.Key.Key_U)
    layer = person.find(OddsLayer, "odds-layer")
    person.until(lambda: person.studio.token_sight.odds is not None)
    assert layer.isVisible()
    return layer


def test_the_heat_lies_over_the_tokens_and_words_follow_the_cursor(person: Person) -> None:
    layer = looking(person)
    entropy = person.studio.token_sight.odds.entropy
    coldest, warmest = divmod(int(entropy.argmin()), 4), divmod(int(entropy.argmax()), 4)
    plain = person.window.stage.canvas.grab().toImage()
    at = layer.cell_middle(*reversed(warmest)).toPoint()
    assert plain.pixelColor(at).red() > 100
    assert heat(1.0).red() > heat(0.0).red()
    before = layer.words()
    assert "bits" in before
    for _ in range(coldest[1]):
        person.bot.keyClick(layer, Qt.Key.Key_Right)
    for _ in range(coldest[0]):
        person.bot.keyClick(layer, Qt.Key.Key_Down)
    assert f"{entropy.min():.1f} bits" in layer.words()
    person.bot.keyClick(layer, Qt.Key.Key_Escape)
    assert not layer.isVisible()


def test_a_click_shows_the_runners_up_and_a_pick_forks(person: Person) -> None:
    layer = looking(person)
    before = person.recipe
    person.bot.mouseClick(layer, LEFT, pos=layer.cell_middle(1, 0).toPoint())
    variations = person.studio.variations
    person.until(lambda: variations.is_open and len(variations.pictures) == len(variations.recipes))
    assert not layer.isVisible()
    cells = person.window.stage.sheet.cells
    assert "%" in cells[1].toolTip()
    person.bot.mouseClick(cells[1], LEFT)
    person.settle()
    assert person.recipe != before
    person.control(Qt.Key.Key_Z)
    assert person.recipe == before
