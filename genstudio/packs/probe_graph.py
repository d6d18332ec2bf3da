"""Feeding one graph by meaning, as the engine would, and looking at what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import PackError
from genstudio.packs.manifest import Choice, Control, Graph, Image, Role

_DTYPES: Final[dict[str, type[np.generic]]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
}
_OVERSHOOT: Final = 0.5
"""How far, in widths of the range, a picture may leave it: random latents and noise overshoot a
little; more means another range than stated."""

Array = NDArray[Any]


@dataclass(frozen=True)
class TensorFacts:
    """An input's or output's ONNX kind and its shape (a name or None where it varies)."""

    kind: str
    shape: tuple[int | str | None, ...]


class ProbedGraph(Protocol):
    """A graph that can be looked at and run."""

    @property
    def role(self) -> Role:
        """What the graph is for."""

    @property
    def names(self) -> Graph:
        """What the manifest says of it."""

    @property
    def inputs(self) -> Mapping[str, TensorFacts]:
        """Its inputs by name."""

    @property
    def outputs(self) -> Mapping[str, TensorFacts]:
        """Its outputs by name."""

    @property
    def controls(self) -> tuple[Control, ...]:
        """The pack's own controls that feed it."""

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by its name. Raises `PackError`."""


Graphs = Mapping[Role, ProbedGraph]


def run(graph: ProbedGraph, feeds: Mapping[str, Array], meaning: str) -> Array:
    """One output, by meaning, of a graph fed by meaning; finite. Raises `PackError`."""
    return run_all(graph, feeds, (meaning,))[graph.names.output_name(meaning)]


def run_all(
    graph: ProbedGraph, feeds: Mapping[str, Array], meanings: tuple[str, ...]
) -> dict[str, Array]:
    """Every output by name; those of `meanings` are there, tensors and finite.

    Raises:
        PackError: an input that the manifest does not explain, or an input or output that is not
            there, or a run that fails or gives NaN.
    """
    named = {graph.names.input_name(meaning): value for meaning, value in feeds.items()}
    for meaning in feeds:
        input_facts(graph, meaning)
    for meaning in meanings:
        output_facts(graph, meaning)
    rows = max((len(value) for value in feeds.values() if value.ndim), default=1)
    for control in graph.controls:
        named[_control_input(graph, control)] = _control_value(graph, control, rows)
    unknown = [name for name in graph.inputs if name not in named]
    if unknown:
        raise PackError(
            f"The {graph.role} graph has an input {unknown[0]} that pack.json does not explain; "
            f"say what it means under graphs.{graph.role}.inputs, or export without it."
        )
    found = graph.run({name: _typed(graph, name, value) for name, value in named.items()})
    for meaning in meanings:
        value = found[graph.names.output_name(meaning)]
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            raise PackError(
                f"The {graph.role} graph gives numbers that are not finite (NaN or infinite) as "
                f"its {meaning}; its weights are broken."
            )
    return found


def input_facts(graph: ProbedGraph, meaning: str) -> TensorFacts:
    """The input of a meaning. Raises `PackError` where there is none or it is no tensor."""
    return _facts(graph, "input", graph.names.input_name(meaning), meaning, graph.inputs)


def output_facts(graph: ProbedGraph, meaning: str) -> TensorFacts:
    """The output of a meaning. Raises `PackError` where there is none or it is no tensor."""
    return _facts(graph, "output", graph.names.output_name(meaning), meaning, graph.outputs)


def class_feed(graph: ProbedGraph, classes: tuple[str, ...]) -> dict[str, Array]:
    """The last class as the graph takes it, by index or one-hot; nothing where it takes none."""
    name = graph.names.input_name("class")
    if not classes or name not in graph.inputs:
        return {}
    facts = input_facts(graph, "class")
    if facts.kind in ("tensor(int64)", "tensor(int32)"):
        return {"class": np.array([len(classes) - 1])}
    known = facts.shape[-1] if facts.shape else None
    if isinstance(known, int) and known != len(classes):
        raise PackError(
            f"The {graph.role} graph knows {known} classes, but pack.json names {len(classes)}; "
            "correct model.classes."
        )
    return {"class": np.eye(len(classes), dtype=np.float32)[-1:]}


def check_classes_used(graphs: tuple[ProbedGraph, ...], classes: tuple[str, ...]) -> None:
    """Refuse classes that no graph takes. Raises `PackError`."""
    if classes and not any(graph.names.input_name("class") in graph.inputs for graph in graphs):
        raise PackError(
            f"pack.json names {len(classes)} classes, but the {graphs[0].role} graph has no input "
            f'for one; say which one is "class" under graphs.{graphs[0].role}.inputs, or take the '
            "classes out."
        )


def check_shape(found: Array, wanted: tuple[int, ...], role: str, meaning: str) -> None:
    """Refuse another shape than the manifest's. Raises `PackError`."""
    if found.shape != wanted:
        raise PackError(
            f"The {role} graph's {meaning} has the shape {list(found.shape)}, but by pack.json it "
            f"should be {list(wanted)}; correct the one that is wrong."
        )


def check_picture(batch: Array, image: Image, role: str, width: int, height: int) -> None:
    """Refuse a picture of another shape or range than stated. Raises `PackError`."""
    check_shape(batch, (1, image.channels, height, width), role, "image")
    low, high = image.range
    slack = (high - low) * _OVERSHOOT
    if batch.min() < low - slack or batch.max() > high + slack:
        raise PackError(
            f"The {role} graph's picture runs from {float(batch.min()):.3g} to "
            f"{float(batch.max()):.3g}, but image.range in pack.json says {low:g} to {high:g}; "
            "correct it."
        )


def noise_picture(image: Image, width: int, height: int) -> Array:
    """A picture of random values in the range, [1, channels, height, width]."""
    low, high = image.range
    noise = np.random.RandomState(0).rand(1, image.channels, height, width)
    return (low + (high - low) * noise).astype(np.float32)


def _facts(
    graph: ProbedGraph, side: str, name: str, meaning: str, there: Mapping[str, TensorFacts]
) -> TensorFacts:
    if name not in there:
        raise PackError(
            f"The {graph.role} graph has no {side} {name}; it has {', '.join(there) or 'none'}. "
            f'Say which one is "{meaning}" under graphs.{graph.role}.{side}s in pack.json.'
        )
    facts = there[name]
    if facts.kind not in _DTYPES:
        raise PackError(
            f"The {graph.role} graph's {side} {name} is a {facts.kind}, which GenStudio does not "
            "feed or read; export it as float32 or int64."
        )
    return facts


def _control_input(graph: ProbedGraph, control: Control) -> str:
    if control.input is None or control.input not in graph.inputs:
        raise PackError(
            f"The {graph.role} graph has no input {control.input}, which the control "
            f"{control.name} speaks of; correct controls in pack.json."
        )
    return control.input


def _control_value(graph: ProbedGraph, control: Control, rows: int) -> Array:
    shape = graph.inputs[_control_input(graph, control)].shape
    size = tuple(side if isinstance(side, int) else rows for side in shape)
    value = len(control.options) - 1 if isinstance(control, Choice) else control.default
    return np.full(size, value)


def _typed(graph: ProbedGraph, name: str, value: Array) -> Array:
    kind = graph.inputs[name].kind
    if kind not in _DTYPES:
        raise PackError(
            f"The {graph.role} graph's input {name} is a {kind}, which GenStudio does not feed; "
            "export it as float32 or int64."
        )
    return value.astype(_DTYPES[kind])
