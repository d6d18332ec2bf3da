"""The child process that runs a pack once, so that nothing the graphs do can hurt the program.

`python -m genstudio.packs.probe FOLDER MEMORY_BYTES SECONDS` prints one JSON object whose `problem`
is a sentence, or "" where all is well. A crash prints nothing, which the parent takes for an
answer. It ends by itself when the parent does, which it knows by its standard input.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from genstudio.base.errors import GenStudioError, PackError
from genstudio.packs import probe_latents, probe_tokens
from genstudio.packs.manifest import Autoregressive, Gan, Pack, Role, Upscaler, Vae, open_pack
from genstudio.packs.probe_graph import Graphs, TensorFacts

_ERRORS_ONLY = 4
_THREADS = 2
_OUT_OF_MEMORY = ("bad_alloc", "allocate memory", "bad allocation")


class _SessionGraph:
    """A graph in a session of the CPU; see `probe_graph.ProbedGraph`."""

    def __init__(self, pack: Pack, role: Role) -> None:
        self.role = role
        self.names = pack.graph(role)
        self.controls = tuple(c for c in pack.manifest.controls if c.graph == role)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _ERRORS_ONLY
        options.intra_op_num_threads = _THREADS
        path = pack.path(self.names)
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise _refusal(f"ONNX Runtime cannot load {path}", error) from error
        self.inputs: Mapping[str, TensorFacts] = {
            i.name: TensorFacts(i.type, tuple(i.shape)) for i in self._session.get_inputs()
        }
        self.outputs: Mapping[str, TensorFacts] = {
            o.name: TensorFacts(o.type, tuple(o.shape)) for o in self._session.get_outputs()
        }

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Every output by its name. Raises `PackError`."""
        try:
            values = self._session.run(None, dict(feeds))
        except Exception as error:
            raise _refusal(f"The {self.role} graph failed in a trial run", error) from error
        return dict(zip(self.outputs, values, strict=True))


def probe(pack: Pack) -> None:
    """Load and run every graph of a pack once. Raises `PackError` about the first misfit."""
    graphs: Graphs = {role: _SessionGraph(pack, role) for role in pack.manifest.graphs}
    model = pack.manifest.model
    match model:
        case Vae():
            probe_latents.check_vae(pack.manifest, model, graphs)
        case Gan():
            probe_latents.check_gan(pack.manifest, model, graphs)
        case Upscaler():
            probe_latents.check_upscaler(pack.manifest, model, graphs)
        case Autoregressive():
            probe_tokens.check_tokens(pack, model, graphs)
    if "text" in graphs and not isinstance(model, Autoregressive):
        probe_tokens.check_prompt_to_latent(pack, graphs)


def _refusal(what: str, error: Exception) -> PackError:
    told = " ".join(str(error).split()) or type(error).__name__
    reason = told.rsplit("] : ", 1)[-1][:300].rstrip(". ")
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in _OUT_OF_MEMORY):
        return PackError(f"{what}: it wants more memory than a pack of its size may use.")
    return PackError(f"{what}: {reason}.")


def _limit(memory: int, seconds: int) -> None:
    """Let the process hold `memory` bytes and compute `seconds`, where the system can see to it."""
    if sys.platform == "win32":
        return
    import resource

    # RLIMIT_DATA counts what is really private and writable, on Linux; the address space also
    # counts what libraries merely map.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    # A crash is an answer here; nobody wants its memory image.
    limits = {kind: memory, resource.RLIMIT_CPU: seconds, resource.RLIMIT_CORE: 0}
    for which, limit in limits.items():
        hard = resource.getrlimit(which)[1]
        lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(which, (lowest, hard))


def _end_with_parent() -> None:
    """Wait for the end of standard input, which comes with the parent's, and go."""
    os.read(0, 1)
    os._exit(1)


def main(arguments: list[str]) -> int:
    """Probe the folder of the first argument within the bytes and seconds that follow."""
    folder, memory, seconds = arguments
    threading.Thread(target=_end_with_parent, daemon=True).start()
    onnxruntime.set_default_logger_severity(_ERRORS_ONLY)
    _limit(int(memory), int(seconds))
    problem = ""
    try:
        probe(open_pack(Path(folder)))
    except GenStudioError as error:
        problem = str(error)
    except MemoryError:
        problem = f"The graphs in {folder} want more memory than a pack of their size may use."
    except (ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
        problem = f"The graphs in {folder} do not fit their pack.json: {error}."
    print(json.dumps({"problem": problem}), flush=True)
    return 0


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main(sys.argv[1:]))
