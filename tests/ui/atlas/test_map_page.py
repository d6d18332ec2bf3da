"""The map by mouse and key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from genstudio.recipe.values import FromSeed, LatentRecipe
from genstudio.studio import atlas as atlas_module
from genstudio.ui.atlas.plane import Plane
from tests.ui.window import LEFT, Person


@pytest.fixture(autouse=True)
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas_module, "SAMPLES", 40)


def mapped(person: Person) -> Plane:
    person.choose("tiny-gan")
    person.bot.keyClick(person.window, Qt.Key.Key_F6)
    atlas = person.studio.atlas
    person.until(lambda: atlas.is_open and not atlas.is_drawing)
    plane = person.find(Plane, "map-plane")
    assert plane.isVisible()
    assert plane.count == 40
    return plane


def turn(plane: Plane, at: QPointF, notches: int) -> None:
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at, plane.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plane, event)


def test_the_wheel_zooms_about_the_pointer_a_drag_moves_and_a_click_goes_there(
    person: Person,
) -> None:
    plane = mapped(person)
    steps = len(person.studio.editor.history.steps)
    at = plane.place_of(5)
    turn(plane, at, 6)
    assert plane.zoom > 3
    assert (plane.place_of(5) - at).manhattanLength() < 1.5
    start = at.toPoint()
    person.bot.mousePress(plane, LEFT, pos=start)
    for step in range(1, 6):
        person.bot.mouseMove(plane, start + QPoint(8, 4) * step)
    person.bot.mouseRelease(plane, LEFT, pos=start + QPoint(40, 20))
    assert person.studio.atlas.is_open, "a drag chooses nothing"
    moved = plane.place_of(5) - at
    assert (moved - QPointF(40, 20)).manhattanLength() < 3
    person.bot.mouseMove(plane, plane.place_of(5).toPoint())
    assert plane.current is not None
    seed = plane.current
    person.bot.mouseClick(plane, LEFT, pos=plane.place_of(5).toPoint())
    person.settle()
    assert not plane.isVisible()
    recipe = person.recipe
    assert isinstance(recipe, LatentRecipe)
    assert recipe.source == FromSeed(seed=seed)
    assert len(person.studio.editor.history.steps) == steps + 1


def test_the_keys_alone_walk_choose_and_leave(person: Person) -> None:
    plane = mapped(person)
    person.until(plane.hasFocus)
    visited = set()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        person.bot.keyClick(plane, key)
        visited.add(plane.current)
    assert len(visited) >= 3
    person.bot.keyClick(plane, Qt.Key.Key_Plus)
    assert plane.zoom > 1
    person.bot.keyClick(plane, Qt.Key.Key_Home)
    assert plane.zoom == 1
    before = person.recipe
    person.bot.keyClick(plane, Qt.Key.Key_Escape)
    assert not plane.isVisible()
    assert person.recipe == before
    person.bot.keyClick(person.window, Qt.Key.Key_F6)
    seed = plane.current
    person.bot.keyClick(plane, Qt.Key.Key_Return)
    person.settle()
    recipe = person.recipe
    assert isinstance(recipe, LatentRecipe)
    assert recipe.source == FromSeed(seed=seed)


def test_drawing_the_map_can_be_stopped_and_goes_on(person: Person) -> None:
    person.choose("tiny-gan")
    atlas = person.studio.atlas
    person.go("map")
    person.click("map-stop")
    assert not atlas.is_drawing
    there = len(atlas.samples)
    assert there < 40
    person.click("map-go-on")
    person.until(lambda: len(atlas.samples) == 40)
    assert not person.part("map-go-on").isVisible()
