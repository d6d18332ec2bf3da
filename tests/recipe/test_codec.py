"""Recipes as JSON: whole both ways, strict about versions, fields and ranges."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genstudio.base.errors import RecipeError
from genstudio.recipe import codec
from genstudio.recipe.values import (
    SEED_LIMIT,
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    KeptTokens,
    LatentRecipe,
    Mixing,
    ModelRef,
    Move,
    PictureRef,
    Recipe,
    Setting,
    Tensor,
    TokenRecipe,
    UpscaleRecipe,
    Upscaling,
    Varied,
    WeightedPrompt,
)

names = st.text(max_size=20)
seeds = st.integers(0, SEED_LIMIT - 1)
layers = st.tuples(st.integers(0, 9), st.integers(0, 9))
models = st.builds(ModelRef, id=names, sha256=st.sampled_from(["", "0" * 64, "9a" * 32]))
tensors = st.builds(Tensor, shape=st.tuples(st.integers(0, 9)), data=st.binary(max_size=40))
exact = st.builds(
    Exact, mean=tensors, log_variance=st.none() | tensors, space=st.sampled_from(["latent", "w"])
)
strengths = st.floats(0, 10)
sources = st.recursive(
    st.builds(FromSeed, seed=seeds)
    | st.builds(FromPrompt, text=names)
    | exact
    | st.builds(Varied, around=exact, seed=seeds, strength=strengths),
    lambda inner: st.builds(Between, a=inner, b=inner, t=st.floats(0, 1)),
    max_leaves=4,
)
controls = st.lists(
    st.builds(Setting, control=names, value=st.floats(-9, 9) | names), max_size=2
).map(tuple)
upscaling = st.none() | st.builds(Upscaling, model=models)
latents = st.builds(
    LatentRecipe,
    model=models,
    source=sources,
    class_label=st.none() | names,
    moves=st.lists(
        st.builds(Move, direction=names, amount=st.floats(-1e4, 1e4), layers=st.none() | layers),
        max_size=2,
    ).map(tuple),
    truncation=st.floats(-5, 5),
    truncation_cutoff=st.none() | st.integers(0, 18),
    mixing=st.lists(st.builds(Mixing, source=sources, layers=layers), max_size=2).map(tuple),
    noise_seed=seeds,
    noise_strength=strengths,
    size=st.none() | layers,
    settings=controls,
    upscaling=upscaling,
)
drawn = st.builds(
    TokenRecipe,
    model=models,
    seed=seeds,
    prompts=st.lists(
        st.builds(WeightedPrompt, text=names, weight=st.floats(0.01, 1000)), max_size=3
    ).map(tuple),
    style=st.none() | names,
    temperature=strengths,
    top_k=st.integers(0, 4096),
    top_p=st.floats(0.01, 1),
    guidance=st.floats(0, 100),
    kept=st.none()
    | st.builds(KeptTokens, tokens=st.binary(max_size=16), kept=st.binary(max_size=4)),
    settings=controls,
    upscaling=upscaling,
)
enlarged = st.builds(
    UpscaleRecipe,
    model=models,
    picture=st.builds(PictureRef, sha256=st.just("ab" * 32), name=names),
)


@given(latents | drawn | enlarged)
@settings(max_examples=300, deadline=None)
def test_every_recipe_comes_back_equal_with_an_equal_hash(recipe: Recipe) -> None:
    again = codec.decode(codec.encode(recipe), "it")
    assert again == recipe
    assert hash(again) == hash(recipe)
    assert codec.encode(again) == codec.encode(recipe)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(json_values, st.sampled_from(["latent", "tokens", "upscale", "paint"]))
@settings(max_examples=200, deadline=None)
def test_any_json_is_a_recipe_or_is_refused_in_a_sentence(value: object, kind: str) -> None:
    bodies = [
        value,
        {"type": kind, "model": value},
        {"type": kind, "model": {"id": "a"}, "seed": value},
    ]
    for body in bodies:
        whole = {"format": "genstudio-recipe", "version": 1, "recipe": body}
        for data in (json.dumps(value), json.dumps(whole)):
            try:
                codec.decode(data.encode(), "it")
            except RecipeError as error:
                said = str(error)
                assert said.startswith("it ")
                assert said.endswith(".")


def test_a_newer_version_is_refused_before_its_fields_are_looked_at() -> None:
    data = b'{"format":"genstudio-recipe","version":2,"picture":{"shape":"new"}}'
    with pytest.raises(RecipeError, match=r"newer GenStudio.*update GenStudio"):
        codec.decode(data, "it")


@pytest.mark.parametrize(
    "change",
    [
        (b'"seed":7', b'"seed":4294967296'),
        (b'"seed":7', b'"seed":-1'),
        (b'"truncation":1.0', b'"truncation":NaN'),
        (b'"truncation":1.0', b'"truncation":99'),
        (b'"truncation":1.0', b'"truncation":1.0,"shine":2'),
        (b'"type":"latent"', b'"type":"painting"'),
        (b"genstudio-recipe", b"another-recipe"),
    ],
)
def test_a_value_that_cannot_be_is_refused(change: tuple[bytes, bytes]) -> None:
    whole = codec.encode(LatentRecipe(model=ModelRef(id="tiny"), source=FromSeed(seed=7)))
    assert change[0] in whole
    with pytest.raises(RecipeError, match=r"^it "):
        codec.decode(whole.replace(*change), "it")


def test_blends_nested_without_end_are_refused() -> None:
    inside = '{"type":"seed","seed":1}'
    for _ in range(200):
        inside = '{"type":"between","a":' + inside + ',"b":{"type":"seed","seed":1},"t":0.5}'
    recipe = '{"type":"latent","model":{"id":"a"},"source":' + inside + "}"
    whole = '{"format":"genstudio-recipe","version":1,"recipe":' + recipe + "}"
    with pytest.raises(RecipeError, match="nested too deep"):
        codec.decode(whole.encode(), "it")
