"""Telling observers that something changed, without Qt and within one thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Event(Generic[T]):
    """What observers connect to; `emit` calls them in the order in which they came.

    The state objects of the window live in one thread, so there are no locks. An observer that
    raises is a bug, and the exception goes up through `emit`.
    """

    def __init__(self) -> None:
        self._observers: list[Callable[[T], None]] = []

    def connect(self, observer: Callable[[T], None]) -> Callable[[], None]:
        """Call `observer` at every `emit`; returns what disconnects it."""
        self._observers.append(observer)

        def disconnect() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return disconnect

    def emit(self, value: T) -> None:
        """Call every observer with `value`."""
        for observer in tuple(self._observers):
            observer(value)
