"""The tokenizer's two graphs: picture -> tokens, tokens -> picture, with batch norm folded away.

Weights are stored in half precision and widened when the graph is loaded; `in_half_precision`
rounds the network first, so that graph and network agree.
"""

from __future__ import annotations

import copy

import numpy as np
import onnx
from onnx import TensorProto
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from genstudio.training.token_config import TokenizerConfig
from genstudio.training.token_onnx import GraphBuilder
from genstudio.training.tokenizer import Block, Tokenizer


def in_half_precision(tokenizer: Tokenizer) -> Tokenizer:
    """A copy without batch norm, its convolutions rounded to half precision (and still float32)."""
    folded = copy.deepcopy(tokenizer).eval()
    for module in list(folded.modules()):
        if not isinstance(module, nn.Sequential) or len(module) != 2:
            continue
        convolution, norm = module
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            module[0] = fuse_conv_bn_eval(convolution, norm)
            module[1] = nn.Identity()
    for module in folded.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.data = module.weight.data.half().float()
    return folded.requires_grad_(False)


def image_encoder_graph(tokenizer: Tokenizer, config: TokenizerConfig) -> onnx.ModelProto:
    """`image` float32 [B, 3, S, S] in [-1, 1] -> `tokens` int64 [B, G, G].

    `tokenizer` comes from `in_half_precision`.
    """
    graph = GraphBuilder("image_encoder")
    x = graph.input("image", TensorProto.FLOAT, ["batch", 3, config.size, config.size])
    x = _sequence(graph, tokenizer.encoder.body, "encoder", x)
    x = _convolution(graph, tokenizer.encoder.out[0], "encoder.out", x)
    graph.node("Transpose", [x], "numbers", perm=[0, 2, 3, 1])
    graph.node("Tanh", ["numbers"], "bounded")
    counts = tokenizer.levels.counts
    half = graph.constant("levels.half", counts * 0.5)
    least = graph.constant("levels.offset", counts * 0.5 - 0.5)
    graph.node("Mul", ["bounded", half], "scaled")
    graph.node("Add", ["scaled", least], "place")
    graph.node("Round", ["place"], "rounded")
    zero = graph.constant("zero", np.array(0.0, np.float32))
    graph.node("Max", ["rounded", zero], "level.least")
    graph.node("Min", ["level.least", graph.constant("levels.last", counts - 1.0)], "level")
    graph.node("Mul", ["level", graph.constant("levels.basis", tokenizer.levels.basis)], "parts")
    axes = graph.constant("last", np.array([-1], np.int64))
    graph.node("ReduceSum", ["parts", axes], "code", keepdims=0)
    graph.node("Cast", ["code"], "tokens", to=TensorProto.INT64)
    graph.output("tokens", TensorProto.INT64, ["batch", config.grid, config.grid])
    return graph.model()


def image_decoder_graph(tokenizer: Tokenizer, config: TokenizerConfig) -> onnx.ModelProto:
    """`tokens` int64 [B, rows, columns], any number -> `image` float32 [B, 3, H, W] in [-1, 1].

    `tokenizer` comes from `in_half_precision`.
    """
    graph = GraphBuilder("image_decoder")
    graph.input("tokens", TensorProto.INT64, ["batch", "rows", "columns"])
    table = graph.constant("codes", tokenizer.levels.table())
    graph.node("Gather", [table, "tokens"], "values")
    x = graph.node("Transpose", ["values"], "values.first", perm=[0, 3, 1, 2])
    x = _sequence(graph, tokenizer.decoder.body, "decoder", x)
    x = _convolution(graph, tokenizer.decoder.out, "decoder.out", x)
    x = graph.node("DepthToSpace", [x], "large", blocksize=config.patch, mode="CRD")
    low = graph.constant("low", np.array(-1.0, np.float32))
    high = graph.constant("high", np.array(1.0, np.float32))
    graph.node("Clip", [x, low, high], "image")
    graph.output("image", TensorProto.FLOAT, ["batch", 3, "height", "width"])
    return graph.model()


def _sequence(graph: GraphBuilder, modules: nn.Sequential, name: str, x: str) -> str:
    patch = 1
    for number, module in enumerate(modules):
        at = f"{name}.{number}"
        if isinstance(module, nn.PixelUnshuffle):
            patch = module.downscale_factor
            x = graph.node("SpaceToDepth", [x], at, blocksize=patch)
        elif isinstance(module, nn.Upsample):
            x = _doubled(graph, at, x)
        elif isinstance(module, nn.ReLU):
            x = graph.node("Relu", [x], at)
        elif isinstance(module, Block):
            x = _block(graph, module, at, x)
        elif isinstance(module, nn.Sequential):
            x = _convolution(graph, module[0], at, x, patch)
            patch = 1
        else:
            raise TypeError(f"no graph for {type(module).__name__}")
    return x


def _block(graph: GraphBuilder, block: Block, name: str, x: str) -> str:
    first = _convolution(graph, block.first[0], f"{name}.first", x)
    first = graph.node("Relu", [first], f"{name}.first.relu")
    second = _convolution(graph, block.second[0], f"{name}.second", first)
    total = graph.node("Add", [x, second], f"{name}.sum")
    return graph.node("Relu", [total], name)


def _convolution(graph: GraphBuilder, module: nn.Module, name: str, x: str, patch: int = 1) -> str:
    """A convolution; of what space to depth made of `patch` x `patch` places, if more than 1."""
    assert isinstance(module, nn.Conv2d)
    weight: Tensor = module.weight
    if patch > 1:
        # PyTorch orders channels by (channel, row, column), ONNX by (row, column, channel).
        weight = weight.unflatten(1, (-1, patch, patch)).permute(0, 2, 3, 1, 4, 5).flatten(1, 3)
    inputs = [x, graph.half(f"{name}.weight", weight)]
    if module.bias is not None:
        inputs.append(graph.constant(f"{name}.bias", module.bias))
    edge = int(module.padding[0])
    return graph.node("Conv", inputs, name, pads=[edge] * 4, strides=list(module.stride))


def _doubled(graph: GraphBuilder, name: str, x: str) -> str:
    scales = graph.constant("twice", np.array([1.0, 1.0, 2.0, 2.0], np.float32))
    return graph.node(
        "Resize", [x, "", scales], name,
        mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    )  # fmt: skip
