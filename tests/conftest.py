"""A GenStudio home with one tiny pack of each kind, for the commands, the studio and the window."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.builders import tiny_packs

# The window is tested without a screen, also on a machine that has one.
os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("packs")
    tiny_packs.build_all(root)
    return root


@pytest.fixture
def home(packs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the four packs as the person's own; the current folder is beside it."""
    home = tmp_path / "home"
    shutil.copytree(packs, home / "packs")
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("GENSTUDIO_HOME", str(home))
    monkeypatch.setattr("genstudio.packs.store.bundled_packs_folder", lambda: tmp_path / "none")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.chdir(tmp_path / "work")
    return home
