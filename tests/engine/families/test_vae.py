"""VAEs: pictures to latents and back, variations, the prior, any size."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import EngineError, RecipeError
from genstudio.engine.latents import to_array, to_tensor
from genstudio.packs.manifest import open_pack
from genstudio.recipe.values import (
    Between,
    Exact,
    FromSeed,
    LatentRecipe,
    Mixing,
    Setting,
    Tensor,
    Varied,
)
from tests import builders
from tests.builders.graph import GraphBuilder

SPATIAL = [builders.spatial_vae, builders.moments_vae, builders.latent_vae]
ALL = [builders.vector_vae, builders.external_vae, *SPATIAL]


def picture_of(engine, pack, number: int = 3) -> np.ndarray:
    """A picture that the model can make, so that it can be encoded without loss."""
    recipe = LatentRecipe(model=pack.ref, source=FromSeed(seed=number), truncation=0.5)
    return engine.render(recipe).pixels


@pytest.mark.parametrize("builder", ALL)
def test_an_encoded_picture_comes_back(build, engine, builder) -> None:
    pack = build(builder)
    picture = picture_of(engine, pack)
    encoded = engine.encode(pack.ref, picture)
    assert encoded.model == pack.ref
    back = engine.render(encoded).pixels
    assert np.abs(back.astype(int) - picture).max() <= 2


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("value_range", [(0.0, 1.0), (-1.0, 1.0)])
@pytest.mark.parametrize("builder", [builders.vector_vae, builders.spatial_vae])
def test_greys_colours_and_transparency_in_both_ranges(
    build, engine, builder, channels, value_range
) -> None:
    pack = build(builder, channels=channels, value_range=value_range)
    picture = picture_of(engine, pack)
    assert picture.shape == (12, 16, channels)
    back = engine.render(engine.encode(pack.ref, picture)).pixels
    assert np.abs(back.astype(int) - picture).max() <= 8


def test_a_seed_gives_the_same_picture_twice_and_among_others(build, engine, seeded) -> None:
    pack = build(builders.vector_vae)
    recipes = [seeded(pack, number) for number in range(3)]
    for rendering in engine.render_many(recipes):
        assert np.array_equal(rendering.pixels, engine.render(rendering.recipe).pixels)


def test_the_latent_of_a_seed_is_stylegans_noise(build, engine, seeded) -> None:
    pack = build(builders.vector_vae)
    noise = np.random.RandomState(11).randn(1, 8).astype(np.float32)
    exact = LatentRecipe(model=pack.ref, source=Exact(mean=to_tensor(noise[0])))
    assert np.array_equal(engine.render(exact).pixels, engine.render(seeded(pack, 11)).pixels)


def test_a_way_can_pass_what_the_pack_has_learned(build, engine) -> None:
    corners = np.eye(8)[:4] * 3 - np.eye(8)[1:5]
    pack = build(builders.vector_vae, learned=corners)
    ends = [Exact(mean=to_tensor(corner.astype(np.float32))) for corner in corners]
    source = Between(a=ends[0], b=ends[3], t=0.5, how="learned")
    between = engine.render(LatentRecipe(model=pack.ref, source=source)).pixels
    plain = engine.render(LatentRecipe(model=pack.ref, source=replace(source, how="linear"))).pixels
    assert not np.array_equal(between, plain)
    for t, end in ((0.0, ends[0]), (1.0, ends[3])):
        there = LatentRecipe(model=pack.ref, source=replace(source, t=t))
        same = engine.render(LatentRecipe(model=pack.ref, source=end)).pixels
        assert np.array_equal(engine.render(there).pixels, same)


@pytest.mark.parametrize("builder", [builders.vector_vae, builders.gan, builders.generator_gan])
def test_a_way_past_learned_pictures_wants_a_pack_that_keeps_some(build, engine, builder) -> None:
    pack = build(builder)
    source = Between(a=FromSeed(seed=1), b=FromSeed(seed=2), t=0.5, how="learned")
    with pytest.raises(RecipeError, match="keeps no learned pictures"):
        engine.render(LatentRecipe(model=pack.ref, source=source))


def test_a_mapping_says_where_a_seed_begins_and_leaves_other_latents_alone(
    build, engine, seeded
) -> None:
    pack = build(builders.vector_vae, mapped=True)
    z = np.random.RandomState(11).randn(1, 8).astype(np.float32)
    strayed = replace(seeded(pack, 11), settings=(Setting(control="stray", value=0.5),))
    same = LatentRecipe(model=pack.ref, source=Exact(mean=to_tensor(0.5 * z[0] + 1)))
    picture = engine.render(strayed).pixels
    assert np.array_equal(engine.render(same).pixels, picture)
    turned = replace(same, settings=strayed.settings)
    assert np.array_equal(engine.render(turned).pixels, picture)
    assert not np.array_equal(engine.render(seeded(pack, 11)).pixels, picture)
    assert np.array_equal(engine.sample_latents(pack.ref, 3, 0), np.ones((3, 8), np.float32))


def test_scale_and_shift_bring_spatial_latents_to_the_recipes_scale(build, engine) -> None:
    plain = build(builders.spatial_vae, scale=1.0, shift=0.0, pack_id="plain")
    scaled = build(builders.spatial_vae, scale=0.5, shift=0.25)
    picture = picture_of(engine, plain)
    raw, brought = (engine.encode(pack.ref, picture).source for pack in (plain, scaled))
    assert np.allclose(to_array(brought.mean), (to_array(raw.mean) - 0.25) * 0.5, atol=1e-5)
    deviations = [np.exp(0.5 * to_array(one.log_variance)) for one in (raw, brought)]
    assert np.allclose(deviations[1], 0.5 * deviations[0], rtol=1e-4)


def test_an_encoder_without_variance_gives_none(build, engine) -> None:
    pack = build(builders.latent_vae)
    encoded = engine.encode(pack.ref, picture_of(engine, pack))
    assert encoded.source.log_variance is None
    with pytest.raises(RecipeError, match="no variance"):
        engine.render(replace(encoded, source=Varied(around=encoded.source, seed=1)))


@pytest.mark.parametrize("builder", [builders.vector_vae, builders.spatial_vae])
def test_variations_spread_around_the_picture_with_their_strength(build, engine, builder) -> None:
    pack = build(builder)
    picture = picture_of(engine, pack)
    encoded = engine.encode(pack.ref, picture)

    def varied(seed: int, strength: float) -> np.ndarray:
        source = Varied(around=encoded.source, seed=seed, strength=strength)
        return engine.render(replace(encoded, source=source)).pixels

    still = engine.render(encoded).pixels
    assert np.array_equal(varied(1, 0.0), still)
    assert np.array_equal(varied(1, 1.0), varied(1, 1.0))
    assert not np.array_equal(varied(1, 1.0), varied(2, 1.0))
    away = [np.abs(varied(1, s).astype(int) - still).mean() for s in (0.2, 1.0, 3.0)]
    assert away == sorted(away)


def test_truncation_zero_is_the_middle_of_the_prior(build, engine, seeded) -> None:
    pack = build(builders.vector_vae)
    middle = Exact(mean=to_tensor(np.zeros(8, np.float32)))
    expected = engine.render(LatentRecipe(model=pack.ref, source=middle)).pixels
    for number in (1, 2):
        got = engine.render(seeded(pack, number, truncation=0.0)).pixels
        assert np.array_equal(got, expected)


@pytest.mark.parametrize("size", [(4, 4), (40, 8), (64, 100)])
def test_spatial_models_draw_any_size_that_is_a_multiple(build, engine, seeded, size) -> None:
    pack = build(builders.spatial_vae)
    assert engine.render(seeded(pack, size=size)).pixels.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("size", [(0, 0), (4, 6), (3, 4), (20_000, 4), (16_000, 16_000)])
def test_other_sizes_are_refused_with_the_multiple(build, engine, seeded, size) -> None:
    with pytest.raises(RecipeError, match="multiples of 4"):
        engine.render(seeded(build(builders.spatial_vae), size=size))


def test_a_given_latent_of_no_size_is_refused(build, engine) -> None:
    pack = build(builders.spatial_vae)
    for shape in ((4, 0, 0), (4, 1, 5000)):
        empty = Exact(mean=to_tensor(np.zeros(shape, np.float32)))
        with pytest.raises(RecipeError, match="multiples of 4"):
            engine.render(LatentRecipe(model=pack.ref, source=empty))


def test_a_vector_model_draws_its_own_size_only(build, engine, seeded) -> None:
    pack = build(builders.vector_vae)
    assert engine.render(seeded(pack, size=(16, 12))).pixels.shape == (12, 16, 3)
    with pytest.raises(RecipeError, match="16 x 12 pixels only"):
        engine.render(seeded(pack, size=(32, 24)))


def test_spatial_models_keep_a_pictures_size(build, engine) -> None:
    pack = build(builders.spatial_vae)
    picture = np.full((21, 34, 3), 120, np.uint8)
    encoded = engine.encode(pack.ref, picture)
    assert encoded.size == (32, 20)
    assert engine.render(encoded).pixels.shape == (20, 32, 3)


def test_pictures_of_other_sizes_and_channels_are_fitted(build, engine) -> None:
    pack = build(builders.vector_vae)
    for shape in ((1, 1, 1), (50, 20, 4), (12, 16, 3)):
        encoded = engine.encode(pack.ref, np.full(shape, 90, np.uint8))
        assert engine.render(encoded).pixels.shape == (12, 16, 3)


def test_a_blend_goes_from_one_picture_to_the_other(build, engine, seeded) -> None:
    pack = build(builders.vector_vae)
    a, b = FromSeed(seed=1), FromSeed(seed=2)

    def between(t: float) -> np.ndarray:
        recipe = LatentRecipe(model=pack.ref, source=Between(a=a, b=b, t=t))
        return engine.render(recipe).pixels

    assert np.array_equal(between(0.0), engine.render(seeded(pack, 1)).pixels)
    assert np.array_equal(between(1.0), engine.render(seeded(pack, 2)).pixels)
    far = [np.abs(between(t).astype(int) - between(0.0)).mean() for t in (0.25, 0.5, 0.75)]
    assert far == sorted(far)


def test_pictures_of_different_sizes_are_not_blended(build, engine) -> None:
    pack = build(builders.spatial_vae)
    small, large = (
        engine.encode(pack.ref, np.zeros((side, side, 3), np.uint8)).source for side in (8, 16)
    )
    source = Between(a=small, b=large, t=0.5)
    with pytest.raises(RecipeError, match="same size"):
        engine.render(LatentRecipe(model=pack.ref, source=source))


def test_a_class_changes_the_picture(build, engine, seeded) -> None:
    pack = build(builders.vector_vae, classes=("day", "night"))
    day, night = (
        engine.render(seeded(pack, class_label=label)).pixels for label in ("day", "night")
    )
    assert not np.array_equal(day, night)


def test_a_packs_own_control_feeds_its_input(build, engine, seeded) -> None:
    pack = build(builders.vector_vae, glow=True)
    dark, plain, light = (
        engine.render(seeded(pack, settings=(Setting(control="glow", value=value),))).pixels.mean()
        for value in (-1.0, 0.0, 1.0)
    )
    assert dark < plain < light
    assert engine.render(seeded(pack)).pixels.mean() == plain


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"settings": (Setting(control="gloom", value=1.0),)}, 'no control "gloom".*glow'),
        ({"settings": (Setting(control="glow", value=7.0),)}, "glow=7 is out of range.*-1 to 1"),
        ({"settings": (Setting(control="glow", value="much"),)}, "takes a number"),
        ({"class_label": "day"}, "no classes"),
        ({"truncation_cutoff": 2}, "no layers"),
        ({"mixing": (Mixing(source=FromSeed(seed=1), layers=(0, 1)),)}, "no layers"),
        ({"source": Exact(mean=to_tensor(np.zeros(8, np.float32)), space="w")}, "no w"),
        ({"source": Exact(mean=to_tensor(np.zeros(7, np.float32)))}, "another model"),
        ({"source": Exact(mean=Tensor(shape=(8,), data=b"1234"))}, "damaged"),
        (
            {
                "source": Varied(
                    around=Exact(
                        mean=to_tensor(np.zeros(8, np.float32)),
                        log_variance=to_tensor(np.zeros(2, np.float32)),
                    ),
                    seed=1,
                )
            },
            "differ in shape",
        ),
    ],
)
def test_what_a_vae_does_not_have_is_refused_in_words(build, engine, seeded, fields, words) -> None:
    pack = build(builders.vector_vae, glow=True)
    with pytest.raises(RecipeError, match=words):
        engine.render(replace(seeded(pack), **fields))


def test_a_pack_without_encoder_says_so(build, engine, packs) -> None:
    pack = build(builders.vector_vae)
    builders.change_manifest(pack.folder, lambda plain: plain["graphs"].pop("encoder"))
    packs[pack.id] = open_pack(pack.folder)
    with pytest.raises(RecipeError, match="no encoder"):
        engine.encode(pack.ref, np.zeros((12, 16, 3), np.uint8))


def _encoder(size: int, factor: float) -> GraphBuilder:
    g = GraphBuilder()
    flat = g("Flatten", g.input("image", ["batch", 3, 12, 16]))
    mean = g("Div", g("MatMul", flat, g.drawn(576, size)), g.const(factor))
    g.output("mean", ["batch", size], mean)
    g.output("log_variance", ["batch", size], mean)
    return g


@pytest.mark.parametrize(
    ("encoder", "words"),
    [
        (_encoder(9, 1.0), r"vector-vae gave a latent of the shape \[1, 9\]"),
        (_encoder(8, 0.0), "vector-vae gave numbers that are not finite"),
    ],
)
def test_an_encoder_that_gives_no_latent_is_told(build, engine, packs, encoder, words) -> None:
    pack = build(builders.vector_vae)
    builders.replace_graph(pack.folder, "encoder", encoder)
    packs[pack.id] = open_pack(pack.folder)
    with pytest.raises(EngineError, match=words):
        engine.encode(pack.ref, np.full((12, 16, 3), 200, np.uint8))


def test_a_decoder_that_gives_no_picture_is_told(build, engine, packs, seeded) -> None:
    pack = build(builders.vector_vae)
    g = GraphBuilder()
    wide = g("MatMul", g.input("latent", ["batch", 8]), g.drawn(8, 576))
    nothing = g("Log", g("Neg", g("Abs", wide)))
    shaped = g("Reshape", nothing, g.const([-1, 3, 12, 16], np.int64))
    g.output("image", ["batch", 3, 12, 16], shaped)
    builders.replace_graph(pack.folder, "decoder", g)
    packs[pack.id] = open_pack(pack.folder)
    with pytest.raises(EngineError, match="The model vector-vae gave numbers that are no picture"):
        engine.render(seeded(pack))
