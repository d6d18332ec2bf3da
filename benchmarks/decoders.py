"""One warm picture of the bundled GAN and VAE, beside the same weights in eager PyTorch.

The torch networks are those that the graphs were exported from, everything constant already folded,
with the weights read back from the graphs. The share of the machine's float32 peak counts the
multiplications of convolutions and matrix products alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import shape_inference
from torch import nn

from benchmarks.figures import Figure, at_least, median_seconds
from genstudio.base.paths import bundled_packs_folder
from genstudio.engine.graph import load_graph
from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import Gan, Pack, Role, Vae, open_pack
from genstudio.training.config import GanTraining, VaeTraining, read_config
from genstudio.training.export import fold_norms, load_weights
from genstudio.training.gan_networks import Synthesis
from genstudio.training.gan_plain import PlainSynthesis
from genstudio.training.vae_networks import Decoder

TARGET = 1.8
_SIDE = 2048
_Arrays = dict[str, NDArray[np.float32]]


def measure(threads: int = 2) -> list[Figure]:
    """A picture of each bundled GAN and VAE, in both runtimes and beside the float32 peak."""
    torch.set_num_threads(threads)
    figures: list[Figure] = []
    for folder in sorted(bundled_packs_folder().iterdir()):
        if (folder / "pack.json").is_file() and (folder / "train.toml").is_file():
            pack = open_pack(folder)
            if isinstance(pack.manifest.model, Gan | Vae):
                figures += _measure_pack(pack, threads)
    return figures


def _measure_pack(pack: Pack, threads: int) -> list[Figure]:
    role, network, feeds = _network(pack)
    path = pack.path(pack.graph(role))
    load_weights(network, path)
    graph = load_graph(path, plan_providers("cpu"), threads=threads)
    tensors = [torch.from_numpy(value) for value in feeds.values()]
    product = _matrix_product()
    with torch.inference_mode():
        difference = np.abs(network(*tensors).numpy() - graph.run(feeds)["image"]).max()
        assert difference < 1e-3, f"{pack.id}: the two runtimes differ by {difference}"
        times = median_seconds(
            {
                "ours": lambda: graph.run(feeds),
                "eager": lambda: network(*tensors),
                "product": product,
            },
            31,
        )
    peak = 2 * _SIDE**3 / times["product"]
    name = f"A picture of {pack.id}"
    return [
        Figure(f"{name}, warm", 1e3 * times["ours"], "ms"),
        Figure(f"{name} in eager PyTorch", 1e3 * times["eager"], "ms"),
        at_least(f"{name} beside eager PyTorch", times["eager"] / times["ours"], "x", TARGET),
        Figure(
            f"{name}: share of the float32 peak",
            100 * _operations(path, feeds) / times["ours"] / peak,
            "%",
        ),
        Figure("Float32 peak of a matrix product", peak / 1e9, "GFLOP/s"),
    ]


def _network(pack: Pack) -> tuple[Role, nn.Module, _Arrays]:
    """The torch network that the pack's decoder or synthesis was exported from, and its inputs."""
    random = np.random.RandomState(0)
    config_path = pack.folder / "train.toml"
    if isinstance(pack.manifest.model, Vae):
        vae = read_config(config_path, VaeTraining)
        feeds = {"latent": random.randn(1, vae.networks.latent)}
        return "decoder", fold_norms(Decoder(vae.networks).eval()), _float32(feeds)
    gan = read_config(config_path, GanTraining)
    synthesis = Synthesis(gan.networks)
    sides = synthesis.noise_sides
    feeds = {
        "w": random.randn(1, len(sides) + 1, gan.networks.w_dim),
        "noise_strength": np.array(1.0),
        **{f"noise.{i}": random.randn(1, 1, side, side) for i, side in enumerate(sides)},
    }
    return "synthesis", PlainSynthesis(synthesis).eval(), _float32(feeds)


def _float32(feeds: dict[str, NDArray[np.float64]]) -> _Arrays:
    return {name: np.asarray(value, np.float32) for name, value in feeds.items()}


def _matrix_product() -> Callable[[], object]:
    a, b = torch.randn(_SIDE, _SIDE), torch.randn(_SIDE, _SIDE)
    return lambda: a @ b


def _operations(path: Path, feeds: _Arrays) -> float:
    """Additions and multiplications of a run's convolutions and matrix products."""
    model = onnx.load(path)
    for tensor in model.graph.input:
        for dimension, size in zip(
            tensor.type.tensor_type.shape.dim, feeds[tensor.name].shape, strict=True
        ):
            dimension.dim_value = size
    graph = shape_inference.infer_shapes(model).graph
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer} | {
        value.name: tuple(d.dim_value for d in value.type.tensor_type.shape.dim)
        for value in (*graph.value_info, *graph.output, *graph.input)
    }
    total = 0.0
    for node in graph.node:
        if node.op_type == "Conv":
            outputs, inputs, *kernel = shapes[node.input[1]]
            height, width = shapes[node.output[0]][2:]
            total += 2 * outputs * inputs * math.prod(kernel) * height * width
        elif node.op_type in ("Gemm", "MatMul"):
            total += 2 * math.prod(shapes[node.input[1]])
    return total
