"""One warm picture of the bundled GAN and VAE, beside the same network in eager PyTorch.

Eager PyTorch runs the network as it was trained, which is what somebody who has it would run; the
row "constants folded" gives it the export's own preparation too (scales and batch normalisation
multiplied into the weights). The share of the machine's float32 peak counts convolutions and matrix
products alone.
"""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import onnx
import torch
from onnx import shape_inference
from torch import Tensor, nn

from benchmarks import runtime_alone
from benchmarks.figures import Figure, at_least, median_seconds
from benchmarks.runtime_alone import SIDE, drawing_role, random_feeds
from genstudio.base.paths import bundled_packs_folder
from genstudio.engine.graph import load_graph
from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import Gan, Pack, Vae, open_pack
from genstudio.training.config import GanTraining, VaeTraining, read_config
from genstudio.training.export import fold_norms, load_weights
from genstudio.training.gan_networks import Synthesis
from genstudio.training.gan_plain import PlainSynthesis
from genstudio.training.vae_networks import Decoder

TARGET = 1.8
_TURNS = 3


def measure() -> list[Figure]:
    """A picture of each bundled GAN and VAE, in both runtimes and beside the float32 peak."""
    figures: list[Figure] = []
    for folder in sorted(bundled_packs_folder().iterdir()):
        if (folder / "pack.json").is_file() and (folder / "train.toml").is_file():
            pack = open_pack(folder)
            if isinstance(pack.manifest.model, Gan | Vae):
                figures += _measure_pack(pack)
    return figures


def _measure_pack(pack: Pack) -> list[Figure]:
    times = _in_turns(pack)
    peak = runtime_alone.OPERATIONS / min(times["product"], times["torch product"])
    share = _operations(pack) / times["ours"] / peak
    name = f"A picture of {pack.id}"
    return [
        Figure(f"{name}, warm", 1e3 * times["ours"], "ms"),
        Figure(f"{name} in eager PyTorch", 1e3 * times["eager"], "ms"),
        at_least(f"{name} beside eager PyTorch", times["eager"] / times["ours"], "x", TARGET),
        Figure(
            f"{name} beside eager PyTorch, constants folded", times["folded"] / times["ours"], "x"
        ),
        Figure(f"{name}: share of the float32 peak", 100 * share, "%"),
        Figure("Float32 peak, the better runtime's matrix product", peak / 1e9, "GFLOP/s"),
    ]


def _in_turns(pack: Pack) -> dict[str, float]:
    """The median seconds of each side.

    Each has a process of its own, since the waiting threads of one runtime slow the other; they
    take turns, so that a busy moment meets them alike.
    """
    sides = {
        "ours": "runtime_alone",
        "product": "runtime_alone",
        "eager": "decoders",
        "folded": "decoders",
        "torch product": "decoders",
    }
    found: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(_TURNS):
        for side, module in sides.items():
            command = [sys.executable, "-m", f"benchmarks.{module}", str(pack.folder), side]
            answer = subprocess.run(command, capture_output=True, text=True, check=True)
            found[side].append(float(answer.stdout))
    return {side: statistics.median(seconds) for side, seconds in found.items()}


def _time_torch(pack: Pack, side: str) -> float:
    """The median seconds of a torch side, in this process."""
    torch.set_num_threads(runtime_alone.THREADS)
    run: Callable[[], object]
    if side in ("eager", "folded"):
        path = pack.path(pack.graph(drawing_role(pack)))
        feeds = random_feeds(load_graph(path, plan_providers("cpu"), threads=1))
        tensors = {name: torch.from_numpy(value) for name, value in feeds.items()}
        draw = _as_trained if side == "eager" else _folded
        run = draw(pack, path, tensors)
    else:
        run = partial(torch.matmul, *(torch.randn(SIDE, SIDE) for _ in range(2)))
    with torch.inference_mode():
        return median_seconds({side: run}, runtime_alone.REPEATS)[side]


def _as_trained(pack: Pack, _path: Path, inputs: dict[str, Tensor]) -> Callable[[], object]:
    """The network of the training; its weights are random, on which no time depends."""
    config = pack.folder / "train.toml"
    if isinstance(pack.manifest.model, Vae):
        decoder = Decoder(read_config(config, VaeTraining).networks).eval()
        return partial(decoder, inputs["latent"])
    synthesis = Synthesis(read_config(config, GanTraining).networks).eval()
    noise = [inputs[f"noise.{index}"] for index in range(len(synthesis.noise_sides))]
    return partial(synthesis, inputs["w"], noise, inputs["noise_strength"])


def _folded(pack: Pack, path: Path, inputs: dict[str, Tensor]) -> Callable[[], object]:
    """The network that the graph was exported from, with the graph's weights."""
    config = pack.folder / "train.toml"
    network: nn.Module
    if isinstance(pack.manifest.model, Vae):
        network = fold_norms(Decoder(read_config(config, VaeTraining).networks).eval())
    else:
        network = PlainSynthesis(Synthesis(read_config(config, GanTraining).networks)).eval()
    load_weights(network, path)
    return partial(network, *inputs.values())


def _operations(pack: Pack) -> float:
    """Additions and multiplications of a picture's convolutions and matrix products."""
    path = pack.path(pack.graph(drawing_role(pack)))
    feeds = random_feeds(load_graph(path, plan_providers("cpu"), threads=1))
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


if __name__ == "__main__":
    print(_time_torch(open_pack(Path(sys.argv[1])), sys.argv[2]))
