"""The words for what changed, as they stand in the menu and beside the thumbnails."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from genstudio.base.texts import install_translator
from genstudio.document.words import LENGTH_LIMIT, from_picture, words_for
from genstudio.packs.manifest import Choice, Manifest, Slider, open_pack
from genstudio.recipe.values import (
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    KeptTokens,
    LatentRecipe,
    LatentSource,
    LayerRange,
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
from tests import builders
from tests.builders.recipes import drawn, enlarged, latents

MODEL = ModelRef(id="tiny-gan")
SEED = LatentRecipe(model=MODEL, source=FromSeed(seed=7))
TOKENS = TokenRecipe(model=MODEL, seed=7, prompts=(WeightedPrompt(text="red heart"),))
NUMBERS = Tensor(shape=(1,), data=b"\0\0\0\0")
PICTURE = Exact(mean=NUMBERS, log_variance=NUMBERS)
HEART, STAR = FromPrompt(text="red heart"), FromPrompt(text="blue star")
BLEND = Between(a=HEART, b=STAR, t=0.25)


@pytest.fixture(scope="module")
def gan(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    made = open_pack(builders.gan(tmp_path_factory.mktemp("gan"))).manifest
    own = (
        Slider(name="shine", label="Glossy shine", low=0, high=1, default=0.5),
        Choice(name="mode", options=("day", "night"), default="day"),
        Slider(name="noise-strength", label="Grain", low=0, high=2, default=1),
    )
    return replace(made, name="Landscapes", controls=own)


@pytest.fixture(scope="module")
def upscaler(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return open_pack(builders.upscaler(tmp_path_factory.mktemp("upscaler"))).manifest


def moves(**amounts: float) -> tuple[Move, ...]:
    return tuple(Move(direction=name, amount=amount) for name, amount in amounts.items())


def mixing(seed: int, layers: LayerRange) -> tuple[Mixing, ...]:
    return (Mixing(source=FromSeed(seed=seed), layers=layers),)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"truncation": 0.7}, {"truncation": 0.5}, "truncation 0.7 → 0.5"),
        ({"truncation": 0.5}, {"truncation": -1.0}, "truncation 0.5 → −1"),
        ({"truncation": 0.70001}, {"truncation": 0.70002}, "truncation 0.70001 → 0.70002"),
        ({"truncation": 0.0}, {"truncation": 0.004}, "truncation 0 → 0.004"),
        ({"noise_seed": 1}, {"noise_seed": 2}, "noise seed 1 → 2"),
        ({"noise_strength": 1.0}, {"noise_strength": 1.5}, "Grain 1 → 1.5"),
        ({}, {"truncation_cutoff": 4}, "truncation cutoff all → 4"),
        ({"class_label": "dog"}, {"class_label": "cat"}, "class dog → cat"),
        ({"class_label": "dog"}, {}, "class dog → any"),
        ({}, {"size": (64, 32)}, "size 16 × 16 → 64 × 32"),
        ({}, {"moves": moves(brightness=1.5)}, "brightness 0 → +1.5"),
        ({"moves": moves(brightness=1.5)}, {}, "brightness reset"),
        (
            {"moves": moves(brightness=1.5)},
            {"moves": moves(brightness=1.5, warmth=-1)},
            "warmth 0 → −1",
        ),
        ({}, {"moves": moves(a=1, b=1, c=1)}, "3 sliders"),
        ({"moves": moves(a=1, b=1, c=1, d=1)}, {}, "4 sliders reset"),
        (
            {},
            {"moves": (Move(direction="warmth", amount=2, layers=(0, 3)),)},
            "warmth on layers 0-2 0 → +2",
        ),
        ({}, {"settings": (Setting(control="shine", value=0.8),)}, "Glossy shine 0.5 → 0.8"),
        ({}, {"settings": (Setting(control="shine", value=0.5),)}, "Glossy shine 0.5"),
        ({"settings": (Setting(control="shine", value=0.8),)}, {}, "Glossy shine reset"),
        ({}, {"settings": (Setting(control="mode", value="night"),)}, "mode day → night"),
        ({}, {"settings": (Setting(control="unheard", value=2.0),)}, "unheard 2"),
        ({}, {"mixing": mixing(5, (4, 9))}, "style mixing from seed 5 on layers 4-8"),
        ({"mixing": mixing(5, (4, 9))}, {"mixing": mixing(5, (4, 5))}, "style mixing on layer 4"),
        ({"mixing": mixing(5, (4, 9))}, {}, "style mixing off"),
        (
            {},
            {"mixing": mixing(5, (4, 9)) + mixing(6, (0, 1))},
            "style mixing from 2 pictures",
        ),
        ({"upscaling": Upscaling(model=MODEL)}, {}, "not enlarged"),
        (
            {},
            {"truncation": 0.5, "noise_seed": 3, "class_label": "cat", "size": (8, 8)},
            "class any → cat, truncation 1 → 0.5 and 2 more",
        ),
        (
            {},
            {"truncation": 0.5, "noise_seed": 3},
            "truncation 1 → 0.5, noise seed 0 → 3",
        ),
    ],
)  # fmt: skip
def test_what_changed_in_a_latent_recipe(
    gan: Manifest, old: dict[str, object], new: dict[str, object], words: str
) -> None:
    assert words_for(replace(SEED, **old), replace(SEED, **new), gan) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (FromSeed(seed=7), FromSeed(seed=12), "seed 7 → 12"),
        (FromSeed(seed=7), FromSeed(seed=2**32 - 1), "seed 7 → 4294967295"),
        (HEART, FromSeed(seed=12), "seed 12"),
        (FromSeed(seed=7), HEART, "prompt “red heart”"),
        (HEART, BLEND, "prompts “red heart” and “blue star”"),
        (BLEND, Between(a=HEART, b=STAR, t=0.75), "blend 0.25 → 0.75"),
        (BLEND, Between(a=HEART, b=STAR, t=0.25, how="linear"), "blend along the line"),
        (HEART, Between(a=PICTURE, b=STAR, t=0.5), "between a picture and “blue star”"),
        (FromSeed(seed=7), PICTURE, "from a picture"),
        (FromSeed(seed=7), Exact(mean=NUMBERS), "another latent"),
        (PICTURE, Varied(around=PICTURE, seed=1), "variation of a picture"),
        (Varied(around=PICTURE, seed=1), Varied(around=PICTURE, seed=2), "seed 1 → 2"),
        (
            Varied(around=PICTURE, seed=1),
            Varied(around=PICTURE, seed=1, strength=2),
            "variation 1 → 2",
        ),
        (Varied(around=PICTURE, seed=1), PICTURE, "the picture itself, not varied"),
        (FromSeed(seed=7), FromPrompt(text="red\nheart " * 9), "prompt “red heart red heart red…”"),
    ],
)
def test_what_a_picture_begins_with(
    gan: Manifest, old: LatentSource, new: LatentSource, words: str
) -> None:
    assert words_for(replace(SEED, source=old), replace(SEED, source=new), gan) == words


def prompts(*texts: str, weight: float = 1.0) -> tuple[WeightedPrompt, ...]:
    return tuple(WeightedPrompt(text=text, weight=weight) for text in texts)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({"seed": 8}, "seed 7 → 8"),
        ({"prompts": prompts("blue star")}, "prompt “blue star”"),
        ({"prompts": prompts("a", "b")}, "prompts “a” and “b”"),
        ({"prompts": prompts("a", "b", "c", "d")}, "prompts “a”, “b” and 2 more"),
        ({"prompts": ()}, "prompt removed"),
        ({"prompts": prompts("red heart", weight=2)}, "weight of “red heart” 1 → 2"),
        ({"style": "flat"}, "style any → flat"),
        ({"temperature": 0.8}, "temperature 1 → 0.8"),
        ({"top_k": 100}, "top k 0 → 100"),
        ({"top_p": 0.9}, "top p 1 → 0.9"),
        ({"guidance": 3.0}, "guidance 1 → 3"),
        ({"kept": KeptTokens(tokens=bytes(8), kept=b"\0\1")}, "a part of the picture kept"),
    ],
)
def test_what_changed_in_a_token_recipe(new: dict[str, object], words: str) -> None:
    assert words_for(TOKENS, replace(TOKENS, **new), None) == words


def test_enlarging_tells_by_how_much(gan: Manifest, upscaler: Manifest) -> None:
    larger = replace(SEED, upscaling=Upscaling(model=ModelRef(id="upscale-2x")))
    assert words_for(SEED, larger, gan, upscaler) == "enlarged 2×"
    assert words_for(SEED, larger, gan) == "enlarged with upscale-2x"


def test_an_enlarged_picture_from_outside_is_told_by_its_name(upscaler: Manifest) -> None:
    recipe = UpscaleRecipe(model=MODEL, picture=PictureRef(sha256="ab" * 32, name="cat.png"))
    assert words_for(SEED, recipe, upscaler) == "from picture cat.png, enlarged 2×"
    other = replace(recipe, picture=PictureRef(sha256="cd" * 32, name="dog.png"))
    assert words_for(recipe, other, upscaler) == "from picture dog.png"


def test_another_model_is_told_by_its_name_alone(gan: Manifest) -> None:
    before = replace(SEED, model=ModelRef(id="another"), truncation=0.5)
    assert words_for(before, SEED, gan) == "model Landscapes"
    assert words_for(TOKENS, SEED, None) == "model tiny-gan"


def test_another_version_of_the_model_is_told(gan: Manifest) -> None:
    newer = replace(SEED, model=ModelRef(id="tiny-gan", sha256="0" * 64), truncation=0.5)
    assert words_for(SEED, newer, gan) == "another version of Landscapes, truncation 1 → 0.5"


def test_the_beginning_is_told_by_model_and_seed_or_prompt(gan: Manifest) -> None:
    assert words_for(None, SEED, gan) == "model Landscapes, seed 7"
    assert words_for(None, TOKENS, None) == "model tiny-gan, prompt “red heart”"
    assert words_for(None, replace(TOKENS, prompts=()), None) == "model tiny-gan, seed 7"


def test_a_long_file_name_is_shortened() -> None:
    assert from_picture("cat.png") == "from picture cat.png"
    assert from_picture("c" * 300) == f"from picture {'c' * 23}…"


def test_the_words_are_in_the_persons_language(gan: Manifest) -> None:
    german = {"truncation": "Trunkierung", "{label} {old} → {new}": "{label}: {old} auf {new}"}
    install_translator(lambda context, text: german.get(text, text))
    try:
        words = words_for(SEED, replace(SEED, truncation=0.5), gan)
    finally:
        install_translator(None)
    assert words == "Trunkierung: 1 auf 0.5"


pairs = (st.tuples(latents, latents) | st.tuples(drawn, drawn) | st.tuples(enlarged, enlarged)).map(
    lambda pair: (pair[0], replace(pair[1], model=pair[0].model))
)


@given(pair=pairs, known=st.booleans())
@settings(max_examples=400, deadline=None)
@example(pair=(SEED, replace(SEED, moves=moves(a=0))), known=True)
@example(
    pair=(
        replace(SEED, settings=(Setting(control="x" * 200, value=1e-300),)),
        replace(SEED, settings=(Setting(control="x" * 200, value=1.1e-300),)),
    ),
    known=True,
)
def test_any_two_different_recipes_have_words_on_one_short_line(
    gan: Manifest, pair: tuple[Recipe, Recipe], known: bool
) -> None:
    before, after = pair
    if before == after:
        return
    words = words_for(before, after, gan if known else None)
    assert 0 < len(words) <= LENGTH_LIMIT
    assert words.isprintable()
    assert words.strip() == words


@given(latents | drawn | enlarged, latents | drawn | enlarged)
@settings(max_examples=200, deadline=None)
def test_any_beginning_and_any_change_of_model_have_words(first: Recipe, second: Recipe) -> None:
    for before in (None, first):
        words = words_for(before, second, None)
        assert 0 < len(words) <= LENGTH_LIMIT
        assert words.isprintable()


FIELDS = [
    *((LatentRecipe, latents, name) for name in LatentRecipe.__struct_fields__),
    *((TokenRecipe, drawn, name) for name in TokenRecipe.__struct_fields__),
    *((UpscaleRecipe, enlarged, name) for name in UpscaleRecipe.__struct_fields__),
]


@pytest.mark.parametrize(("kind", "recipes", "field"), FIELDS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_every_field_of_a_recipe_has_words_of_its_own(
    kind: type, recipes: st.SearchStrategy[Recipe], field: str, data: st.DataObject
) -> None:
    before, other = data.draw(recipes), data.draw(recipes)
    after = replace(before, **{field: getattr(other, field)})
    if before != after:
        assert words_for(before, after, None) != "a small change"
