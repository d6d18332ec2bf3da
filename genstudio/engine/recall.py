"""Known pictures that a token drawing follows: what the model has learned, looked up by the words.

The prior is asked what comes next, and so are the pictures that the words call to mind: a token
near one that such a picture has in this cell becomes likelier. Which of them a drawing follows
shows as it goes, by the tokens that it has drawn. Nearest neighbours beside a language model are
from Khandelwal et al. 2020 (kNN-LM, https://arxiv.org/abs/1911.00172); here the two are multiplied,
not mixed (a product of experts, Hinton 2002), so that the prior refuses what does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import PackError
from genstudio.base.progress import Cancel
from genstudio.engine.cache import GraphCache
from genstudio.engine.conditions import style_of
from genstudio.engine.prompt import encode_prompt
from genstudio.engine.settings import settings_feeds
from genstudio.packs.manifest import Autoregressive, Pack, TextCondition
from genstudio.recipe.values import TokenRecipe

_OUTPUTS: Final = ("tokens", "chances", "codes", "pull")
_ESCAPE: Final = 1e-4
"""The chance, shared by all tokens, that a drawing does what no known picture does."""


@dataclass(frozen=True)
class Known:
    """Pictures that the words call to mind.

    `tokens` int64 [pictures, cells]; `chances` [pictures], how likely each is meant, of sum 1;
    `codes` float32 [size, numbers], where each code lies: codes 1 apart look alike. `pull` is how
    strongly a drawing follows, 0 not at all, 1 as much as it follows the prior.
    """

    tokens: NDArray[np.int64]
    chances: NDArray[np.float64]
    codes: NDArray[np.float32]
    pull: float


class Recall:
    """Leans the logits of several candidates, cell by cell, towards known pictures."""

    def __init__(self, known: Known, candidates: int) -> None:
        self._known = known
        self._beliefs = np.tile(np.log(known.chances + _ESCAPE), (candidates, 1))
        self._lengths: NDArray[np.float32] = np.square(known.codes).sum(axis=1)
        self._near: tuple[int, NDArray[np.float32]] = (-1, np.empty((0, 0), np.float32))

    def lean(self, logits: NDArray[np.float32], cell: int) -> NDArray[np.float32]:
        """The logits of a cell, [candidates, size], with what the known pictures have there."""
        near = self._near_codes(cell)
        chances = np.exp(self._beliefs - self._beliefs.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        # Row by row: a candidate must not depend on how many are drawn with it.
        mixed = np.stack([row @ near for row in chances.astype(np.float32)])
        pulled = self._known.pull * np.log(mixed + np.float32(_ESCAPE / near.shape[1]))
        return logits + pulled.astype(np.float32)

    def follow(self, cell: int, tokens: NDArray[np.int64]) -> None:
        """Take what the candidates have in a cell, [candidates]: it tells whom they follow."""
        near = self._near_codes(cell)
        self._beliefs += np.log(near[:, tokens].T + _ESCAPE / near.shape[1])

    def _near_codes(self, cell: int) -> NDArray[np.float32]:
        """How likely each picture makes each code in a cell: [pictures, size], rows of sum 1."""
        if self._near[0] != cell:
            codes, own = self._known.codes, self._known.tokens[:, cell]
            squares = self._lengths[own, None] + self._lengths - 2.0 * (codes[own] @ codes.T)
            near: NDArray[np.float32] = np.exp(-0.5 * squares)
            near /= near.sum(axis=1, keepdims=True)
            self._near = cell, near
        return self._near[1]


def open_recall(
    pack: Pack, recipe: TokenRecipe, candidates: int, graphs: GraphCache, cancel: Cancel
) -> Recall | None:
    """What a recipe's prompts call to mind; None where nothing does, or it should not matter.

    Raises:
        PackError: the pack's recall graph does not fit its manifest.
        RecipeError: the recipe has a setting or style that the model does not have.
    """
    model = pack.manifest.model
    assert isinstance(model, Autoregressive)
    if "recall" not in pack.manifest.graphs or not isinstance(model.condition, TextCondition):
        return None
    asked = [prompt for prompt in recipe.prompts if prompt.text.strip()]
    total = sum(prompt.weight for prompt in asked)
    parts = []
    for prompt in asked:
        text = prompt.text.strip()
        longest = model.condition.max_tokens
        encoded = encode_prompt(pack, text, graphs, max_tokens=longest, cancel=cancel)
        found = _look_up(pack, model, recipe, encoded.part("pooled"), graphs, cancel)
        parts.append((found, prompt.weight / total))
    if not parts or parts[0][0].pull <= 0.0:
        return None
    first = parts[0][0]
    tokens = np.concatenate([found.tokens for found, _ in parts])
    chances = np.concatenate([found.chances * weight for found, weight in parts])
    return Recall(Known(tokens, chances, first.codes, first.pull), candidates)


def _look_up(
    pack: Pack,
    model: Autoregressive,
    recipe: TokenRecipe,
    embedding: NDArray[np.float32],
    graphs: GraphCache,
    cancel: Cancel,
) -> Known:
    names, graph = pack.graph("recall"), graphs.get(pack, "recall")
    feeds: dict[str, NDArray[Any]] = {names.input_name("embedding"): embedding[None]}
    if model.styles is not None:
        feeds[names.input_name("style")] = np.array([style_of(recipe, model, pack.id)], np.int64)
    feeds |= settings_feeds(pack, "recall", graph, recipe.settings, 1)
    outputs = [names.output_name(meaning) for meaning in _OUTPUTS]
    found = graph.run(feeds, outputs, cancel)
    return _known(pack, model, {m: found[o] for m, o in zip(_OUTPUTS, outputs, strict=True)})


def _known(pack: Pack, model: Autoregressive, found: Mapping[str, NDArray[Any]]) -> Known:
    tokens, codes = found["tokens"].astype(np.int64), found["codes"].astype(np.float32)
    width, height = model.grid
    fits = (
        tokens.ndim == 2 and tokens.shape[1] == width * height and len(codes) == model.tokens.size
    )
    if not fits or tokens.min() < 0 or tokens.max() >= model.tokens.size:
        raise PackError(
            f"The recall graph of the model {pack.id} gives other pictures than grids of "
            f"{width} x {height} tokens below {model.tokens.size}; its pack.json does not "
            "describe it."
        )
    chances = found["chances"].astype(np.float64)
    return Known(tokens, chances, codes, float(found["pull"].reshape(())))
