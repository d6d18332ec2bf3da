"""The learned pictures as an ONNX graph that looks them up by what a prompt means.

What a small prior has not learned to draw from words alone, it draws well beside pictures that it
knows; `genstudio/engine/recall.py` says how.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import onnx
import torch
from onnx import TensorProto
from torch.nn.functional import normalize as unit

from genstudio.training.prior_data import PriorData
from genstudio.training.token_onnx import GraphBuilder

PICTURES: Final = 12
"""How many a prompt calls to mind at most: a concept in all its styles, and what is like it."""
SHARPNESS: Final = 20.0
"""How much a cosine similarity that is greater by 1 multiplies a chance, as a logarithm."""
SAME_STYLE: Final = 0.15
"""How much nearer in meaning a picture of the wanted style counts."""
STRONGEST: Final = 3.0
"""The pull at the slider's end: three times the prior's own say."""


def recall_graph(data: PriorData, levels: tuple[int, ...], *, styled: bool) -> onnx.ModelProto:
    """Looks up the pictures of `data`, as they are, by their names or all that is said of them.

    `embedding` float32 [1, width] of unit length, `style` int64 [1] if `styled`, `follow` float32
    [] (0 to 1) -> `tokens` int64 [pictures, cells], `chances` float32 [pictures], `codes` float32
    [size, levels], in steps of a level, `pull` float32 [] (0 to `STRONGEST`).
    """
    graph = GraphBuilder("recall")
    # As the text graph makes sentences: the sum over positions, of unit length.
    said = unit(data.captions.float().sum(dim=2), dim=-1)
    graph.input("embedding", TensorProto.FLOAT, [1, said.shape[-1]])
    graph.input("follow", TensorProto.FLOAT, [])
    for name, meaning in (("names", said[:, 0]), ("words", unit(said.mean(dim=1), dim=-1))):
        graph.node("MatMul", ["embedding", graph.bytes(name, meaning.T)], f"{name}.likeness")
    graph.node("Max", ["names.likeness", "words.likeness"], "concepts.likeness")
    concept = graph.constant("concept", data.concept.numpy().astype(np.int32))
    likeness = graph.node("Gather", ["concepts.likeness", concept], "likeness", axis=1)
    if styled:
        likeness = _with_style(graph, data, likeness)
    count = min(PICTURES, len(data.tokens))
    most = graph.constant("most", np.array([count], np.int64))
    graph.nodes("TopK", [likeness, most], ["nearest", "places"], axis=1)
    sharp = graph.constant("sharpness", np.array(SHARPNESS, np.float32))
    graph.node("Softmax", [graph.node("Mul", ["nearest", sharp], "sharpened")], "chances.row")
    row = graph.constant("row", np.array([0], np.int64))
    graph.node("Squeeze", ["chances.row", row], "chances")
    graph.node("Squeeze", ["places", row], "places.flat")
    grids = graph.constant("grids", data.tokens[:, 0].numpy().astype(np.uint16))
    graph.node("Gather", [grids, "places.flat"], "tokens.small", axis=0)
    graph.node("Cast", ["tokens.small"], "tokens", to=TensorProto.INT64)
    steps = torch.cartesian_prod(*[torch.arange(float(level)) for level in levels])
    steps = steps.reshape(-1, len(levels))
    graph.node("Identity", [graph.constant("steps", steps)], "codes")
    graph.node("Mul", ["follow", graph.constant("pull.most", np.array(STRONGEST, np.float32))],
               "pull")  # fmt: skip
    graph.output("tokens", TensorProto.INT64, [count, data.tokens.shape[2]])
    graph.output("chances", TensorProto.FLOAT, [count])
    graph.output("codes", TensorProto.FLOAT, list(steps.shape))
    graph.output("pull", TensorProto.FLOAT, [])
    return graph.model()


def _with_style(graph: GraphBuilder, data: PriorData, likeness: str) -> str:
    graph.input("style", TensorProto.INT64, [1])
    styles = graph.constant("styles", data.style.numpy()[None])
    graph.node("Equal", [styles, "style"], "same")
    graph.node("Cast", ["same"], "same.wide", to=TensorProto.FLOAT)
    bonus = graph.constant("bonus", np.array(SAME_STYLE, np.float32))
    graph.node("Mul", ["same.wide", bonus], "nearer")
    return graph.node("Add", [likeness, "nearer"], "likeness.styled")
