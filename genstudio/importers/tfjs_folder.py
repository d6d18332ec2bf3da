"""A model folder of TensorFlow.js ("layers" format): its layers and its weights, as they lie there.

`model.json` holds the layers as Keras describes them and lists the weights, whose numbers follow
one another in the shard files beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from genstudio.base import files
from genstudio.base.errors import PackError

_JSON_LIMIT: Final = 16 << 20
_SHARD_LIMIT: Final = 1 << 30


class Layer(msgspec.Struct, frozen=True):
    """A layer: its class, its Keras settings, and the layers that feed it."""

    class_name: str
    name: str
    config: dict[str, Any]
    inbound_nodes: tuple[tuple[tuple[Any, ...], ...], ...] = ()

    @property
    def inputs(self) -> list[str]:
        """The names of the layers that feed this one."""
        return [str(source[0]) for node in self.inbound_nodes for source in node if source]


class Network(msgspec.Struct, frozen=True):
    """The layers in an order in which each follows what feeds it, and where the picture comes out.

    `output_layers` holds (layer, call, output) triples.
    """

    layers: tuple[Layer, ...]
    output_layers: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class ModelFolder:
    """What a folder holds. Weights are float32, by names such as "conv_1/kernel"."""

    path: Path
    network: Network
    weights: dict[str, NDArray[np.float32]]


class _Weight(msgspec.Struct, frozen=True):
    name: str
    shape: tuple[Annotated[int, Meta(ge=1, le=1 << 24)], ...]
    dtype: str
    quantization: Any = None


class _Group(msgspec.Struct, frozen=True):
    paths: tuple[str, ...]
    weights: tuple[_Weight, ...]


class _ModelConfig(msgspec.Struct, frozen=True):
    config: Network


class _Topology(msgspec.Struct, frozen=True):
    model_config: _ModelConfig


class _ModelJson(msgspec.Struct, frozen=True):
    topology: _Topology = msgspec.field(name="modelTopology")
    groups: tuple[_Group, ...] = msgspec.field(name="weightsManifest")


def read_folder(folder: Path) -> ModelFolder:
    """Read `model.json` and its shards.

    Raises:
        PackError: it is no such model, a shard is too short or too long, or a weight is not
            float32.
        StorageError: a file is missing or cannot be read.
    """
    path = folder / "model.json"
    data = files.read_bytes(path, _JSON_LIMIT, "TensorFlow.js model")
    try:
        described = msgspec.json.decode(data, type=_ModelJson)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PackError(
            f"{path} is not a TensorFlow.js layers model that GenStudio can read: {error}."
        ) from error
    weights: dict[str, NDArray[np.float32]] = {}
    for group in described.groups:
        weights |= _group(folder, group)
    return ModelFolder(folder, described.topology.model_config.config, weights)


def _group(folder: Path, group: _Group) -> dict[str, NDArray[np.float32]]:
    numbers = b"".join(_shard(folder, name) for name in group.paths)
    needed = sum(_size(weight, folder) for weight in group.weights)
    if needed != len(numbers):
        raise PackError(
            f"The weights of {folder} take {needed:,} bytes and its shard files hold "
            f"{len(numbers):,}; download the model again."
        )
    return _cut(numbers, group.weights, folder)


def _shard(folder: Path, name: str) -> bytes:
    if Path(name).name != name or "\\" in name:
        raise PackError(f"{folder / 'model.json'} names weights outside its folder: {name[:80]!r}.")
    return files.read_bytes(folder / name, _SHARD_LIMIT, "weights")


def _cut(
    numbers: bytes, weights: Sequence[_Weight], folder: Path
) -> dict[str, NDArray[np.float32]]:
    found, start = {}, 0
    for weight in weights:
        end = start + _size(weight, folder)
        flat = np.frombuffer(numbers[start:end], "<f4").astype(np.float32)
        found[weight.name] = flat.reshape(weight.shape)
        start = end
    return found


def _size(weight: _Weight, folder: Path) -> int:
    """In bytes."""
    if weight.dtype != "float32" or weight.quantization is not None:
        raise PackError(
            f"The weight {weight.name[:80]!r} of {folder} is quantized or not float32; "
            "download the model's float32 variant."
        )
    return 4 * math.prod(weight.shape)
