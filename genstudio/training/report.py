"""A run shown in the terminal: a live line where there is one, else a line every half minute."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from genstudio.training.loop import Status

LINE_EVERY = 30.0
SMOOTHING = 0.95


class TerminalReport:
    """A `Report` for use as a context manager: losses are averaged over some 20 steps."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=4) if console.is_terminal else None
        self._smooth: dict[str, float] = {}
        self._next_line = 0.0

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, status: Status, losses: Mapping[str, float]) -> None:
        """Take in a step and show it when it is time to."""
        for name, value in losses.items():
            old = self._smooth.get(name, value)
            self._smooth[name] = SMOOTHING * old + (1.0 - SMOOTHING) * value
        if self._live:
            self._live.update(Text(self._line(status)))
        elif time.monotonic() >= self._next_line:
            self._console.print(self._line(status), soft_wrap=True, highlight=False)
            self._next_line = time.monotonic() + LINE_EVERY

    def _line(self, status: Status) -> str:
        losses = ", ".join(f"{name} {value:.4g}" for name, value in self._smooth.items())
        return (
            f"{status.done:6.1%}  {status.images:,} pictures  {status.speed:.1f}/s  "
            f"{clock(status.seconds)} gone, {clock(status.seconds_left)} left  {losses}"
        )


def clock(seconds: float) -> str:
    """Seconds as h:mm:ss or m:ss."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
