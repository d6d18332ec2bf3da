"""A studio without a window: its events wait in a queue that the test's thread serves."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genstudio.jobs.events import JobEvent
from genstudio.studio.messages import Message
from genstudio.studio.studio import Studio


class Desk:
    """The studio, and a loop that brings it its workers' events."""

    def __init__(self) -> None:
        self.events: queue.Queue[JobEvent] = queue.Queue()
        self.studio = Studio(self.events.put, device="cpu")
        self.messages: list[Message] = []
        self.studio.messages.told.connect(self.messages.append)

    def until(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        """Serve events until the condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            left = end - time.monotonic()
            assert left > 0, f"it did not come about; messages: {self.messages}"
            try:
                self.studio.receive(self.events.get(timeout=min(left, 0.05)))
            except queue.Empty:
                continue

    def open(self, pack_id: str) -> None:
        """Choose a model and wait for its first picture."""
        self.until(lambda: self.studio.models.packs)
        self.studio.editor.choose_model(pack_id)
        self.settle()

    def settle(self) -> None:
        """Wait until the canvas shows the current recipe."""
        self.until(lambda: self.studio.picture.is_current and not self.studio.picture.is_busy)


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """A started studio in a home of tiny packs."""
    desk = Desk()
    desk.studio.start()
    yield desk
    assert desk.studio.close()
