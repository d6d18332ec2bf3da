"""From torch to ONNX, with proof: every exported graph is run beside its network and compared.

Weights are stored in half precision, and widened when the graph is loaded, where that changes
no output by more than a hundredth of the largest: about one step of an 8-bit picture.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from genstudio.base.errors import TrainingError
from genstudio.packs.manifest import Role
from genstudio.training.onnx_runs import apart, run_graph

OPSET: Final = 17
IR_VERSION: Final = 8
TOLERANCE: Final = 1e-4
HALF_CHANGE: Final = 0.01
"""How far half-precision weights may move an output, as a part of the largest one."""
EXAMPLES: Final = 8
"""How many inputs a network's half-precision weights are tried on."""
_NAMELESS: Final = "onnx::MatMul"
_COUNTER: Final = "num_batches_tracked"
"""A buffer of batch normalisation that only training uses."""


@dataclass(frozen=True)
class GraphPlan:
    """A network to export: `EXAMPLES` inputs by name, output names.

    `dynamic` gives, for an input or output, names of the axes that may have any length; the first
    axis of all others but `fixed` ones is "batch". `meanings` maps what an output means in a pack
    to its name here, where the two differ.
    """

    role: Role
    network: nn.Module
    inputs: Mapping[str, Tensor]
    outputs: tuple[str, ...]
    dynamic: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    meanings: Mapping[str, str] = field(default_factory=dict)

    def axes(self) -> dict[str, dict[int, str]]:
        """The axes of any length, by tensor name."""
        names = [n for n in (*self.inputs, *self.outputs) if n not in self.fixed]
        return {name: dict(self.dynamic.get(name, {0: "batch"})) for name in names}


@dataclass(frozen=True)
class Parity:
    """How far ONNX Runtime's result is from torch's, at most, for one graph (see `apart`).

    `change` is how far half-precision weights move an output, as a part of the largest one.
    """

    role: Role
    difference: float
    change: float

    @property
    def half(self) -> bool:
        """Whether the weights are stored in half precision."""
        return self.change <= HALF_CHANGE


def export_graph(plan: GraphPlan, path: Path) -> Parity:
    """Write `plan`'s network to `path` and compare both on batches of 1 and 2.

    Raises:
        TrainingError: the graph differs from the network by more than 1e-4 of the largest output.
    """
    whole = plan.network.eval()
    rounded = in_half_precision(whole)
    change = _change(plan, whole, rounded)
    network = rounded if change <= HALF_CHANGE else whole
    values = tuple(plan.inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, values, str(path), dynamo=False, opset_version=OPSET,
            input_names=list(plan.inputs), output_names=list(plan.outputs),
            dynamic_axes=plan.axes(), keep_initializers_as_inputs=True,
        )  # fmt: skip
    model = onnx.load(path)
    model.ir_version = IR_VERSION
    # As inputs they kept their names; else equal ones had been merged, and could not be read back.
    del model.graph.input[len(values) :]
    del model.metadata_props[:]
    if network is rounded:
        store_in_half(model)
    onnx.save(model, path)
    difference = max(_difference(plan, network, path, batch) for batch in (1, 2))
    if not difference <= TOLERANCE:
        raise TrainingError(
            f"The exported {plan.role} differs from the trained network by {difference:.2g} of its "
            f"largest output, more than {TOLERANCE:g}; the pack was not written."
        )
    return Parity(plan.role, difference, change)


def in_half_precision(network: nn.Module) -> nn.Module:
    """A copy whose matrices and kernels are rounded to half precision (and still float32)."""
    rounded = copy.deepcopy(network)
    for value in rounded.state_dict().values():
        if value.is_floating_point() and value.dim() > 1:
            value.copy_(value.half().float())
    return rounded


def store_in_half(model: onnx.ModelProto) -> None:
    """Keep each float32 weight that half precision holds exactly as such, widened by a Cast."""
    graph = model.graph
    widened: dict[str, str] = {}
    for tensor in graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or len(tensor.dims) < 2:
            continue
        value = onnx.numpy_helper.to_array(tensor)
        with np.errstate(over="ignore"):
            half = value.astype(np.float16)
        if np.array_equal(half.astype(np.float32), value):
            tensor.CopyFrom(onnx.numpy_helper.from_array(half, tensor.name))
            widened[tensor.name] = f"{tensor.name}.wide"
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = widened.get(name, name)
    casts = [
        onnx.helper.make_node("Cast", [name], [wide], to=onnx.TensorProto.FLOAT)
        for name, wide in widened.items()
    ]
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


@torch.inference_mode()
def _change(plan: GraphPlan, whole: nn.Module, rounded: nn.Module) -> float:
    values = tuple(plan.inputs.values())
    pairs = zip(_outputs(whole(*values)), _outputs(rounded(*values)), strict=True)
    moved = [float((a - b).abs().max() / a.abs().max().clamp(min=1e-6)) for a, b in pairs]
    return max(moved) if np.isfinite(moved).all() else float("inf")


def _outputs(result: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (result,) if isinstance(result, Tensor) else result


def _difference(plan: GraphPlan, network: nn.Module, path: Path, batch: int) -> float:
    axes = plan.axes()
    cut = {
        name: value[:batch] if 0 in axes.get(name, {}) else value
        for name, value in plan.inputs.items()
    }
    with torch.inference_mode():
        wanted = _outputs(network(*cut.values()))
    got = run_graph(path, {name: value.numpy() for name, value in cut.items()})
    pairs = zip(wanted, got.values(), strict=True)
    return max(apart(a.numpy(), b) for a, b in pairs)


def load_weights(network: nn.Module, path: Path) -> None:
    """Read a graph's weights back into the network that it was exported from.

    The weights of an exported graph keep the network's names, so that a pack can be run by torch
    again, to compare or to train on. Only a linear layer over several places loses them: it becomes
    a product with its weights turned.

    Raises:
        TrainingError: the graph lacks one of the network's weights.
    """
    stored = stored_weights(path)
    state = {n: v for n, v in network.state_dict().items() if not n.endswith(_COUNTER)}
    products = [value for name, value in stored.items() if name.startswith(_NAMELESS)]
    for name, value in state.items():
        if name not in stored and products and products[0].T.shape == value.shape:
            stored[name] = products.pop(0).T
    missing = sorted(set(state) - set(stored))
    if missing:
        raise TrainingError(f"{path} has no weights named {missing[0]}; it is of another network.")
    network.load_state_dict({name: torch.tensor(stored[name]) for name in state}, strict=False)


def stored_weights(path: Path) -> dict[str, NDArray[Any]]:
    """A graph's weights by name, as they are stored."""
    return {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}


def fold_norms(network: nn.Module) -> nn.Module:
    """Fold each batch normalisation into the convolution before it; changes `network` in place.

    A pair is a convolution and a normalisation side by side in a Sequential, or a module's
    `second` and `norm`.
    """
    for name, conv_name, norm_name in list(norm_pairs(network)):
        module = network.get_submodule(name)
        conv, norm = getattr(module, conv_name), getattr(module, norm_name)
        setattr(module, conv_name, fuse_conv_bn_eval(conv.eval(), norm.eval()))
        setattr(module, norm_name, nn.Identity())
    return network


def norm_pairs(network: nn.Module) -> Iterator[tuple[str, str, str]]:
    """The pairs that `fold_norms` folds: a module's name, its convolution's and its norm's."""
    for name, module in network.named_modules():
        pairs = [("second", "norm")] if hasattr(module, "norm") else []
        if isinstance(module, nn.Sequential):
            names = [name for name, _ in module.named_children()]
            pairs += list(pairwise(names))
        for conv_name, norm_name in pairs:
            conv, norm = getattr(module, conv_name), getattr(module, norm_name)
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                yield name, conv_name, norm_name
