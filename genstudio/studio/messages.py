"""What the studio tells the person, each with the ways on that there are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from genstudio.base.events import Event

Kind = Literal["info", "warning", "error"]
_KEPT: Final = 100
"""Messages whose buttons still do something."""


@dataclass(frozen=True)
class Message:
    """A sentence, and buttons for what can be done about it: (id, label).

    A message replaces an earlier one with the same `key`; one with an empty text takes it away.
    """

    text: str
    kind: Kind
    key: str
    actions: tuple[tuple[str, str], ...] = ()


class Messages:
    """Tells messages to whoever shows them, and does what the person chooses."""

    def __init__(self) -> None:
        self.told: Event[Message] = Event()
        self._ways: OrderedDict[str, Mapping[str, Callable[[], None]]] = OrderedDict()

    def tell(
        self,
        text: str,
        kind: Kind = "info",
        *,
        key: str = "",
        ways: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show a message; `ways` maps the labels of its buttons to what they do."""
        key = key or text
        self._ways[key] = ways or {}
        self._ways.move_to_end(key)
        if len(self._ways) > _KEPT:
            self._ways.popitem(last=False)
        self.told.emit(Message(text, kind, key, tuple((label, label) for label in ways or {})))

    def choose(self, key: str, action: str) -> None:
        """Do what a button of a message says."""
        way = self._ways.get(key, {}).get(action)
        if way is not None:
            way()

    def withdraw(self, key: str) -> None:
        """Take a message away, since what it says is no longer so."""
        if self._ways.pop(key, None) is not None:
            self.told.emit(Message("", "info", key))
