"""ONNX graphs written by hand, operator by operator: a builder for a few hundred nodes.

By hand because the exported graph should hold the runtime's fused operators and small weights,
which no tracer writes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

MICROSOFT = "com.microsoft"
OPSET = 17
IR_VERSION = 8
HALF_FROM = 1024
"""Float arrays of at least so many numbers are stored in half precision where that is asked for."""

Array = NDArray[np.generic]


class GraphBuilder:
    """Collects nodes and weights; every method returns the name of what it made."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._weights: dict[str, onnx.TensorProto] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, kind: int, shape: Sequence[int | str]) -> str:
        """Declare an input."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, kind: int, shape: Sequence[int | str]) -> None:
        """Declare that the value `name` is an output."""
        self._outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def constant(self, name: str, value: Array | Tensor) -> str:
        """A weight stored as it is; the same name again is the same weight."""
        if name not in self._weights:
            array = value.detach().numpy() if isinstance(value, Tensor) else value
            self._weights[name] = numpy_helper.from_array(np.asarray(array, order="C"), name)
        return name

    def half(self, name: str, value: Tensor) -> str:
        """A float weight stored in half precision; the runtime widens it once, when it loads."""
        if value.numel() < HALF_FROM:
            return self.constant(name, value.float())
        small = self.constant(f"{name}.half", value.detach().numpy().astype(np.float16))
        return self.node("Cast", [small], name, to=TensorProto.FLOAT)

    def bytes(self, name: str, matrix: Tensor) -> str:
        """A matrix [rows, columns] stored as int8 with a scale a column, widened when it loads."""
        codes, scale = columns_as_int8(matrix.detach().numpy(), 127)
        wide = self.node(
            "Cast", [self.constant(f"{name}.int8", codes)], f"{name}.wide", to=TensorProto.FLOAT
        )
        return self.node("Mul", [wide, self.constant(f"{name}.scale", scale)], name)

    def byte_rows(self, name: str, table: Tensor, rows: str) -> str:
        """The rows, by their numbers `rows`, of a table stored as int8 with a scale a row."""
        codes, scale = columns_as_int8(table.detach().T.numpy(), 127)
        stored = self.constant(f"{name}.int8", codes.T)
        scales = self.constant(f"{name}.scale", scale[:, None])
        picked = self.node("Gather", [stored, rows], f"{name}.codes")
        wide = self.node("Cast", [picked], f"{name}.wide", to=TensorProto.FLOAT)
        sizes = self.node("Gather", [scales, rows], f"{name}.scales")
        return self.node("Mul", [wide, sizes], name)

    def node(
        self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: object
    ) -> str:
        """A node with one output."""
        return self.nodes(kind, inputs, [output], domain, **attributes)[0]

    def nodes(
        self,
        kind: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        domain: str = "",
        **attributes: object,
    ) -> list[str]:
        """A node with several outputs ("" for one that is not wanted)."""
        made = helper.make_node(
            kind,
            list(inputs),
            list(outputs),
            name=outputs[0],
            domain=domain,
            **attributes,  # type: ignore[arg-type]
        )
        self._nodes.append(made)
        return list(outputs)

    def model(self) -> onnx.ModelProto:
        """The whole, checked."""
        graph = helper.make_graph(
            self._nodes, self._name, self._inputs, self._outputs, list(self._weights.values())
        )
        imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model: onnx.ModelProto = helper.make_model(
            graph, opset_imports=imports, ir_version=IR_VERSION, producer_name="GenStudio"
        )
        onnx.checker.check_model(model)
        return model


def columns_as_int8(
    matrix: NDArray[np.float32], most: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """[rows, columns] -> int8 of the same shape, -most to most, and a scale for each column."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-12).astype(np.float32) / most
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)
