"""The committed upscalers: the same in tiles as whole, sharper than a filter, true to colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from genstudio.engine.cache import GraphCache
from genstudio.engine.families.upscale import upscale
from genstudio.engine.pixels import to_model, to_pixels
from genstudio.engine.providers import plan_providers
from genstudio.packs.check import check_files
from genstudio.packs.manifest import Pack, Upscaler, open_pack
from genstudio.packs.rules import check_manifest

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module")
def graphs() -> GraphCache:
    return GraphCache(plan_providers("cpu"), threads=2)


@pytest.fixture(params=[2, 4], ids=["2x", "4x"], scope="module")
def pack(request: pytest.FixtureRequest) -> Pack:
    return open_pack(MODELS / f"upscale-{request.param}x")


def scale_of(pack: Pack) -> int:
    assert isinstance(pack.manifest.model, Upscaler)
    return pack.manifest.model.scale


def enlarged(pack: Pack, graphs: GraphCache, batch: np.ndarray) -> np.ndarray:
    return graphs.get(pack, "upscaler").run({"image": batch})["image_large"]


def test_its_files_are_those_of_its_manifest(pack: Pack) -> None:
    check_manifest(pack.manifest)
    check_files(pack)
    texts = {path.name for path in pack.folder.iterdir()}
    assert {"README.md", "LICENSE", "NOTICE", "preview.webp"} <= texts


def test_tiles_give_what_the_whole_gives(pack: Pack, graphs: GraphCache) -> None:
    """Within rounding: the convolutions add in another order in a tile of another size."""
    pixels = np.random.RandomState(0).randint(0, 256, (24, 200, 3)).astype(np.uint8)
    batch = enlarged(pack, graphs, to_model(pixels, pack.manifest.image))
    whole = to_pixels(batch, pack.manifest.image)[0]
    difference = np.abs(upscale(pack, pixels, graphs).astype(int) - whole)
    assert difference.max() <= 1
    assert np.mean(difference > 0) < 1e-3


def test_no_colour_depends_on_what_lies_beyond_the_overlap(pack: Pack, graphs: GraphCache) -> None:
    """By more than a fiftieth of an 8-bit step; a little nearer by, it does."""
    assert isinstance(pack.manifest.model, Upscaler)
    reach, middle = pack.manifest.model.overlap, 30
    picture = np.random.RandomState(1).rand(1, 3, 2 * middle + 1, 2 * middle + 1)
    other = picture.copy()
    other[:, :, middle, middle] += 0.5
    one, two = (enlarged(pack, graphs, x.astype(np.float32))[0] for x in (picture, other))
    change = np.abs(one - two).max(axis=0)
    places = np.abs(np.arange(len(change)) // scale_of(pack) - middle)
    far = np.maximum(places[:, None], places[None])
    assert change[far > reach].max() < 0.02 / 255
    assert change[far == 1].max() > 1 / 255


def test_a_plain_picture_gets_no_frame(pack: Pack, graphs: GraphCache) -> None:
    for shade in (0, 128, 255):
        large = upscale(pack, np.full((20, 30, 3), shade, np.uint8), graphs)
        assert np.abs(large.astype(int) - shade).max() <= 6


@pytest.mark.parametrize("blur", [0.0, 1.0])
def test_it_brings_a_drawing_nearer_than_a_filter_does(
    pack: Pack, graphs: GraphCache, blur: float
) -> None:
    real = drawing(240)
    side = 240 // scale_of(pack)
    small = real.resize((side, side), Image.Resampling.LANCZOS)
    small = small.filter(ImageFilter.GaussianBlur(blur))
    plain = np.asarray(small.resize(real.size, Image.Resampling.LANCZOS), np.float64)
    made = upscale(pack, np.asarray(small), graphs).astype(np.float64)
    far, near = (np.square(found - np.asarray(real)).mean() for found in (plain, made))
    assert near < 0.7 * far


def drawing(side: int) -> Image.Image:
    """A face of a few flat colours, drawn four times as large and made smaller."""
    picture = Image.new("RGB", (4 * side, 4 * side), "white")
    pen = ImageDraw.Draw(picture)
    unit = side / 60

    def box(*corners: float) -> list[float]:
        return [4 * unit * corner for corner in corners]

    pen.ellipse(box(5, 5, 55, 55), fill="gold", outline="black", width=side // 12)
    pen.ellipse(box(18, 20, 24, 28), fill="black")
    pen.ellipse(box(36, 20, 42, 28), fill="black")
    pen.arc(box(17, 25, 43, 45), 20, 160, fill="firebrick", width=side // 10)
    return picture.resize((side, side), Image.Resampling.LANCZOS)
