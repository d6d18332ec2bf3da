"""Pictures drawn token by token: conditions in, a grid of tokens out, and the grid as pixels.

Everything that a pack's `autoregressive` block can describe runs through one loop; what differs
lies in the parts it is made of: `conditions` (what to draw), `token_cache` (how the prior keeps
its past), `recall` (which known pictures to follow) and `tokens` (which token comes next).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.errors import EngineError, PackError, RecipeError
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress, part_of
from genstudio.engine.cache import GraphCache
from genstudio.engine.conditions import conditions_of, first_tokens, tell
from genstudio.engine.fit import Fit
from genstudio.engine.odds import Odds, Watcher
from genstudio.engine.pixels import fit_picture, to_model, to_pixels
from genstudio.engine.preview import Preview
from genstudio.engine.recall import Recall, open_recall
from genstudio.engine.token_cache import Prior, open_prior
from genstudio.engine.tokens import Chooser, Sampler, Sampling, blend
from genstudio.engine.windows import grid_of, windows
from genstudio.packs.manifest import Autoregressive, Pack, Palette
from genstudio.recipe.values import SEED_LIMIT, KeptTokens, TokenRecipe

_APART: Final = 1_000_003
"""How far the seeds of windows are apart."""
_REPORTS: Final = 100
"""How often progress is told in one drawing, at most."""


@dataclass(frozen=True)
class Drawing:
    """Candidates drawn together: tokens int64 [candidates, height, width], and notes in words.

    `fits`, if asked for: by how many bits a token the words make each candidate likelier.
    """

    tokens: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    fits: NDArray[np.float64] | None = None


def draw_tokens(
    pack: Pack,
    recipes: Sequence[TokenRecipe],
    graphs: GraphCache,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
    *,
    scored: bool = False,
) -> Drawing:
    """Draw recipes that differ in nothing but their seed, as token grids.

    `scored` also tells how well the words fit, where guidance has the model draw with and without.

    A preview of the first candidate goes with the progress now and then, unless nobody looks
    (`no_progress`).

    Raises:
        RecipeError: the recipes ask for something that the model does not have.
        PackError: the graphs do not fit the manifest.
        EngineError: a graph could not be run.
        Cancelled: `cancel` was set.
    """
    model = _model(pack)
    recipe = recipes[0]
    if any(replace(other, seed=recipe.seed) != recipe for other in recipes):
        raise ValueError("recipes drawn together may differ in their seeds alone")
    grid = width, height = grid_of(recipe, model, pack.id)
    kept, given = _kept(recipe.kept, grid, model, pack.id)
    cells = np.tile(given, (len(recipes), 1))
    preview, notes = None, tuple[str, ...]()
    found, drawn = [], []
    if progress is not no_progress and grid == model.grid:
        behind = given if recipe.kept is not None else None
        preview = Preview(
            lambda grid: decode_tokens(pack, grid[None], graphs, cancel)[0], width, height, behind
        )
    places = list(windows(grid, model.grid))
    for number, place in enumerate(places):
        if kept[place].all():
            continue
        window = cells[:, place]
        sampler = _sampler(recipes, number, model)
        # Known pictures end at the grid; beyond it a drawing goes on without them.
        recall = open_recall(pack, recipe, len(recipes), graphs, cancel) if not number else None
        loop, notes = _open_loop(pack, recipe, sampler, recall, window, kept[place], graphs, cancel)
        part = part_of(progress, number / len(places), (number + 1) / len(places))
        fits = loop.run(part, preview, cancel, scored=scored)
        if fits is not None:
            found.append(fits)
            drawn.append(np.count_nonzero(~kept[place]))
        cells[:, place] = window
        kept[place] = True
    progress(1.0)
    grids = cells.reshape(len(recipes), height, width)
    return Drawing(grids, notes, np.average(found, axis=0, weights=drawn) if found else None)


def _sampler(recipes: Sequence[TokenRecipe], window: int, model: Autoregressive) -> Sampler:
    """The luck of a window; that of the first one is the seed's own."""
    recipe = recipes[0]
    sampling = Sampling(recipe.temperature, recipe.top_k, recipe.top_p)
    seeds = [(one.seed + window * _APART) % SEED_LIMIT for one in recipes]
    return Sampler(sampling, seeds, model.tokens.size)


def token_odds(
    pack: Pack,
    recipe: TokenRecipe,
    tokens: NDArray[np.int64],
    graphs: GraphCache,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
) -> Odds:
    """How sure the prior was of each token of a recipe's picture. Raises as `draw_tokens` does."""
    model = _model(pack)
    if tokens.shape != model.grid[::-1]:
        raise RecipeError(
            f"The odds of a picture that goes beyond the grid of the model {pack.id} are not one "
            "drawing's; look into one of the model's own size."
        )
    watcher = Watcher(tokens.ravel(), model.tokens.size)
    cells = np.zeros((1, tokens.size), np.int64)
    nothing = np.zeros(tokens.size, np.bool_)
    recall = open_recall(pack, recipe, 1, graphs, cancel)
    loop, _ = _open_loop(pack, recipe, watcher, recall, cells, nothing, graphs, cancel)
    loop.run(progress, None, cancel)
    progress(1.0)
    return watcher.odds(all_kept(tokens), model.grid)


def _open_loop(
    pack: Pack,
    recipe: TokenRecipe,
    chooser: Chooser,
    recall: Recall | None,
    cells: NDArray[np.int64],
    kept: NDArray[np.bool_],
    graphs: GraphCache,
    cancel: Cancel,
) -> tuple[_Loop, tuple[str, ...]]:
    """The loop that fills `cells` [candidates, cells], and notes about the recipe in words."""
    model = _model(pack)
    sums = conditions_of(recipe, model, pack.id)
    conditions = list(sums)
    told, notes = tell(pack, model, conditions, recipe, graphs, cancel)
    before = first_tokens(conditions, model)
    if not before.shape[1] and not told.prefix:
        raise PackError(
            f"Nothing starts a picture of the model {pack.id}: its pack.json names no start_token, "
            "no class token and no context prefix."
        )
    graph = graphs.get(pack, "prior")
    room = before.shape[1] + cells.shape[1] - 1  # The last token is never fed.
    prior = open_prior(graph, pack.graph("prior"), model.cache, told, len(cells), room, cancel)
    coefficients = np.array([sums[condition] for condition in conditions], np.float32)
    fit = Fit(conditions, coefficients)
    return _Loop(prior, chooser, recall, coefficients, fit, before, cells, kept), notes


class _Loop:
    """Fills the cells of the candidates in raster order.

    Tokens wait until a cell has to be drawn, then all that wait are fed at once: a run of kept
    cells costs one run of the prior where its cache allows it.
    """

    def __init__(
        self,
        prior: Prior,
        chooser: Chooser,
        recall: Recall | None,
        coefficients: NDArray[np.float32],
        fit: Fit,
        before: NDArray[np.int64],
        cells: NDArray[np.int64],
        kept: NDArray[np.bool_],
    ) -> None:
        """Take the tokens `before` [conditions, n] that go ahead of the `cells`.

        `cells` [candidates, cells] is filled in place, but for those that are `kept` [cells].
        """
        self.cells = cells
        self._prior = prior
        self._chooser = chooser
        self._recall = recall
        self._coefficients = coefficients
        self._fit = fit
        self._before = before
        self._kept = kept
        self._fed = 0
        self._started = False

    def run(
        self,
        progress: Progress,
        preview: Preview | None,
        cancel: Cancel,
        *,
        scored: bool = False,
    ) -> NDArray[np.float64] | None:
        """Draw; if `scored`, tell how well the words fit each candidate."""
        to_draw = np.flatnonzero(~self._kept)
        done = self._kept.copy()
        every = max(1, len(to_draw) // _REPORTS)
        passed = 0
        if self._recall is not None:
            for cell in np.flatnonzero(self._kept).tolist():
                self._recall.follow(cell, self.cells[:, cell])
        for number, cell in enumerate(to_draw.tolist()):
            cancel.check()
            for _ in range(passed, cell):
                self._chooser.skip()
            logits = self._logits(cell)
            self.cells[:, cell] = self._draw(blend(logits, self._coefficients), cell)
            if scored:
                self._fit.note(logits, self.cells[:, cell])
            done[cell] = True
            passed = cell + 1
            if progress is not no_progress and (number + 1) % every == 0:
                shown = None if preview is None else preview.at(self.cells[0], done)
                progress((number + 1) / (len(to_draw) + 1), "drawing", shown)
        return self._fit.bits()

    def _draw(self, logits: NDArray[np.float32], cell: int) -> NDArray[np.int64]:
        if self._recall is None:
            return self._chooser.draw(logits)
        tokens = self._chooser.draw(self._recall.lean(logits, cell))
        self._recall.follow(cell, tokens)
        return tokens

    def _logits(self, cell: int) -> NDArray[np.float32]:
        """The logits for a cell, of the codes alone: whatever stands before it is fed."""
        if self._started:
            waiting = self.cells[:, self._fed : cell]
            if len(self._coefficients) > 1:
                waiting = np.repeat(waiting, len(self._coefficients), axis=0)
            logits = self._prior.advance(waiting)
        else:
            # Cells before the first drawn one are kept, so they are the same for all candidates.
            waiting = np.tile(self.cells[:1, :cell], (len(self._before), 1))
            logits = self._prior.start(np.hstack([self._before, waiting]))
            self._started = True
        self._fed = cell
        return logits[:, : self._chooser.vocabulary]


def decode_tokens(
    pack: Pack, tokens: NDArray[np.int64], graphs: GraphCache, cancel: Cancel = NEVER
) -> list[NDArray[np.uint8]]:
    """Show token grids, [N, height, width], as pictures uint8 [H, W, C].

    Each is decoded on its own, so that a picture does not depend on its neighbours.
    """
    model = _model(pack)
    if isinstance(model.tokens, Palette):
        return list(np.array(model.tokens.colours, np.uint8)[tokens])
    names, graph = pack.graph("image_decoder"), graphs.get(pack, "image_decoder")
    name, output = names.input_name("tokens"), names.output_name("image")
    _require(pack.id, "image decoder", name, graph.inputs)
    flat = len(graph.inputs[name].shape) == 2
    pictures = []
    for grid in tokens:
        feed = (grid.reshape(-1) if flat else grid)[None].astype(graph.inputs[name].dtype)
        image = graph.run({name: feed}, [output], cancel)[output]
        pictures.append(to_pixels(image, pack.manifest.image, pack.id)[0])
    return pictures


def encode_tokens(
    pack: Pack, pixels: NDArray[np.uint8], graphs: GraphCache, cancel: Cancel = NEVER
) -> NDArray[np.int64]:
    """Read a picture uint8 [H, W, C] of any size as a token grid, [height, width].

    Raises:
        PackError: the pack has no image encoder.
        EngineError: the encoder gives something else than a grid of the manifest's size.
    """
    model = _model(pack)
    width, height = model.grid
    image = pack.manifest.image
    if isinstance(model.tokens, Palette):
        return nearest_colours(fit_picture(pixels, width, height, image.channels), model.tokens)
    names, graph = pack.graph("image_encoder"), graphs.get(pack, "image_encoder")
    name, output = names.input_name("image"), names.output_name("tokens")
    _require(pack.id, "image encoder", name, graph.inputs)
    fitted = fit_picture(pixels, image.width, image.height, image.channels)
    codes = graph.run({name: to_model(fitted, image)}, [output], cancel)[output]
    if codes.size != width * height or codes.min() < 0 or codes.max() >= model.tokens.size:
        raise EngineError(
            f"The image encoder of the model {pack.id} gives {list(codes.shape)} tokens up to "
            f"{codes.max() if codes.size else 0}, not a grid of {width} x {height} below "
            f"{model.tokens.size}; its pack.json does not describe it."
        )
    return codes.reshape(height, width).astype(np.int64)


def nearest_colours(pixels: NDArray[np.uint8], palette: Palette) -> NDArray[np.int64]:
    """The palette's nearest colour for each pixel, [H, W, C] -> [H, W], by squared distance."""
    colours = np.array(palette.colours, np.float32)
    lengths = (colours**2).sum(axis=1)
    nearest = [
        np.argmin(lengths - 2 * row @ colours.T, axis=1) for row in pixels.astype(np.float32)
    ]
    return np.stack(nearest).astype(np.int64)


def all_kept(tokens: NDArray[np.int64]) -> KeptTokens:
    """A token grid as a recipe holds it, with every token kept."""
    return KeptTokens(tokens=tokens.astype("<u4").tobytes(), kept=b"\x01" * tokens.size)


def _kept(
    kept: KeptTokens | None, grid: tuple[int, int], model: Autoregressive, pack_id: str
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which cells stay, bool [cells], and the tokens, [cells] (zeros where there are none)."""
    width, height = grid
    cells = width * height
    if kept is None:
        return np.zeros(cells, np.bool_), np.zeros(cells, np.int64)
    if len(kept.tokens) != 4 * cells or len(kept.kept) != cells:
        raise RecipeError(
            f"The recipe keeps tokens of another grid than the {width} x {height} asked of the "
            f"model {pack_id}; encode the picture with this model again."
        )
    mask = np.frombuffer(kept.kept, np.uint8) != 0
    tokens = np.frombuffer(kept.tokens, "<u4").astype(np.int64)
    if tokens.max() >= model.tokens.size:
        raise RecipeError(
            f"The recipe keeps token {tokens.max()}, but the model {pack_id} has only "
            f"{model.tokens.size}; encode the picture with this model again."
        )
    return mask, tokens


def _model(pack: Pack) -> Autoregressive:
    if not isinstance(pack.manifest.model, Autoregressive):
        raise RecipeError(
            f"The model {pack.id} does not draw token by token; it is of the family "
            f"{pack.manifest.family}."
        )
    return pack.manifest.model


def _require(pack_id: str, graph: str, name: str, inputs: object) -> None:
    if name not in inputs:  # type: ignore[operator]
        raise PackError(
            f"The model {pack_id}'s {graph} has no input {name}; name the right one under its "
            "graph's inputs in pack.json."
        )
