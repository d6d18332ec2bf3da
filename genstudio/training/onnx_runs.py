"""A graph, from a file or fresh from its export, in the real runtime on the CPU."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

_ERRORS_ONLY = 3


def session_of(model: onnx.ModelProto | Path) -> onnxruntime.InferenceSession:
    """A session that says nothing but errors."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    source = str(model) if isinstance(model, Path) else model.SerializeToString()
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def run_graph(
    model: onnx.ModelProto | Path, feeds: Mapping[str, NDArray[Any]]
) -> dict[str, NDArray[Any]]:
    """A graph's outputs by name, in the graph's order."""
    session = session_of(model)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, dict(feeds)), strict=True))


def apart(wanted: NDArray[Any], got: NDArray[Any]) -> float:
    """The largest difference, as a part of the largest value wanted where that is above 1.

    Sums that come in another order differ by their last digits, which are as large as the sums.
    """
    return float(np.abs(wanted - got).max() / max(1.0, np.abs(wanted).max()))
