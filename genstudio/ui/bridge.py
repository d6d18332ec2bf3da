"""The only border between threads: events of the workers come over into the window's thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from genstudio.base.events import Event


class Bridge(QObject):
    """Made in the window's thread; `post` may be called in any thread."""

    _crossed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.arrived: Event[Any] = Event()
        """An event came over; observers are called in the window's thread."""
        self._crossed.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def post(self, event: object) -> None:
        """Bring a frozen value to the window's thread."""
        self._crossed.emit(event)

    @Slot(object)
    def _arrive(self, event: object) -> None:
        self.arrived.emit(event)
