"""A GenStudio home with one tiny pack of each kind, for the commands, the studio and the window."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from genstudio.engine.preview import Preview
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


@pytest.fixture
def slow_previews(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """While it is not set, a drawing waits after its first look at the picture."""
    may_go = threading.Event()
    may_go.set()
    at = Preview.at

    def patient(preview: Preview, tokens: Any, done: Any) -> Any:
        picture = at(preview, tokens, done)
        if preview in seen:
            may_go.wait(30)
        elif picture is not None:
            seen.append(preview)
        return picture

    seen: list[Preview] = []
    monkeypatch.setattr("genstudio.engine.preview._SHARE", 10.0)
    monkeypatch.setattr(Preview, "at", patient)
    yield may_go
    may_go.set()
