"""How much memory the program takes right now."""

from __future__ import annotations

import psutil

_process = psutil.Process()


def used_mebibytes() -> float:
    """The program's resident memory, in MiB."""
    return float(_process.memory_info().rss) / (1 << 20)
