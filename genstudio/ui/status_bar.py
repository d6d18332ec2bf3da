"""The line below: what computes, how long it took, what is still to come, and what is sent."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QStatusBar, QWidget

from genstudio.base.texts import translate
from genstudio.studio.memory import used_mebibytes
from genstudio.studio.studio import Studio
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
        private = StatusItem("wifi-off", "status-private", parent=self)
        private.say(
            translate("StatusBar", "Nothing is sent"),
            translate(
                "StatusBar", "Everything is computed here. There is no network in GenStudio."
            ),
        )
        for item in (self._device, self._time, self._size, self._queue):
            self.addWidget(item)
        for item in (self._memory, private):
            self.addPermanentWidget(item)
        studio.plan_changed.connect(lambda _: self._show_device())
        studio.picture.changed.connect(lambda _: self._show_picture())
        studio.queue.changed.connect(lambda _: self._show_queue())
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
        names = {
            "cpu": translate("StatusBar", "Processor"),
            "cuda": translate("StatusBar", "Graphics card"),
        }
        note = f"GenStudio {plan.note}." if plan.note else ""
        self._device.say(names.get(plan.device, plan.device), note)

    def _show_picture(self) -> None:
        picture = self._studio.picture
        rendering = picture.rendering
        self._time.setVisible(rendering is not None)
        self._size.setVisible(rendering is not None)
        if rendering is None:
            return
        seconds = sum(rendering.seconds.values())
        stages = "\n".join(f"{name}: {duration(part)}" for name, part in rendering.seconds.items())
        self._time.say(
            translate("StatusBar", "Stopped") if picture.is_stopped else duration(seconds), stages
        )
        height, width = rendering.pixels.shape[:2]
        zoom = f" · {self._zoom:.0%}" if self._zoom else ""
        self._size.say(f"{width} × {height}{zoom}", translate("StatusBar", "Pixels, and the zoom"))

    def _show_queue(self) -> None:
        waiting = self._studio.queue.waiting
        self._queue.setVisible(waiting > 0)
        text = translate("StatusBar", "{count} to come").format(count=waiting)
        self._queue.say(text, translate("StatusBar", "Cancel all jobs"))

    def _show_memory(self) -> None:
        number = QLocale().toString(round(used_mebibytes()))
        self._memory.say(f"{number} MB", translate("StatusBar", "Memory that GenStudio takes"))


def duration(seconds: float) -> str:
    """A time as a person reads it: "12 ms", "3.4 s", "2 min 5 s"."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{QLocale().toString(seconds, 'f', 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
