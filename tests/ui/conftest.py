"""The studio behind real widgets: its events come over the real bridge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from genstudio.studio.studio import Studio
from genstudio.ui.app import Sitting
from genstudio.ui.bridge import Bridge
from tests.ui.window import WAIT, Person

Open = Callable[[str], Studio]


@pytest.fixture
def studio(home: Path, qtbot: QtBot) -> Iterator[Studio]:
    """A started studio in a home of tiny packs, its models read."""
    bridge = Bridge()
    studio = Studio(bridge.post, device="cpu")
    bridge.arrived.connect(studio.receive)
    studio.start()
    qtbot.waitUntil(lambda: bool(studio.models.packs), timeout=30_000)
    yield studio
    assert studio.close()


@pytest.fixture
def open_model(studio: Studio, qtbot: QtBot) -> Open:
    """Choose a model and wait for its first picture."""

    def open_it(pack_id: str) -> Studio:
        studio.editor.choose_model(pack_id)
        qtbot.waitUntil(
            lambda: studio.picture.is_current and not studio.picture.is_busy, timeout=30_000
        )
        return studio

    return open_it


@pytest.fixture
def sitting(home: Path, qtbot: QtBot) -> Iterator[Sitting]:
    """A shown window whose models are read; it is closed at the end."""
    sitting = Sitting()
    qtbot.addWidget(sitting.window)
    sitting.start()
    qtbot.waitUntil(lambda: bool(sitting.studio.models.packs), timeout=WAIT)
    yield sitting
    sitting.window.close()


@pytest.fixture
def person(sitting: Sitting, qtbot: QtBot) -> Person:
    """Somebody at the window."""
    sitting.window.resize(1280, 720)
    with qtbot.waitExposed(sitting.window):
        sitting.window.activateWindow()
    return Person(sitting, qtbot)
