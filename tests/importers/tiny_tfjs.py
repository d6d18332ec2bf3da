"""Tiny npm packages with a TensorFlow.js model inside, and the same layers in plain numpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

Layers = list[dict[str, Any]]


def layer(kind: str, name: str, inputs: Sequence[str], **config: Any) -> dict[str, Any]:
    nodes = [[[source, 0, 0, {}] for source in inputs]] if inputs else []
    config = {"name": name, **config}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": nodes}


def conv(name: str, source: str, weights: dict[str, np.ndarray], **config: Any) -> dict[str, Any]:
    *sides, _, filters = weights[f"{name}/kernel"].shape
    given: dict[str, Any] = {
        "filters": filters,
        "kernel_size": sides,
        "strides": [1, 1],
        "padding": "same",
        "data_format": "channels_last",
        "dilation_rate": [1, 1],
        "activation": "linear",
        "use_bias": True,
    }
    return layer("Conv2D", name, [source], **given | config)


def conv_weights(name: str, *shape: int, bias: float = 0.4) -> dict[str, np.ndarray]:
    """Small enough for pictures of 0 to 1 to stay there."""
    random = np.random.RandomState(len(name) + sum(shape))
    kernel = random.randn(*shape) * 0.3 / np.prod(shape[:3]) ** 0.5
    biases = random.rand(shape[-1]) * 0.2 + bias
    return {f"{name}/kernel": np.float32(kernel), f"{name}/bias": np.float32(biases)}


def write_package(
    root: Path, layers: Layers, weights: dict[str, np.ndarray], shards: int = 2
) -> Path:
    """The package's folder with package.json and LICENSE; returns its model folder."""
    folder = root / "models" / "x2"
    folder.mkdir(parents=True)
    (root / "package.json").write_text(
        json.dumps({"name": "@tiny/enlarge", "version": "1.2.3", "license": "MIT", "main": "x"})
    )
    (root / "LICENSE").write_text("MIT License\n\nCopyright (c) the tiny people\n")
    numbers = b"".join(values.astype("<f4").tobytes() for values in weights.values())
    cut = len(numbers) // shards + 1
    paths = [f"group1-shard{index + 1}of{shards}.bin" for index in range(shards)]
    for index, path in enumerate(paths):
        (folder / path).write_bytes(numbers[index * cut : (index + 1) * cut])
    specs = [
        {"name": name, "shape": values.shape, "dtype": "float32"}
        for name, values in weights.items()
    ]
    described = {
        "format": "layers-model",
        "modelTopology": {
            "keras_version": "2.10.0",
            "model_config": {
                "class_name": "Functional",
                "config": {
                    "name": "generator",
                    "layers": [layer("InputLayer", "LR", []), *layers],
                    "input_layers": [["LR", 0, 0]],
                    "output_layers": [[layers[-1]["name"], 0, 0]],
                },
            },
        },
        "weightsManifest": [{"paths": paths, "weights": specs}],
    }
    (folder / "model.json").write_text(json.dumps(described))
    return folder


def numpy_conv(image: np.ndarray, weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    """TensorFlow's "same" convolution of [H, W, C]: where a side is even, more zeros go behind."""
    kernel, bias = weights[f"{name}/kernel"], weights[f"{name}/bias"]
    rows, columns = kernel.shape[:2]
    before = [(rows - 1) // 2, (columns - 1) // 2]
    sides = [(before[0], rows - 1 - before[0]), (before[1], columns - 1 - before[1]), (0, 0)]
    padded = np.pad(image, sides)
    height, width = image.shape[:2]
    result = np.zeros((height, width, kernel.shape[3])) + bias
    for row in range(rows):
        for column in range(columns):
            result += padded[row : row + height, column : column + width] @ kernel[row, column]
    return result


def numpy_depth_to_space(image: np.ndarray, size: int) -> np.ndarray:
    height, width, channels = image.shape
    split = image.reshape(height, width, size, size, channels // size**2)
    return split.transpose(0, 2, 1, 3, 4).reshape(height * size, width * size, -1)
