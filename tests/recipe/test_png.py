"""A recipe inside a picture file comes back whole, or is refused in words."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from genstudio.base.errors import GenStudioError, RecipeError, StorageError
from genstudio.media.pictures import write_picture
from genstudio.recipe import codec, png
from genstudio.recipe.values import (
    Exact,
    FromSeed,
    LatentRecipe,
    ModelRef,
    Recipe,
    Tensor,
    TokenRecipe,
    WeightedPrompt,
)

MODEL = ModelRef(id="tiny", sha256="ab" * 32)
SHORT = LatentRecipe(model=MODEL, source=FromSeed(seed=7))
LONG = LatentRecipe(
    model=MODEL, source=Exact(mean=Tensor(shape=(20_000,), data=bytes(range(250)) * 320))
)


def picture(channels: int = 3) -> np.ndarray:
    pixels = np.zeros((8, 12, channels), np.uint8)
    pixels[:, :, 0] = np.arange(12) * 20
    return pixels


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG without a recipe, and with one chunk more behind its header."""
    buffer = io.BytesIO()
    Image.fromarray(picture()).save(buffer, "PNG")
    plain = buffer.getvalue()
    return plain[:33] + chunk(kind, data) + plain[33:]


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("recipe", [SHORT, LONG], ids=["short", "long"])
def test_a_png_gives_back_its_recipe_and_pixels(
    tmp_path: Path, channels: int, recipe: Recipe
) -> None:
    path = tmp_path / "picture.png"
    png.write_png(path, picture(channels), recipe, "cuda")
    found = png.find_recipe(path)
    assert found.recipe == recipe
    assert found.device == "cuda"
    assert found.software.startswith("GenStudio ")
    with Image.open(path) as image:
        kept = np.asarray(image).reshape(8, 12, channels)
    assert np.array_equal(kept, picture(channels))


def test_a_long_recipe_is_compressed() -> None:
    assert len(png.png_bytes(picture(), LONG)) < len(codec.encode(LONG)) / 10


def test_a_png_says_in_the_standard_terms_that_a_model_made_it(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    png.write_png(path, picture(), SHORT)
    with Image.open(path) as image:
        packet = ET.fromstring(image.info["xmp"])
        assert image.info["Software"].startswith("GenStudio ")
    source = packet.find(".//{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
    tool = packet.find(".//{http://ns.adobe.com/xap/1.0/}CreatorTool")
    assert source is not None
    assert tool is not None
    assert source.text == ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia")
    assert str(tool.text).startswith("GenStudio ")


@pytest.mark.parametrize("suffix", ["webp", "jpg", "jpeg"])
def test_webp_and_jpeg_hold_the_recipe_and_the_mark(tmp_path: Path, suffix: str) -> None:
    recipe = TokenRecipe(
        model=MODEL, seed=3, prompts=(WeightedPrompt(text='<Herz> & "Stern" ♥', weight=2.0),)
    )
    path = tmp_path / f"picture.{suffix}"
    assert write_picture(path, picture(4), recipe, "cpu") == ()
    found = png.find_recipe(path)
    assert found.recipe == recipe
    assert found.device == "cpu"
    assert b"trainedAlgorithmicMedia" in path.read_bytes()
    with Image.open(path) as image:
        image.load()


def test_a_jpeg_too_small_for_a_recipe_says_so_and_keeps_the_mark(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    notes = write_picture(path, picture(), LONG)
    assert "holds no recipe" in notes[0]
    assert b"trainedAlgorithmicMedia" in path.read_bytes()
    with pytest.raises(RecipeError, match="holds no GenStudio recipe"):
        png.read_recipe(path)


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"ends in \.png"):
        write_picture(tmp_path / "picture.bmp", picture(), SHORT)


def test_a_recipe_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_bytes(codec.encode(SHORT))
    assert png.read_recipe(path) == SHORT


@pytest.mark.parametrize("suffix", ["png", "webp", "jpg"])
def test_a_picture_without_a_recipe_is_refused_in_words(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"photo.{suffix}"
    Image.fromarray(picture()).save(path)
    assert png.recipe_if_any(path) is None
    with pytest.raises(RecipeError, match="holds no GenStudio recipe"):
        png.read_recipe(path)


@pytest.mark.parametrize("data", [b"hello", b"\x00" * 100, b"GIF89a" + bytes(20)])
def test_another_kind_of_file_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.png"
    path.write_bytes(data)
    with pytest.raises(RecipeError, match="holds no GenStudio recipe"):
        png.read_recipe(path)


def test_an_empty_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "file.png"
    path.touch()
    with pytest.raises(RecipeError, match="is empty"):
        png.read_recipe(path)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such file"):
        png.read_recipe(tmp_path / "nothing.png")
    with pytest.raises(StorageError, match="folder"):
        png.read_recipe(tmp_path)


def test_a_newer_recipe_is_refused_in_words(tmp_path: Path) -> None:
    newer = codec.encode(SHORT).replace(b'"version":1', b'"version":99')
    path = tmp_path / "picture.png"
    path.write_bytes(with_chunk(b"tEXt", b"genstudio\0" + newer))
    with pytest.raises(RecipeError, match="newer GenStudio"):
        png.read_recipe(path)


def test_a_text_that_unpacks_to_more_than_a_recipe_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.recipe.containers.SIZE_LIMIT", 100_000)
    path = tmp_path / "bomb.png"
    bomb = zlib.compress(bytes(10_000_000))
    path.write_bytes(with_chunk(b"iTXt", b"genstudio\0\1\0\0\0" + bomb))
    with pytest.raises(RecipeError, match="damaged"):
        png.read_recipe(path)


def test_a_chunk_that_claims_to_be_huge_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 2**32 - 1, b"iTXt") + b"genstudio")
    with pytest.raises(RecipeError, match="larger than any recipe"):
        png.read_recipe(path)


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    data = bytearray(png.png_bytes(picture(), SHORT))
    position = data.index(b'"seed":7')
    data[position + 7] ^= 1
    path.write_bytes(data)
    with pytest.raises(RecipeError, match="damaged"):
        png.read_recipe(path)


def test_a_picture_of_absurd_size_gives_its_recipe_without_being_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    text = chunk(b"tEXt", b"genstudio\0" + codec.encode(SHORT))
    path = tmp_path / "large.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + text)
    assert png.read_recipe(path) == SHORT


def test_a_png_cut_off_behind_its_recipe_still_gives_it(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    data = png.png_bytes(picture(), SHORT)
    path.write_bytes(data[: data.index(b"IDAT") + 6])
    assert png.read_recipe(path) == SHORT


def recipe_or_sentence(path: Path) -> str:
    """What reading a file comes to: a kind of recipe, or the refusal."""
    try:
        return type(png.read_recipe(path)).__name__
    except GenStudioError as error:
        return str(error)


FILES = {
    "png": png.png_bytes(picture(), SHORT, "cpu"),
    "json": codec.encode(SHORT),
}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    for suffix in ("webp", "jpg"):
        path = folder / f"whole.{suffix}"
        write_picture(path, picture(), SHORT, "cpu")
        FILES[suffix] = path.read_bytes()
    return folder


@pytest.mark.parametrize("kind", ["png", "json", "webp", "jpg"])
@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_damaged_file_gives_a_recipe_or_a_sentence(
    scratch: Path, kind: str, data: st.DataObject
) -> None:
    whole = FILES[kind]
    damaged = bytearray(whole)
    for position in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        damaged[position] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(whole)))
    path = scratch / f"damaged.{kind}"
    path.write_bytes(damaged[:end])
    assert recipe_or_sentence(path).endswith((".", "Recipe"))


@given(st.binary(max_size=400))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_give_a_recipe_or_a_sentence(scratch: Path, body: bytes) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"{"):
        path = scratch / "any"
        path.write_bytes(start + body)
        assert recipe_or_sentence(path).endswith((".", "Recipe"))
