"""The token loop beside what a user would run instead: eager PyTorch, and a plain runtime loop.

All draw the same number of tokens with guidance, two rows a candidate, and sample from the whole
vocabulary. The plain loop hands the cache out and in as arrays; it runs the same network exported
in float32 and, to tell the loop's part from the graph's, the pack's own graph too. The floor is the
time to read the prior's weights from memory once a step, at the read bandwidth measured in the same
run; weights that stay in the processor's cache can go below it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from msgspec.structs import replace
from numpy.typing import NDArray

from benchmarks import token_loop_reference as reference
from benchmarks.figures import Figure, at_least, at_most, median_seconds
from genstudio.base.errors import PackError
from genstudio.base.paths import bundled_packs_folder
from genstudio.base.progress import NEVER
from genstudio.engine.cache import GraphCache
from genstudio.engine.conditions import conditions_of, first_tokens, tell
from genstudio.engine.families.autoregressive import draw_tokens
from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import (
    Autoregressive,
    ClassCondition,
    Graph,
    Pack,
    TextCondition,
    open_pack,
)
from genstudio.recipe.values import TokenRecipe, WeightedPrompt

GUIDANCE = 3.0


def measure(pack: Pack | None = None, threads: int = 2) -> list[Figure]:
    """Measure the loop of a pack, or of the first bundled one that draws token by token."""
    pack = pack or bundled_token_pack()
    if pack is None:
        return []
    model = pack.manifest.model
    assert isinstance(model, Autoregressive)
    tokens = model.grid[0] * model.grid[1]
    graphs = GraphCache(plan_providers("cpu"), threads=threads)
    recipe = guided(pack)
    four = [replace(recipe, seed=seed) for seed in range(4)]
    runs: dict[str, Callable[[], object]] = {
        "ours": lambda: draw_tokens(pack, [recipe], graphs),
        "four": lambda: draw_tokens(pack, four, graphs),
    }
    prior = graphs.get(pack, "prior")
    if model.cache.layout != "none":
        runs["same graph"] = plain_loop(pack, recipe, graphs, prior.session)
    shape = reference.shape_of(pack, prior)
    if shape is not None:
        runs["eager"] = reference.eager_loop(shape, GUIDANCE, threads)
        plain = reference.float_session(shape, threads)
        runs["plain"] = plain_loop(pack, recipe, graphs, plain)
    size = weight_bytes(pack.path(pack.graph("prior")))
    runs["reading"] = reference.reading(threads)
    median = median_seconds(runs)
    rate = tokens / median["ours"]
    bandwidth = reference.READ_BYTES / median["reading"]
    figures = [Figure(f"Token loop with guidance ({pack.id})", rate, "tokens/s")]
    if "eager" in median:
        figures.append(
            at_least("Token loop beside eager PyTorch", median["eager"] / median["ours"], "x", 4)
        )
    if "plain" in median:
        figures.append(
            at_least("Token loop beside a plain loop", median["plain"] / median["ours"], "x", 1.3)
        )
    if "same graph" in median:
        ratio = median["same graph"] / median["ours"]
        figures.append(Figure("Token loop beside a plain loop over its own graph", ratio, "x"))
    return [
        *figures,
        at_least(
            "Token loop's share of the memory floor", size / bandwidth * rate, "of the floor", 0.5
        ),
        Figure("Prior's weights read in a step", size / 1e6, "MB"),
        Figure("Read bandwidth of memory", bandwidth / 1e9, "GB/s"),
        at_most("Four candidates beside one", median["four"] / median["ours"], "x the time", 2),
    ]


def bundled_token_pack() -> Pack | None:
    """The first bundled pack with a text-conditional prior, else any with a prior."""
    packs = []
    for folder in sorted(bundled_packs_folder().iterdir()):
        try:
            pack = open_pack(folder)
        except PackError:
            continue
        if isinstance(pack.manifest.model, Autoregressive):
            packs.append(pack)
    packs.sort(key=lambda one: "text" not in one.manifest.graphs)
    return packs[0] if packs else None


def guided(pack: Pack) -> TokenRecipe:
    """A recipe with guidance, where the model has something to be guided by."""
    model = pack.manifest.model
    assert isinstance(model, Autoregressive)
    condition = model.condition
    return TokenRecipe(
        model=pack.ref,
        seed=1,
        prompts=(WeightedPrompt(text="red heart"),) if isinstance(condition, TextCondition) else (),
        class_label=condition.classes[0] if isinstance(condition, ClassCondition) else None,
        guidance=GUIDANCE,
    )


def plain_loop(
    pack: Pack, recipe: TokenRecipe, graphs: GraphCache, session: onnxruntime.InferenceSession
) -> Callable[[], object]:
    """A prior as a plain loop runs it: the cache handed out and in as arrays."""
    model = pack.manifest.model
    assert isinstance(model, Autoregressive)
    names, graph = pack.graph("prior"), graphs.get(pack, "prior")
    sums = conditions_of(recipe, model, pack.id)
    told, _ = tell(pack, model, list(sums), recipe, graphs, NEVER)
    weights = np.array(list(sums.values()), np.float32)[:, None]
    before = first_tokens(list(sums), model)
    pasts, presents = cache_names(names, model.cache.layers)
    outputs = [names.output_name("logits"), *presents]
    cells = model.grid[0] * model.grid[1]

    def run() -> object:
        random = np.random.default_rng(1)
        cache = []
        for name in pasts:
            _, heads, _, size = graph.inputs[name].shape
            cache.append(np.zeros((len(sums), heads, 0, size), graph.inputs[name].dtype))
        fed, total = before, told.prefix
        drawn = []
        for cell in range(cells):
            total += fed.shape[1]
            feeds = dict(told.later if cell else told.first)
            feeds[names.input_name("tokens")] = fed
            if model.cache.layout == "shared":
                feeds[names.input_name("seqlens_k")] = np.full(len(sums), total - 1, np.int32)
                feeds[names.input_name("total_sequence_length")] = np.array(total, np.int32)
            feeds.update(zip(pasts, cache, strict=True))
            logits, *cache = session.run(outputs, feeds)
            if logits.ndim == 3:
                logits = logits[:, -1]
            token = sample(((logits * weights).sum(axis=0))[: model.tokens.size], random)
            drawn.append(token)
            fed = np.full((len(sums), 1), token, np.int64)
        return drawn

    return run


def sample(logits: NDArray[np.float32], random: np.random.Generator) -> int:
    """Softmax, cumulative sum, one uniform number."""
    weights = np.exp(logits - logits.max())
    sums = np.cumsum(weights)
    return min(int(np.searchsorted(sums, random.random() * sums[-1])), len(sums) - 1)


def cache_names(names: Graph, layers: int) -> tuple[list[str], list[str]]:
    """The prior's inputs and outputs that hold the cache."""
    pairs = [(layer, kind) for layer in range(layers) for kind in ("key", "value")]
    return (
        [
            names.input_name(f"past.{{layer}}.{kind}").replace("{layer}", str(layer))
            for layer, kind in pairs
        ],
        [
            names.output_name(f"present.{{layer}}.{kind}").replace("{layer}", str(layer))
            for layer, kind in pairs
        ],
    )


def weight_bytes(path: Path) -> int:
    """The bytes of weights that every step reads: all but tables of which it takes a row."""
    graph = onnx.load(path).graph
    looked_up = {
        node.input[0] for node in graph.node if node.op_type in ("Gather", "Slice", "GatherND")
    }
    return sum(
        onnx.numpy_helper.to_array(weight).nbytes
        for weight in graph.initializer
        if weight.name not in looked_up
    )


if __name__ == "__main__":
    for figure in measure(open_pack(Path(sys.argv[1])) if len(sys.argv) > 1 else None):
        print(figure)
