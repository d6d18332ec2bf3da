"""What a token model is told, row by row, and how its rows add up to one answer.

Guidance and blends of prompts are one sum: unconditional + guidance x sum of w x (conditional -
unconditional) gives every distinct condition a coefficient. Conditions whose coefficient is zero
need no row, and equal ones share a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import PackError, RecipeError
from genstudio.base.progress import Cancel
from genstudio.engine.cache import GraphCache
from genstudio.engine.graph import LoadedGraph
from genstudio.engine.prompt import EncodedPrompt, encode_prompt
from genstudio.engine.settings import settings_feeds
from genstudio.engine.token_cache import Told
from genstudio.packs.controls import listed
from genstudio.packs.manifest import (
    Autoregressive,
    ClassCondition,
    Pack,
    TextCondition,
)
from genstudio.recipe.values import TokenRecipe

_NEGLIGIBLE: Final = 1e-9


@dataclass(frozen=True)
class Condition:
    """One thing to be told: a prompt (None: no prompt), a class and a style by their indices."""

    prompt: str | None = None
    class_index: int | None = None
    style: int | None = None


def conditions_of(
    recipe: TokenRecipe, model: Autoregressive, pack_id: str
) -> dict[Condition, float]:
    """The conditions that a recipe asks for, each with its coefficient; they add up to 1.

    The unconditional row keeps the style, so that guidance strengthens what was asked for in it;
    where the style is all that can be asked for, it leaves the style open.

    Raises:
        RecipeError: a prompt, class, style or guidance that the model does not have.
    """
    style = style_of(recipe, model, pack_id)
    kind = model.condition
    if recipe.prompts and not isinstance(kind, TextCondition):
        raise RecipeError(f"The model {pack_id} takes no prompt; leave the prompt empty.")
    if recipe.class_label is not None and not isinstance(kind, ClassCondition):
        raise RecipeError(f"The model {pack_id} has no classes; leave the class out.")
    wanted: list[tuple[Condition, float]]
    if isinstance(kind, TextCondition):
        nothing = Condition(style=style)
        total = sum(prompt.weight for prompt in recipe.prompts)
        wanted = [
            (Condition(prompt=prompt.text.strip() or None, style=style), prompt.weight / total)
            for prompt in recipe.prompts
        ] or [(nothing, 1.0)]
    elif isinstance(kind, ClassCondition):
        if kind.null is None and recipe.guidance != 1:
            raise RecipeError(
                f"The model {pack_id} cannot draw without a class, which guidance needs; "
                "set guidance to 1."
            )
        nothing = Condition(class_index=kind.null, style=style)
        wanted = [(Condition(class_index=_class(recipe, kind, pack_id), style=style), 1.0)]
    else:
        nothing = Condition(style=model.styles.null if model.styles else None)
        wanted = [(Condition(style=style), 1.0)]
    return _sum_up(nothing, wanted, recipe.guidance)


def _sum_up(
    nothing: Condition, wanted: Sequence[tuple[Condition, float]], guidance: float
) -> dict[Condition, float]:
    sums: dict[Condition, float] = {}
    for condition, weight in wanted:
        sums[condition] = sums.get(condition, 0.0) + guidance * weight
    sums[nothing] = sums.get(nothing, 0.0) + 1 - guidance
    return {condition: value for condition, value in sums.items() if abs(value) > _NEGLIGIBLE}


def style_of(recipe: TokenRecipe, model: Autoregressive, pack_id: str) -> int | None:
    """The index of a recipe's style, that of "any" where it names none; None without styles.

    Raises:
        RecipeError: a style that the model does not have.
    """
    if model.styles is None:
        if recipe.style is not None:
            raise RecipeError(f"The model {pack_id} has no styles; leave the style out.")
        return None
    if recipe.style is None:
        return model.styles.null
    if recipe.style not in model.styles.names:
        raise RecipeError(
            f'The model {pack_id} has no style "{recipe.style}"; it has '
            f"{listed(model.styles.names)}."
        )
    return model.styles.names.index(recipe.style)


def _class(recipe: TokenRecipe, kind: ClassCondition, pack_id: str) -> int:
    if recipe.class_label is None and kind.null is not None:
        return kind.null
    if recipe.class_label not in kind.classes:
        asked = f'has no class "{recipe.class_label}"' if recipe.class_label else "needs a class"
        raise RecipeError(f"The model {pack_id} {asked}; choose one of {listed(kind.classes)}.")
    return kind.classes.index(recipe.class_label)


def first_tokens(conditions: Sequence[Condition], model: Autoregressive) -> NDArray[np.int64]:
    """The tokens that stand before the picture, [conditions, 0 to 2]: class, then start token."""
    columns = []
    kind = model.condition
    if isinstance(kind, ClassCondition) and kind.token_offset is not None:
        columns.append([kind.token_offset + (c.class_index or 0) for c in conditions])
    if model.start_token is not None:
        columns.append([model.start_token] * len(conditions))
    return np.array(columns, np.int64).reshape(-1, len(conditions)).T


def tell(
    pack: Pack,
    model: Autoregressive,
    conditions: Sequence[Condition],
    recipe: TokenRecipe,
    graphs: GraphCache,
    cancel: Cancel,
) -> tuple[Told, tuple[str, ...]]:
    """What the prior's inputs are for these conditions, and notes for the person.

    Raises:
        PackError: the prior lacks an input that the manifest speaks of.
    """
    names, prior = pack.graph("prior"), graphs.get(pack, "prior")
    first: dict[str, NDArray[Any]] = {}
    if model.styles is not None:
        first[names.input_name("style")] = np.array([c.style for c in conditions], np.int64)
    kind = model.condition
    if isinstance(kind, ClassCondition) and kind.token_offset is None:
        first[names.input_name("class")] = np.array([c.class_index for c in conditions], np.int64)
    first.update(settings_feeds(pack, "prior", prior, recipe.settings, len(conditions)))
    later = dict(first)
    prefix = 0
    notes: tuple[str, ...] = ()
    if isinstance(kind, TextCondition):
        name, mask_name = names.input_name("context"), names.input_name("context_mask")
        context, mask, notes = _context(pack, kind, conditions, prior, name, graphs, cancel)
        first[name] = later[name] = context
        if kind.given == "first step":
            prefix = mask.shape[1]
            if model.cache.layout != "none" and context.ndim == 3:
                later[name] = context[:, :0]
        if mask_name in prior.inputs:
            first[mask_name] = later[mask_name] = mask
    _require(pack.id, prior, first)
    return Told(first, later, len(conditions), prefix), notes


def _context(
    pack: Pack,
    kind: TextCondition,
    conditions: Sequence[Condition],
    prior: LoadedGraph,
    name: str,
    graphs: GraphCache,
    cancel: Cancel,
) -> tuple[NDArray[np.float32], NDArray[np.int64], tuple[str, ...]]:
    """The context, its mask int64 [conditions, positions], and notes.

    The context is [conditions, positions, channels], or [conditions, channels] for a prior that
    takes it so.
    """
    _require(pack.id, prior, {name: None})
    texts = [c.prompt if c.prompt or kind.null == "zeros" else "" for c in conditions]
    encoded: list[EncodedPrompt | None] = [
        None
        if text is None
        else encode_prompt(pack, text, graphs, max_tokens=kind.max_tokens, cancel=cancel)
        for text in texts
    ]
    told = [None if one is None else np.atleast_2d(one.part(kind.uses)) for one in encoded]
    channels = prior.inputs[name].shape[-1]
    if not isinstance(channels, int):
        sample = encode_prompt(pack, "", graphs, max_tokens=kind.max_tokens, cancel=cancel)
        channels = sample.part(kind.uses).shape[-1]
    positions = kind.max_tokens if kind.uses == "tokens" else 1
    context = np.zeros((len(conditions), positions, channels), prior.inputs[name].dtype)
    mask = np.zeros((len(conditions), positions), np.int64)
    for row, part in enumerate(told):
        if part is None:
            # Zeros are the same in every position, and a row of nothing real would divide by zero.
            mask[row] = 1
            continue
        if part.shape[1] != channels:
            raise PackError(
                f"The model {pack.id}'s text graph gives {part.shape[1]} numbers a position, but "
                f"its prior takes {channels}; the two graphs do not belong together."
            )
        known = part[:positions]
        context[row, : len(known)] = known
        mask[row, : len(known)] = 1
    if len(prior.inputs[name].shape) == 2:
        context = context[:, 0]
    notes = tuple(
        f'The prompt "{_short(text)}" is longer than the {kind.max_tokens} tokens that the model '
        f"{pack.id} reads; its end was left out."
        for text, one in zip(texts, encoded, strict=True)
        if text and one is not None and one.cut
    )
    return context, mask, notes


def _require(pack_id: str, prior: LoadedGraph, inputs: Mapping[str, object]) -> None:
    for name in inputs:
        if name not in prior.inputs:
            raise PackError(
                f"The model {pack_id}'s prior has no input {name}, which its pack.json speaks of; "
                "name the right one under graphs.prior.inputs."
            )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
