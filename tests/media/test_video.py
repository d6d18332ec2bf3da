"""Films: what they show, what they say about themselves, and what they leave when they fail."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.base.errors import StorageError
from genstudio.media.video import check_film, open_film
from genstudio.recipe.png import read_recipe
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef

av = pytest.importorskip("av")

RECIPE = LatentRecipe(model=ModelRef(id="tiny"), source=FromSeed(seed=1))


def frame(number: int, height: int = 32, width: int = 48, channels: int = 3) -> np.ndarray:
    pixels = np.zeros((height, width, channels), np.uint8)
    pixels[..., 0] = 200
    pixels[..., -1] = 255 if channels == 4 else 10 * number
    return pixels


def write(path: Path, frames: int = 6, **shape: int) -> None:
    with open_film(path, 24) as add:
        for number in range(frames):
            add(frame(number, **shape), RECIPE)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_an_mp4_plays_everywhere_and_says_that_a_model_made_it(
    tmp_path: Path, channels: int
) -> None:
    path = tmp_path / "film.mp4"
    write(path, channels=channels)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        shown = [shot.to_ndarray(format="rgb24") for shot in film.decode(video=0)]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == 24
        assert "trainedAlgorithmicMedia" in film.metadata["comment"]
    assert len(shown) == 6
    if channels == 3:
        assert np.abs(shown[5].astype(int) - frame(5)).mean() < 4


def test_odd_sides_are_made_even_for_mp4(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    write(path, height=33, width=47)
    with av.open(str(path)) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (48, 34)


def test_a_gif_loops_at_the_right_pace_and_says_that_a_model_made_it(tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    write(path, frames=24, height=33, width=47)
    milliseconds = 0
    with Image.open(path) as film:
        assert film.n_frames == 24
        assert film.info["loop"] == 0
        assert b"trainedAlgorithmicMedia" in film.info["comment"]
        for number in range(24):
            film.seek(number)
            milliseconds += film.info["duration"]
            shown = np.asarray(film.convert("RGB")).astype(int)
            assert np.abs(shown - frame(number, 33, 47)).max() < 8
    assert milliseconds == 1000


@pytest.mark.parametrize("height", [32, 33])
def test_a_webp_loops_at_the_right_pace_and_says_that_a_model_made_it(
    tmp_path: Path, height: int
) -> None:
    path = tmp_path / "film.webp"
    write(path, height=height)
    with Image.open(path) as film:
        assert (film.n_frames, film.size, film.info["loop"]) == (6, (48, height), 0)
        assert b"trainedAlgorithmicMedia" in film.info["xmp"]
        film.seek(5)
        film.load()
        assert film.info["duration"] in (41, 42)
        assert np.abs(np.array(film.convert("RGB")).astype(int) - frame(5, height)).mean() < 4


def test_a_webps_frames_are_told_apart_and_last_a_second(tmp_path: Path) -> None:
    path = tmp_path / "film.webp"
    write(path, frames=24, height=33, width=47)
    milliseconds = 0
    with Image.open(path) as film:
        assert film.n_frames == 24
        for number in range(24):
            film.seek(number)
            shown = np.asarray(film.convert("RGB")).astype(int)
            milliseconds += film.info["duration"]
            assert np.abs(shown - frame(number, 33, 47)).mean() < 4
    assert milliseconds == 1000
    assert int.from_bytes(path.read_bytes()[4:8], "little") == path.stat().st_size - 8


_GROWN = """
import sys
from pathlib import Path
import numpy as np
import psutil
from genstudio.media.video import open_film
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef
recipe = LatentRecipe(model=ModelRef(id="tiny"), source=FromSeed(seed=1))
noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype(np.uint8)
process = psutil.Process()
with open_film(Path(sys.argv[1]), 24) as add:
    for number in range(1300):
        add(np.roll(noise, number, axis=1), recipe)
        if number == 300:
            before = process.memory_info().rss
print(process.memory_info().rss - before)
"""


@pytest.mark.parametrize("name", ["film.mp4", "film.webp", "film.gif"])
def test_a_long_film_takes_no_more_memory_than_a_short_one(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    done = subprocess.run(
        [sys.executable, "-c", _GROWN, str(path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 2 << 20
    assert path.stat().st_size > 4 << 20 or name == "film.mp4", "else it could hide in memory"


def test_a_folder_gets_a_png_with_a_recipe_for_each_frame(tmp_path: Path) -> None:
    write(tmp_path / "frames")
    files = sorted((tmp_path / "frames").iterdir())
    assert [file.name for file in files][::5] == ["frame-00001.png", "frame-00006.png"]
    assert read_recipe(files[3]) == RECIPE


def test_frames_are_never_mixed_with_those_of_another_film(tmp_path: Path) -> None:
    write(tmp_path / "frames")
    with pytest.raises(StorageError, match="has frames in it already"):
        check_film(tmp_path / "frames")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"ends in \.mp4, \.webp or \.gif"):
        check_film(tmp_path / "film.avi")


@pytest.mark.parametrize("name", ["film.mp4", "film.webp", "film.gif"])
def test_a_film_that_stops_half_way_leaves_the_old_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    with contextlib.suppress(RuntimeError), open_film(path, 24) as add:
        add(frame(0), RECIPE)
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == [name]


_LIMITED = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from genstudio.base.errors import StorageError
from genstudio.media.video import open_film
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
recipe = LatentRecipe(model=ModelRef(id="tiny"), source=FromSeed(seed=1))
noise = np.random.default_rng(1)
try:
    with open_film(Path(sys.argv[1]), 24) as add:
        for _ in range(60):
            add(noise.integers(0, 255, (64, 64, 3)).astype(np.uint8), recipe)
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limit")
@pytest.mark.parametrize("name", ["film.mp4", "film.webp", "film.gif"])
def test_a_disk_that_fills_up_is_told_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.startswith(f"Cannot write {path}"), done.stderr
    assert done.stderr == ""
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == [name]
