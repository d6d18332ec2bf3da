"""The prompt encoder as an ONNX graph, its matrices stored as int8 with a scale a column.

Only the storage is small: the runtime widens the matrices when it loads the graph and computes in
float32, so prompts read the same on every processor.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto
from torch import nn

from genstudio.training.text_encoder import TextEncoder, TextLayer
from genstudio.training.token_onnx import MICROSOFT, GraphBuilder


def text_graph(encoder: TextEncoder) -> onnx.ModelProto:
    """The encoder as a graph.

    `input_ids`, `attention_mask` int64 [B, T] -> `token_embeddings` float32 [B, T, width], 0 where
    the mask is 0, and `sentence_embedding` [B, width] of unit length.
    """
    graph = GraphBuilder("text")
    graph.input("input_ids", TensorProto.INT64, ["batch", "positions"])
    graph.input("attention_mask", TensorProto.INT64, ["batch", "positions"])
    graph.node("Cast", ["attention_mask"], "mask.int32", to=TensorProto.INT32)
    x = _embeddings(graph, encoder)
    for number in range(encoder.shape.num_hidden_layers):
        x = _layer(graph, encoder, number, x)
    last = graph.constant("axis.last", np.array([-1], np.int64))
    middle = graph.constant("axis.positions", np.array([1], np.int64))
    graph.node("Cast", ["attention_mask"], "mask.float", to=TensorProto.FLOAT)
    graph.node("Unsqueeze", ["mask.float", last], "mask.column")
    graph.node("Mul", [x, "mask.column"], "token_embeddings")
    graph.node("ReduceSum", ["token_embeddings", middle], "sentence.sum", keepdims=0)
    graph.node("LpNormalization", ["sentence.sum"], "sentence_embedding", axis=-1, p=2)
    width = encoder.shape.hidden_size
    graph.output("token_embeddings", TensorProto.FLOAT, ["batch", "positions", width])
    graph.output("sentence_embedding", TensorProto.FLOAT, ["batch", width])
    return graph.model()


def _embeddings(graph: GraphBuilder, encoder: TextEncoder) -> str:
    graph.byte_rows("words", encoder.words.weight, "input_ids")
    graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    begin = graph.constant("zero", np.array([0], np.int64))
    positions = graph.half("positions", encoder.positions.weight + encoder.kinds.weight[0])
    graph.node("Slice", [positions, begin, "length"], "positions.now")
    graph.node("Add", ["words", "positions.now"], "embedded")
    return _normed(graph, encoder.norm, "norm", "embedded")


def _layer(graph: GraphBuilder, encoder: TextEncoder, number: int, x: str) -> str:
    layer, at = encoder.layers[number], f"layers.{number}"
    assert isinstance(layer, TextLayer)
    qkv = _linear(graph, layer.qkv, f"{at}.qkv", x)
    parts = graph.nodes("Split", [qkv], [f"{at}.{part}" for part in ("q", "k", "v")], axis=-1)
    graph.node(
        "MultiHeadAttention", [*parts, "", "mask.int32"], f"{at}.mixed", MICROSOFT,
        num_heads=encoder.shape.num_attention_heads,
    )  # fmt: skip
    out = _linear(graph, layer.out, f"{at}.out", f"{at}.mixed")
    x = graph.node("Add", [x, out], f"{at}.attended")
    x = _normed(graph, layer.attention_norm, f"{at}.attention_norm", x)
    hidden = _linear(graph, layer.up, f"{at}.up", x)
    hidden = graph.node("Gelu", [hidden], f"{at}.hidden", MICROSOFT)
    down = _linear(graph, layer.down, f"{at}.down", hidden)
    return _normed(graph, layer.norm, f"{at}.norm", graph.node("Add", [x, down], f"{at}.thought"))


def _linear(graph: GraphBuilder, module: nn.Linear, name: str, x: str) -> str:
    product = graph.node(
        "MatMul", [x, graph.bytes(f"{name}.weight", module.weight.T)], f"{name}.product"
    )
    return graph.node("Add", [product, graph.constant(f"{name}.bias", module.bias)], name)


def _normed(graph: GraphBuilder, module: nn.LayerNorm, name: str, x: str) -> str:
    gain = graph.constant(f"{name}.gain", module.weight)
    offset = graph.constant(f"{name}.offset", module.bias)
    return graph.node("LayerNormalization", [x, gain, offset], name, epsilon=module.eps)
