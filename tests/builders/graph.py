"""Writing small ONNX graphs in few words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
Range = tuple[float, float]


class GraphBuilder:
    """Nodes and weights of one graph; calling it adds a node and gives its output's name."""

    def __init__(self, seed: int = 0) -> None:
        self.random = np.random.RandomState(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, shape: list[int | str], kind: int = FLOAT) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(
        self, name: str, shape: list[int | str | None], source: str, kind: int = FLOAT
    ) -> None:
        self._outputs.append(helper.make_tensor_value_info(name, kind, shape))
        self("Identity", source, output=name)

    def const(self, value: Any, dtype: Any = np.float32) -> str:
        name = f"weight.{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.array(value, dtype), name))
        return name

    def drawn(self, *shape: int, scale: float = 1.0) -> str:
        return self.const(self.random.randn(*shape) * scale)

    def __call__(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        name = output or f"value.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def model(self) -> onnx.ModelProto:
        graph = helper.make_graph(
            self._nodes, "tiny", self._inputs, self._outputs, initializer=self._weights
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="tests"
        )

    def save(self, path: Path) -> None:
        onnx.save(self.model(), path)


def to_range(g: GraphBuilder, value: str, value_range: Range) -> str:
    """Any numbers as pixel values in the range."""
    squashed = g("Tanh", value)
    if value_range == (-1.0, 1.0):
        return squashed
    return g("Mul", g("Add", squashed, g.const(1.0)), g.const(0.5))


def from_range(g: GraphBuilder, image: str, value_range: Range) -> str:
    """The inverse of `to_range`, as far as float32 goes."""
    if value_range == (0.0, 1.0):
        image = g("Sub", g("Mul", image, g.const(2.0)), g.const(1.0))
    return g("Atanh", g("Clip", image, g.const(-0.999), g.const(0.999)))
