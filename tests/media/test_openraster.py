"""Layers as Krita and GIMP read them: order, sizes, mask, and the recipe in the whole picture."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
from msgspec.structs import replace
from PIL import Image

from genstudio.engine.render import Engine
from genstudio.media.openraster import layers_of, write_ora
from genstudio.packs.store import PackStore
from genstudio.recipe import png
from genstudio.recipe.values import KeptTokens, ModelRef, TokenRecipe, Upscaling
from tests.studio.conftest import rendered


def engine() -> Engine:
    return Engine(PackStore().resolve, device="cpu")


def repainted() -> TokenRecipe:
    """A recipe that draws two of four columns and of three rows anew."""
    whole = engine().encode(ModelRef(id="tiny-prior"), _picture())
    assert isinstance(whole, TokenRecipe)
    assert whole.kept is not None
    kept = np.ones((3, 4), np.uint8)
    kept[:2, :2] = 0
    return replace(whole, kept=KeptTokens(tokens=whole.kept.tokens, kept=kept.tobytes()))


def _picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)


def test_a_repainted_picture_has_its_original_its_mask_and_the_result(
    home: Path, tmp_path: Path
) -> None:
    recipe = repainted()
    rendering = engine().render(recipe)
    path = tmp_path / "repainted.ora"
    write_ora(path, layers_of(engine(), rendering), recipe, "cpu")
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"
        stack = ET.fromstring(archive.read("stack.xml"))
        layers = stack.findall("stack/layer")
        assert [layer.get("name") for layer in layers] == ["Drawn anew", "Result", "Original"]
        assert [layer.get("visibility") for layer in layers] == ["hidden", "visible", "visible"]
        pictures = [
            np.asarray(Image.open(io.BytesIO(archive.read(layer.get("src") or ""))))
            for layer in layers
        ]
        merged = archive.read("mergedimage.png")
        thumbnail = Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png")))
    height, width = rendering.pixels.shape[:2]
    assert (stack.get("w"), stack.get("h")) == (str(width), str(height))
    assert max(thumbnail.size) <= 256
    np.testing.assert_array_equal(pictures[1], rendering.pixels)
    assert (pictures[0][: height * 2 // 3, : width // 2, 3] == 255).all()
    assert (pictures[0][height * 2 // 3 :, :, 3] == 0).all()
    assert (pictures[0][:, width // 2 :, 3] == 0).all()
    assert recipe.kept is not None
    whole = replace(recipe, kept=replace(recipe.kept, kept=b"\x01" * len(recipe.kept.kept)))
    np.testing.assert_array_equal(pictures[2], rendered(whole))
    (tmp_path / "merged.png").write_bytes(merged)
    assert png.read_recipe(tmp_path / "merged.png") == recipe


def test_an_enlarged_picture_has_what_it_was_before(home: Path) -> None:
    plain = TokenRecipe(model=ModelRef(id="tiny-prior"), seed=3)
    recipe = replace(plain, upscaling=Upscaling(model=ModelRef(id="tiny-upscaler")))
    layers = layers_of(engine(), engine().render(recipe))
    assert [layer.name for layer in layers] == ["Result", "Before it was enlarged"]
    assert layers[0].pixels.shape == layers[1].pixels.shape
