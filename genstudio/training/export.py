"""From torch to ONNX, with proof: every exported graph is run beside its network and compared."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from genstudio.base.errors import TrainingError
from genstudio.packs.manifest import Role
from genstudio.training.onnx_runs import run_graph

OPSET: Final = 17
IR_VERSION: Final = 8
TOLERANCE: Final = 1e-4
_COUNTER: Final = "num_batches_tracked"
"""A buffer of batch normalisation that only training uses."""


@dataclass(frozen=True)
class GraphPlan:
    """A network to export: example inputs by name (batch 2), output names.

    `dynamic` gives, for an input or output, names of the axes that may have any length; the first
    axis of all others but `fixed` ones is "batch".
    """

    role: Role
    network: nn.Module
    inputs: Mapping[str, Tensor]
    outputs: tuple[str, ...]
    dynamic: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()

    def axes(self) -> dict[str, dict[int, str]]:
        """The axes of any length, by tensor name."""
        names = [n for n in (*self.inputs, *self.outputs) if n not in self.fixed]
        return {name: dict(self.dynamic.get(name, {0: "batch"})) for name in names}


@dataclass(frozen=True)
class Parity:
    """How far ONNX Runtime's result is from torch's, at most, for one graph."""

    role: Role
    difference: float


def export_graph(plan: GraphPlan, path: Path) -> Parity:
    """Write `plan`'s network to `path` and compare both on batches of 1 and 2.

    Raises:
        TrainingError: the graph differs from the network by more than 1e-4.
    """
    network = plan.network.eval()
    values = tuple(plan.inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, values, str(path), dynamo=False, opset_version=OPSET,
            input_names=list(plan.inputs), output_names=list(plan.outputs),
            dynamic_axes=plan.axes(),
        )  # fmt: skip
    model = onnx.load(path)
    model.ir_version = IR_VERSION
    del model.metadata_props[:]
    onnx.save(model, path)
    difference = max(_difference(plan, path, batch) for batch in (1, 2))
    if not difference <= TOLERANCE:
        raise TrainingError(
            f"The exported {plan.role} differs from the trained network by {difference:.2g}, more "
            f"than {TOLERANCE:g}; the pack was not written."
        )
    return Parity(plan.role, difference)


def _difference(plan: GraphPlan, path: Path, batch: int) -> float:
    axes = plan.axes()
    cut = {
        name: value[:batch] if 0 in axes.get(name, {}) else value
        for name, value in plan.inputs.items()
    }
    with torch.inference_mode():
        result = plan.network(*cut.values())
    wanted = [result] if isinstance(result, Tensor) else list(result)
    got = run_graph(path, {name: value.numpy() for name, value in cut.items()})
    pairs = zip(wanted, got.values(), strict=True)
    return max(float(np.abs(a.numpy() - b).max()) for a, b in pairs)


def load_weights(network: nn.Module, path: Path) -> None:
    """Read a graph's weights back into the network that it was exported from.

    The weights of an exported graph keep the network's names, so that a pack can be run by torch
    again, to compare or to train on.

    Raises:
        TrainingError: the graph lacks one of the network's weights.
    """
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
    state = {n: v for n, v in network.state_dict().items() if not n.endswith(_COUNTER)}
    missing = sorted(set(state) - set(stored))
    if missing:
        raise TrainingError(f"{path} has no weights named {missing[0]}; it is of another network.")
    network.load_state_dict({name: torch.tensor(stored[name]) for name in state}, strict=False)


def fold_norms(network: nn.Module) -> nn.Module:
    """Fold each batch normalisation into the convolution before it; changes `network` in place.

    A pair is a convolution and a normalisation side by side in a Sequential, or a module's
    `second` and `norm`.
    """
    for module in network.modules():
        pairs = [("second", "norm")] if hasattr(module, "norm") else []
        if isinstance(module, nn.Sequential):
            names = [name for name, _ in module.named_children()]
            pairs += list(pairwise(names))
        for conv_name, norm_name in pairs:
            conv, norm = getattr(module, conv_name), getattr(module, norm_name)
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(module, conv_name, fuse_conv_bn_eval(conv.eval(), norm.eval()))
                setattr(module, norm_name, nn.Identity())
    return network
