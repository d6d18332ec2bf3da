"""Recipes between two recipes, and recipes with another seed."""

from __future__ import annotations

import pytest

from genstudio.base.errors import RecipeError
from genstudio.recipe import codec
from genstudio.recipe.seeds import seed_of, with_seed
from genstudio.recipe.tween import tween
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
    Upscaling,
    Varied,
    WeightedPrompt,
)

MODEL = ModelRef(id="tiny")
ENCODED = Exact(
    mean=Tensor(shape=(1,), data=bytes(4)), log_variance=Tensor(shape=(1,), data=bytes(4))
)


def latent(seed: int = 1, **fields: object) -> LatentRecipe:
    return LatentRecipe(model=MODEL, source=FromSeed(seed=seed), **fields)  # type: ignore[arg-type]


def tokens(*prompts: tuple[str, float], seed: int = 1, **fields: object) -> TokenRecipe:
    weighted = tuple(WeightedPrompt(text=text, weight=weight) for text, weight in prompts)
    return TokenRecipe(model=MODEL, seed=seed, prompts=weighted, **fields)  # type: ignore[arg-type]


def test_the_ends_are_the_recipes_themselves() -> None:
    a, b = latent(1, truncation=0.2, noise_seed=3), latent(2, noise_seed=4)
    assert tween(a, b, 0) == a
    assert tween(a, b, 1) == b


def test_the_latent_goes_between_and_numbers_change_evenly() -> None:
    a = latent(1, truncation=0.2, settings=(Setting(control="glow", value=1.0),))
    b = latent(2, truncation=1.0, settings=(Setting(control="glow", value=3.0),))
    middle = tween(a, b, 0.25, "linear")
    assert isinstance(middle, LatentRecipe)
    assert middle.source == Between(a=a.source, b=b.source, t=0.25, how="linear")
    assert middle.truncation == pytest.approx(0.4)
    assert middle.settings[0].value == pytest.approx(1.5)


def test_a_move_that_one_side_lacks_grows_from_nothing() -> None:
    a = latent(moves=(Move(direction="warmth", amount=2.0),))
    b = latent(moves=(Move(direction="detail", amount=4.0, layers=(1, 2)),))
    middle = tween(a, b, 0.25)
    assert isinstance(middle, LatentRecipe)
    assert middle.source == a.source
    amounts = {move.direction: move.amount for move in middle.moves}
    assert amounts == {"warmth": pytest.approx(1.5), "detail": pytest.approx(1.0)}


def test_mixed_layers_go_between_where_they_are_the_same_layers() -> None:
    a = latent(mixing=(Mixing(source=FromSeed(seed=8), layers=(0, 2)),))
    b = latent(mixing=(Mixing(source=FromSeed(seed=9), layers=(0, 2)),))
    other = latent(mixing=(Mixing(source=FromSeed(seed=9), layers=(1, 2)),))
    middle = tween(a, b, 0.5)
    assert isinstance(middle, LatentRecipe)
    assert isinstance(middle.mixing[0].source, Between)
    late = tween(a, other, 0.75)
    assert isinstance(late, LatentRecipe)
    assert late.mixing == other.mixing


def test_prompts_cross_over_by_weight() -> None:
    middle = tween(tokens(("heart", 3.0)), tokens(("fish", 1.0), ("heart", 1.0)), 0.5)
    assert isinstance(middle, TokenRecipe)
    weights = {prompt.text: prompt.weight for prompt in middle.prompts}
    assert weights == {"heart": pytest.approx(0.75), "fish": pytest.approx(0.25)}


def test_what_cannot_be_between_changes_at_the_half() -> None:
    a, b = tokens(seed=1, style="flat", temperature=1.0), tokens(seed=2, style="round")
    early, late = tween(a, b, 0.4), tween(a, b, 0.6)
    assert isinstance(early, TokenRecipe)
    assert isinstance(late, TokenRecipe)
    assert (early.seed, early.style) == (1, "flat")
    assert (late.seed, late.style) == (2, "round")


def test_every_recipe_between_can_be_stored() -> None:
    a = latent(1, moves=(Move(direction="warmth", amount=2.0),))
    for t in (0.0, 0.3, 0.5, 1.0):
        middle = tween(a, latent(2), t)
        assert codec.decode(codec.encode(middle), "it") == middle


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (latent(), tokens(), "different kinds"),
        (latent(), LatentRecipe(model=ModelRef(id="other"), source=FromSeed(seed=1)), "one model"),
        (latent(size=(8, 8)), latent(size=(16, 8)), "different sizes"),
        (latent(), latent(upscaling=Upscaling(model=ModelRef(id="x2"))), "enlarged differently"),
        (UpscaleRecipe(model=MODEL, picture=PictureRef(sha256="a" * 64)), latent(), "enlarged"),
    ],
)
def test_recipes_without_a_way_between_them_are_refused(a: object, b: object, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        tween(a, b, 0.5)  # type: ignore[arg-type]


def test_a_seed_is_read_and_changed() -> None:
    assert seed_of(latent(5)) == 5
    assert seed_of(with_seed(latent(5), 6)) == 6
    assert seed_of(with_seed(tokens(seed=5), 6)) == 6
    assert seed_of(LatentRecipe(model=MODEL, source=FromPrompt(text="a"))) is None


def test_an_encoded_picture_is_varied_by_a_seed() -> None:
    varied = with_seed(LatentRecipe(model=MODEL, source=ENCODED), 6)
    assert isinstance(varied, LatentRecipe)
    assert varied.source == Varied(around=ENCODED, seed=6)


def test_a_seed_out_of_range_or_of_no_use_is_refused() -> None:
    with pytest.raises(RecipeError, match="out of range"):
        with_seed(latent(), 2**32)
    with pytest.raises(RecipeError, match="Nothing in this recipe"):
        with_seed(LatentRecipe(model=MODEL, source=FromPrompt(text="a")), 1)
