"""A studio without a window: its events wait in a queue that the test's thread serves."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.engine.render import Engine
from genstudio.engine.rendering import Rendering
from genstudio.jobs.events import JobEvent
from genstudio.packs.store import PackStore
from genstudio.recipe.values import Recipe
from genstudio.studio.messages import Message
from genstudio.studio.studio import Studio
from tests.jobs.threads import no_thread_left

__all__ = ["no_thread_left"]


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

    def finish_all(self) -> None:
        """Wait until no job of any kind is left."""
        self.until(lambda: not self.studio.work._handlers)

    def told(self) -> list[str]:
        """The sentences that were told, without those that take one away."""
        return [message.text for message in self.messages if message.text]

    def shown(self) -> NDArray[np.uint8]:
        """The whole picture on the canvas."""
        rendering = self.studio.picture.rendering
        assert rendering is not None
        return rendering.pixels

    def expect_picture(self) -> None:
        """The canvas shows what the engine makes of the current recipe, and nothing else."""
        recipe = self.studio.editor.recipe
        assert recipe is not None
        assert self.studio.picture.is_current
        np.testing.assert_array_equal(self.shown(), rendered(recipe))


def rendered(recipe: Recipe) -> NDArray[np.uint8]:
    """What the engine makes of a recipe, without a studio."""
    return Engine(PackStore().resolve, device="cpu").render(recipe).pixels


class Renders:
    """What the studio's engine is asked to render; it can be held before it begins."""

    def __init__(self) -> None:
        self.recipes: list[Recipe] = []
        self._may_go = threading.Event()
        self._may_go.set()

    def hold(self) -> None:
        """Let no rendering go on until `release`; it still heeds its cancel."""
        self._may_go.clear()

    def release(self) -> None:
        self._may_go.set()

    def wait(self, cancel: Cancel) -> None:
        while not self._may_go.wait(0.002):
            cancel.check()


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> Iterator[Renders]:
    """Watches and holds the engine. Ask for it before `desk`."""
    renders, render = Renders(), Engine.render

    def watched(
        engine: Engine,
        recipe: Recipe,
        progress: Progress = no_progress,
        cancel: Cancel = NEVER,
        picture: Any = None,
        *,
        scored: bool = False,
    ) -> Rendering:
        if not scored:
            renders.recipes.append(recipe)
            renders.wait(cancel)
        return render(engine, recipe, progress, cancel, picture, scored=scored)

    monkeypatch.setattr(Engine, "render", watched)
    yield renders
    renders.release()


def sit_down(**options: Any) -> Iterator[Desk]:
    desk = Desk()
    desk.studio.start(**options)
    yield desk
    assert desk.studio.close()


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """A started studio in a home of tiny packs."""
    yield from sit_down()
