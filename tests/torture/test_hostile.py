"""Files from somebody else, cut, flipped and spliced: one sentence, no crash, nothing outside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genstudio.base.errors import GenStudioError
from genstudio.document.project import open_project, project_of, save_project
from genstudio.engine.pixels import picture_hash, read_picture
from genstudio.library.library import Library
from genstudio.library.mend import take_in
from genstudio.media.pictures import write_picture
from genstudio.recipe import codec
from genstudio.recipe.png import recipe_if_any
from genstudio.recipe.values import (
    KeptTokens,
    ModelRef,
    PictureRef,
    Recipe,
    TokenRecipe,
    UpscaleRecipe,
    WeightedPrompt,
)
from tests.torture.child import history_of, pixels_of
from tests.torture.conftest import FILES

SENTENCE = 2000
"""The most characters of a refusal."""


def project(path: Path) -> None:
    history = history_of(3)
    history.push(tokens(), "tokens")
    source = np.zeros((9, 7, 3), np.uint8)
    picture = PictureRef(sha256=picture_hash(source), name="black")
    history.push(UpscaleRecipe(model=ModelRef(id="up"), picture=picture), "up")
    save_project(path, project_of(history, {}, {picture.sha256: source}, {"zoom": 2.0}))


def tokens() -> Recipe:
    cells = np.arange(2000, dtype="<u4").tobytes()
    return TokenRecipe(
        model=ModelRef(id="icons"), seed=4, prompts=(WeightedPrompt(text="a red cat"),),
        kept=KeptTokens(tokens=cells, kept=b"\x01" * 2000),
    )  # fmt: skip


def picture(path: Path) -> None:
    write_picture(path, pixels_of(1), tokens(), "cpu")


def recipe(path: Path) -> None:
    path.write_bytes(codec.encode(tokens()))


MAKERS: dict[str, Callable[[Path], None]] = {
    "a.genstudio": project, "a.png": picture, "a.webp": picture, "a.jpg": picture, "a.json": recipe,
}  # fmt: skip


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """The file with one to four things done to it."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(max(1, len(changed)))
        match chance.randrange(6):
            case 0:
                del changed[place:]
            case 1:
                if changed:
                    changed[place % len(changed)] ^= 1 << chance.randrange(8)
            case 2:
                changed[place:place] = chance.randbytes(chance.randint(1, 9))
            case 3:
                del changed[place : place + chance.randint(1, 40)]
            case 4:
                changed[place : place + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff")
                )
            case 5:
                end = place + chance.randint(1, 200)
                changed[place:place] = changed[place:end]
    return bytes(changed)


def spoiled_inside(data: bytes, chance: random.Random) -> bytes:
    """A zip whose entries are spoiled or renamed, and the zip itself is well-formed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if chance.random() < 0.3:
                content = spoiled(content, chance)
            name = entry.filename
            if chance.random() < 0.05:
                name = chance.choice(("../out.txt", "/tmp/out.txt", "C:\\out", "a/../../b", ""))
            if chance.random() < 0.9:
                new.writestr(name or "x", content)
    return buffer.getvalue()


def read(path: Path) -> None:
    """What the program does with a file that is opened."""
    if path.suffix == ".genstudio":
        open_project(path)
        return
    found = recipe_if_any(path)
    if found is None or path.suffix != ".json":
        read_picture(path)


def refusal(path: Path) -> str:
    """What is said of a file that is not read; "" for one that is."""
    try:
        read(path)
    except GenStudioError as error:
        return str(error)
    return ""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", list(MAKERS))
def test_spoiled_files_are_refused_in_a_sentence_or_read(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = inside / name
    MAKERS[name](path)
    whole = path.read_bytes()
    read(path)
    chance = random.Random(name)
    refused = 0
    for number in range(FILES):
        spoil = spoiled_inside if name == "a.genstudio" and number % 2 else spoiled
        path.write_bytes(spoil(whole, chance))
        sentence = refusal(path)
        refused += sentence != ""
        assert "Traceback" not in sentence
        assert len(sentence) < SENTENCE
        assert list(inside.iterdir()) == [path]
        assert list(tmp_path.iterdir()) == [inside]
    assert refused > 0


@pytest.mark.filterwarnings("ignore")
def test_a_folder_of_spoiled_pictures_is_taken_in_as_far_as_it_goes(tmp_path: Path) -> None:
    source, chance = tmp_path / "source", random.Random(0)
    source.mkdir()
    picture(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    for number in range(FILES):
        (source / f"{number}.png").write_bytes(spoiled(whole, chance))
    library = Library(tmp_path / "library")
    result = take_in(library, source)
    assert result.added + result.known + len(result.refused) <= FILES
    assert library.count() == result.added
    library.close()
