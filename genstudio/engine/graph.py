"""One loaded graph: what goes in, what comes out, run it, stop it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from genstudio.base.errors import Cancelled, EngineError
from genstudio.base.progress import NEVER, Cancel
from genstudio.engine.providers import ProviderPlan

_LOG = logging.getLogger(__name__)
_ERRORS_ONLY = 4
_OUT_OF_MEMORY = ("Failed to allocate memory", "out of memory", "bad allocation")
_DTYPES: dict[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(int8)": np.int8,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
}

onnxruntime.set_default_logger_severity(_ERRORS_ONLY)


@dataclass(frozen=True)
class TensorInfo:
    """An input or output: its name, kind of number, and shape (a name or None where it varies)."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int | str | None, ...]


class _Tensors(dict[str, TensorInfo]):
    """Inputs or outputs by name; asking for one that the graph lacks is refused in words."""

    def __init__(self, nodes: Sequence[Any], what: str, path: Path) -> None:
        super().__init__((node.name, _info(node, path)) for node in nodes)
        self._what, self._path = what, path

    def __missing__(self, name: str) -> TensorInfo:
        raise EngineError(
            f"The graph {self._path} has no {self._what} {name}; name the right one of "
            f"{', '.join(self) or 'none'} in its pack.json."
        )


class LoadedGraph:
    """A graph in an ONNX Runtime session. One thread at a time runs it."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        path: Path,
        weight_bytes: int,
        plan: ProviderPlan,
    ) -> None:
        self.session = session
        self.path = path
        self.weight_bytes = weight_bytes
        self.plan = plan
        self.inputs: Mapping[str, TensorInfo] = _Tensors(session.get_inputs(), "input", path)
        self.outputs: Mapping[str, TensorInfo] = _Tensors(session.get_outputs(), "output", path)

    @property
    def device(self) -> Literal["cpu", "cuda"]:
        """Where the graph runs."""
        return self.plan.device

    def run(
        self,
        feeds: Mapping[str, NDArray[Any]],
        outputs: Sequence[str] | None = None,
        cancel: Cancel = NEVER,
    ) -> dict[str, NDArray[Any]]:
        """Run the graph; the named outputs (all without names) come back as arrays.

        Raises:
            Cancelled: `cancel` was set before or while it ran.
            EngineError: the runtime refused or failed, in words.
        """
        names = [self.outputs[o].name for o in (self.outputs if outputs is None else outputs)]
        values = self._guarded(
            lambda options: self.session.run(names, dict(feeds), run_options=options), cancel
        )
        return dict(zip(names, values, strict=True))

    def run_bound(self, binding: Any, cancel: Cancel = NEVER) -> None:
        """Run with an `onnxruntime.IOBinding`, whose outputs are then filled. Raises as `run`."""
        self._guarded(lambda options: self.session.run_with_iobinding(binding, options), cancel)

    def _guarded(self, run: Callable[[Any], Any], cancel: Cancel) -> Any:
        """Run with options that `cancel` terminates; they are fresh, since terminate is sticky."""
        cancel.check()
        options = onnxruntime.RunOptions()
        # The default, said aloud: finding it missing costs a bound run 25 microseconds.
        options.add_run_config_entry("gpu_graph_id", "-1")
        forget = cancel.on_set(lambda: setattr(options, "terminate", True))
        try:
            return run(options)
        except Exception as error:
            if cancel.is_set:
                raise Cancelled from None
            raise _in_words(error, self.path, "run") from error
        finally:
            forget()


def load_graph(
    path: Path,
    plan: ProviderPlan,
    *,
    threads: int | None = None,
    steady: bool = True,
    weight_bytes: int | None = None,
) -> LoadedGraph:
    """Load a graph with the providers of a plan; on `threads` CPU threads (all without a number).

    `steady` says that its inputs mostly have the same shapes, so that the runtime may plan its
    memory by them; `weight_bytes` is what the graph counts for in a budget (the file's size
    without a number). Where the plan's GPU fails, the graph is loaded on the CPU and its plan's
    note says why.

    Raises:
        EngineError: the file is no graph that this runtime can load.
    """
    try:
        session = _session(path, plan, threads, steady)
    except Exception as error:
        if plan.device == "cpu":
            raise _in_words(error, path, "load") from error
        _LOG.info("no GPU for %s: %s", path, error)
        plan = plan.on_cpu(f"runs on the CPU: the GPU refused {path.name} ({_first_line(error)})")
        return load_graph(path, plan, threads=threads, steady=steady, weight_bytes=weight_bytes)
    if plan.device == "cuda" and session.get_providers()[0] == "CPUExecutionProvider":
        plan = plan.on_cpu(
            "runs on the CPU: ONNX Runtime could not start CUDA; see genstudio doctor"
        )
    counted = _bytes_on_disk(path) if weight_bytes is None else weight_bytes
    return LoadedGraph(session, path, counted, plan)


def _session(
    path: Path, plan: ProviderPlan, threads: int | None, steady: bool
) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_mem_pattern = steady
    if threads is not None:
        options.intra_op_num_threads = threads
        # Whoever limits the threads shares the processor with a window: threads that spin between
        # runs would hold most of a core for 25 to 45 ms after each.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=list(plan.providers)
    )


def _bytes_on_disk(path: Path) -> int:
    """About what the weights take in memory."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise _in_words(error, path, "load") from error


def _info(node: Any, path: Path) -> TensorInfo:
    dtype = _DTYPES.get(node.type)
    if dtype is None:
        raise EngineError(
            f"The graph {path} has a tensor {node.name} of the kind {node.type}, which GenStudio "
            "does not know; export it with float32, float16 or integer tensors."
        )
    return TensorInfo(node.name, np.dtype(dtype), tuple(node.shape))


def _in_words(error: Exception, path: Path, action: str) -> EngineError:
    text = str(error)
    if isinstance(error, MemoryError) or any(sign in text for sign in _OUT_OF_MEMORY):
        return EngineError(
            f"There is not enough memory to {action} {path.name}; ask for a smaller picture, or "
            "close other programs and try again."
        )
    return EngineError(f"ONNX Runtime could not {action} the graph {path}: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    """The runtime's own reason, without its code prefix and call stack."""
    lines = str(error).strip().splitlines()
    line = lines[0] if lines else type(error).__name__
    return line.rsplit("] : ", 1)[-1][:300]
