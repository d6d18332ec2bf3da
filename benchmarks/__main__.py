"""`make bench`: every measurement as a table, and as JSON in benchmarks/results.json."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import decoders, generate, token_loop, window
from benchmarks.figures import Figure
from genstudio.base import files

RESULTS = Path(__file__).parent / "results.json"
_PACKAGES = ("genstudio", "onnxruntime-gpu", "torch", "numpy", "PySide6-Essentials")


def main() -> None:
    """Measure, show and write down."""
    figures: list[Figure] = []
    for part in (generate, decoders, token_loop, window):
        figures += part.measure()
    Console(width=110).print(table(figures))
    machine = {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
    }
    results = {"machine": machine, "figures": [asdict(figure) for figure in figures]}
    files.write_bytes(RESULTS, json.dumps(results, indent=1).encode() + b"\n")


def table(figures: list[Figure]) -> Table:
    """The figures as a table for the terminal."""
    table = Table("What", "Value", "Unit", "Target", "Met")
    for figure in figures:
        met = "" if figure.met is None else ("yes" if figure.met else "NO")
        table.add_row(figure.name, f"{figure.value:,.4g}", figure.unit, figure.target, met)
    return table


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor()


if __name__ == "__main__":
    main()
