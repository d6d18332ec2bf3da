"""The latent pad by mouse and key."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from genstudio.engine.render import Engine
from genstudio.packs.store import PackStore
from genstudio.studio.studio import Studio
from genstudio.ui.panels.pad_panel import PadPanel
from genstudio.ui.widgets.choice_box import ChoiceBox
from genstudio.ui.widgets.pad import Pad
from tests.ui.conftest import Open

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(studio: Studio, open_model: Open, qtbot: QtBot) -> PadPanel:
    panel = PadPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    panel.show()
    open_model("tiny-gan")
    qtbot.waitUntil(lambda: studio.sliders.directions is not None, timeout=60_000)
    header = panel.findChild(QWidget, "pad-header")
    assert header is not None
    qtbot.mouseClick(header, LEFT)
    return panel


def square(panel: PadPanel) -> Pad:
    found = panel.findChild(Pad)
    assert found is not None
    return found


def test_a_drag_ends_on_its_newest_place(panel: PadPanel, studio: Studio, qtbot: QtBot) -> None:
    pad = square(panel)
    middle = pad.rect().center()
    steps = len(studio.editor.history.steps)
    qtbot.mousePress(pad, LEFT, pos=middle)
    for away in range(0, 60, 3):
        qtbot.mouseMove(pad, middle + QPoint(away, -away))
        QApplication.processEvents()
    qtbot.mouseRelease(pad, LEFT, pos=middle + QPoint(57, -57))
    qtbot.waitUntil(
        lambda: studio.picture.is_current and not studio.picture.is_busy, timeout=30_000
    )
    x, y = studio.pad.position
    assert x == pytest.approx(y, abs=0.05)
    assert x > 0.4
    assert len(studio.editor.history.steps) == steps + 1
    recipe, rendering = studio.editor.recipe, studio.picture.rendering
    assert recipe is not None
    assert rendering is not None
    made = Engine(PackStore().resolve, device="cpu").render(recipe)
    np.testing.assert_array_equal(rendering.pixels, made.pixels)


def test_arrows_step_and_a_double_click_goes_to_the_middle(
    panel: PadPanel, studio: Studio, qtbot: QtBot
) -> None:
    pad = square(panel)
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    qtbot.keyClick(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert pad.place() == pytest.approx((0.05, 0.005), abs=0.001)
    assert studio.pad.position == pytest.approx((0.05, 0.005), abs=0.001)
    at = QPoint(60, 60)
    steps = len(studio.editor.history.steps)
    qtbot.mouseClick(pad, LEFT, pos=at)
    qtbot.mouseDClick(pad, LEFT, pos=at)
    qtbot.mouseRelease(pad, LEFT, pos=at)
    assert studio.pad.position == (0.0, 0.0)
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert len(studio.editor.history.steps) <= steps + 1, "both clicks are one change"


def test_undo_moves_the_knob_back(panel: PadPanel, studio: Studio, qtbot: QtBot) -> None:
    pad = square(panel)
    qtbot.keyClick(pad, Qt.Key.Key_Left)
    studio.editor.undo()
    assert pad.place() == (0.0, 0.0)


def test_directions_are_chosen_by_name(panel: PadPanel, studio: Studio) -> None:
    boxes = [panel.findChild(ChoiceBox, f"pad-{axis}") for axis in ("right", "up")]
    right, up = boxes
    assert right is not None
    assert up is not None
    assert (right.value(), up.value()) == studio.pad.axes
    right.set_value(studio.pad.names[3])
    right.changed.emit(studio.pad.names[3])
    assert studio.pad.axes == (studio.pad.names[3], studio.pad.names[1])
