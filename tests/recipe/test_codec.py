"""Recipes as JSON: whole both ways, strict about versions, fields and ranges."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genstudio.base.errors import RecipeError
from genstudio.recipe import codec
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef, Recipe
from tests.builders.recipes import drawn, enlarged, latents


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
