"""Where pictures go."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.base.errors import StorageError
from genstudio.cli.outputs import Places


def test_a_named_file_is_the_place_and_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "hill.png"
    path.touch()
    assert Places(str(path), 1).next("tiny", 7) == path


def test_several_pictures_get_numbers_of_one_width(tmp_path: Path) -> None:
    places = Places(str(tmp_path / "hill.png"), 10)
    names = [places.next("tiny", seed).name for seed in range(10)]
    assert names[0] == "hill-01.png"
    assert names[9] == "hill-10.png"


def test_a_folder_gets_names_that_replace_nothing(tmp_path: Path) -> None:
    (tmp_path / "tiny-7.png").touch()
    places = Places(str(tmp_path), 3)
    names = [places.next("tiny", seed).name for seed in (7, 7, None)]
    assert names == ["tiny-7-2.png", "tiny-7-3.png", "tiny.png"]


def test_a_name_that_ends_as_a_folder_is_one(tmp_path: Path) -> None:
    assert Places(f"{tmp_path}/v1.0/", 1).next("tiny", 7) == tmp_path / "v1.0" / "tiny-7.png"
    assert Places(str(tmp_path / "new"), 1).next("tiny", 7).name == "tiny-7.png"


def test_an_unknown_format_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"ends in \.png"):
        Places(str(tmp_path / "hill.bmp"), 1)
