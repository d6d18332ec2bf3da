"""The child process that runs a pack once, so that nothing the graphs do can hurt the program.

`python -m genstudio.packs.probe FOLDER MEMORY_BYTES` prints one JSON object whose `problem` is a
sentence, or "" where all is well. A crash prints nothing, which the parent takes for an answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from genstudio.base.errors import GenStudioError, PackError
from genstudio.packs import probe_families
from genstudio.packs.manifest import Pack, Role, open_pack
from genstudio.packs.probe_families import ProbedGraph, TensorFacts

_ERRORS_ONLY = 4


class _SessionGraph:
    """A graph in a session of the CPU; see `probe_families.ProbedGraph`."""

    def __init__(self, pack: Pack, role: Role) -> None:
        self.role = role
        self.names = pack.graph(role)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _ERRORS_ONLY
        options.intra_op_num_threads = 1
        path = pack.path(self.names)
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise PackError(f"ONNX Runtime cannot load {path}: {_reason(error)}") from error
        self.inputs = {
            i.name: TensorFacts(i.type, tuple(i.shape)) for i in self._session.get_inputs()
        }
        self.outputs = {
            o.name: TensorFacts(o.type, tuple(o.shape)) for o in self._session.get_outputs()
        }

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Every output by its name. Raises `PackError`."""
        try:
            values = self._session.run(None, dict(feeds))
        except Exception as error:
            raise PackError(
                f"The {self.role} graph failed in a trial run: {_reason(error)}"
            ) from error
        return dict(zip(self.outputs, values, strict=True))


def probe(pack: Pack) -> None:
    """Load and run every graph of a pack once. Raises `PackError` about the first misfit."""
    loaded: dict[Role, ProbedGraph] = {
        role: _SessionGraph(pack, role) for role in pack.manifest.graphs
    }
    probe_families.check(pack, loaded)


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rsplit("] : ", 1)[-1][:300]


def _limit_memory(size: int) -> None:
    """Let the process hold at most `size` bytes of its own, where the system can see to it."""
    if sys.platform == "win32":
        return
    import resource

    # RLIMIT_DATA counts what is really private and writable, on Linux; the address space also
    # counts what libraries merely map.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    hard = resource.getrlimit(kind)[1]
    limit = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(kind, (limit, hard))
    # A crash is an answer here; nobody wants its memory image.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> int:
    """Probe the folder of the first argument within the bytes of the second."""
    onnxruntime.set_default_logger_severity(_ERRORS_ONLY)
    _limit_memory(int(arguments[1]))
    problem = ""
    try:
        probe(open_pack(Path(arguments[0])))
    except GenStudioError as error:
        problem = str(error)
    except MemoryError:
        problem = f"The graphs in {arguments[0]} use more memory than a pack of their size may."
    except (ValueError, TypeError, IndexError, KeyError) as error:
        problem = f"The graphs in {arguments[0]} do not fit their pack.json: {error}."
    print(json.dumps({"problem": problem}), flush=True)
    return 0


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main(sys.argv[1:]))
