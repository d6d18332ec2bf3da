"""The engine as a whole: what a rendering tells, moves, stopping, models of every family."""

from __future__ import annotations

import threading

import numpy as np
import onnx
import pytest
from msgspec.structs import replace
from onnx import TensorProto, helper

from genstudio.base.errors import Cancelled, EngineError, RecipeError
from genstudio.base.paths import cache_folder
from genstudio.base.progress import Cancel
from genstudio.engine.render import Engine
from genstudio.latent.attributes import measure
from genstudio.packs.manifest import open_pack
from genstudio.recipe.values import (
    KeptTokens,
    ModelRef,
    Move,
    TokenRecipe,
    Upscaling,
    WeightedPrompt,
)
from tests import builders


def warmth(pixels: np.ndarray) -> float:
    return float(measure(pixels[None].astype(np.float32) / 255)["warmth"][0])


def test_a_rendering_tells_how_it_came_to_be(build, engine, seeded) -> None:
    pack = build(builders.gan)
    rendering = engine.render(seeded(pack))
    assert rendering.recipe == seeded(pack)
    assert rendering.device == "cpu"
    assert set(rendering.seconds) == {"latent", "picture"}
    assert all(seconds >= 0 for seconds in rendering.seconds.values())
    assert rendering.notes == ()


def test_another_version_of_the_model_is_a_note_not_an_error(build, engine, seeded) -> None:
    recipe = seeded(build(builders.gan))
    old = replace(recipe, model=ModelRef(id=recipe.model.id, sha256="1" * 64))
    rendering = engine.render(old)
    assert "another version of style-gan" in rendering.notes[0]
    assert np.array_equal(rendering.pixels, engine.render(recipe).pixels)


def test_progress_goes_up_to_one(build, engine, seeded) -> None:
    pack, larger = build(builders.gan), build(builders.upscaler)
    told: list[float] = []

    def progress(done: float, what: str = "", preview: object | None = None) -> None:
        told.append(done)

    recipes = [seeded(pack, n, upscaling=Upscaling(model=larger.ref)) for n in range(3)]
    engine.render_many(recipes, progress)
    assert told == sorted(told)
    assert told[-1] == 1.0
    told.clear()
    engine.best_of(recipes[0], 3, progress)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_move_along_a_named_direction_changes_what_it_names(build, engine, seeded) -> None:
    pack = build(builders.gan)
    assert "warmth" in engine.directions(pack.ref).names

    def moved(amount: float) -> float:
        recipe = seeded(pack, 2, moves=(Move(direction="warmth", amount=amount),))
        return warmth(engine.render(recipe).pixels)

    assert moved(-2) < moved(0) < moved(2)
    assert moved(0) == warmth(engine.render(seeded(pack, 2)).pixels)


@pytest.mark.parametrize("builder", [builders.vector_vae, builders.generator_gan])
def test_models_without_layers_move_too(build, engine, seeded, builder) -> None:
    pack = build(builder)
    move = Move(direction="principal 1", amount=2.0)
    moved = engine.render(seeded(pack, moves=(move,))).pixels
    assert not np.array_equal(moved, engine.render(seeded(pack)).pixels)
    with pytest.raises(RecipeError, match="has no layers"):
        engine.render(seeded(pack, moves=(replace(move, layers=(0, 1)),)))


def test_a_move_of_some_layers_leaves_the_others(build, engine, seeded) -> None:
    pack = build(builders.gan)
    parts = [Move(direction="principal 1", amount=1.5, layers=span) for span in ((0, 2), (2, 4))]
    whole = Move(direction="principal 1", amount=1.5)
    together = engine.render(seeded(pack, moves=tuple(parts))).pixels
    assert np.array_equal(together, engine.render(seeded(pack, moves=(whole,))).pixels)
    assert not np.array_equal(together, engine.render(seeded(pack, moves=(parts[0],))).pixels)


def test_a_move_beyond_the_layers_is_refused(build, engine, seeded) -> None:
    move = Move(direction="principal 1", amount=1.0, layers=(3, 9))
    with pytest.raises(RecipeError, match="Layers 3 to 8"):
        engine.render(seeded(build(builders.gan), moves=(move,)))


def test_an_unknown_direction_is_refused_with_those_there_are(build, engine, seeded) -> None:
    move = Move(direction="sweetness", amount=1.0)
    with pytest.raises(RecipeError, match=r"no direction 'sweetness'.*principal 1"):
        engine.render(seeded(build(builders.gan), moves=(move,)))


def test_spatial_models_move_at_their_own_size_only(build, engine, seeded) -> None:
    pack = build(builders.spatial_vae)
    moves = (Move(direction="principal 1", amount=1.0),)
    assert engine.render(seeded(pack, moves=moves)).pixels.shape == (12, 16, 3)
    with pytest.raises(RecipeError, match="its own picture size"):
        engine.render(seeded(pack, moves=moves, size=(64, 64)))


def test_directions_are_found_once_and_kept(build, engine) -> None:
    pack = build(builders.gan)
    first = engine.directions(pack.ref)
    kept = cache_folder() / "directions" / f"{pack.ref.sha256}.npz"
    assert kept.is_file()
    again = engine.directions(pack.ref)
    assert again.names == first.names


def test_directions_of_a_class_model_are_found(build, engine) -> None:
    assert engine.directions(build(builders.class_gan).ref).names


def test_a_token_model_has_no_directions(build, engine) -> None:
    with pytest.raises(RecipeError, match="no latents"):
        engine.directions(build(builders.text_prior).ref)


def test_token_recipes_that_differ_in_their_seed_are_each_what_they_are_alone(
    build, engine
) -> None:
    pack = build(builders.text_prior)
    prompts = (WeightedPrompt(text="red cat"),)
    recipes = [TokenRecipe(model=pack.ref, seed=seed, prompts=prompts) for seed in (3, 4, 5)]
    for rendering in engine.render_many(recipes):
        assert np.array_equal(rendering.pixels, engine.render(rendering.recipe).pixels)


def asked(pack, seed: int = 10, **fields: object) -> TokenRecipe:
    fields = {"prompts": (WeightedPrompt(text="red cat"),), "guidance": 3.0} | fields
    return TokenRecipe(model=pack.ref, seed=seed, **fields)


def test_the_best_of_several_token_pictures_is_the_one_that_fits_the_words_best(
    build, engine
) -> None:
    pack = build(builders.text_prior)
    alone = [engine.render(asked(pack, seed), scored=True) for seed in range(10, 29)]
    scores = [rendering.score for rendering in alone]
    best = engine.best_of(asked(pack), len(alone))
    place = scores.index(max(scores))
    assert best.recipe == asked(pack, 10 + place)
    assert best.score == pytest.approx(scores[place], abs=1e-4)
    assert np.array_equal(best.pixels, engine.render(best.recipe).pixels)
    assert engine.best_of(asked(pack, 15), 1).score == pytest.approx(scores[5], abs=1e-4)


def test_a_token_picture_is_the_same_scored_or_not(build, engine) -> None:
    pack = build(builders.text_prior)
    silent, scored = engine.render(asked(pack)), engine.render(asked(pack), scored=True)
    assert silent.score is None
    assert scored.score is not None
    assert np.array_equal(silent.pixels, scored.pixels)
    assert engine.render(asked(pack, prompts=()), scored=True).score is None


def test_the_best_of_several_token_pictures_rises_to_one_and_is_enlarged(build, engine) -> None:
    pack, larger = build(builders.text_prior), build(builders.upscaler)
    told: list[float] = []
    recipe = asked(pack, upscaling=Upscaling(model=larger.ref))
    best = engine.best_of(recipe, 11, lambda done, *_: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1.0
    plain = engine.best_of(asked(pack), 11)
    assert best.recipe == replace(plain.recipe, upscaling=recipe.upscaling)
    assert best.score == plain.score
    assert best.pixels.shape[0] == 2 * plain.pixels.shape[0]


def test_the_best_of_many_token_pictures_can_be_stopped_on_the_way(build, engine) -> None:
    cancel = Cancel()

    def stop_in_the_second_group(
        done: float, what: str = "", preview: object | None = None
    ) -> None:
        if done > 0.5:
            cancel.set()

    with pytest.raises(Cancelled):
        engine.best_of(asked(build(builders.text_prior)), 16, stop_in_the_second_group, cancel)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"prompts": ()}, "give a prompt"),
        ({"prompts": (WeightedPrompt(text="  "),)}, "give a prompt"),
        ({"guidance": 1.0}, "does not do at guidance 1; set another"),
        ({"guidance": 0.0}, "does not do at guidance 0; set another"),
        ({"kept": KeptTokens(tokens=bytes(48), kept=b"\x01" * 12)}, "needs a seed"),
    ],
)
def test_where_nothing_tells_how_the_words_fit_the_best_is_refused(
    build, engine, fields, sentence
) -> None:
    pack = build(builders.text_prior)
    with pytest.raises(RecipeError, match=sentence):
        engine.best_of(asked(pack, **fields), 3)
    aim = engine.render(asked(pack, 12, **fields))
    near = engine.best_of(asked(pack, **fields), 3, near=aim.pixels)
    assert np.array_equal(near.pixels, aim.pixels)


def test_a_blend_that_leaves_nothing_to_compare_with_has_no_best(build, engine) -> None:
    half = (WeightedPrompt(text="red cat"), WeightedPrompt(text=" "))
    pack = build(builders.text_prior)
    with pytest.raises(RecipeError, match="guidance 2; set another"):
        engine.best_of(asked(pack, prompts=half, guidance=2.0), 3)
    assert engine.best_of(asked(pack, prompts=half), 3).score is not None


@pytest.mark.parametrize("builder", [builders.class_prior, builders.palette_prior])
def test_a_token_model_that_takes_no_words_has_no_best(build, engine, builder) -> None:
    with pytest.raises(RecipeError, match="a critic, words or a picture"):
        engine.best_of(TokenRecipe(model=build(builder).ref, seed=1), 3)


def test_recipes_of_several_models_come_back_in_their_order(build, engine, seeded) -> None:
    gan, vae, prior = (
        build(builder) for builder in (builders.gan, builders.vector_vae, builders.text_prior)
    )
    recipes = [seeded(gan), seeded(vae), TokenRecipe(model=prior.ref, seed=1), seeded(gan, 2)]
    assert [rendering.recipe for rendering in engine.render_many(recipes)] == recipes


def test_a_picture_of_tokens_can_be_encoded_enlarged_and_kept(build, engine) -> None:
    pack, larger = build(builders.text_prior), build(builders.upscaler)
    drawn = engine.render(TokenRecipe(model=pack.ref, seed=1)).pixels
    encoded = engine.encode(pack.ref, drawn)
    assert np.array_equal(engine.render(encoded).pixels, drawn)
    large = engine.render(replace(encoded, upscaling=Upscaling(model=larger.ref))).pixels
    assert large.shape[:2] == (2 * drawn.shape[0], 2 * drawn.shape[1])


def test_a_recipe_for_another_family_is_refused(build, engine, seeded) -> None:
    with pytest.raises(RecipeError, match="no latent"):
        engine.render(seeded(build(builders.text_prior)))
    with pytest.raises(RecipeError):
        engine.render(TokenRecipe(model=build(builders.gan).ref, seed=1))


def test_a_set_token_stops_everything_and_the_engine_works_on(build, engine, seeded) -> None:
    pack, vae = build(builders.gan), build(builders.vector_vae)
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        engine.render(seeded(pack), cancel=cancel)
    with pytest.raises(Cancelled):
        engine.best_of(seeded(pack), 3, cancel=cancel)
    with pytest.raises(Cancelled):
        engine.directions(pack.ref, cancel=cancel)
    with pytest.raises(Cancelled):
        engine.encode(vae.ref, np.zeros((12, 16, 3), np.uint8), cancel)
    assert engine.render(seeded(pack)).pixels.shape == (16, 16, 3)


def test_a_token_set_while_a_picture_is_drawn_stops_the_graph(build, engine, packs, seeded) -> None:
    pack = build(builders.generator_gan)
    builders.replace_graph(pack.folder, "generator", _endless().SerializeToString())
    packs[pack.id] = open_pack(pack.folder)
    cancel = Cancel()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        engine.render(seeded(pack), cancel=cancel)
    timer.join()
    assert engine.render(seeded(build(builders.gan))).pixels.shape == (16, 16, 3)


def test_a_broken_graph_is_told_with_the_models_name(build, engine, seeded) -> None:
    pack = build(builders.gan)
    (pack.folder / "synthesis.onnx").write_bytes(b"garbage")
    with pytest.raises(EngineError, match="The model style-gan cannot be used"):
        engine.render(seeded(pack))


def test_a_small_budget_still_renders(build, packs, seeded) -> None:
    pack = build(builders.gan)
    frugal = Engine(lambda ref: packs[ref.id], "cpu", memory_budget=1, threads=1)
    roomy = Engine(lambda ref: packs[ref.id], "cpu", threads=1)
    assert np.array_equal(frugal.render(seeded(pack)).pixels, roomy.render(seeded(pack)).pixels)


def _endless() -> onnx.ModelProto:
    """A generator that turns z over and over for many minutes."""

    def info(name: str, kind: int, shape: list) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Cos", ["x"], ["next"]),
        ],
        "body",
        [
            info("step", TensorProto.INT64, []),
            info("go", TensorProto.BOOL, []),
            info("x", TensorProto.FLOAT, ["batch", 8]),
        ],
        [info("go_on", TensorProto.BOOL, []), info("next", TensorProto.FLOAT, ["batch", 8])],
    )
    graph = helper.make_graph(
        [
            helper.make_node("Loop", ["count", "", "z"], ["y"], body=body),
            helper.make_node("Reshape", ["y", "shape"], ["image"]),
        ],
        "endless",
        [info("z", TensorProto.FLOAT, ["batch", 8])],
        [info("image", TensorProto.FLOAT, ["batch", 1, 2, 4])],
        initializer=[
            helper.make_tensor("count", TensorProto.INT64, [], [10**12]),
            helper.make_tensor("shape", TensorProto.INT64, [4], [-1, 1, 2, 4]),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def test_two_phrases_span_a_direction_of_one_deviation(build, engine, seeded) -> None:
    pack = build(builders.prompted_gan)
    plain = seeded(pack, 3)

    def moved(name: str, amount: float) -> np.ndarray:
        return engine.render(replace(plain, moves=(Move(direction=name, amount=amount),))).pixels

    there, back = moved("red cat -> blue house", 2.0), moved("blue house -> red cat", -2.0)
    assert not np.array_equal(there, engine.render(plain).pixels)
    assert np.abs(there.astype(int) - back.astype(int)).max() <= 1
    assert not np.array_equal(there, moved("red cat -> hill", 2.0))
    with pytest.raises(RecipeError, match="mean the same to prompted-gan; use other words"):
        moved("red cat -> red cat", 1.0)
    untold = seeded(build(builders.gan), moves=(Move(direction="sad -> happy", amount=1.0),))
    with pytest.raises(RecipeError, match="takes no prompt"):
        engine.render(untold)


@pytest.mark.parametrize("builder", [builders.vector_vae, builders.spatial_vae, builders.gan])
def test_a_raw_latent_moves_one_number_by_one_deviation(build, engine, seeded, builder) -> None:
    pack = build(builder)
    recipe = seeded(pack)
    moved = replace(recipe, moves=(Move(direction="latent 2", amount=1.5),))
    samples = engine.sample_latents(pack.ref, 4096, 1)
    rendering = engine.render(moved)
    assert not np.array_equal(rendering.pixels, engine.render(recipe).pixels)
    step = engine.directions(pack.ref).find("latent 2").vector.reshape(-1)
    assert np.flatnonzero(step).tolist() == [1]
    assert step[1] == pytest.approx(samples.reshape(4096, -1)[:, 1].std(), rel=0.1)


def test_a_raw_latent_beyond_the_last_is_refused(build, engine, seeded) -> None:
    recipe = replace(
        seeded(build(builders.vector_vae)), moves=(Move(direction="latent 99", amount=1.0),)
    )
    with pytest.raises(RecipeError, match=r"no direction 'latent 99'.*latent 1 to latent 8"):
        engine.render(recipe)
