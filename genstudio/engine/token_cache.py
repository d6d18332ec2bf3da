"""A prior that is fed tokens and answers with logits, keeping its keys and values in bound buffers.

Each cache layout of the manifest is one class behind `Prior`. The first run, `start`, sees what all
candidates share, so it runs one row a condition; what it left in the cache is then given to every
candidate. From there on each run takes one row a candidate and condition, a candidate's rows side
by side. Buffers are allocated once for a drawing and bound; a step writes its tokens in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from genstudio.base.errors import PackError
from genstudio.base.progress import Cancel
from genstudio.engine.graph import LoadedGraph
from genstudio.packs import manifest

_Array = NDArray[Any]


@dataclass(frozen=True)
class Told:
    """What a prior is told besides tokens, by tensor name: one row a condition, or a scalar.

    `first` goes with the first run, `later` with the others, `prefix` is the number of positions
    that `first` adds to the cache before the tokens.
    """

    first: Mapping[str, _Array]
    later: Mapping[str, _Array]
    conditions: int
    prefix: int = 0


class Prior(Protocol):
    """A next-token model in the middle of a drawing."""

    def start(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """Feed the first tokens, [conditions, n]. Gives logits [rows, vocabulary]."""

    def advance(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """Feed n more tokens, [rows, n]. Gives the logits after the last, [rows, vocabulary].

        The array is overwritten by the next call.
        """


def open_prior(
    graph: LoadedGraph,
    names: manifest.Graph,
    cache: manifest.Cache,
    told: Told,
    copies: int,
    room: int,
    cancel: Cancel,
) -> Prior:
    """Make a prior ready to draw `copies` candidates and to be fed `room` tokens at most.

    Raises:
        PackError: the pack's cache is shorter than its pictures need.
    """
    if cache.length and told.prefix + room > cache.length:
        raise PackError(
            f"The model's cache holds {cache.length} positions but its pictures need "
            f"{told.prefix + room}; correct cache.length in its pack.json."
        )
    tensors = _Tensors(graph, names, cache, told, copies, cancel)
    if cache.layout == "shared":
        return _SharedCache(tensors, cache.length or told.prefix + room)
    if cache.layout == "growing":
        return _GrowingCache(tensors, room)
    return _NoCache(tensors, room)


class _Tensors:
    """The names, kinds and constant inputs that all layouts need."""

    def __init__(
        self,
        graph: LoadedGraph,
        names: manifest.Graph,
        cache: manifest.Cache,
        told: Told,
        copies: int,
        cancel: Cancel,
    ) -> None:
        self.graph = graph
        self.told = told
        self.copies = copies
        self.cancel = cancel
        self.rows = copies * told.conditions
        self.tokens = names.input_name("tokens")
        self.logits = names.output_name("logits")
        self.lengths = names.input_name("seqlens_k")
        self.total = names.input_name("total_sequence_length")
        kinds = [(layer, kind) for layer in range(cache.layers) for kind in ("key", "value")]
        self.past = [_layer_name(names.input_name, "past", *pair) for pair in kinds]
        self.present = [_layer_name(names.output_name, "present", *pair) for pair in kinds]

    def binding(self, constants: Mapping[str, _Array], copies: int) -> Any:
        """A binding that holds the constant inputs, a row a condition and copy."""
        binding = self.graph.session.io_binding()
        for name, value in constants.items():
            binding.bind_cpu_input(name, np.ascontiguousarray(_tiled(value, copies)))
        return binding

    def cache_shape(self, name: str, rows: int, positions: int) -> tuple[int, ...]:
        """[rows, heads, positions, size] with heads and size as the graph states them."""
        heads, size = self.graph.inputs[name].shape[1], self.graph.inputs[name].shape[3]
        if not isinstance(heads, int) or not isinstance(size, int):
            raise PackError(
                f"The model's prior does not say how many heads and numbers its cache {name} has; "
                "export it with a fixed second and fourth dimension there."
            )
        return (rows, heads, positions, size)

    def run(self, binding: Any) -> None:
        """Run the prior once; see `LoadedGraph.run_bound`."""
        self.graph.run_bound(binding, self.cancel)


def _layer_name(name_of: Any, side: str, layer: int, kind: str) -> str:
    name: str = name_of(f"{side}.{{layer}}.{kind}")
    return name.replace("{layer}", str(layer))


def _tiled(rows: _Array, copies: int) -> _Array:
    """The rows once for each copy; a scalar as it is."""
    return rows if rows.ndim == 0 or copies == 1 else np.concatenate([rows] * copies)


def _last(logits: _Array) -> NDArray[np.float32]:
    """The last position's logits, as float32."""
    last = logits[:, -1] if logits.ndim == 3 else logits
    return last.astype(np.float32, copy=False)


class _Step:
    """The one-token run that is bound once: tokens in, logits out, both written in place."""

    def __init__(self, tensors: _Tensors, logits: _Array) -> None:
        """`logits` is a first answer, which shows the shape of the others."""
        self._tensors = tensors
        self.binding = tensors.binding(tensors.told.later, tensors.copies)
        self.tokens = np.zeros((tensors.rows, 1), np.int64)
        self._inputs: dict[str, _Array] = {}
        self.add_input(tensors.tokens, self.tokens)
        shape = (tensors.rows, *((1,) if logits.ndim == 3 else ()), logits.shape[-1])
        self.logits = np.zeros(shape, logits.dtype)
        self.binding.bind_output(
            tensors.logits, "cpu", 0, self.logits.dtype, shape, self.logits.ctypes.data
        )

    def add_input(self, name: str, value: _Array) -> None:
        """Bind an array that the caller changes in place between runs."""
        self._inputs[name] = value
        self.binding.bind_cpu_input(name, value)

    def run(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """Feed one token a row, [rows, 1]."""
        self.tokens[:] = tokens
        if self._tensors.graph.device != "cpu":
            # Binding copies to the device there, so what changed in place is bound once more.
            for name, value in self._inputs.items():
                self.binding.bind_cpu_input(name, value)
        self._tensors.run(self.binding)
        return _last(self.logits)


class _SharedCache:
    """One buffer of a fixed length a layer, past and present at once: nothing moves in a step.

    For com.microsoft GroupQueryAttention, which takes several tokens at once only into an empty
    cache when there is more than one row; later ones are fed one by one.
    """

    def __init__(self, tensors: _Tensors, length: int) -> None:
        self._tensors = tensors
        self._length = length
        self._lengths = np.zeros(tensors.rows, np.int32)
        self._total = np.zeros((), np.int32)
        self._values: list[Any] = []
        self._step: _Step

    def start(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        tensors = self._tensors
        conditions = tensors.told.conditions
        total = tensors.told.prefix + tokens.shape[1]
        values = self._buffers(conditions)
        binding = tensors.binding(tensors.told.first, 1)
        binding.bind_cpu_input(tensors.tokens, np.ascontiguousarray(tokens))
        binding.bind_cpu_input(tensors.lengths, np.full(conditions, total - 1, np.int32))
        binding.bind_cpu_input(tensors.total, np.array(total, np.int32))
        binding.bind_output(tensors.logits, "cpu")
        self._bind(binding, values)
        tensors.run(binding)
        logits = binding.get_outputs()[0].numpy()
        self._hand_out(values, logits, total)
        return _last(_tiled(logits, tensors.copies))

    def advance(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        _refuse_overrun(int(self._total) + tokens.shape[1], self._length)
        for position in range(tokens.shape[1]):
            self._lengths += 1
            self._total += 1
            logits = self._step.run(tokens[:, position : position + 1])
        return logits

    def _buffers(self, rows: int, content: list[_Array] | None = None) -> list[Any]:
        """A buffer a cache tensor, with what `content` holds for its first positions and rows."""
        values = []
        for index, name in enumerate(self._tensors.past):
            shape = self._tensors.cache_shape(name, rows, self._length)
            buffer = np.zeros(shape, self._tensors.graph.inputs[name].dtype)
            if content is not None:
                known = content[index]
                split = buffer.reshape(-1, *known.shape[:2], *shape[2:])
                split[:, :, :, : known.shape[2]] = known
            values.append(_on_device(buffer, self._tensors.graph.device))
        return values

    def _hand_out(self, values: list[Any], logits: _Array, total: int) -> None:
        tensors = self._tensors
        if tensors.copies > 1:
            values = self._buffers(tensors.rows, [v.numpy()[:, :, :total] for v in values])
        self._lengths[:] = total - 1
        self._total[...] = total
        self._step = _Step(tensors, logits)
        self._step.add_input(tensors.lengths, self._lengths)
        self._step.add_input(tensors.total, self._total)
        self._bind(self._step.binding, values)
        self._values = values

    def _bind(self, binding: Any, values: list[Any]) -> None:
        tensors = self._tensors
        for past, present, value in zip(tensors.past, tensors.present, values, strict=True):
            binding.bind_ortvalue_input(past, value)
            binding.bind_ortvalue_output(present, value)


class _GrowingCache:
    """Past in, present out one longer: two buffers a tensor that take turns.

    Each holds the longest cache; a step binds the part it needs, as [rows, heads, positions, size]
    without gaps, so that the graph writes its present where the next step reads its past.
    """

    def __init__(self, tensors: _Tensors, room: int) -> None:
        self._tensors = tensors
        self._room = room
        self._positions = 0
        self._longest = 0
        self._past: list[_Half] = []
        self._present: list[_Half] = []
        self._step: _Step

    def start(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        tensors = self._tensors
        binding = tensors.binding(tensors.told.first, 1)
        binding.bind_cpu_input(tensors.tokens, np.ascontiguousarray(tokens))
        for name in tensors.past:
            shape = tensors.cache_shape(name, tensors.told.conditions, 0)
            binding.bind_cpu_input(name, np.zeros(shape, tensors.graph.inputs[name].dtype))
        for name in (tensors.logits, *tensors.present):
            binding.bind_output(name, "cpu")
        tensors.run(binding)
        logits, *caches = (value.numpy() for value in binding.get_outputs())
        for name, cache in zip(tensors.past, caches, strict=True):
            tiled = _tiled(cache, tensors.copies)
            # The first run may have added positions of its own, which only its answer shows.
            self._longest = cache.shape[2] + self._room - tokens.shape[1]
            shape = tensors.cache_shape(name, tensors.rows, self._longest)
            self._past.append(_Half(shape, tiled.dtype, tensors.graph.device, tiled))
            self._present.append(_Half(shape, tiled.dtype, tensors.graph.device))
            self._positions = cache.shape[2]
        self._step = _Step(tensors, logits)
        return _last(_tiled(logits, tensors.copies))

    def advance(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        count = tokens.shape[1]
        _refuse_overrun(self._positions + count, self._longest)
        if count == 1:
            self._bind(self._step.binding, 1)
            logits = self._step.run(tokens)
        else:
            binding = self._tensors.binding(self._tensors.told.later, self._tensors.copies)
            binding.bind_cpu_input(self._tensors.tokens, np.ascontiguousarray(tokens))
            binding.bind_output(self._tensors.logits, "cpu")
            self._bind(binding, count)
            self._tensors.run(binding)
            logits = _last(binding.get_outputs()[0].numpy())
        self._positions += count
        self._past, self._present = self._present, self._past
        return logits

    def _bind(self, binding: Any, count: int) -> None:
        device = self._tensors.graph.device
        past, present = self._positions, self._positions + count
        for index, name in enumerate(self._tensors.past):
            half = self._past[index]
            binding.bind_input(name, device, 0, half.dtype, half.shape(past), half.pointer)
            half = self._present[index]
            binding.bind_output(
                self._tensors.present[index],
                device, 0, half.dtype, half.shape(present), half.pointer,
            )  # fmt: skip


class _Half:
    """A flat buffer that holds a cache of any number of positions up to its longest."""

    def __init__(
        self, longest: tuple[int, ...], dtype: Any, device: str, content: _Array | None = None
    ) -> None:
        flat = np.zeros(int(np.prod(longest)), dtype)
        if content is not None:
            flat[: content.size] = content.ravel()
        self._rows, self._heads, _, self._size = longest
        self._value = _on_device(flat, device)
        self.dtype: Final = flat.dtype
        self.pointer: Final[int] = self._value.data_ptr()

    def shape(self, positions: int) -> tuple[int, int, int, int]:
        return (self._rows, self._heads, positions, self._size)


class _NoCache:
    """Every run gets all tokens so far, and all that the first one was told."""

    def __init__(self, tensors: _Tensors, room: int) -> None:
        self._tensors = tensors
        self._sequence = np.zeros((tensors.rows, room), np.int64)
        self._fed = 0
        self._told: dict[str, _Array] = {}

    def start(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        tensors = self._tensors
        self._append(_tiled(tokens, tensors.copies))
        self._told = {name: _tiled(row, tensors.copies) for name, row in tensors.told.first.items()}
        logits = self._run({**tensors.told.first, tensors.tokens: tokens})
        return _tiled(logits, tensors.copies)

    def advance(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        self._append(tokens)
        so_far = np.ascontiguousarray(self._sequence[:, : self._fed])
        return self._run({**self._told, self._tensors.tokens: so_far})

    def _append(self, tokens: NDArray[np.int64]) -> None:
        self._sequence[:, self._fed : self._fed + tokens.shape[1]] = tokens
        self._fed += tokens.shape[1]

    def _run(self, feeds: Mapping[str, _Array]) -> NDArray[np.float32]:
        tensors = self._tensors
        return _last(tensors.graph.run(feeds, [tensors.logits], tensors.cancel)[tensors.logits])


def _refuse_overrun(positions: int, longest: int) -> None:
    """Stop before the runtime writes beyond a buffer, which it cannot see the end of."""
    if positions > longest:
        raise ValueError(f"{positions} positions do not fit a cache of {longest}")


def _on_device(array: _Array, device: str) -> Any:
    """A runtime value that holds the array: its own memory on the CPU, a copy elsewhere."""
    return onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array), device, 0)
