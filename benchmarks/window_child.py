"""What `benchmarks.window` measures, one function a process; each prints its answer."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import onnxruntime
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from benchmarks.figures import Figure, at_most

FRAME_MS = 1000 / 60
_SECONDS = 8.0
_MOVES = 80


def empty() -> None:
    """When a window with nothing in it is painted."""
    _app = QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    _print_when(lambda: True, window)


def usable() -> None:
    """When the studio's window is painted and its models can be chosen."""
    sitting = _sitting()
    sitting.start()
    _print_when(lambda: bool(sitting.studio.models.packs), sitting.window)


def first_picture() -> None:
    """When the first picture is painted, begun as the studio goes on where it ended."""
    from genstudio.packs.settings import fresh_recipe
    from genstudio.packs.store import PackStore
    from genstudio.recipe import codec

    sitting = _sitting()
    pack = PackStore().get("landscapes")
    recipe = codec.encode(fresh_recipe(pack.ref, pack.manifest, 1)).decode()
    sitting.studio.preferences.change(recipe=recipe)
    sitting.start()
    picture = sitting.studio.picture
    _print_when(lambda: picture.is_current, sitting.window.stage.canvas)


def heartbeat() -> None:
    """Gaps between turns of the event loop while icons are drawn without a pause."""
    sitting = _open("icons")
    studio = sitting.studio
    gaps: list[float] = []
    beat = QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.setInterval(1)
    last = time.perf_counter()

    def turn() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    beat.timeout.connect(turn)
    end = time.perf_counter() + _SECONDS
    drawn = 0
    last = time.perf_counter()
    beat.start()
    while time.perf_counter() < end:
        studio.editor.set_seed(1000 + drawn)
        _until(lambda: studio.picture.is_current)
        drawn += 1
    beat.stop()
    gaps.sort()
    _tell(
        sitting,
        [
            at_most(
                "event loop while icons are drawn: gap, 99th percentile",
                1000 * gaps[int(0.99 * len(gaps))],
                "ms",
                16,
            ),
            at_most("event loop while icons are drawn: worst gap", 1000 * gaps[-1], "ms", 50),
            Figure("pictures drawn meanwhile", drawn / _SECONDS, "a second"),
        ],
    )


def slider_gan() -> None:
    """From a slider's move to new pixels on the canvas, for the bundled GAN."""
    _slider("landscapes", _bare_gan)


def slider_vae() -> None:
    """The same for the bundled VAE."""
    _slider("faces", _bare_vae)


def _slider(model: str, bare: Callable[[str], Callable[[], object]]) -> None:
    sitting = _open(model)
    studio = sitting.studio
    _until(lambda: studio.sliders.directions is not None, 120)
    name = studio.sliders.rows("named")[0].name
    painted = _Painted(sitting.window.stage.canvas)
    run = bare(model)
    moves: list[float] = []
    runs: list[float] = []
    for index in range(_MOVES):
        run()
        begun = time.perf_counter()
        run()
        runs.append(time.perf_counter() - begun)
        # The bare session's threads spin for a while after it.
        time.sleep(0.02)
        painted.count = 0
        begun = time.perf_counter()
        studio.sliders.move(name, index / _MOVES * 2 - 1, dragging=True)
        _until(lambda: studio.picture.is_current and painted.count > 0)
        moves.append(time.perf_counter() - begun)
    move, graph = (1000 * statistics.median(part) for part in (moves, runs))
    _tell(
        sitting,
        [
            Figure(f"{model}: the bare graphs", graph, "ms"),
            at_most(f"{model}: slider to new pixels", move, "ms", 1.5 * graph + FRAME_MS),
        ],
    )


def _bare_gan(model: str) -> Callable[[], object]:
    folder = _folder(model)
    options = _options()
    mapping = onnxruntime.InferenceSession(str(folder / "mapping.onnx"), options)
    synthesis = onnxruntime.InferenceSession(str(folder / "synthesis.onnx"), options)
    inputs = {node.name: node.shape for node in synthesis.get_inputs()}
    random = np.random.RandomState(0)
    feeds: dict[str, Any] = {
        name: random.randn(1, *shape[1:]).astype(np.float32)
        for name, shape in inputs.items()
        if name.startswith("noise.")
    }
    feeds["noise_strength"] = np.array(1, np.float32)
    z = random.randn(1, 256).astype(np.float32)

    def run() -> object:
        w = mapping.run(None, {"z": z})[0]
        return synthesis.run(None, {**feeds, "w": np.repeat(w[:, None], inputs["w"][1], axis=1)})

    return run


def _bare_vae(model: str) -> Callable[[], object]:
    decoder = onnxruntime.InferenceSession(str(_folder(model) / "decoder.onnx"), _options())
    name = decoder.get_inputs()[0].name
    latent = np.random.RandomState(0).randn(1, 128).astype(np.float32)
    return lambda: decoder.run(None, {name: latent})


def _folder(model: str) -> Any:
    from genstudio.base.paths import bundled_packs_folder

    return bundled_packs_folder() / model


def _options() -> Any:
    """As anybody would open a session: the runtime's own choice of threads."""
    return onnxruntime.SessionOptions()


def _sitting() -> Any:
    from genstudio.ui.app import Sitting, make_application

    make_application(["benchmark"])
    return Sitting()


def _open(model: str) -> Any:
    sitting = _sitting()
    sitting.start()
    studio = sitting.studio
    _until(lambda: bool(studio.models.packs))
    studio.editor.choose_model(model)
    _until(lambda: studio.picture.is_current)
    # What follows a first picture (the search for sliders, thumbnails) is not what is measured.
    _until(lambda: studio.sliders.finding is None, 120)
    return sitting


def _until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Turn the event loop as the program does, waiting for events, until the condition holds."""
    end = time.monotonic() + seconds
    app = QCoreApplication.instance()
    assert app is not None
    # A slow tick wakes the loop should no event come; it is far rarer than what is measured.
    tick = QTimer()
    tick.start(50)
    while not condition():
        assert time.monotonic() < end
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _tell(sitting: Any, figures: list[Figure]) -> None:
    sitting.window.close()
    print(json.dumps([asdict(figure) for figure in figures]))


class _Painted(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._add)
        return False

    def _add(self) -> None:
        self.count += 1


def _print_when(condition: Callable[[], bool], widget: QWidget) -> None:
    """Print the time of day when the widget was painted with the condition true, and leave."""
    painted = _Painted(widget)
    _until(lambda: painted.count > 0)
    if not condition():
        painted.count = 0
        _until(lambda: condition() and painted.count > 0)
    print(repr(time.time()), flush=True)
    os._exit(0)
