"""The prompts of a recipe of either kind: the way back from `genstudio.packs.settings`."""

from __future__ import annotations

from typing import Final

from genstudio.base.errors import RecipeError
from genstudio.base.texts import translate
from genstudio.recipe.values import (
    Between,
    FromPrompt,
    LatentRecipe,
    LatentSource,
    Recipe,
    TokenRecipe,
    WeightedPrompt,
)

PROMPT_LIMIT: Final = 2000
"""The most characters of one prompt: what a recipe holds."""
BLEND_LIMIT: Final = 16
"""The most prompts of one blend: what a recipe holds."""
_DIGITS: Final = 3


def prompts_of(recipe: Recipe | None) -> tuple[WeightedPrompt, ...]:
    """What the picture is drawn from in words; nothing where it comes from something else.

    A latent between prompts holds shares, so their weights come back with the first one as 1.
    """
    if isinstance(recipe, TokenRecipe):
        return recipe.prompts
    return _blended(recipe.source) if isinstance(recipe, LatentRecipe) else ()


def check_prompts(prompts: tuple[WeightedPrompt, ...]) -> None:
    """Refuse what a recipe cannot hold.

    Raises:
        RecipeError: a prompt is too long, or there are too many.
    """
    longest = max((len(prompt.text) for prompt in prompts), default=0)
    if longest > PROMPT_LIMIT:
        raise RecipeError(
            translate(
                "Prompt", "A prompt has up to {limit} characters; this one has {length}."
            ).format(limit=PROMPT_LIMIT, length=longest)
        )
    if len(prompts) > BLEND_LIMIT:
        raise RecipeError(
            translate("Prompt", "Up to {limit} prompts can be blended, not {count}.").format(
                limit=BLEND_LIMIT, count=len(prompts)
            )
        )


def _blended(source: LatentSource) -> tuple[WeightedPrompt, ...]:
    if isinstance(source, FromPrompt):
        return (WeightedPrompt(text=source.text),)
    if not (isinstance(source, Between) and isinstance(source.b, FromPrompt) and 0 < source.t < 1):
        return ()
    before = _blended(source.a)
    if not before:
        return ()
    # `t` is the new prompt's share of the sum of all weights up to it.
    others = sum(prompt.weight for prompt in before)
    weight = round(others * source.t / (1 - source.t), _DIGITS)
    return (*before, WeightedPrompt(text=source.b.text, weight=weight)) if weight > 0 else ()
