"""A whole sitting without any network, and without asking for one: the kernel is the witness."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def can_run(*words: str) -> bool:
    """Whether this machine lets us watch or wall in a process."""
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0


def sitting(home: Path, *around: str) -> subprocess.CompletedProcess[str]:
    folder = home.parent / "work"
    words = [*around, sys.executable, "-m", "tests.torture.session", str(folder)]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)


def test_a_sitting_goes_well_where_there_is_no_network_at_all(home: Path) -> None:
    if not can_run("unshare", "-rn"):
        pytest.skip("this machine does not let a test take the network away (unshare -rn)")
    done = sitting(home, "unshare", "-rn")
    assert done.stdout.endswith("done\n"), done.stderr


def test_onnx_runtime_is_told_to_keep_to_itself_before_it_loads() -> None:
    # It calls home only after a while, which a short sitting may not last.
    words = "import genstudio, os, sys; print(os.environ['ORT_DISABLE_TELEMETRY'], *sys.modules)"
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    first, *modules = told.stdout.split()
    assert first == "1"
    assert "onnxruntime" not in modules


def test_a_sitting_opens_no_socket(home: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    watch = ("strace", "-f", "-qq", "-e", "trace=%network", "-o", str(trace))
    if not can_run(*watch):
        pytest.skip("this machine has no strace, or does not let a test use it")
    done = sitting(home, *watch)
    assert done.stdout.endswith("done\n"), done.stderr
    # A pair of sockets joins two threads of one program and leads nowhere.
    calls = [line for line in trace.read_text().splitlines() if "socket(" in line]
    assert calls == []
