"""`genstudio generate` from process start to PNG, beside a bare script with the same graphs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.figures import Figure, at_most
from genstudio.base.paths import bundled_packs_folder

TARGET = 1.3
_REPEATS = 15
_BARE = """
import sys
import numpy as np
import onnxruntime
from PIL import Image
folder, out = sys.argv[1:]
def session(name):
    return onnxruntime.InferenceSession(f"{folder}/{name}.onnx", providers=["CPUExecutionProvider"])
mapping, synthesis = session("mapping"), session("synthesis")
w = mapping.run(None, {"z": np.random.RandomState(1).randn(1, 256).astype(np.float32)})[0]
inputs = {i.name: i.shape for i in synthesis.get_inputs()}
noise = np.random.RandomState(0)
feeds = {
    name: noise.randn(1, *shape[1:]).astype(np.float32)
    for name, shape in inputs.items() if name.startswith("noise.")
}
feeds["noise_strength"] = np.array(1, np.float32)
feeds["w"] = np.repeat(w[:, None], inputs["w"][1], axis=1)
image = synthesis.run(None, feeds)[0][0].transpose(1, 2, 0)
Image.fromarray(np.clip(image * 127.5 + 128, 0, 255).astype(np.uint8)).save(out)
"""


@dataclass(frozen=True)
class _Run:
    """One process, from start to end."""

    seconds: float
    peak_bytes: int


def measure() -> list[Figure]:
    """Time and peak memory of both.

    From a small process: on Linux a child's peak memory counts what its parent had.
    """
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.generate"], stdout=subprocess.PIPE, check=True
    )
    return [Figure(**figure) for figure in json.loads(answer.stdout)]


def _measure_here() -> list[Figure]:
    """Both, process by process in turns."""
    pack = bundled_packs_folder() / "landscapes"
    if not (pack / "pack.json").is_file():
        return []
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "picture.png")
        commands = {
            "ours": [
                sys.executable, "-m", "genstudio", "generate", "--model", "landscapes",
                "--seed", "1", "--device", "cpu", "--out", out,
            ],
            "bare": [sys.executable, "-c", _BARE, str(pack), out],
        }  # fmt: skip
        runs: dict[str, list[_Run]] = {name: [] for name in commands}
        for round_ in range(_REPEATS + 1):
            for name, command in commands.items():
                run = _run(command)
                if round_:
                    runs[name].append(run)
    seconds = {n: statistics.median(r.seconds for r in rs) for n, rs in runs.items()}
    peaks = {n: statistics.median(r.peak_bytes for r in rs) for n, rs in runs.items()}
    return [
        Figure("genstudio generate, a GAN picture", 1e3 * seconds["ours"], "ms"),
        Figure("A bare script for the same picture", 1e3 * seconds["bare"], "ms"),
        at_most("genstudio generate beside it", seconds["ours"] / seconds["bare"], "x", TARGET),
        Figure("genstudio generate, peak memory", peaks["ours"] / 2**20, "MiB"),
        at_most("Peak memory beside it", peaks["ours"] / peaks["bare"], "x", TARGET),
    ]


def _run(command: Sequence[str]) -> _Run:
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command[:4])} ended with {child.returncode}")
    # Linux counts kibibytes, macOS bytes.
    scale = 1 if sys.platform == "darwin" else 1024
    return _Run(time.perf_counter() - started, usage.ru_maxrss * scale)


if __name__ == "__main__":
    print(json.dumps([asdict(figure) for figure in _measure_here()]))
