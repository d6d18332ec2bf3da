"""Which device runs the graphs, and why it is not the one that was hoped for."""

from __future__ import annotations

import contextlib
import ctypes
import io
import logging
import sys
from dataclasses import dataclass
from functools import cache
from typing import Literal

import onnxruntime

from genstudio.base.errors import DeviceError

_LOG = logging.getLogger(__name__)

Device = Literal["auto", "cpu", "cuda"]
"""What a person may choose."""

_CPU = "CPUExecutionProvider"
_CUDA = "CUDAExecutionProvider"
_TENSORRT = "TensorrtExecutionProvider"
_TITLES = {_CPU: "CPU", _CUDA: "CUDA", _TENSORRT: "TensorRT"}


@dataclass(frozen=True)
class ProviderPlan:
    """The providers a session asks for, best first; `note` says why the GPU is not among them."""

    device: Literal["cpu", "cuda"]
    providers: tuple[str, ...]
    note: str = ""

    def on_cpu(self, why: str) -> ProviderPlan:
        """The plan to fall back to when the GPU fails."""
        return ProviderPlan("cpu", (_CPU,), why)


@dataclass(frozen=True)
class ProviderState:
    """Whether a provider can be used on this machine, and if not, why."""

    name: str
    usable: bool
    why_not: str = ""


def plan_providers(device: Device = "auto", *, tensorrt: bool = False) -> ProviderPlan:
    """Decide where graphs run. TensorRT, whose start takes minutes a model, only when asked for.

    Raises:
        DeviceError: "cuda" was asked for and cannot be had.
    """
    if device == "cpu":
        return ProviderPlan("cpu", (_CPU,))
    problem = _cuda_problem()
    if not problem:
        first = (_TENSORRT,) if tensorrt and _TENSORRT in _built_in() else ()
        return ProviderPlan("cuda", (*first, _CUDA, _CPU))
    if device == "cuda":
        raise DeviceError(f"CUDA cannot be used: {problem}. Use --device cpu or auto to go on.")
    return ProviderPlan("cpu", (_CPU,), f"runs on the CPU: {problem}")


def explain() -> tuple[ProviderState, ...]:
    """Every provider GenStudio knows, whether it can be used here, and if not, why."""
    problem = _cuda_problem()
    tensorrt = problem or ("" if _TENSORRT in _built_in() else "this ONNX Runtime has none")
    return (
        ProviderState(_TITLES[_TENSORRT], not tensorrt, tensorrt),
        ProviderState(_TITLES[_CUDA], not problem, problem),
        ProviderState(_TITLES[_CPU], True),
    )


def _built_in() -> list[str]:
    providers: list[str] = onnxruntime.get_available_providers()
    return providers


@cache
def _cuda_problem() -> str:
    """Why CUDA cannot be used, in words; "" when it can.

    ONNX Runtime only says so on stderr and goes on without, so the parts are looked for first.
    """
    if _CUDA not in _built_in():
        return "this ONNX Runtime was built without CUDA"
    if not _loads("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"):
        return "no NVIDIA driver was found on this machine"
    _preload()
    if sys.platform != "win32":
        major = str(getattr(onnxruntime, "cuda_version", "")).split(".", 1)[0]
        libraries = {f"libcudart.so.{major}": "the CUDA runtime", "libcudnn.so.9": "cuDNN"}
        for library, what in libraries.items():
            if not _loads(library):
                return f'{what} ({library}) was not found; pip install "genstudio[cuda]" brings it'
    return ""


def _preload() -> None:
    """Find the wheels of the extra `cuda`; a CUDA of the system needs no help.

    What is missing would be printed, into a script's JSON too; `_cuda_problem` says it better.
    """
    preload = getattr(onnxruntime, "preload_dlls", None)
    if preload is not None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            preload()
        _LOG.debug("preload_dlls: %s", printed.getvalue().strip())


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
