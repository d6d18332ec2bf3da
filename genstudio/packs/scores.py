"""By what a model scores its own pictures, and what it still needs to do so."""

from __future__ import annotations

from typing import Literal

from genstudio.packs.controls import takes_prompt
from genstudio.packs.manifest import Autoregressive, Manifest
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import Recipe, TokenRecipe

Judge = Literal["critic", "words"]
"""A GAN's critic, or how well the picture of a token model fits the words."""
Missing = Literal["judge", "seed", "words", "guidance"]

_NEGLIGIBLE = 1e-9


def judge_of(manifest: Manifest) -> Judge | None:
    """What the model scores its pictures by; None where it cannot."""
    if manifest.has_critic:
        return "critic"
    tells_words = isinstance(manifest.model, Autoregressive) and takes_prompt(manifest)
    return "words" if tells_words else None


def missing_for_best(recipe: Recipe, manifest: Manifest) -> Missing | None:
    """What keeps the model from choosing the best of several seeds of a recipe, if anything does.

    `guidance`: the drawing is not told the words, or is told nothing else to compare them with.
    """
    judge = judge_of(manifest)
    if judge is None:
        return "judge"
    if seed_of(recipe) is None or (isinstance(recipe, TokenRecipe) and _is_all_kept(recipe)):
        return "seed"
    if judge == "critic" or not isinstance(recipe, TokenRecipe):
        return None
    share = _share_of_words(recipe)
    if not share:
        return "words"
    told = recipe.guidance * share
    return None if min(told, abs(1 - told)) > _NEGLIGIBLE else "guidance"


def _is_all_kept(recipe: TokenRecipe) -> bool:
    return recipe.kept is not None and 0 not in recipe.kept.kept


def _share_of_words(recipe: TokenRecipe) -> float:
    """How much of a blend says something; an empty prompt is no prompt."""
    spoken = sum(prompt.weight for prompt in recipe.prompts if prompt.text.strip())
    return spoken / sum(prompt.weight for prompt in recipe.prompts) if spoken else 0.0
