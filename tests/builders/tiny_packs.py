"""The tiny packs that the commands work with, under ids of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

from tests import builders
from tests.builders.graph import FLOAT, GraphBuilder


def build_all(root: Path) -> None:
    """`tiny-gan`, `tiny-vae`, `tiny-prior` (prompts, styles) and `tiny-upscaler` as folders."""
    builders.gan(root / "tiny-gan", pack_id="tiny-gan")
    learned = np.random.RandomState(8).randn(6, 8)
    builders.vector_vae(root / "tiny-vae", learned=learned, pack_id="tiny-vae")
    builders.upscaler(root / "tiny-upscaler", pack_id="tiny-upscaler")
    builders.prior(root / "tiny-prior", pack_id="tiny-prior", extends=True)


def other_mapping() -> GraphBuilder:
    """A mapping of the tiny GAN's shapes with other weights."""
    g = GraphBuilder(99)
    z = g.input("z", ["batch", 8])
    w = g("Unsqueeze", g("MatMul", z, g.drawn(8, 6)), g.const([1], np.int64))
    g.output("w", ["batch", 4, 6], g("Concat", w, w, w, w, axis=1))
    return g


def endless_mapping() -> GraphBuilder:
    """A mapping that runs for days unless it is stopped."""
    values = helper.make_tensor_value_info
    body = helper.make_graph(
        [
            helper.make_node("Abs", ["before"], ["after"]),
            helper.make_node("Identity", ["go"], ["go on"]),
        ],
        "body",
        [
            values("step", TensorProto.INT64, []),
            values("go", TensorProto.BOOL, []),
            values("before", TensorProto.FLOAT, None),
        ],
        [values("go on", TensorProto.BOOL, []), values("after", TensorProto.FLOAT, None)],
    )
    g = GraphBuilder()
    z = g.input("z", ["batch", 8], FLOAT)
    turned = g("Loop", g.const(10**12, np.int64), g.const(True, np.bool_), z, body=body)
    w = g("Unsqueeze", g("Slice", turned, g.const([0], np.int64), g.const([6], np.int64),
                         g.const([1], np.int64)), g.const([1], np.int64))  # fmt: skip
    g.output("w", ["batch", 4, 6], g("Concat", w, w, w, w, axis=1))
    return g
