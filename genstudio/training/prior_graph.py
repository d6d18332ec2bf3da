"""The prior as one ONNX graph for both reading a prompt and drawing a token.

Fused operators of ONNX Runtime: attention that turns, appends to the cache in place and attends
(GroupQueryAttention), RMSNorm with the residual sum, and 8-bit matrix products with fixed scales.
Fixed scales, not dynamic ones, so that no row of a batch changes another row's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from torch import Tensor, nn

from genstudio.training.prior import EPSILON, Prior, PriorLayer
from genstudio.training.token_onnx import MICROSOFT, GraphBuilder, columns_as_int8

WEIGHT_MOST = 63
"""Seven-bit weights: on processors without VNNI, ONNX Runtime adds two byte products in 16 bits,
which eight-bit weights could overflow."""
SMOOTHING = 0.5
"""How much of the unevenness of activations moves into the weights (SmoothQuant)."""


@dataclass(frozen=True)
class Range:
    """What one matrix product reads.

    The lowest and highest value, and the largest size of each of its numbers [width].
    """

    low: float
    high: float
    sizes: NDArray[np.float32]


def observe(prior: Prior, calls: Sequence[Callable[[], object]]) -> Mapping[str, Range]:
    """Run `calls` of the prior and see what its matrix products read, by the module's name."""
    seen: dict[str, list[Tensor]] = {}
    hooks = []
    for name, module in _products(prior).items():

        def note(_: nn.Module, inputs: tuple[Tensor, ...], name: str = name) -> None:
            flat = inputs[0].detach().float().flatten(0, -2)
            seen.setdefault(name, []).append(torch.stack([flat.amin(0), flat.amax(0)]))

        hooks.append(module.register_forward_pre_hook(note))
    head = prior.norm.register_forward_hook(
        lambda _module, _inputs, output: seen.setdefault("head", []).append(
            torch.stack([output.flatten(0, -2).amin(0), output.flatten(0, -2).amax(0)])
        )
    )
    with torch.inference_mode():
        for call in calls:
            call()
    for hook in [*hooks, head]:
        hook.remove()
    ranges = {}
    for name, parts in seen.items():
        low = torch.stack(parts)[:, 0].amin(0)
        high = torch.stack(parts)[:, 1].amax(0)
        sizes = torch.maximum(low.abs(), high.abs()).numpy()
        ranges[name] = Range(float(low.min()), float(high.max()), sizes)
    return ranges


def prior_graph(prior: Prior, ranges: Mapping[str, Range] | None = None) -> onnx.ModelProto:
    """The graph: float32 without `ranges`, 8-bit products with them (see `observe`).

    Inputs: `tokens` int64 [B, T], `style` int64 [B], `context` float32 [B, P, width] (P may be 0),
    `past.{layer}.key` and `.value` [B, heads, length, size], `seqlens_k` int32 [B] and
    `total_sequence_length` int32 []. Outputs: `logits` [B, codes] after the last token, and
    `present.{layer}.key` and `.value`, which may be the past's own memory.
    """
    return _PriorGraph(prior, ranges).build()


class _PriorGraph:
    def __init__(self, prior: Prior, ranges: Mapping[str, Range] | None) -> None:
        self.prior = prior
        self.shape = prior.shape
        self.ranges = ranges
        self.graph = GraphBuilder("prior")

    def build(self) -> onnx.ModelProto:
        graph, shape = self.graph, self.shape
        x, change = self._begin()
        cosine = graph.constant("cosine", self.prior.cosine)
        sine = graph.constant("sine", self.prior.sine)
        for number, layer in enumerate(self.prior.layers):
            assert isinstance(layer, PriorLayer)
            x, change = self._layer(number, layer, x, change, cosine, sine)
        gain = graph.constant("norm.gain", self._smooth("head", self.prior.norm.weight))
        graph.nodes(
            "SkipSimplifiedLayerNormalization", [x, change, gain], ["normed"],
            MICROSOFT, epsilon=EPSILON,
        )  # fmt: skip
        last = graph.constant("last", np.array(-1, np.int64))
        graph.node("Gather", ["normed", last], "normed.last", axis=1)
        self._product("head", "normed.last", self.prior.head().T, "logits")
        graph.output("logits", TensorProto.FLOAT, ["batch", shape.codes])
        for number in range(shape.layers):
            for kind in ("key", "value"):
                size: list[int | str] = ["batch", shape.heads, "length", shape.head_size]
                graph.output(f"present.{number}.{kind}", TensorProto.FLOAT, size)
        return graph.model()

    def _begin(self) -> tuple[str, str]:
        """Prompt, tokens and style as vectors, and the positions' vectors to add to them."""
        graph, shape, prior = self.graph, self.shape, self.prior
        graph.input("tokens", TensorProto.INT64, ["batch", "tokens"])
        graph.input("style", TensorProto.INT64, ["batch"])
        graph.input("context", TensorProto.FLOAT, ["batch", "prompt", shape.context_width])
        for number in range(shape.layers):
            for kind in ("key", "value"):
                size: list[int | str] = ["batch", shape.heads, "length", shape.head_size]
                graph.input(f"past.{number}.{kind}", TensorProto.FLOAT, size)
        graph.input("seqlens_k", TensorProto.INT32, ["batch"])
        graph.input("total_sequence_length", TensorProto.INT32, [])
        self._read_tokens(torch.cat([prior.codes(), prior.start]))
        styles = graph.constant("styles", prior.styles.weight[:, None])
        reader = graph.constant("read_prompt", prior.read_prompt.weight.T)
        graph.node("Gather", [styles, "style"], "style.read")
        graph.node("Add", ["codes", "style.read"], "tokens.styled")
        graph.node("MatMul", ["context", reader], "prompt.read")
        graph.node("Concat", ["prompt.read", "tokens.styled"], "read", axis=1)
        graph.node("Shape", ["read"], "new", start=1, end=2)
        graph.node("Cast", ["total_sequence_length"], "total.wide", to=TensorProto.INT64)
        one = graph.constant("one", np.array([1], np.int64))
        graph.node("Reshape", ["total.wide", one], "total")
        graph.node("Sub", ["total", "new"], "past")
        positions = graph.constant("positions", prior.positions)
        graph.node("Slice", [positions, "past", "total"], "positions.now")
        return "read", "positions.now"

    def _read_tokens(self, table: Tensor) -> None:
        """The tokens' vectors, as `codes`; in bytes where the products are."""
        if self.ranges is None:
            stored = self.graph.constant("codes.float", table)
            self.graph.node("Gather", [stored, "tokens"], "codes")
        else:
            self.graph.byte_rows("codes", table, "tokens")

    def _layer(
        self, number: int, layer: PriorLayer, x: str, change: str, cosine: str, sine: str
    ) -> tuple[str, str]:
        graph, shape, at = self.graph, self.shape, f"layers.{number}"
        gain = graph.constant(
            f"{at}.attention_norm.gain", self._smooth(f"{at}.qkv", layer.attention_norm.weight)
        )
        graph.nodes(
            "SkipSimplifiedLayerNormalization", [x, change, gain],
            [f"{at}.attention_norm", "", "", f"{at}.x"], MICROSOFT, epsilon=EPSILON,
        )  # fmt: skip
        self._product(f"{at}.qkv", f"{at}.attention_norm", layer.qkv.weight.T, f"{at}.qkv")
        graph.nodes(
            "GroupQueryAttention",
            [f"{at}.qkv", "", "", f"past.{number}.key", f"past.{number}.value",
             "seqlens_k", "total_sequence_length", cosine, sine],
            [f"{at}.mixed", f"present.{number}.key", f"present.{number}.value"],
            MICROSOFT, num_heads=shape.heads, kv_num_heads=shape.heads, do_rotary=1,
            rotary_interleaved=1,
        )  # fmt: skip
        self._product(f"{at}.out", f"{at}.mixed", layer.out.weight.T, f"{at}.out")
        gain = graph.constant(f"{at}.norm.gain", self._smooth(f"{at}.up", layer.norm.weight))
        graph.nodes(
            "SkipSimplifiedLayerNormalization", [f"{at}.x", f"{at}.out", gain],
            [f"{at}.norm", "", "", f"{at}.middle"], MICROSOFT, epsilon=EPSILON,
        )  # fmt: skip
        self._product(f"{at}.up", f"{at}.norm", layer.up.weight.T, f"{at}.up")
        graph.node("QuickGelu", [f"{at}.up"], f"{at}.hidden", MICROSOFT, alpha=1.0)
        self._product(f"{at}.down", f"{at}.hidden", layer.down.weight.T, f"{at}.down")
        return f"{at}.middle", f"{at}.down"

    def _product(self, name: str, x: str, matrix: Tensor, output: str) -> None:
        """`x` times `matrix` [in, out]."""
        graph = self.graph
        if self.ranges is None:
            graph.node("MatMul", [x, graph.constant(f"{name}.weight", matrix)], output)
            return
        seen = self.ranges[name]
        even = self._evened(name)
        low, high = min(seen.low, 0.0), max(seen.high, 0.0)
        if even is not None:
            most = float((seen.sizes / even).max())
            low, high = -most, most
            matrix = matrix * torch.from_numpy(even)[:, None]
        scale = np.float32((high - low) / 255.0)
        zero = np.uint8(np.clip(round(-low / scale), 0, 255))
        codes, scales = columns_as_int8(matrix.detach().numpy(), WEIGHT_MOST)
        step = graph.constant(f"{name}.step", np.array(scale))
        middle = graph.constant(f"{name}.zero", np.array(zero))
        graph.node("QuantizeLinear", [x, step, middle], f"{name}.bytes")
        graph.node(
            "MatMulIntegerToFloat",
            [f"{name}.bytes", graph.constant(f"{name}.int8", codes), step,
             graph.constant(f"{name}.scale", scales), middle],
            output, MICROSOFT,
        )  # fmt: skip

    def _smooth(self, name: str, gain: Tensor) -> Tensor:
        """A norm's gain, with the unevenness of what it feeds to product `name` taken out."""
        even = self._evened(name)
        return gain if even is None else gain / torch.from_numpy(even)

    def _evened(self, name: str) -> NDArray[np.float32] | None:
        """By what each number that product `name` reads is divided; None without a norm before it.

        SmoothQuant (Xiao et al. 2022), https://arxiv.org/abs/2211.10438.
        """
        if self.ranges is None or name.endswith((".out", ".down")):
            return None
        weight = self.prior.head() if name == "head" else _products(self.prior)[name].weight
        columns = weight.detach().abs().amax(0).numpy()
        even = np.maximum(self.ranges[name].sizes, 1e-5) ** SMOOTHING
        even = even / np.maximum(columns, 1e-5) ** (1.0 - SMOOTHING)
        result: NDArray[np.float32] = (even / even.mean()).astype(np.float32)
        return result


def _products(prior: Prior) -> dict[str, nn.Linear]:
    """The matrix products of the layers, by name."""
    return {
        f"layers.{number}.{name}": getattr(layer, name)
        for number, layer in enumerate(prior.layers)
        for name in ("qkv", "out", "up", "down")
    }
