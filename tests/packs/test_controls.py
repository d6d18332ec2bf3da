"""The controls of each kind of model, and what their values do to a recipe."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from genstudio.base.errors import RecipeError
from genstudio.base.texts import install_translator
from genstudio.packs.controls import Layers, controls_of, describe, family_controls, takes_prompt
from genstudio.packs.manifest import FORMAT, Choice, Manifest, Slider
from genstudio.packs.settings import fresh_recipe, setting_of, with_prompts, with_setting
from genstudio.recipe import codec
from genstudio.recipe.values import (
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    LatentRecipe,
    Mixing,
    ModelRef,
    Move,
    PictureRef,
    Setting,
    Tensor,
    TokenRecipe,
    UpscaleRecipe,
    Varied,
    WeightedPrompt,
)

REF = ModelRef(id="tiny")
FILE = {"file": "graph.onnx", "sha256": "0" * 64}
GAN = {"family": "gan", "z_size": 8, "layers": 6, "noise": 4}
VAE = {"family": "vae", "latent": {"type": "vector", "size": 4}}
SPATIAL = {"family": "vae", "latent": {"type": "spatial", "channels": 4, "factor": 8}}
TEXT = {"type": "text", "max_tokens": 8}
PRIOR: dict[str, Any] = {
    "family": "autoregressive",
    "grid": [4, 4],
    "tokens": {"type": "codebook", "size": 64},
}
ENCODED = Exact(
    mean=Tensor(shape=(1,), data=bytes(4)), log_variance=Tensor(shape=(1,), data=bytes(4))
)


def manifest(model: dict[str, Any], roles: tuple[str, ...] = (), *controls: Any) -> Manifest:
    return msgspec.convert(
        {
            "format": FORMAT,
            "id": "tiny",
            "name": "Tiny",
            "version": "1.0.0",
            "licence": "Apache-2.0",
            "summary": "A model for tests.",
            "image": {"width": 32, "height": 16},
            "model": model,
            "graphs": dict.fromkeys(roles, FILE),
            "controls": list(controls),
        },
        Manifest,
    )


def slider(name: str, low: float, high: float, default: float, **more: Any) -> dict[str, Any]:
    return {"type": "slider", "name": name, "low": low, "high": high, "default": default, **more}


def names(model: Manifest) -> list[str]:
    return [control.name for control in controls_of(model)]


def latent(model: Manifest, **settings: float | str) -> LatentRecipe:
    recipe = fresh_recipe(REF, model, 1)
    for name, value in settings.items():
        recipe = with_setting(recipe, model, name.replace("_", "-"), value)  # type: ignore[assignment]
    assert isinstance(recipe, LatentRecipe)
    return recipe


def test_a_gan_has_what_its_layers_and_noise_allow() -> None:
    assert names(manifest(GAN)) == [
        "truncation",
        "truncation-cutoff",
        "mix-seed",
        "mix-layers",
        "noise-seed",
        "noise-strength",
    ]
    any_size = names(manifest(GAN | {"noise_factors": [4, 2, 2, 1]}))
    assert any_size == [*names(manifest(GAN)), "width", "height"]
    assert names(manifest({"family": "gan", "z_size": 8, "classes": ["a"]})) == [
        "truncation",
        "class",
    ]


def test_a_vae_has_variation_where_it_can_read_pictures() -> None:
    assert names(manifest(VAE)) == ["truncation"]
    assert names(manifest(VAE, ("encoder",))) == ["truncation", "variation"]
    assert names(manifest(SPATIAL)) == ["truncation", "width", "height"]


def test_a_token_model_has_guidance_style_and_class_where_it_is_told_something() -> None:
    drawing = ["temperature", "top-k", "top-p"]
    assert names(manifest(PRIOR)) == drawing
    styles = {"styles": {"names": ["flat", "round"], "null": 2}}
    assert names(manifest(PRIOR | {"condition": TEXT} | styles)) == [*drawing, "guidance", "style"]
    classes = {"condition": {"type": "class", "classes": ["cat"], "null": 1}}
    control = controls_of(manifest(PRIOR | classes))[-1]
    assert isinstance(control, Choice)
    assert control.options == ("any", "cat")


def test_a_pack_sets_range_and_default_and_adds_its_own() -> None:
    model = manifest(
        GAN,
        (),
        slider("truncation", 0.2, 9, 0.7, tooltip="Calm."),
        slider("glow", 0, 1, 0.5, graph="synthesis", input="glow"),
    )
    first, last = controls_of(model)[0], controls_of(model)[-1]
    assert isinstance(first, Slider)
    assert (first.low, first.high, first.default, first.tooltip) == (0.2, 5, 0.7, "Calm.")
    assert last.name == "glow"
    assert latent(model).truncation == 0.7
    assert latent(model, glow="0.25").settings == (Setting(control="glow", value=0.25),)


def test_every_control_is_described_by_its_range_and_default() -> None:
    by_name = {control.name: control for control in controls_of(manifest(GAN))}
    assert describe(by_name["truncation"]) == "-2 to 2, usually 1"
    assert isinstance(by_name["mix-layers"], Layers)
    assert describe(by_name["mix-layers"]) == "layers from 0-5, usually 3-5"
    assert describe(by_name["mix-seed"]) == "0 to 4294967295, usually 0"


def test_the_familys_controls_reach_their_fields() -> None:
    recipe = latent(
        manifest(GAN),
        truncation="0.5",
        truncation_cutoff="3",
        mix_seed="9",
        mix_layers="0-1",
        noise_seed="4294967295",
        noise_strength=0.5,
    )
    assert recipe.truncation == 0.5
    assert recipe.truncation_cutoff == 3
    assert recipe.mixing == (Mixing(source=FromSeed(seed=9), layers=(0, 2)),)
    assert (recipe.noise_seed, recipe.noise_strength) == (4294967295, 0.5)
    assert codec.decode(codec.encode(recipe), "it") == recipe


def test_width_and_height_are_multiples_of_the_factor() -> None:
    model = manifest(SPATIAL)
    assert latent(model, width="64").size == (64, 16)
    assert latent(model, height=32, width=64).size == (64, 32)
    with pytest.raises(RecipeError, match="multiple of 8"):
        latent(model, width="63")


def test_a_token_models_controls_reach_their_fields() -> None:
    model = manifest(PRIOR | {"condition": TEXT, "styles": {"names": ["flat", "Round"], "null": 2}})
    recipe = fresh_recipe(REF, model, 1)
    for name, value in {
        "temperature": "0.8", "top-k": "10", "top-p": "0.9", "guidance": "3", "style": "round"
    }.items():  # fmt: skip
        recipe = with_setting(recipe, model, name, value)  # type: ignore[assignment]
    assert recipe == TokenRecipe(
        model=REF, seed=1, temperature=0.8, top_k=10, top_p=0.9, guidance=3.0, style="Round"
    )
    again = with_setting(recipe, model, "style", "any")
    assert isinstance(again, TokenRecipe)
    assert again.style is None


def test_variation_works_on_an_encoded_picture_alone() -> None:
    model = manifest(VAE, ("encoder",))
    encoded = LatentRecipe(model=REF, source=ENCODED)
    varied = with_setting(encoded, model, "variation", "0.5")
    assert isinstance(varied, LatentRecipe)
    assert varied.source == Varied(around=ENCODED, seed=0, strength=0.5)
    with pytest.raises(RecipeError, match="needs an encoded picture"):
        latent(model, variation="0.5")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("truncation", "9", "truncation=9 is out of range; it goes from -2 to 2"),
        ("truncation", "nan", "out of range"),
        ("truncation", "much", "number from -2 to 2, not 'much'"),
        ("noise-seed", "4294967296", "goes from 0 to 4294967295"),
        ("noise-seed", "1.5", "not a multiple of 1"),
        ("truncation-cutoff", "7", "from 0 to 6"),
        ("mix-layers", "0-2", "set mix-seed too"),
        ("mix-layers", "4-9", "the model's layers are 0-5"),
        ("mix-layers", "high", "range of layers such as 0-5"),
        ("shininess", "1", "has no control 'shininess'; it has: truncation, .*noise-strength"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(name: str, value: str, words: str) -> None:
    model = manifest(GAN)
    with pytest.raises(RecipeError, match=words):
        with_setting(fresh_recipe(REF, model, 1), model, name, value)


def test_an_option_there_is_not_is_refused_with_those_there_are() -> None:
    model = manifest({"family": "gan", "z_size": 8, "classes": ["cat", "dog"]})
    assert latent(model).class_label == "cat"
    with pytest.raises(RecipeError, match="one of: cat, dog"):
        latent(model, **{"class": "cow"})


def test_a_direction_moves_the_latent_in_all_layers_or_some() -> None:
    model = manifest(GAN)

    def found() -> tuple[str, ...]:
        return ("brightness", "principal 1")

    recipe = fresh_recipe(REF, model, 1)
    for name, value in (("brightness", "2"), ("principal 1@2-4", "-1"), ("brightness", "3")):
        recipe = with_setting(recipe, model, name, value, found)  # type: ignore[assignment]
    assert isinstance(recipe, LatentRecipe)
    assert set(recipe.moves) == {
        Move(direction="brightness", amount=3.0),
        Move(direction="principal 1", amount=-1.0, layers=(2, 5)),
    }
    with pytest.raises(RecipeError, match=r"it has: truncation.*brightness, principal 1"):
        with_setting(recipe, model, "warmth", "1", found)
    with pytest.raises(RecipeError, match="out of range"):
        with_setting(recipe, model, "brightness", "1e9", found)
    still = with_setting(recipe, model, "brightness", 0, found)
    assert isinstance(still, LatentRecipe)
    assert len(still.moves) == 1


def test_directions_are_not_searched_for_a_known_control_or_a_raw_latent() -> None:
    def never() -> tuple[str, ...]:
        raise AssertionError

    model = manifest(GAN)
    recipe = with_setting(fresh_recipe(REF, model, 1), model, "truncation", 0.5, never)
    recipe = with_setting(recipe, model, "latent 12", -1, never)
    recipe = with_setting(recipe, model, "latent 3@4-5", "2", never)
    assert isinstance(recipe, LatentRecipe)
    assert recipe.moves == (
        Move(direction="latent 12", amount=-1.0),
        Move(direction="latent 3", amount=2.0, layers=(4, 6)),
    )


def test_a_model_without_a_latent_has_no_raw_ones() -> None:
    model = manifest(PRIOR)
    with pytest.raises(RecipeError, match="has no control 'latent 1'; it has: temperature"):
        with_setting(fresh_recipe(REF, model, 1), model, "latent 1", 1)


def test_a_model_without_layers_refuses_a_layer_range() -> None:
    model = manifest(VAE)
    with pytest.raises(RecipeError, match="has no layers"):
        with_setting(fresh_recipe(REF, model, 1), model, "warmth@1-2", 1, lambda: ("warmth",))


def test_prompts_go_to_the_models_that_take_them() -> None:
    blend = (WeightedPrompt(text="heart"), WeightedPrompt(text="fish", weight=3.0))
    drawn = manifest(PRIOR | {"condition": TEXT})
    assert takes_prompt(drawn)
    recipe = with_prompts(fresh_recipe(REF, drawn, 1), drawn, blend)
    assert isinstance(recipe, TokenRecipe)
    assert recipe.prompts == blend
    found = manifest(VAE, ("prompt_to_latent",))
    recipe = with_prompts(fresh_recipe(REF, found, 1), found, blend)
    assert isinstance(recipe, LatentRecipe)
    assert recipe.source == Between(a=FromPrompt(text="heart"), b=FromPrompt(text="fish"), t=0.75)
    deaf = manifest(VAE | {"classes": ["cat"]})
    with pytest.raises(RecipeError, match="takes no prompt; choose a class"):
        with_prompts(fresh_recipe(REF, deaf, 1), deaf, blend)


STYLED = PRIOR | {"condition": TEXT, "styles": {"names": ["flat", "round"], "null": 2}}
GLOW = slider("glow", 0, 1, 0.5, graph="synthesis", input="glow")
FINISH = {"type": "choice", "name": "finish", "options": ["matt", "gloss"], "default": "matt"}
FAMILIES = [
    pytest.param(manifest(GAN | {"classes": ["cat", "dog"]}, (), GLOW), None, id="gan"),
    pytest.param(manifest({"family": "gan", "z_size": 8}), None, id="one generator"),
    pytest.param(manifest(VAE, ("encoder",), FINISH), ENCODED, id="vae"),
    pytest.param(manifest(SPATIAL), None, id="spatial vae"),
    pytest.param(manifest(STYLED), None, id="prompted tokens"),
    pytest.param(
        manifest(PRIOR | {"condition": {"type": "class", "classes": ["cat"], "null": 1}}),
        None,
        id="tokens with a class or none",
    ),
    pytest.param(
        manifest(PRIOR | {"condition": {"type": "class", "classes": ["cat", "cow"]}}),
        None,
        id="tokens with a class",
    ),
]


def started(model: Manifest, source: Exact | None) -> Any:
    """A fresh recipe; of an encoded picture where one is given; mixed where the model mixes."""
    recipe = LatentRecipe(model=REF, source=source) if source else fresh_recipe(REF, model, 1)
    return with_setting(recipe, model, "mix-seed", 3) if "mix-seed" in names(model) else recipe


def values_for(control: Any) -> list[Any]:
    if isinstance(control, Layers):
        return [(0, 1), (1, control.count)]
    if isinstance(control, Choice):
        return list(control.options)
    return [control.high, control.low, control.default]


@pytest.mark.parametrize(("model", "source"), FAMILIES)
def test_what_a_control_is_set_to_can_be_read_and_set_again(
    model: Manifest, source: Exact | None
) -> None:
    for control in controls_of(model):
        for value in values_for(control):
            recipe = with_setting(started(model, source), model, control.name, value)
            assert setting_of(recipe, model, control.name) == value
            assert with_setting(recipe, model, control.name, value) == recipe
            for other in set(names(model)) - {control.name}:
                untouched = setting_of(started(model, source), model, other)
                assert untouched is not None
                assert setting_of(recipe, model, other) == untouched


@pytest.mark.parametrize(("model", "source"), FAMILIES)
def test_a_control_that_nobody_turned_is_read_as_its_default(
    model: Manifest, source: Exact | None
) -> None:
    recipe = fresh_recipe(REF, model, 1)
    for control in controls_of(model):
        present = setting_of(recipe, model, control.name)
        if control.name in ("mix-seed", "mix-layers", "variation"):
            assert present is None
        else:
            assert present == control.default
        if control.name in family_controls(model) and present is not None:
            assert with_setting(recipe, model, control.name, present) == recipe


def test_a_class_called_any_is_drawn_where_the_class_cannot_be_left_open() -> None:
    model = manifest({"family": "gan", "z_size": 8, "classes": ["cat", "any"]})
    recipe = latent(model, **{"class": "any"})
    assert recipe.class_label == "any"
    assert setting_of(recipe, model, "class") == "any"
    assert setting_of(latent(model), model, "class") == "cat"


def test_of_two_values_of_one_control_the_last_counts_as_it_does_in_the_engine() -> None:
    model = manifest(GAN, (), GLOW)
    first, last = Setting(control="glow", value=0.1), Setting(control="glow", value=0.9)
    recipe = LatentRecipe(model=REF, source=FromSeed(seed=1), settings=(first, last))
    assert setting_of(recipe, model, "glow") == 0.9


@pytest.mark.parametrize(("control", "value"), [("glow", "bright"), ("finish", 1.0)])
def test_a_value_that_a_packs_control_does_not_take_is_not_read(
    control: str, value: float | str
) -> None:
    model = manifest(GAN, (), GLOW, FINISH)
    wrong = Setting(control=control, value=value)
    recipe = LatentRecipe(model=REF, source=FromSeed(seed=1), settings=(wrong,))
    assert setting_of(recipe, model, control) is None


def test_an_encoded_picture_is_not_varied_until_it_is() -> None:
    model = manifest(VAE, ("encoder",))
    encoded = LatentRecipe(model=REF, source=ENCODED)
    assert setting_of(encoded, model, "variation") == 0
    sure = LatentRecipe(model=REF, source=Exact(mean=ENCODED.mean))
    assert setting_of(sure, model, "variation") is None


def test_layers_mixed_from_no_seed_have_no_mix_seed() -> None:
    model = manifest(GAN)
    mixing = Mixing(source=ENCODED, layers=(1, 3))
    recipe = LatentRecipe(model=REF, source=FromSeed(seed=1), mixing=(mixing,))
    assert setting_of(recipe, model, "mix-seed") is None
    assert setting_of(recipe, model, "mix-layers") == (1, 3)


def test_a_recipe_of_another_kind_of_model_has_no_settings() -> None:
    gan, prior = manifest(GAN), manifest(PRIOR)
    assert setting_of(fresh_recipe(REF, prior, 1), gan, "truncation") is None
    assert setting_of(fresh_recipe(REF, gan, 1), prior, "temperature") is None
    assert setting_of(fresh_recipe(REF, gan, 1), gan, "shininess") is None
    enlarged = UpscaleRecipe(model=REF, picture=PictureRef(sha256="0" * 64))
    assert setting_of(enlarged, gan, "truncation") is None


@pytest.mark.parametrize(("model", "source"), FAMILIES)
def test_the_familys_words_are_translated_and_the_packs_stay(
    model: Manifest, source: Exact | None
) -> None:
    own = {control.name: control for control in model.controls}
    english = controls_of(model)
    install_translator(lambda context, text: f"{context}: {text}")
    try:
        translated = controls_of(model)
    finally:
        install_translator(None)
    for before, after in zip(english, translated, strict=True):
        if before.name in own:
            assert after == own[before.name]
        else:
            assert before.label
            assert before.tooltip
            assert after.label == f"Controls: {before.label}"
            assert after.tooltip == f"Controls: {before.tooltip}"


def test_an_upscaler_has_no_controls_and_needs_a_picture() -> None:
    model = manifest({"family": "upscaler", "scale": 2})
    assert controls_of(model) == ()
    with pytest.raises(RecipeError, match="enlarges pictures"):
        fresh_recipe(REF, model, 1)
    recipe = UpscaleRecipe(model=REF, picture=PictureRef(sha256="0" * 64))
    with pytest.raises(RecipeError, match="has no controls"):
        with_setting(recipe, model, "truncation", 1)
