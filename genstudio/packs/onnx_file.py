"""Reading an .onnx file without running it: its operators, weights and references.

An ONNX file is a Protocol Buffers message; this walks its wire format
(https://protobuf.dev/programming-guides/encoding/) for the few fields that matter
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), so that the onnx package is not needed to
check a pack or to read its weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genstudio.base import files
from genstudio.base.errors import PackError, StorageError

SIZE_LIMIT = 2 << 30
"""The most bytes a Protocol Buffers message may have."""

_DEPTH_LIMIT = 32
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DTYPES: dict[int, np.dtype[Any]] = {
    1: np.dtype("<f4"), 2: np.dtype("u1"), 3: np.dtype("i1"), 6: np.dtype("<i4"),
    7: np.dtype("<i8"), 9: np.dtype("?"), 10: np.dtype("<f2"), 11: np.dtype("<f8"),
}  # fmt: skip


@dataclass(frozen=True)
class Weight:
    """An initializer: its name, shape, ONNX data type and raw little-endian bytes if inside."""

    name: str
    shape: tuple[int, ...]
    data_type: int
    data: bytes
    floats: bytes
    external: str | None = None

    def array(self) -> NDArray[Any]:
        """The numbers.

        Raises:
            PackError: they lie in another file, are of an unread kind or do not fill the shape.
        """
        dtype = _DTYPES.get(self.data_type)
        data = self.data or self.floats
        if dtype is None or self.external is not None:
            raise PackError(f"The weight {self.name[:80]} cannot be read without its runtime.")
        if len(data) != dtype.itemsize * int(np.prod(self.shape, dtype=np.int64)):
            raise PackError(f"The weight {self.name[:80]} does not fill its shape; it is damaged.")
        return np.frombuffer(data, dtype).reshape(self.shape)


@dataclass(frozen=True)
class Node:
    """One operator: its kind and domain, its inputs, outputs and whole-number attributes."""

    kind: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass
class OnnxFile:
    """What an .onnx file says about itself.

    `domains` are those of all operators, those in subgraphs and functions too; `functions` the
    domains that the file itself defines; `opsets` the versions asked for by domain.
    """

    ir_version: int = 0
    opsets: dict[str, int] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    weights: dict[str, Weight] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    external_files: set[str] = field(default_factory=set)


def read_onnx(path: Path) -> OnnxFile:
    """Read a file's structure.

    Raises:
        PackError: it is not there, too large, or no ONNX model.
    """
    try:
        data = files.read_bytes(path, SIZE_LIMIT, "graph")
    except StorageError as error:
        raise PackError(str(error)) from error
    model = OnnxFile()
    try:
        _read_model(memoryview(data), model)
    except (ValueError, IndexError, OverflowError) as error:
        raise PackError(
            f"{path} is not a whole ONNX model ({error}); export it again or get the file again."
        ) from error
    if not model.ir_version or not (model.nodes or model.weights):
        raise PackError(f"{path} is not an ONNX model; a pack's graphs are .onnx files.")
    return model


def _read_model(data: memoryview, model: OnnxFile) -> None:
    for number, value in _fields(data):
        if number == 1:
            model.ir_version = _whole(value)
        elif number == 7:
            _read_graph(_message(value), model, 0, outermost=True)
        elif number == 8:
            parts = dict(_fields(_message(value)))
            model.opsets[_text(parts.get(1, b""))] = _whole(parts.get(2, 0))
        elif number == 25:
            _read_function(_message(value), model)


def _read_function(data: memoryview, model: OnnxFile) -> None:
    for number, value in _fields(data):
        if number == 7:
            _read_node(_message(value), model, 1, outermost=False)
        elif number == 10:
            model.functions.add(_text(value))


def _read_graph(data: memoryview, model: OnnxFile, depth: int, *, outermost: bool) -> None:
    if depth > _DEPTH_LIMIT:
        raise ValueError("its graphs are nested too deep")
    for number, value in _fields(data):
        if number == 1:
            _read_node(_message(value), model, depth, outermost=outermost)
        elif number == 5:
            _keep_weight(_read_weight(_message(value)), model, outermost=outermost)
        elif number == 15:
            for inner, tensor in _fields(_message(value)):
                if inner in (1, 2):
                    _keep_weight(_read_weight(_message(tensor)), model, outermost=False)


def _read_node(data: memoryview, model: OnnxFile, depth: int, *, outermost: bool) -> None:
    inputs: list[str] = []
    outputs: list[str] = []
    kind = domain = ""
    numbers: dict[str, int] = {}
    for number, value in _fields(data):
        if number == 1:
            inputs.append(_text(value))
        elif number == 2:
            outputs.append(_text(value))
        elif number == 4:
            kind = _text(value)
        elif number == 5:
            numbers.update(_read_attribute(_message(value), model, depth))
        elif number == 7:
            domain = _text(value)
    model.domains.add(domain)
    if outermost:
        model.nodes.append(Node(kind, domain, tuple(inputs), tuple(outputs), numbers))


def _read_attribute(data: memoryview, model: OnnxFile, depth: int) -> dict[str, int]:
    """The attribute as a number, where it is one; tensors and graphs inside it are looked at."""
    name = ""
    numbers: dict[str, int] = {}
    for number, value in _fields(data):
        if number == 1:
            name = _text(value)
        elif number == 3:
            numbers[name] = _whole(value)
        elif number in (5, 10):
            tensor = _read_weight(_message(value))
            if number == 5 and tensor.external is None:
                # The value of a Constant node: as good as an initializer, under the node's output.
                numbers.update(_single_number(tensor))
            _keep_weight(tensor, model, outermost=False)
        elif number in (6, 11):
            _read_graph(_message(value), model, depth + 1, outermost=False)
    return numbers


def _single_number(tensor: Weight) -> dict[str, int]:
    if tensor.data_type == 7 and tensor.shape in ((), (1,)) and len(tensor.data) == 8:
        return {"value": int(tensor.array().reshape(-1)[0])}
    return {}


def _keep_weight(weight: Weight, model: OnnxFile, *, outermost: bool) -> None:
    if weight.external is not None:
        model.external_files.add(weight.external)
    if outermost:
        model.weights[weight.name] = weight


def _read_weight(data: memoryview) -> Weight:
    shape: list[int] = []
    floats: list[bytes] = []
    found: dict[int, int | memoryview | bytes] = {}
    external: str | None = None
    for number, value in _fields(data):
        if number == 1:
            shape += _wholes(value)
        elif number == 4:
            floats.append(bytes(_message(value)))
        elif number == 13:
            external = _location(_message(value)) or external
        else:
            found[number] = value
    if _whole(found.get(14, 0)) == 1 and external is None:
        external = ""
    return Weight(
        _text(found.get(8, b"")),
        tuple(shape),
        _whole(found.get(2, 0)),
        bytes(_message(found.get(9, b""))),
        b"".join(floats),
        external,
    )


def _location(entry: memoryview) -> str | None:
    """The file that an external-data entry names, where it is the entry that does."""
    parts = dict(_fields(entry))
    return _text(parts.get(2, b"")) if _text(parts.get(1, b"")) == "location" else None


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview | bytes]]:
    """The fields of a message: number and value (a whole number, or the bytes)."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError("it is not in the format of ONNX files")
        if number == 0 or at + length > end:
            raise ValueError("it ends too early or is garbled")
        yield number, data[at : at + length]
        at += length


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("it is garbled")


def _message(value: int | memoryview | bytes) -> memoryview:
    if isinstance(value, int):
        raise ValueError("it is garbled")
    return memoryview(value)


def _text(value: int | memoryview | bytes) -> str:
    return bytes(_message(value)).decode(errors="replace")


def _whole(value: int | memoryview | bytes) -> int:
    if not isinstance(value, int):
        raise ValueError("it is garbled")
    return value - (1 << 64) if value >= 1 << 63 else value


def _wholes(value: int | memoryview | bytes) -> list[int]:
    """A repeated whole number, packed or one by one."""
    if isinstance(value, int):
        return [_whole(value)]
    data, at = memoryview(value), 0
    numbers: list[int] = []
    while at < len(data):
        one, at = _varint(data, at)
        numbers.append(_whole(one))
    return numbers
