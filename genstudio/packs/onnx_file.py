"""Reading an .onnx file without running it: its operators, weights and references.

An ONNX file is a Protocol Buffers message; this walks its wire format
(https://protobuf.dev/programming-guides/encoding/) for the few fields that matter
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), so that the onnx package is not needed to
check a pack or to read its weights.
"""

from __future__ import annotations

import math
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
_FIELD_LIMIT = 4_000_000
"""The most fields that are looked at: real graphs have some ten thousands."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DTYPES: dict[int, np.dtype[Any]] = {
    1: np.dtype("<f4"), 2: np.dtype("u1"), 3: np.dtype("i1"), 4: np.dtype("<u2"),
    5: np.dtype("<i2"), 6: np.dtype("<i4"), 7: np.dtype("<i8"), 9: np.dtype("?"),
    10: np.dtype("<f2"), 11: np.dtype("<f8"), 12: np.dtype("<u4"), 13: np.dtype("<u8"),
}  # fmt: skip


@dataclass(frozen=True)
class Weight:
    """A tensor in the file: its name, shape, ONNX data type and little-endian bytes.

    `external` is the file that holds the bytes instead, from `offset` on.
    """

    name: str
    shape: tuple[int, ...]
    data_type: int
    data: memoryview | bytes = b""
    external: str | None = None
    offset: int = 0

    def array(self) -> NDArray[Any]:
        """The numbers.

        Raises:
            PackError: they lie in another file, are of an unread kind or do not fill the shape.
        """
        dtype = _DTYPES.get(self.data_type)
        if dtype is None or self.external is not None:
            raise PackError(f"The weight {self.name[:80]} cannot be read without its runtime.")
        if min(self.shape, default=0) < 0 or len(self.data) != dtype.itemsize * math.prod(
            self.shape
        ):
            raise PackError(f"The weight {self.name[:80]} does not fill its shape; it is damaged.")
        return np.frombuffer(self.data, dtype).reshape(self.shape)

    def has_nan(self, folder: Path) -> bool:
        """Whether a number in it is NaN. `folder` is where files with external weights lie.

        Infinities are left to a run to judge: masks are made of them.
        """
        dtype = _DTYPES.get(self.data_type)
        if dtype is None or dtype.kind != "f" or min(self.shape, default=0) < 0:
            return False
        if self.external is None:
            whole = len(self.data) // dtype.itemsize
            return bool(np.isnan(np.frombuffer(self.data, dtype, whole)).any())
        count = math.prod(self.shape)
        if not count:
            return False
        try:
            path = folder / self.external
            numbers = np.memmap(path, dtype, mode="r", offset=self.offset, shape=(count,))
        except (OSError, ValueError, OverflowError) as error:
            raise PackError(
                f"The weight {self.name[:80]!r} is not where the graph says, in {self.external}; "
                "get the pack again."
            ) from error
        return bool(np.isnan(numbers).any())


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
    domains that the file itself defines; `opsets` the versions asked for by domain. `weights` are
    the outermost graph's, by name; `tensors` all there are.
    """

    ir_version: int = 0
    opsets: dict[str, int] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    weights: dict[str, Weight] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    external_files: set[str] = field(default_factory=set)
    tensors: list[Weight] = field(default_factory=list)


def read_onnx(path: Path) -> OnnxFile:
    """Read a file's structure.

    Raises:
        PackError: it is not there, too large, or no ONNX model.
    """
    try:
        # A read with a limit sets that much memory aside, so the size is asked for first.
        limit = min(path.stat().st_size if path.is_file() else 0, SIZE_LIMIT)
        data = files.read_bytes(path, limit, "graph")
    except StorageError as error:
        raise PackError(str(error)) from error
    except OSError as error:
        raise PackError(str(files.storage_error("read the graph", path, error))) from error
    model = OnnxFile()
    try:
        _Reader(model).read(memoryview(data))
    except (ValueError, IndexError, OverflowError) as error:
        raise PackError(
            f"{path} is not a whole ONNX model ({error}); export it again or get the file again."
        ) from error
    if not model.ir_version or not (model.nodes or model.weights):
        raise PackError(f"{path} is not an ONNX model; a pack's graphs are .onnx files.")
    return model


class _Reader:
    """Walks the messages of a file into an `OnnxFile`, within a number of fields."""

    def __init__(self, model: OnnxFile) -> None:
        self._model = model
        self._fields_left = _FIELD_LIMIT

    def read(self, data: memoryview) -> None:
        """Read the outermost message. Raises ValueError or IndexError where it is garbled."""
        for number, value in self._fields(data):
            if number == 1:
                self._model.ir_version = _whole(value)
            elif number == 7:
                self._read_graph(_message(value), 0)
            elif number == 8:
                parts = dict(self._fields(_message(value)))
                self._model.opsets[_text(parts.get(1, b""))] = _whole(parts.get(2, 0))
            elif number == 25:
                self._read_function(_message(value))

    def _fields(self, data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
        for found in _fields(data):
            self._fields_left -= 1
            if self._fields_left < 0:
                raise ValueError("it has more parts than any model")
            yield found

    def _read_function(self, data: memoryview) -> None:
        for number, value in self._fields(data):
            if number == 7:
                self._read_node(_message(value), 1)
            elif number == 10:
                self._model.functions.add(_text(value))

    def _read_graph(self, data: memoryview, depth: int) -> None:
        if depth > _DEPTH_LIMIT:
            raise ValueError("its graphs are nested too deep")
        for number, value in self._fields(data):
            if number == 1:
                self._read_node(_message(value), depth)
            elif number == 5:
                weight = self._read_weight(_message(value))
                if depth == 0:
                    self._model.weights[weight.name] = weight
            elif number == 15:
                self._read_sparse(_message(value))

    def _read_node(self, data: memoryview, depth: int) -> None:
        inputs: list[str] = []
        outputs: list[str] = []
        kind = domain = ""
        numbers: dict[str, int] = {}
        for number, value in self._fields(data):
            if number == 1:
                inputs.append(_text(value))
            elif number == 2:
                outputs.append(_text(value))
            elif number == 4:
                kind = _text(value)
            elif number == 5:
                numbers.update(self._read_attribute(_message(value), depth))
            elif number == 7:
                domain = _text(value)
        self._model.domains.add(domain)
        if depth == 0:
            self._model.nodes.append(Node(kind, domain, tuple(inputs), tuple(outputs), numbers))

    def _read_attribute(self, data: memoryview, depth: int) -> dict[str, int]:
        """The attribute as a number, where it is one; tensors and graphs in it are looked at."""
        name = ""
        numbers: dict[str, int] = {}
        for number, value in self._fields(data):
            if number == 1:
                name = _text(value)
            elif number == 3:
                numbers[name] = _whole(value)
            elif number in (5, 10):
                self._read_weight(_message(value))
            elif number in (6, 11):
                self._read_graph(_message(value), depth + 1)
            elif number in (22, 23):
                self._read_sparse(_message(value))
        return numbers

    def _read_sparse(self, data: memoryview) -> None:
        for number, value in self._fields(data):
            if number in (1, 2):
                self._read_weight(_message(value))

    def _read_weight(self, data: memoryview) -> Weight:
        shape: list[int] = []
        floats: list[memoryview] = []
        places: list[str] = []
        offset = 0
        found: dict[int, int | memoryview] = {}
        for number, value in self._fields(data):
            if number == 1:
                shape += _wholes(value)
            elif number == 4:
                floats.append(_message(value))
            elif number == 13:
                entry = dict(self._fields(_message(value)))
                key, told = _text(entry.get(1, b"")), _text(entry.get(2, b""))
                if key == "location":
                    places.append(told)
                elif key == "offset":
                    offset = int(told)
            else:
                found[number] = value
        if _whole(found.get(14, 0)) == 1 and not places:
            places.append("")
        self._model.external_files.update(places)
        weight = Weight(
            _text(found.get(8, b"")),
            tuple(shape),
            _whole(found.get(2, 0)),
            _message(found.get(9, b"")) or (floats[0] if len(floats) == 1 else b"".join(floats)),
            places[-1] if places else None,
            offset,
        )
        self._model.tensors.append(weight)
        return weight


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
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
