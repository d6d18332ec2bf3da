"""A GenStudio home with one tiny pack of each kind, and a way to run commands in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from genstudio.cli.main import main
from tests.cli import tiny_packs


@dataclass
class Outcome:
    """What a command left: its status and what it said where."""

    status: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Run = Callable[..., Outcome]


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
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path / "work")
    return home


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the CPU of this process."""

    def run_command(*words: object) -> Outcome:
        capsys.readouterr()
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return Outcome(status, said.out, said.err)

    return run_command
