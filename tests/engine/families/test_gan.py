"""GANs: seeds, truncation, style mixing, noise, classes and the critic."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import EngineError, PackError, RecipeError
from genstudio.base.progress import NEVER
from genstudio.engine.families import gan
from genstudio.engine.latents import to_tensor
from genstudio.latent.interpolate import lerp, slerp
from genstudio.packs.manifest import open_pack
from genstudio.packs.settings import fresh_recipe
from genstudio.recipe.seeds import with_seed
from genstudio.recipe.values import (
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    LatentRecipe,
    Mixing,
    ModelRef,
    Upscaling,
    Varied,
)
from tests import builders
from tests.builders.graph import GraphBuilder


def seed(number: int) -> FromSeed:
    return FromSeed(seed=number)


def w_of(recipe, pack, graphs) -> np.ndarray:
    return gan.latent_of(recipe, pack, graphs, NEVER)


def z_of(number: int) -> np.ndarray:
    return np.random.RandomState(number).randn(1, 8).astype(np.float32)


def test_a_seed_gives_the_same_picture_twice(build, engine, seeded) -> None:
    recipe = seeded(build(builders.gan), 7)
    assert np.array_equal(engine.render(recipe).pixels, engine.render(recipe).pixels)


def test_a_seed_gives_the_same_picture_alone_and_among_others(build, engine, seeded) -> None:
    pack = build(builders.gan)
    recipes = [seeded(pack, number) for number in (1, 2, 3)]
    for rendering in engine.render_many(recipes):
        assert np.array_equal(rendering.pixels, engine.render(rendering.recipe).pixels)


def test_other_seeds_give_other_pictures(build, engine, seeded) -> None:
    pack = build(builders.gan)
    pictures = {engine.render(seeded(pack, number)).pixels.tobytes() for number in range(5)}
    assert len(pictures) == 5


def test_z_is_drawn_as_stylegans_tools_draw_it(build, cpu_graphs, seeded) -> None:
    pack = build(builders.gan)
    mapped = gan.map_z(z_of(42), None, pack, cpu_graphs)
    assert np.array_equal(w_of(seeded(pack, 42), pack, cpu_graphs), mapped)


def test_truncation_zero_is_the_average_picture_whatever_the_seed(build, engine, seeded) -> None:
    pack = build(builders.gan)
    averages = [engine.render(seeded(pack, number, truncation=0.0)).pixels for number in (1, 2)]
    assert np.array_equal(*averages)
    assert not np.array_equal(averages[0], engine.render(seeded(pack, 1)).pixels)


def test_truncation_pulls_w_to_the_packs_average(build, cpu_graphs, seeded) -> None:
    pack = build(builders.gan, w_average=True)
    whole = w_of(seeded(pack, 3), pack, cpu_graphs)
    half = w_of(seeded(pack, 3, truncation=0.5), pack, cpu_graphs)
    assert np.allclose(half, 0.1 + 0.5 * (whole - 0.1), atol=1e-6)


def test_an_average_that_is_not_stated_is_about_that_of_many_seeds(
    build, cpu_graphs, seeded
) -> None:
    pack = build(builders.gan)
    average = w_of(seeded(pack, truncation=0.0), pack, cpu_graphs)
    z = np.random.RandomState(99).randn(20_000, 8).astype(np.float32)
    assert np.allclose(average[0], gan.map_z(z, None, pack, cpu_graphs).mean(axis=0), atol=0.03)


def test_truncation_leaves_the_layers_from_the_cutoff_on(build, cpu_graphs, seeded) -> None:
    pack = build(builders.gan)
    whole = w_of(seeded(pack, 3), pack, cpu_graphs)
    cut = w_of(seeded(pack, 3, truncation=0.2, truncation_cutoff=2), pack, cpu_graphs)
    assert np.array_equal(cut[:, 2:], whole[:, 2:])
    assert not np.allclose(cut[:, :2], whole[:, :2])


def test_mixing_changes_only_the_layers_that_are_mixed(build, cpu_graphs, seeded) -> None:
    pack = build(builders.gan)
    own = w_of(seeded(pack, 3), pack, cpu_graphs)
    other = w_of(seeded(pack, 4), pack, cpu_graphs)
    mixing = (Mixing(source=seed(4), layers=(1, 3)),)
    mixed = w_of(seeded(pack, 3, mixing=mixing), pack, cpu_graphs)
    assert np.array_equal(mixed[:, [0, 3]], own[:, [0, 3]])
    assert np.array_equal(mixed[:, 1:3], other[:, 1:3])


def test_mixing_all_layers_gives_the_other_picture(build, engine, seeded) -> None:
    pack = build(builders.gan)
    mixed = engine.render(seeded(pack, 3, mixing=(Mixing(source=seed(4), layers=(0, 4)),)))
    assert np.array_equal(mixed.pixels, engine.render(seeded(pack, 4)).pixels)


def flat(*size: int) -> np.ndarray:
    return np.linspace(-1, 1, int(np.prod(size)), dtype=np.float32).reshape(size)


@pytest.mark.parametrize(
    "parent",
    [
        pytest.param(FromPrompt(text="red circle"), id="a prompt"),
        pytest.param(Exact(mean=to_tensor(flat(8))), id="a latent"),
        pytest.param(Exact(mean=to_tensor(flat(4, 6)), space="w"), id="a w of each layer"),
        pytest.param(Exact(mean=to_tensor(flat(6)), space="w"), id="one w"),
        pytest.param(
            Varied(around=Exact(mean=to_tensor(flat(8)), log_variance=to_tensor(flat(8))), seed=5),
            id="a variation",
        ),
        pytest.param(Between(a=seed(1), b=seed(2), t=0.3), id="a blend"),
        pytest.param(Between(a=seed(1), b=seed(2), t=0.3, how="linear"), id="a blend in w"),
    ],
)
def test_the_second_parent_may_come_from_anywhere(build, cpu_graphs, seeded, parent) -> None:
    pack = build(builders.prompted_gan)
    other = w_of(LatentRecipe(model=pack.ref, source=parent, truncation=0.5), pack, cpu_graphs)
    own = w_of(seeded(pack, 3, truncation=0.5), pack, cpu_graphs)
    mixing = (Mixing(source=parent, layers=(1, 3)),)
    mixed = w_of(seeded(pack, 3, truncation=0.5, mixing=mixing), pack, cpu_graphs)
    assert not np.array_equal(own, other)
    assert np.array_equal(mixed[:, [0, 3]], own[:, [0, 3]])
    assert np.array_equal(mixed[:, 1:3], other[:, 1:3])


def test_the_noise_seed_changes_the_grain_and_no_strength_takes_it_away(
    build, engine, seeded
) -> None:
    pack = build(builders.gan)
    first, second = (engine.render(seeded(pack, noise_seed=number)).pixels for number in (0, 1))
    assert not np.array_equal(first, second)
    silent = [
        engine.render(seeded(pack, noise_seed=number, noise_strength=0.0)).pixels
        for number in (0, 1)
    ]
    assert np.array_equal(*silent)


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0, 2.0])
def test_noise_is_the_same_whether_the_graph_or_the_engine_scales_it(
    build, engine, seeded, strength: float
) -> None:
    outside = build(builders.gan)
    inside = build(builders.gan, strength_input=True, pack_id="scales-itself")
    a, b = (
        engine.render(seeded(pack, 5, noise_strength=strength)).pixels.astype(int)
        for pack in (outside, inside)
    )
    assert np.abs(a - b).max() <= 1


def test_a_larger_grid_of_noise_makes_a_larger_picture(build, engine, seeded) -> None:
    pack = build(builders.tile_gan)
    recipe = seeded(pack, 5)
    assert engine.render(recipe).pixels.shape == (16, 16, 3)
    large = replace(recipe, size=(32, 12))
    first, other = (engine.render(replace(large, noise_seed=n)).pixels for n in (0, 1))
    assert first.shape == (12, 32, 3)
    assert not np.array_equal(first, other)
    assert np.array_equal(first, engine.render(large).pixels)


@pytest.mark.parametrize("size", [(18, 16), (0, 16), (16_388, 4), (16_000, 16_000)])
def test_a_size_that_is_no_whole_grid_is_refused_in_words(build, engine, seeded, size) -> None:
    recipe = replace(seeded(build(builders.tile_gan), 5), size=size)
    with pytest.raises(RecipeError, match=f"multiples of 4.*{size[0]} x {size[1]} is not"):
        engine.render(recipe)


def test_a_mapping_of_one_w_gives_it_to_all_layers(build, engine, seeded) -> None:
    one, many = build(builders.gan, one_w=True, pack_id="one-w"), build(builders.gan)
    assert np.array_equal(*(engine.render(seeded(pack, 6)).pixels for pack in (one, many)))


def test_the_spherical_way_between_seeds_goes_through_z(build, cpu_graphs) -> None:
    pack = build(builders.gan)
    recipe = LatentRecipe(model=pack.ref, source=Between(a=seed(1), b=seed(2), t=0.3))
    expected = gan.map_z(slerp(z_of(1), z_of(2), 0.3), None, pack, cpu_graphs)
    assert np.allclose(w_of(recipe, pack, cpu_graphs), expected, atol=1e-6)


def test_the_linear_way_between_seeds_goes_through_w(build, cpu_graphs) -> None:
    pack = build(builders.gan)
    source = Between(a=seed(1), b=seed(2), t=0.3, how="linear")
    ends = [gan.map_z(z_of(number), None, pack, cpu_graphs) for number in (1, 2)]
    found = w_of(LatentRecipe(model=pack.ref, source=source), pack, cpu_graphs)
    assert np.allclose(found, lerp(*ends, 0.3), atol=1e-6)


@pytest.mark.parametrize("how", ["spherical", "linear"])
def test_the_ends_of_a_way_are_the_pictures_themselves(build, engine, seeded, how) -> None:
    pack = build(builders.gan)
    for t, number in ((0.0, 1), (1.0, 2)):
        source = Between(a=seed(1), b=seed(2), t=t, how=how)
        end = engine.render(LatentRecipe(model=pack.ref, source=source)).pixels
        assert np.array_equal(end, engine.render(seeded(pack, number)).pixels)


@pytest.mark.parametrize("per_layer", [True, False])
def test_a_given_w_is_drawn_as_it_is(build, engine, cpu_graphs, seeded, per_layer: bool) -> None:
    pack = build(builders.gan)
    w = w_of(seeded(pack, 8), pack, cpu_graphs)[0]
    exact = Exact(mean=to_tensor(w if per_layer else w[0]), space="w")
    given = engine.render(LatentRecipe(model=pack.ref, source=exact))
    assert np.array_equal(given.pixels, engine.render(seeded(pack, 8)).pixels)


def test_a_given_z_is_the_seeds_picture(build, engine, seeded) -> None:
    pack = build(builders.gan)
    exact = Exact(mean=to_tensor(z_of(8)[0]))
    given = engine.render(LatentRecipe(model=pack.ref, source=exact))
    assert np.array_equal(given.pixels, engine.render(seeded(pack, 8)).pixels)


@pytest.mark.parametrize("options", [{}, {"z_rank": 4}, {"classes": ("cat", "dog")}])
def test_one_generator_draws_too(build, engine, seeded, options: dict) -> None:
    pack = build(builders.generator_gan, **options)
    first, second = (engine.render(seeded(pack, number)).pixels for number in (1, 2))
    assert first.shape == (16, 16, 3)
    assert not np.array_equal(first, second)
    calm = [engine.render(seeded(pack, number, truncation=0.0)).pixels for number in (1, 2)]
    assert np.array_equal(*calm)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("value_range", [(0.0, 1.0), (-1.0, 1.0)])
def test_greys_colours_and_transparency_in_both_ranges(
    build, engine, seeded, channels, value_range
) -> None:
    pack = build(builders.gan, channels=channels, value_range=value_range)
    pixels = engine.render(seeded(pack)).pixels
    assert pixels.shape == (16, 16, channels)
    assert pixels.dtype == np.uint8
    assert pixels.max() > 150
    assert pixels.min() < 100


@pytest.mark.parametrize(
    ("builder", "options"),
    [(builders.class_gan, {}), (builders.generator_gan, {"classes": ("cat", "dog")})],
)
def test_a_class_changes_the_picture(build, engine, seeded, builder, options) -> None:
    pack = build(builder, **options)
    cat, dog = (
        engine.render(seeded(pack, class_label=label, truncation=0.7)).pixels
        for label in ("cat", "dog")
    )
    assert not np.array_equal(cat, dog)
    assert np.array_equal(cat, engine.render(seeded(pack, truncation=0.7)).pixels)


def test_a_prompt_becomes_a_latent_where_the_pack_can(build, engine) -> None:
    pack = build(builders.prompted_gan)
    cat, dog, again = (
        engine.render(LatentRecipe(model=pack.ref, source=FromPrompt(text=text))).pixels
        for text in ("red cat", "blue dog", "red cat")
    )
    assert np.array_equal(cat, again)
    assert not np.array_equal(cat, dog)


def test_the_critics_favourite_of_several_seeds_is_the_best(build, engine, seeded) -> None:
    pack = build(builders.gan)
    scores = [engine.best_of(seeded(pack, number), 1).score for number in range(10, 16)]
    best = engine.best_of(seeded(pack, 10), 6)
    assert best.score == max(scores)
    assert best.recipe == seeded(pack, 10 + scores.index(best.score))
    assert np.array_equal(best.pixels, engine.render(best.recipe).pixels)


def test_the_critic_is_asked_only_where_its_score_is(build, engine, seeded) -> None:
    recipe = seeded(build(builders.gan))
    silent, scored = engine.render(recipe), engine.render(recipe, scored=True)
    assert silent.score is None
    assert scored.score == engine.best_of(recipe, 1).score
    assert scored.score is not None
    assert np.array_equal(silent.pixels, scored.pixels)
    assert set(scored.seconds) - set(silent.seconds) == {"critic"}


def test_a_pack_without_a_critic_gives_no_score(build, engine, seeded) -> None:
    with_one, without = build(builders.gan), build(builders.gan, critic=False)
    assert with_one.manifest.has_critic
    assert not without.manifest.has_critic
    rendering = engine.render(seeded(without), scored=True)
    assert rendering.score is None
    assert "critic" not in rendering.seconds


def test_an_enlarged_picture_keeps_its_score(build, engine, seeded) -> None:
    pack, larger = build(builders.gan), build(builders.upscaler)
    recipe = seeded(pack, upscaling=Upscaling(model=larger.ref))
    assert engine.render(recipe, scored=True).score == engine.best_of(seeded(pack), 1).score


def test_without_a_critic_there_is_no_best(build, engine, seeded) -> None:
    with pytest.raises(RecipeError, match="critic"):
        engine.best_of(seeded(build(builders.gan, critic=False)), 3)


@pytest.mark.parametrize("builder", [builders.gan, builders.vector_vae, builders.prior])
def test_the_nearest_of_several_seeds_is_the_one_whose_picture_is_given(
    build, engine, seeded, builder
) -> None:
    pack = build(builder)
    first = fresh_recipe(pack.ref, pack.manifest, 10)
    aim = engine.render(with_seed(first, 14))
    told: list[float] = []
    best = engine.best_of(first, 6, lambda done, *_: told.append(done), near=aim.pixels)
    assert np.array_equal(best.pixels, aim.pixels)
    assert best.recipe == aim.recipe
    assert told == sorted(told)


def test_an_own_picture_has_no_seeds_to_choose_among(build, engine, seeded) -> None:
    pack = build(builders.vector_vae)
    own = engine.render(seeded(pack)).pixels
    with pytest.raises(RecipeError, match="seed to begin with"):
        engine.best_of(engine.encode(pack.ref, own), 3, near=own)


def test_the_best_of_none_is_refused(build, engine, seeded) -> None:
    with pytest.raises(RecipeError, match="at least one"):
        engine.best_of(seeded(build(builders.gan)), 0)


def test_a_mapping_that_takes_one_row_at_a_time_is_run_so(build, engine, seeded) -> None:
    pack = build(builders.gan)
    g = GraphBuilder(11)
    w = g("Tanh", g("MatMul", g.input("z", [1, 8]), g.drawn(8, 6)))
    g.output("w", [1, 6], w)
    builders.replace_graph(pack.folder, "mapping", g)
    assert engine.sample_latents(pack.ref, 5, 0).shape == (5, 6)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"class_label": "cat"}, "no classes"),
        ({"size": (32, 32)}, "16 x 16 pixels only"),
        ({"truncation": 0.5, "truncation_cutoff": 9}, "cutoff 9 is beyond the 4 layers"),
        ({"mixing": (Mixing(source=FromSeed(seed=1), layers=(2, 7)),)}, "Layers 2 to 6 .* 0 to 3"),
        ({"mixing": (Mixing(source=FromSeed(seed=1), layers=(2, 2)),)}, "Layers"),
        ({"source": FromPrompt(text="a cat")}, "takes no prompt"),
        ({"source": Exact(mean=to_tensor(np.zeros(5, np.float32)))}, "another model"),
        ({"source": Exact(mean=to_tensor(np.zeros(5, np.float32)), space="w")}, "another model"),
        ({"source": Exact(mean=to_tensor(np.zeros((3, 6), np.float32)), space="w")}, "another"),
        ({"source": Exact(mean=to_tensor(np.zeros((0,), np.float32)), space="w")}, "another"),
        (
            {"source": Exact(mean=to_tensor(np.full(8, np.nan, np.float32)))},
            "not finite",
        ),
        (
            {
                "source": Varied(
                    around=Exact(mean=to_tensor(np.zeros(8, np.float32))), seed=1, strength=1
                )
            },
            "no variance",
        ),
    ],
)
def test_what_a_gan_does_not_have_is_refused_in_words(build, engine, seeded, fields, words) -> None:
    pack = build(builders.gan)
    with pytest.raises(RecipeError, match=words):
        engine.render(replace(seeded(pack), **fields))


def test_an_unknown_class_is_refused_with_those_there_are(build, engine, seeded) -> None:
    with pytest.raises(RecipeError, match=r'no class "cow"; choose one of .*cat'):
        engine.render(seeded(build(builders.class_gan), class_label="cow"))


def test_one_generator_has_no_layers_to_mix(build, engine, seeded) -> None:
    pack = build(builders.generator_gan)
    with pytest.raises(RecipeError, match="without layers"):
        engine.render(seeded(pack, mixing=(Mixing(source=seed(2), layers=(0, 1)),)))


def test_a_manifest_that_lies_about_layers_is_told(build, engine, packs, seeded) -> None:
    pack = build(builders.gan)
    builders.change_manifest(pack.folder, lambda plain: plain["model"].update(layers=3))
    packs[pack.id] = open_pack(pack.folder)
    with pytest.raises(EngineError, match=r"style-gan gave w of the shape .* 3 layers"):
        engine.render(seeded(pack))


def test_a_manifest_that_names_a_wrong_input_is_told(build, engine, packs, seeded) -> None:
    pack = build(builders.gan)
    builders.change_manifest(
        pack.folder, lambda plain: plain["graphs"]["mapping"].update(inputs={"z": "noise"})
    )
    packs[pack.id] = open_pack(pack.folder)
    with pytest.raises(EngineError, match="no input noise; name the right one of z"):
        engine.render(seeded(pack))


def test_an_average_of_a_wrong_size_is_told(build, engine, packs, seeded) -> None:
    pack = build(builders.gan)
    builders.change_manifest(pack.folder, lambda plain: plain["model"].update(w_average=[0.0] * 5))
    packs[pack.id] = open_pack(pack.folder)
    with pytest.raises(EngineError, match="has 5 numbers, but its mapping gives 6"):
        engine.render(seeded(pack, truncation=0.5))


def test_a_model_that_is_not_there_is_refused(engine) -> None:
    recipe = LatentRecipe(model=ModelRef(id="nobody"), source=seed(1))
    with pytest.raises(PackError, match="no model nobody"):
        engine.render(recipe)
