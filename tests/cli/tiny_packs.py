"""One real pack of each kind, a few kilobytes, for the commands to work with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from genstudio.base.files import file_sha256
from tests.engine import tiny_prior

SIDE, CHANNELS, LAYERS, SIZE = 16, 3, 4, 8
PIXELS = SIDE * SIDE * CHANNELS
IMAGE = ["batch", CHANNELS, SIDE, SIDE]


def build_all(root: Path) -> None:
    """`tiny-gan`, `tiny-vae`, `tiny-prior` (prompts, styles) and `tiny-upscaler` as folders."""
    build_gan(root / "tiny-gan")
    build_vae(root / "tiny-vae")
    build_upscaler(root / "tiny-upscaler")
    tiny_prior.build(root / "tiny-prior", tiny_prior.Kind())


def build_gan(folder: Path, pack_id: str = "tiny-gan", seed: int = 1) -> None:
    """Mapping, synthesis with one noise layer, and a critic that likes bright pictures."""
    folder.mkdir(parents=True)
    random = np.random.RandomState(seed)
    _save(
        folder / "mapping.onnx",
        {"z": ["batch", SIZE]},
        {"w": ["batch", SIZE]},
        {"a": random.randn(SIZE, SIZE) * 0.4},
        ("MatMul", ["z", "a"], "b"),
        ("Tanh", ["b"], "w"),
    )
    _save(
        folder / "synthesis.onnx",
        {"w": ["batch", LAYERS, SIZE], "noise.0": [1, 1, SIDE, SIDE]},
        {"image": IMAGE},
        {
            "flat": np.array([-1, LAYERS * SIZE]),
            "a": random.randn(LAYERS * SIZE, PIXELS) * 0.3,
            "shape": np.array([-1, CHANNELS, SIDE, SIDE]),
            "little": np.array(0.2),
        },
        ("Reshape", ["w", "flat"], "b"),
        ("MatMul", ["b", "a"], "c"),
        ("Reshape", ["c", "shape"], "d"),
        ("Mul", ["noise.0", "little"], "e"),
        ("Add", ["d", "e"], "f"),
        ("Tanh", ["f"], "image"),
    )
    _save(
        folder / "critic.onnx",
        {"image": IMAGE},
        {"score": ["batch", 1]},
        {"shape": np.array([-1, 1])},
        ("GlobalAveragePool", ["image"], "a"),
        ("ReduceMean", ["a"], "b", {"axes": [1], "keepdims": 1}),
        ("Reshape", ["b", "shape"], "score"),
    )
    model = {"family": "gan", "z_size": SIZE, "layers": LAYERS, "noise": 1}
    _write(folder, pack_id, model, ["mapping", "synthesis", "critic"])


def build_endless_gan(folder: Path) -> None:
    """A GAN whose mapping runs for hours unless it is stopped."""
    build_gan(folder, folder.name)
    values = helper.make_tensor_value_info
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["before", "turn"], ["after"]),
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
    graph = helper.make_graph(
        [helper.make_node("Loop", ["times", "yes", "z"], ["w"], body=body)],
        "endless",
        [values("z", TensorProto.FLOAT, ["batch", SIZE])],
        [values("w", TensorProto.FLOAT, ["batch", SIZE])],
        [
            numpy_helper.from_array(np.array(10**12), "times"),
            numpy_helper.from_array(np.array(True), "yes"),
            numpy_helper.from_array(np.eye(SIZE, dtype=np.float32), "turn"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, folder / "mapping.onnx")


def build_vae(folder: Path) -> None:
    """An encoder and a decoder of a vector latent."""
    folder.mkdir(parents=True)
    random = np.random.RandomState(2)
    there = random.randn(PIXELS, SIZE)
    basis = np.linalg.qr(there)[0]
    _save(
        folder / "encoder.onnx",
        {"image": IMAGE},
        {"mean": ["batch", SIZE], "log_variance": ["batch", SIZE]},
        {
            "flat": np.array([-1, PIXELS]),
            "a": basis,
            "none": np.array(0.0),
            "unsure": np.array(-1.0),
        },
        ("Reshape", ["image", "flat"], "b"),
        ("MatMul", ["b", "a"], "mean"),
        ("Mul", ["mean", "none"], "c"),
        ("Add", ["c", "unsure"], "log_variance"),
    )
    _save(
        folder / "decoder.onnx",
        {"latent": ["batch", SIZE]},
        {"image": IMAGE},
        {"a": basis.T, "shape": np.array([-1, CHANNELS, SIDE, SIDE])},
        ("MatMul", ["latent", "a"], "b"),
        ("Tanh", ["b"], "c"),
        ("Reshape", ["c", "shape"], "image"),
    )
    model = {"family": "vae", "latent": {"type": "vector", "size": SIZE}}
    _write(folder, "tiny-vae", model, ["encoder", "decoder"])


def build_upscaler(folder: Path, scale: int = 2) -> None:
    """Each pixel becomes a square."""
    folder.mkdir(parents=True)
    wide = ["batch", CHANNELS, "height", "width"]
    large = ["batch", CHANNELS, "large height", "large width"]
    _save(
        folder / "upscaler.onnx",
        {"image": wide},
        {"large": large},
        {"scales": np.array([1.0, 1.0, scale, scale])},
        ("Resize", ["image", "", "scales"], "large", {"mode": "nearest"}),
    )
    model = {"family": "upscaler", "scale": scale, "overlap": 0}
    outputs = {"upscaler": {"outputs": {"image": "large"}}}
    _write(folder, folder.name, model, ["upscaler"], outputs)


def _save(
    path: Path,
    inputs: dict[str, list[Any]],
    outputs: dict[str, list[Any]],
    weights: dict[str, np.ndarray],
    *nodes: tuple[Any, ...],
) -> None:
    def infos(tensors: dict[str, list[Any]]) -> list[onnx.ValueInfoProto]:
        return [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in tensors.items()
        ]

    made = [
        helper.make_node(kind, sources, [result], **(more[0] if more else {}))
        for kind, sources, result, *more in nodes
    ]
    constants = [
        numpy_helper.from_array(
            value if value.dtype == np.int64 else value.astype(np.float32), name
        )
        for name, value in weights.items()
    ]
    graph = helper.make_graph(made, path.stem, infos(inputs), infos(outputs), constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)


def _write(
    folder: Path,
    pack_id: str,
    model: dict[str, Any],
    roles: list[str],
    graphs: dict[str, dict[str, Any]] | None = None,
) -> None:
    manifest = {
        "format": 1,
        "id": pack_id,
        "name": pack_id.replace("-", " ").capitalize(),
        "version": "1.0.0",
        "licence": "Apache-2.0",
        "summary": "A model for tests.",
        "image": {"width": SIDE, "height": SIDE, "channels": CHANNELS, "range": [-1, 1]},
        "model": model,
        "graphs": {
            role: {
                "file": f"{role}.onnx",
                "sha256": file_sha256(folder / f"{role}.onnx"),
                **(graphs or {}).get(role, {}),
            }
            for role in roles
        },
    }
    (folder / "pack.json").write_bytes(msgspec.json.encode(manifest))
