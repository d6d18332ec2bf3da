"""Pictures read from files, fitted to models, and models' tensors as pixels."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from genstudio.base.errors import EngineError, PictureError
from genstudio.engine.pixels import fit_picture, picture_hash, read_picture, to_model, to_pixels
from genstudio.packs.manifest import Image


def noise(*shape: int) -> np.ndarray:
    return np.random.RandomState(0).randint(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize("value_range", [(0.0, 1.0), (-1.0, 1.0)])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_pixel_value_survives_the_way_to_the_model_and_back(value_range, channels) -> None:
    image = Image(width=16, height=16, channels=channels, range=value_range)
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(channels, axis=2)
    tensor = to_model(pixels, image)
    assert tensor.shape == (1, channels, 16, 16)
    assert (tensor.min(), tensor.max()) == value_range
    assert np.array_equal(to_pixels(tensor, image)[0], pixels)


def test_numbers_beyond_the_range_are_clipped() -> None:
    image = Image(width=2, height=1, channels=1, range=(0.0, 1.0))
    batch = np.array([-3.0, 7.0], np.float32).reshape(1, 1, 1, 2)
    assert to_pixels(batch, image)[0].reshape(-1).tolist() == [0, 255]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_no_picture_are_refused_with_the_models_name(bad: float) -> None:
    batch = np.zeros((1, 3, 4, 4), np.float32)
    batch[0, 1, 2, 3] = bad
    with pytest.raises(EngineError, match="The model hills gave numbers that are no picture"):
        to_pixels(batch, Image(width=4, height=4), "hills")


def test_a_tensor_of_another_shape_is_refused() -> None:
    with pytest.raises(EngineError, match=r"\[1, 2, 4, 4\].* 3 channels"):
        to_pixels(np.zeros((1, 2, 4, 4), np.float32), Image(width=4, height=4))


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("RGBA", 4), ("P", 3)])
def test_a_picture_keeps_its_kind_of_channels(tmp_path: Path, mode: str, channels: int) -> None:
    Pillow.fromarray(noise(5, 7, 3)).convert(mode).save(tmp_path / "p.png")
    assert read_picture(tmp_path / "p.png").shape == (5, 7, channels)


def test_a_picture_is_turned_upright(tmp_path: Path) -> None:
    picture = Pillow.fromarray(noise(4, 6, 3))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.png", exif=exif)
    assert read_picture(tmp_path / "turned.png").shape == (6, 4, 3)


def test_sixteen_bit_greys_keep_their_shades(tmp_path: Path) -> None:
    deep = np.array([[0, 32768, 65535]], np.uint16)
    Pillow.fromarray(deep).save(tmp_path / "deep.png")
    assert read_picture(tmp_path / "deep.png").reshape(-1).tolist() == [0, 128, 255]


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_a_huge_picture_is_refused_by_its_header(tmp_path: Path) -> None:
    (tmp_path / "huge.png").write_bytes(png_of_size(60_000, 60_000))
    with pytest.raises(PictureError, match=r"too large|too many"):
        read_picture(tmp_path / "huge.png")


def test_what_is_no_picture_is_refused_in_a_sentence(tmp_path: Path) -> None:
    Pillow.fromarray(noise(40, 40, 3)).save(tmp_path / "whole.png")
    data = (tmp_path / "whole.png").read_bytes()
    cases = {"empty.png": b"", "words.png": b"not a picture", "cut.png": data[: len(data) // 2]}
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PictureError, match=name):
            read_picture(tmp_path / name)
    with pytest.raises(PictureError, match="no picture"):
        read_picture(tmp_path / "gone.png")
    with pytest.raises(PictureError):
        read_picture(tmp_path)


def test_a_picture_is_cut_to_the_models_proportions() -> None:
    pixels = np.zeros((10, 30, 3), np.uint8)
    pixels[:, 10:20] = 200
    fitted = fit_picture(pixels, 8, 8, 3)
    assert fitted.shape == (8, 8, 3)
    assert np.all(fitted[:, 2:-2] == 200)
    assert fitted.min() > 150


def test_transparency_is_laid_on_white_for_models_without_it() -> None:
    assert np.all(fit_picture(np.zeros((4, 4, 4), np.uint8), 4, 4, 3) == 255)


@pytest.mark.parametrize("given", [1, 3, 4])
@pytest.mark.parametrize("wanted", [1, 3, 4])
def test_any_channels_fit_any_model(given: int, wanted: int) -> None:
    assert fit_picture(noise(6, 6, given), 6, 6, wanted).shape == (6, 6, wanted)


def test_the_hash_is_that_of_size_and_pixels() -> None:
    pixels = noise(3, 5, 4)
    expected = hashlib.sha256(b"5x3x4:" + pixels.tobytes()).hexdigest()
    assert picture_hash(pixels) == expected
    assert picture_hash(pixels.reshape(5, 3, 4)) != expected
