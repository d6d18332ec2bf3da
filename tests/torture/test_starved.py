"""A full disk, a read-only one, a folder that vanishes: a sentence, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.test_offline import ROOT, can_run

DISK = "3m"
BALLAST = 1 << 20
WORDS = {"full": "the disk is full", "readonly": "read-only"}


def starved(action: str, folder: Path, trouble: str) -> str:
    """Run in a small file system of its own, which only the child sees."""
    if not can_run("unshare", "-rm"):
        pytest.skip("this machine does not let a test mount a small disk (unshare -rm)")
    folder.mkdir()
    script = (
        f"mount -t tmpfs -o size={DISK} tmpfs {folder} && head -c {BALLAST} /dev/zero > "
        f"{folder}/ballast && exec {sys.executable} -m tests.torture.starved "
        f"{action} {folder} {trouble}"
    )
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        capture_output=True, text=True, cwd=ROOT, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("trouble", ["full", "readonly"])
@pytest.mark.parametrize("action", ["save", "library", "autosave", "export"])
def test_a_disk_that_takes_no_more_is_told_and_costs_nothing(
    action: str, trouble: str, tmp_path: Path
) -> None:
    said = starved(action, tmp_path / "disk", trouble)
    assert "refused: Cannot" in said
    assert WORDS[trouble] in said
    assert "whole after" in said


@pytest.mark.parametrize("action", ["save", "library", "autosave", "export"])
def test_a_folder_that_vanishes_is_made_again_or_told(action: str, tmp_path: Path) -> None:
    said = starved(action, tmp_path / "disk", "vanished")
    assert "whole after" in said
