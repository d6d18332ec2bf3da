"""Recipes between two recipes: what a frame of a video is made from.

Numbers change evenly, latents go along the sphere, the line or past learned pictures, prompts cross
over by weight; what cannot be between (a class, a noise seed, a token model's seed) changes at the
half.
"""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.recipe.values import (
    Between,
    LatentRecipe,
    LatentSource,
    LayerRange,
    Mixing,
    Move,
    Recipe,
    Setting,
    TokenRecipe,
    UpscaleRecipe,
    Way,
    WeightedPrompt,
)

_T = TypeVar("_T")
_PROMPTS = 16


def tween(a: Recipe, b: Recipe, t: float, how: Way = "spherical") -> Recipe:
    """The recipe at `t` from 0 (exactly `a`) to 1 (exactly `b`).

    Raises:
        RecipeError: the two are of different models or picture sizes, or enlarge a picture.
    """
    if isinstance(a, UpscaleRecipe) or isinstance(b, UpscaleRecipe):
        raise RecipeError(
            "An enlarged picture has no latent to go to or from; choose recipes of a model."
        )
    if a.model.id != b.model.id:
        raise RecipeError(
            f"The two recipes are of different models, {a.model.id} and {b.model.id}; "
            "a way between them needs one model."
        )
    if a.upscaling != b.upscaling:
        raise RecipeError(
            "One recipe is enlarged differently from the other; enlarge both or none."
        )
    if t <= 0 or a == b:
        return a
    if t >= 1:
        return b
    if isinstance(a, LatentRecipe) and isinstance(b, LatentRecipe):
        return _latent(a, b, t, how)
    if isinstance(a, TokenRecipe) and isinstance(b, TokenRecipe):
        return _tokens(a, b, t)
    raise RecipeError("The two recipes are of different kinds of model; choose two of one model.")


def _latent(a: LatentRecipe, b: LatentRecipe, t: float, how: Way) -> LatentRecipe:
    if a.size != b.size:
        raise RecipeError(
            "The two recipes give pictures of different sizes; give both the same size."
        )
    return replace(
        _half(a, b, t),
        source=_source(a.source, b.source, t, how),
        moves=_moves(a.moves, b.moves, t),
        truncation=_mix(a.truncation, b.truncation, t),
        mixing=_mixing(a, b, t, how),
        noise_strength=_mix(a.noise_strength, b.noise_strength, t),
        settings=_settings(a.settings, b.settings, t),
    )


def _tokens(a: TokenRecipe, b: TokenRecipe, t: float) -> TokenRecipe:
    return replace(
        _half(a, b, t),
        prompts=_prompts(a.prompts, b.prompts, t),
        temperature=_mix(a.temperature, b.temperature, t),
        top_p=_mix(a.top_p, b.top_p, t),
        guidance=_mix(a.guidance, b.guidance, t),
        settings=_settings(a.settings, b.settings, t),
    )


def _mix(a: float, b: float, t: float) -> float:
    return a if a == b else a + (b - a) * t


def _half(a: _T, b: _T, t: float) -> _T:
    return a if t < 0.5 else b


def _source(a: LatentSource, b: LatentSource, t: float, how: Way) -> LatentSource:
    return a if a == b else Between(a=a, b=b, t=t, how=how)


def _moves(a: tuple[Move, ...], b: tuple[Move, ...], t: float) -> tuple[Move, ...]:
    """Each move from its amount in `a` to that in `b`; one that a side lacks is 0 there."""
    amounts: dict[tuple[str, LayerRange | None], list[float]] = {}
    for side, moves in enumerate((a, b)):
        for move in moves:
            amounts.setdefault((move.direction, move.layers), [0.0, 0.0])[side] += move.amount
    return tuple(
        Move(direction=direction, layers=layers, amount=_mix(start, end, t))
        for (direction, layers), (start, end) in amounts.items()
    )


def _mixing(a: LatentRecipe, b: LatentRecipe, t: float, how: Way) -> tuple[Mixing, ...]:
    """Go from source to source where both mix the same layers, else change at the half."""
    if [mixing.layers for mixing in a.mixing] != [mixing.layers for mixing in b.mixing]:
        return _half(a, b, t).mixing
    return tuple(
        Mixing(source=_source(start.source, end.source, t, how), layers=start.layers)
        for start, end in zip(a.mixing, b.mixing, strict=True)
    )


def _settings(a: tuple[Setting, ...], b: tuple[Setting, ...], t: float) -> tuple[Setting, ...]:
    """Numbers that both sides set go evenly; names, and what one side lacks, change at the half."""
    start = {setting.control: setting.value for setting in a}
    end = {setting.control: setting.value for setting in b}
    mixed: list[Setting] = []
    for control in [*start, *(name for name in end if name not in start)]:
        first, last = start.get(control), end.get(control)
        if isinstance(first, float) and isinstance(last, float):
            mixed.append(Setting(control=control, value=_mix(first, last, t)))
        elif (chosen := _half(first, last, t)) is not None:
            mixed.append(Setting(control=control, value=chosen))
    return tuple(mixed)


def _prompts(
    a: tuple[WeightedPrompt, ...], b: tuple[WeightedPrompt, ...], t: float
) -> tuple[WeightedPrompt, ...]:
    """Both blends at once, the first's share going and the second's coming."""
    if a == b:
        return a
    if not a or not b:
        return _half(a, b, t)
    weights: dict[str, float] = {}
    for prompts, share in ((a, 1 - t), (b, t)):
        total = sum(prompt.weight for prompt in prompts)
        for prompt in prompts:
            weights[prompt.text] = weights.get(prompt.text, 0.0) + share * prompt.weight / total
    if len(weights) > _PROMPTS:
        return _half(a, b, t)
    return tuple(
        WeightedPrompt(text=text, weight=max(weight, 1e-6)) for text, weight in weights.items()
    )
