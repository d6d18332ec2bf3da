"""Prompts come back from recipes of either kind; what a recipe cannot hold is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.recipe.prompts import BLEND_LIMIT, PROMPT_LIMIT, prompts_of
from genstudio.recipe.values import FromSeed, LatentRecipe, TokenRecipe, WeightedPrompt
from tests import builders
from tests.studio.conftest import Desk


def blend(*parts: tuple[str, float]) -> tuple[WeightedPrompt, ...]:
    return tuple(WeightedPrompt(text=text, weight=weight) for text, weight in parts)


@pytest.fixture
def latent_desk(desk: Desk, home: Path) -> Desk:
    desk.until(lambda: desk.studio.models.is_read)
    builders.prompted_gan(home / "packs" / "prompted-gan")
    desk.studio.models.reload()
    desk.until(lambda: desk.studio.models.find("prompted-gan"))
    desk.open("prompted-gan")
    return desk


def test_a_token_recipe_gives_its_prompts_as_they_are(desk: Desk) -> None:
    desk.open("tiny-prior")
    prompts = blend(("a tree", 2.0), ("a house", 0.5))
    desk.studio.editor.set_prompts(prompts)
    assert prompts_of(desk.studio.editor.recipe) == prompts


def test_a_latent_between_prompts_gives_them_back_with_their_shares(latent_desk: Desk) -> None:
    editor = latent_desk.studio.editor
    editor.set_prompts(blend(("a tree", 1.0), ("a house", 0.5), ("a car", 3.0)))
    assert prompts_of(editor.recipe) == blend(("a tree", 1.0), ("a house", 0.5), ("a car", 3.0))
    editor.set_prompts(blend(("a tree", 2.0), ("a house", 1.0)))
    assert prompts_of(editor.recipe) == blend(("a tree", 1.0), ("a house", 0.5))


def test_a_latent_from_a_seed_has_no_prompts(latent_desk: Desk) -> None:
    assert prompts_of(latent_desk.studio.editor.recipe) == ()
    assert prompts_of(None) == ()


def test_taking_the_prompt_away_draws_a_latent_from_a_seed(latent_desk: Desk) -> None:
    editor = latent_desk.studio.editor
    editor.set_prompts(blend(("a tree", 1.0)))
    editor.set_prompts(())
    assert isinstance(editor.recipe, LatentRecipe)
    assert isinstance(editor.recipe.source, FromSeed)
    again = editor.recipe
    editor.set_prompts(())
    assert editor.recipe == again
    assert latent_desk.messages == []


def test_a_prompt_or_a_blend_beyond_what_a_recipe_holds_is_refused(desk: Desk) -> None:
    desk.open("tiny-prior")
    before = desk.studio.editor.recipe
    desk.studio.editor.set_prompts(blend(("x" * (PROMPT_LIMIT + 1), 1.0)))
    desk.studio.editor.set_prompts(blend(("tree", 1.0)) * (BLEND_LIMIT + 1))
    assert desk.studio.editor.recipe == before
    assert [message.text for message in desk.messages] == [
        "A prompt has up to 2000 characters; this one has 2001.",
        "Up to 16 prompts can be blended, not 17.",
    ]
    desk.studio.editor.set_prompts(blend(("x" * PROMPT_LIMIT, 1.0)))
    assert isinstance(desk.studio.editor.recipe, TokenRecipe)
    assert len(desk.studio.editor.recipe.prompts[0].text) == PROMPT_LIMIT
