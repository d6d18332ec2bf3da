"""A and B by mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.studio.studio import Studio
from genstudio.ui.panels.blend_panel import BlendPanel
from tests.ui.conftest import Open

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(studio: Studio, qtbot: QtBot) -> BlendPanel:
    panel = BlendPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(300, 300)
    panel.show()
    return panel


def part(panel: BlendPanel, name: str) -> QWidget:
    found = panel.findChild(QWidget, name)
    assert found is not None
    return found


def test_two_pictures_are_held_and_a_drag_goes_between_them(
    panel: BlendPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    qtbot.mouseClick(part(panel, "blend-header"), LEFT)
    assert not part(panel, "blend-slider").isEnabled()
    qtbot.mouseClick(part(panel, "blend-a"), LEFT)
    first = studio.editor.recipe
    studio.editor.roll_seed()
    qtbot.waitUntil(lambda: studio.picture.is_current, timeout=30_000)
    qtbot.mouseClick(part(panel, "blend-b"), LEFT)
    assert part(panel, "blend-slider").isEnabled()
    steps = len(studio.editor.history.steps)
    track = part(panel, "blend-slider-track")
    middle = track.height() // 2
    qtbot.mousePress(track, LEFT, pos=QPoint(track.width() - 6, middle))
    for x in range(track.width() - 6, track.width() // 2, -4):
        qtbot.mouseMove(track, QPoint(x, middle))
    qtbot.mouseRelease(track, LEFT, pos=QPoint(track.width() // 2, middle))
    qtbot.waitUntil(
        lambda: studio.picture.is_current and not studio.picture.is_busy, timeout=30_000
    )
    assert 0.4 < studio.blend.place[0] < 0.6
    assert len(studio.editor.history.steps) == steps + 1
    recipe, rendering = studio.editor.recipe, studio.picture.rendering
    assert recipe is not None
    assert rendering is not None
    made = Engine(PackStore().resolve, device="cpu").render(recipe)
    np.testing.assert_array_equal(rendering.pixels, made.pixels)
    qtbot.keyClick(track, Qt.Key.Key_Home)
    assert studio.editor.recipe == first
    qtbot.mouseClick(part(panel, "blend-off"), LEFT)
    assert not part(panel, "blend-slider").isEnabled()


def test_a_third_picture_makes_a_square_to_drag_in(
    panel: BlendPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-gan")
    panel.resize(300, 600)
    qtbot.mouseClick(part(panel, "blend-header"), LEFT)
    for name in ("blend-a", "blend-b", "blend-c"):
        studio.editor.roll_seed()
        qtbot.waitUntil(lambda: studio.picture.is_current, timeout=30_000)
        qtbot.mouseClick(part(panel, name), LEFT)
    square = part(panel, "blend-square")
    assert square.isVisible()
    assert not part(panel, "blend-slider").isVisible()
    last, steps = studio.editor.recipe, len(studio.editor.history.steps)
    at = square.rect().center()
    qtbot.mousePress(square, LEFT, pos=QPoint(20, square.height() - 20))
    qtbot.mouseMove(square, at + QPoint(10, 10))
    qtbot.mouseMove(square, at)
    qtbot.mouseRelease(square, LEFT, pos=at)
    right, down = studio.blend.place
    assert abs(right - 0.5) < 0.1
    assert abs(down - 0.5) < 0.1
    assert len(studio.editor.history.steps) == steps + 1
    assert studio.editor.recipe != last
    studio.editor.undo()
    assert studio.editor.recipe == last


def test_a_tick_says_which_way_goes_from_a_to_b(
    panel: BlendPanel, open_model: Open, qtbot: QtBot
) -> None:
    studio = open_model("tiny-vae")
    qtbot.mouseClick(part(panel, "blend-header"), LEFT)
    tick = part(panel, "blend-past-learned")
    assert not tick.isVisible()
    for name in ("blend-a", "blend-b"):
        studio.editor.roll_seed()
        qtbot.waitUntil(lambda: studio.picture.is_current, timeout=30_000)
        qtbot.mouseClick(part(panel, name), LEFT)
    assert tick.isVisible()
    studio.blend.slide(0.5)
    past = studio.editor.recipe
    qtbot.mouseClick(tick, LEFT, pos=QPoint(10, tick.height() // 2))
    assert not studio.blend.passes_learned
    assert studio.editor.recipe != past
    qtbot.mouseClick(tick, LEFT, pos=QPoint(10, tick.height() // 2))
    assert studio.editor.recipe == past
