"""Where things are kept."""

from pathlib import Path

import pytest

from genstudio.base import paths


def test_genstudio_home_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path))
    for place in (paths.data_folder(), paths.cache_folder(), paths.user_packs_folder()):
        assert place.is_relative_to(tmp_path)


def test_without_it_the_places_are_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GENSTUDIO_HOME", raising=False)
    assert paths.user_packs_folder().parent.name == "genstudio"
