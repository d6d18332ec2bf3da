"""Times as a person reads them."""

from __future__ import annotations

import math

from PySide6.QtCore import QLocale

from genstudio.base.texts import translate


def duration(seconds: float) -> str:
    """How long something took: "12 ms", "3.4 s", "2 min 5 s"."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{QLocale().toString(seconds, 'f', 1)} s"
    return _whole(round(seconds))


def rough_duration(seconds: float) -> str:
    """How long something may take, to the second and never nothing: "1 s", "2 min 5 s"."""
    return _whole(max(1, math.ceil(seconds)))


def time_left(seconds: float) -> str:
    """How long something still takes: "35 s left"."""
    return translate("Durations", "{time} left").format(time=rough_duration(seconds))


def _whole(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
