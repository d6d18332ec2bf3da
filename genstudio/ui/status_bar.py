"""The line below: what computes, how long it took, what is still to come, and what is sent."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QStatusBar, QWidget

from genstudio.base.texts import translate
from genstudio.studio.memory import used_mebibytes
from genstudio.studio.studio import Studio
from genstudio.ui.durations import duration
from genstudio.ui.widgets.status_item import StatusItem

_MEMORY_MS: Final = 2000


class StatusBar(QStatusBar):
    """Observes the studio; the zoom is told by the window."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._zoom: float | None = None
        self.setSizeGripEnabled(False)
        self._device = StatusItem("cpu", "status-device", parent=self)
        self._time = StatusItem("timer", "status-time", parent=self)
        self._size = StatusItem("image", "status-size", parent=self)
        self._queue = StatusItem("x", "status-queue", clickable=True, parent=self)
        self._queue.clicked.connect(studio.queue.cancel_all)
        self._memory = StatusItem("memory-stick", "status-memory", parent=self)
        private = StatusItem("unplug", "status-private", parent=self)
        private.say(
            translate("StatusBar", "Nothing is sent"),
            translate(
                "StatusBar",
                "Everything is computed on this machine. There is no network code in this program.",
            ),
        )
        for item in (self._device, self._time, self._size, self._queue):
            self.addWidget(item)
        for item in (self._memory, private):
            self.addPermanentWidget(item)
        # A batch of a quick model tells of hundreds of changes a second.
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._show_queue)
        for leave in (
            studio.plan_changed.connect(lambda _: self._show_device()),
            studio.picture.changed.connect(lambda _: self._show_picture()),
            studio.queue.changed.connect(lambda _: self._due.start(0)),
        ):
            self.destroyed.connect(leave)
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._show_memory)
        self._beat.start(_MEMORY_MS)
        self._show_device()
        self._show_picture()
        self._show_queue()
        self._show_memory()

    def set_zoom(self, zoom: float) -> None:
        """Show how large a pixel of the picture is."""
        self._zoom = zoom
        self._show_picture()

    def _show_device(self) -> None:
        plan = self._studio.plan
        if plan is None:
            self._device.say(translate("StatusBar", "Starting ..."))
            return
        note = f"GenStudio {plan.note}." if plan.note else ""
        self._device.say(_device(plan.device, self._studio.threads), note)

    def _show_picture(self) -> None:
        picture = self._studio.picture
        rendering = picture.rendering
        self._time.setVisible(rendering is not None)
        self._size.setVisible(rendering is not None)
        if rendering is None:
            return
        stages = [f"{name}: {duration(part)}" for name, part in rendering.seconds.items()]
        whole = duration(sum(rendering.seconds.values()))
        told = translate("StatusBar", "The last picture's time")
        self._time.say(
            translate("StatusBar", "Stopped") if picture.is_stopped else whole,
            "\n".join((told, *stages)),
        )
        height, width = rendering.pixels.shape[:2]
        size = f"{width} × {height}"
        if self._zoom is not None:
            size = f"{size} · {self._zoom:.0%}"
        self._size.say(size, translate("StatusBar", "Pixels of the picture, and the zoom"))

    def _show_queue(self) -> None:
        waiting = self._studio.queue.waiting
        self._queue.setVisible(waiting > 0)
        one = translate("StatusBar", "1 picture to come")
        many = translate("StatusBar", "{count} pictures to come")
        self._queue.say(
            one if waiting == 1 else many.format(count=waiting),
            translate("StatusBar", "Cancel all that is to come"),
        )

    def _show_memory(self) -> None:
        number = QLocale().toString(round(used_mebibytes()))
        self._memory.say(f"{number} MB", translate("StatusBar", "Memory that GenStudio takes"))


def _device(device: str, threads: int) -> str:
    if device != "cpu":
        return translate("StatusBar", "Graphics card ({name})").format(name=device.upper())
    if threads == 1:
        return translate("StatusBar", "CPU, 1 thread")
    return translate("StatusBar", "CPU, {count} threads").format(count=threads)
