"""Upscalers: tiles without seams, any channels, any size."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import Cancelled, EngineError, PictureError, RecipeError
from genstudio.base.progress import Cancel
from genstudio.engine.families.upscale import upscale
from genstudio.engine.pixels import picture_hash, to_model, to_pixels
from genstudio.packs.manifest import open_pack
from genstudio.recipe.values import PictureRef, UpscaleRecipe, Upscaling
from tests import builders


def noise(*shape: int) -> np.ndarray:
    return np.random.RandomState(0).randint(0, 256, shape).astype(np.uint8)


def whole(pack, graphs, pixels: np.ndarray) -> np.ndarray:
    """The picture enlarged in one run, without tiles."""
    image = pack.manifest.image
    large = graphs.get(pack, "upscaler").run({"image": to_model(pixels, image)})["image_large"]
    return to_pixels(large, image)[0]


@pytest.mark.parametrize("size", [(300, 150), (128, 128), (129, 257), (1, 1), (5, 400)])
@pytest.mark.parametrize("scale", [2, 4])
def test_tiles_give_what_the_whole_gives(build, cpu_graphs, scale: int, size) -> None:
    pack = build(builders.upscaler, scale=scale)
    pixels = noise(*size, 3)
    assert np.array_equal(upscale(pack, pixels, cpu_graphs), whole(pack, cpu_graphs, pixels))


def test_too_small_an_overlap_would_show_seams(build, cpu_graphs, packs) -> None:
    pack = build(builders.upscaler)
    builders.change_manifest(pack.folder, lambda plain: plain["model"].update(overlap=0))
    pixels = noise(300, 150, 3)
    tiled = upscale(open_pack(pack.folder), pixels, cpu_graphs)
    assert not np.array_equal(tiled, whole(pack, cpu_graphs, pixels))


@pytest.mark.parametrize("multiple", [8, 100])
def test_tiles_are_multiples_of_what_the_model_takes(build, cpu_graphs, multiple: int) -> None:
    pack = build(builders.upscaler, multiple_of=multiple)
    pixels = noise(133, 259, 3)
    padding = [(0, -133 % multiple), (0, -259 % multiple), (0, 0)]
    expected = whole(pack, cpu_graphs, np.pad(pixels, padding, mode="edge"))[:266, :518]
    assert np.array_equal(upscale(pack, pixels, cpu_graphs), expected)


@pytest.mark.parametrize("model_channels", [1, 3])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_picture_keeps_its_channels(build, cpu_graphs, model_channels, channels) -> None:
    pack = build(builders.upscaler, channels=model_channels)
    large = upscale(pack, noise(10, 20, channels), cpu_graphs)
    assert large.shape == (20, 40, channels)
    assert large.dtype == np.uint8


def test_transparency_is_enlarged_with_the_colours(build, cpu_graphs) -> None:
    pixels = noise(10, 20, 4)
    pixels[:, :10, 3], pixels[:, 10:, 3] = 0, 255
    alpha = upscale(build(builders.upscaler), pixels, cpu_graphs)[:, :, 3]
    assert np.all(alpha[:, :14] == 0)
    assert np.all(alpha[:, 26:] == 255)


def test_each_tile_is_told_and_a_set_token_stops_before_the_next(build, cpu_graphs) -> None:
    pack, cancel, told = build(builders.upscaler), Cancel(), []

    def progress(done: float, what: str = "", preview: object | None = None) -> None:
        told.append(done)
        if len(told) == 3:
            cancel.set()

    with pytest.raises(Cancelled):
        upscale(pack, noise(300, 300, 3), cpu_graphs, progress, cancel)
    assert told == pytest.approx([0, 1 / 9, 2 / 9])
    assert upscale(pack, noise(4, 4, 3), cpu_graphs).shape == (8, 8, 3)


def test_a_result_that_would_be_too_large_is_refused_before_the_work(build, cpu_graphs) -> None:
    with pytest.raises(PictureError, match="Enlarged 4 times"):
        upscale(build(builders.upscaler, scale=4), np.zeros((9000, 900, 3), np.uint8), cpu_graphs)


def test_a_model_of_another_scale_than_it_says_is_told(build, cpu_graphs) -> None:
    pack = build(builders.upscaler, scale=2)
    builders.change_manifest(pack.folder, lambda plain: plain["model"].update(scale=4))
    with pytest.raises(EngineError, match=r"upscaler made \[8, 8\] where \[16, 16\] was due"):
        upscale(open_pack(pack.folder), noise(4, 4, 3), cpu_graphs)


def test_a_picture_from_outside_is_enlarged_by_a_recipe(build, engine) -> None:
    pack, pixels = build(builders.upscaler), noise(6, 7, 3)
    recipe = UpscaleRecipe(model=pack.ref, picture=PictureRef(sha256=picture_hash(pixels)))
    rendering = engine.render(recipe, picture=pixels)
    assert rendering.pixels.shape == (12, 14, 3)
    assert "upscaling" in rendering.seconds


@pytest.mark.parametrize("given", [None, noise(6, 7, 3)])
def test_a_missing_or_another_picture_is_refused(build, engine, given) -> None:
    reference = PictureRef(sha256="0" * 64, name="hill.png")
    recipe = UpscaleRecipe(model=build(builders.upscaler).ref, picture=reference)
    with pytest.raises(RecipeError, match=r"hill\.png.*give the same file again"):
        engine.render(recipe, picture=given)


@pytest.mark.parametrize("builder", [builders.gan, builders.vector_vae])
def test_any_latent_picture_can_be_enlarged_after_it_is_made(
    build, engine, cpu_graphs, seeded, builder
) -> None:
    pack, larger = build(builder), build(builders.upscaler)
    recipe = seeded(pack, upscaling=Upscaling(model=larger.ref))
    rendering = engine.render(recipe)
    plain = engine.render(replace(recipe, upscaling=None))
    assert np.array_equal(rendering.pixels, upscale(larger, plain.pixels, cpu_graphs))
    assert rendering.recipe == recipe


def test_the_best_of_several_is_enlarged_too(build, engine, seeded) -> None:
    pack, larger = build(builders.gan), build(builders.upscaler)
    best = engine.best_of(seeded(pack, upscaling=Upscaling(model=larger.ref)), 3)
    assert best.pixels.shape == (32, 32, 3)


def test_a_model_that_is_no_upscaler_is_refused(build, engine, seeded) -> None:
    pack = build(builders.gan)
    with pytest.raises(RecipeError, match="not an upscaler"):
        engine.render(seeded(pack, upscaling=Upscaling(model=pack.ref)))


def test_an_upscaler_has_no_latent(build, engine, seeded) -> None:
    with pytest.raises(RecipeError, match="no latent"):
        engine.render(seeded(build(builders.upscaler)))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_whoever_looks_on_sees_the_whole_at_once_and_then_each_tile(
    build, cpu_graphs, channels
) -> None:
    pack = build(builders.upscaler, channels=1 if channels == 1 else 3)
    seen: list[tuple[float, np.ndarray | None]] = []
    pixels = noise(100, 300, channels)

    def look(done: float, what: str = "", preview: np.ndarray | None = None) -> None:
        seen.append((done, preview))

    large = upscale(pack, pixels, cpu_graphs, look)
    assert [round(done, 2) for done, _ in seen] == [0.0, 0.33, 0.67, 1.0]
    shown = [preview for _, preview in seen if preview is not None]
    assert [picture.shape for picture in shown] == [large.shape] * 3
    made = [(picture == large).all(axis=(0, 2)) for picture in shown]
    assert not made[0].all()
    assert made[1][:256].all()
    assert not made[1].all()
    assert made[2][:512].all()
