"""The weights of the affine layers that read a graph's latent first, from the .onnx file itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import PackError
from genstudio.packs.onnx_file import Node, OnnxFile

_PASSES_ON = frozenset(
    {"Gather", "Slice", "Squeeze", "Unsqueeze", "Split", "Reshape", "Flatten", "Identity", "Cast"}
)
"""What takes a layer's w out of all layers' w, or gives z the shape that a layer wants."""


def affine_weights(graph: OnnxFile, latent: str, size: int) -> list[NDArray[np.float64]]:
    """The weights [outputs, size] of layers whose input is `latent`, but for picking and reshaping.

    Those of Gemm, MatMul and, for a generator that begins with it, ConvTranspose. Layers whose
    weights are computed, quantised or in another file are left out.
    """
    derived = {latent}
    weights: dict[str, NDArray[np.float64]] = {}
    found: list[NDArray[np.float64]] = []
    for node in graph.nodes:
        if not node.inputs or node.domain not in ("", "ai.onnx"):
            continue
        if node.inputs[0] in derived and node.kind in _PASSES_ON:
            derived.update(node.outputs)
        elif node.inputs[0] in derived and len(node.inputs) > 1:
            weight = _read(graph, weights, node.inputs[1])
            matrix = None if weight is None else _matrix(node, weight)
            if matrix is not None and matrix.shape[1] == size and np.isfinite(matrix).all():
                found.append(matrix)
        elif node.kind in ("Transpose", "Identity", "Cast"):
            weight = _read(graph, weights, node.inputs[0])
            if weight is not None and weight.ndim == 2:
                weights[node.outputs[0]] = weight.T if node.kind == "Transpose" else weight
    return found


def _read(
    graph: OnnxFile, made: dict[str, NDArray[np.float64]], name: str
) -> NDArray[np.float64] | None:
    if name in made or name not in graph.weights:
        return made.get(name)
    try:
        return graph.weights[name].array().astype(np.float64)
    except PackError:
        return None


def _matrix(node: Node, weight: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The weight as [outputs, inputs]."""
    if node.kind == "Gemm" and weight.ndim == 2 and not node.numbers.get("transA"):
        return weight if node.numbers.get("transB") else weight.T
    if node.kind == "MatMul" and weight.ndim == 2:
        return weight.T
    if node.kind == "ConvTranspose" and weight.ndim == 4 and node.numbers.get("group", 1) == 1:
        return weight.reshape(len(weight), -1).T
    return None
