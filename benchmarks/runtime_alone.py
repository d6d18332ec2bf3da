"""ONNX Runtime's side of a comparison, in a process where torch never was.

`python -m benchmarks.runtime_alone PACK ours|product` prints the median seconds of one picture, or
of one matrix product.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, save

from benchmarks.figures import median_seconds
from genstudio.engine.graph import LoadedGraph, load_graph
from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import Pack, Role, Vae, open_pack

THREADS = 2
REPEATS = 101
SIDE = 2048
OPERATIONS = 2 * SIDE**3
"""Additions and multiplications of the matrix product."""


def drawing_role(pack: Pack) -> Role:
    """The graph that makes the picture."""
    return "decoder" if isinstance(pack.manifest.model, Vae) else "synthesis"


def random_feeds(graph: LoadedGraph) -> dict[str, NDArray[Any]]:
    """Normal numbers for every input, one picture, always the same."""
    random = np.random.RandomState(0)
    return {
        name: np.asarray(
            random.randn(*(side if isinstance(side, int) else 1 for side in tensor.shape)),
            np.float32,
        )
        for name, tensor in graph.inputs.items()
    }


def _picture(pack: Pack) -> Callable[[], object]:
    graph = load_graph(
        pack.path(pack.graph(drawing_role(pack))), plan_providers("cpu"), threads=THREADS
    )
    return partial(graph.run, random_feeds(graph))


def _product(folder: Path) -> Callable[[], object]:
    values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [SIDE, SIDE]) for n in "abc"]
    node = helper.make_node("MatMul", ["a", "b"], ["c"])
    made = helper.make_graph([node], "product", values[:2], values[2:])
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    save(model, folder / "product.onnx")
    graph = load_graph(folder / "product.onnx", plan_providers("cpu"), threads=THREADS)
    return partial(graph.run, random_feeds(graph))


def main(pack: Pack, side: str) -> None:
    """Time one side and print it."""
    with tempfile.TemporaryDirectory() as folder:
        run = _picture(pack) if side == "ours" else _product(Path(folder))
        print(median_seconds({side: run}, REPEATS)[side])


if __name__ == "__main__":
    main(open_pack(Path(sys.argv[1])), sys.argv[2])
