"""The check that a pack must pass before it is taken in: first without running anything, then once.

What runs, runs in a child process with a limit on memory and time (`genstudio.packs.probe`), so
that a graph that crashes, hangs or eats memory is refused in words and takes nothing with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Final

import genstudio
from genstudio.base import files
from genstudio.base.errors import PackError, StorageError
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress, part_of
from genstudio.packs import archive
from genstudio.packs.manifest import File, Manifest, Pack, open_pack
from genstudio.packs.onnx_file import read_onnx
from genstudio.packs.rules import check_manifest

NEWEST_IR: Final = 10
"""The newest ONNX format that the oldest supported ONNX Runtime reads."""
NEWEST_OPSET: Final = 21
TIME_LIMIT: Final = 180.0
"""Seconds that a pack's graphs may take to load and run once."""

_MEMORY_BASE: Final = 4 << 30
_MEMORY_A_BYTE: Final = 5
_MEMORY_SHARE: Final = 0.8
_CPU_SECONDS_A_SECOND: Final = 2
"""The probe computes with two threads."""
_POLL_SECONDS: Final = 0.02
_ANSWER_LIMIT: Final = 1 << 20
_DOMAINS: Final = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}


def check_pack(
    folder: Path,
    *,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
    time_limit: float = TIME_LIMIT,
    memory_limit: int | None = None,
) -> Pack:
    """Check a pack's folder, whole: what it says, its files, and one run of its graphs.

    `time_limit` in seconds; `memory_limit` in bytes, by the pack's size without one.

    Raises:
        PackError: one sentence about the first thing that is wrong.
        Cancelled: `cancel` was set.
    """
    progress(0.0, "reading the manifest")
    pack = open_pack(folder)
    check_manifest(pack.manifest)
    check_files(pack, part_of(progress, 0.0, 0.4), cancel)
    for graph in pack.manifest.graphs.values():
        cancel.check()
        check_graph_file(pack.path(graph), {file.file for file in graph.external_data})
    progress(0.5, "running it once")
    size = sum(pack.path(file).stat().st_size for file in _listed_files(pack.manifest))
    limit = memory_limit or min(_MEMORY_BASE + _MEMORY_A_BYTE * size, _most_memory())
    _probe(folder, time_limit, limit, cancel)
    progress(1.0, "checked")
    return pack


def check_files(pack: Pack, progress: Progress = no_progress, cancel: Cancel = NEVER) -> None:
    """Refuse a pack whose files are not those of its manifest, by SHA-256. Raises `PackError`."""
    listed = _listed_files(pack.manifest)
    for index, file in enumerate(listed):
        cancel.check()
        progress(index / len(listed), f"checking {file.file}")
        _check_file(pack, file)


def check_source(
    source: Path, progress: Progress = no_progress, cancel: Cancel = NEVER
) -> Manifest:
    """Check a folder or `.gspack` where it is, as `add` would, without keeping anything.

    Raises:
        PackError: it is no pack that could be added.
        StorageError: it cannot be read, or there is no room to unpack it.
        Cancelled: `cancel` was set.
    """
    with tempfile.TemporaryDirectory(prefix="genstudio-") as copy:
        return check_copy(source, Path(copy), progress, cancel).manifest


def check_copy(source: Path, copy: Path, progress: Progress, cancel: Cancel) -> Pack:
    """Take a folder or `.gspack` into the empty folder `copy`, and check it there.

    What is checked is what was copied, so nobody can change it in between. Raises as
    `check_source`; the sentences name the source.
    """
    if not source.exists():
        raise PackError(f"There is no pack {source}; check the path.")
    progress(0.0, "copying")
    archive.take_in(source, copy, cancel)
    try:
        return check_pack(copy, progress=part_of(progress, 0.3, 1.0), cancel=cancel)
    except PackError as error:
        place = str(copy.resolve())
        raise PackError(
            str(error).replace(place, str(source)).replace(str(copy), str(source))
        ) from (error)


def check_graph_file(path: Path, external: set[str]) -> None:
    """Look at a graph without running it.

    Raises:
        PackError: no ONNX file, too new, with operators from elsewhere, with weights in files
            other than `external`, or with weights that are no numbers.
    """
    model = read_onnx(path)
    unlisted = model.external_files - external
    if unlisted:
        raise PackError(
            f"The graph {path} wants weights from {sorted(unlisted)[0][:80]!r}, which is not "
            "listed under its external_data; a pack's weights lie in its own folder."
        )
    strange = model.domains - _DOMAINS - model.functions
    if strange:
        raise PackError(
            f"The graph {path} needs operators from {sorted(strange)[0][:80]!r}, which ONNX "
            "Runtime does not have by itself; export it with standard operators."
        )
    opset = model.opsets.get("", model.opsets.get("ai.onnx", 0))
    if model.ir_version > NEWEST_IR or opset > NEWEST_OPSET:
        raise PackError(
            f"The graph {path} has ONNX format {model.ir_version} and opset {opset}, newer than "
            f"every supported ONNX Runtime reads ({NEWEST_IR} and {NEWEST_OPSET}); export it "
            "with an older opset, for example 17."
        )
    for tensor in model.tensors:
        if tensor.has_nan(path.parent):
            raise PackError(
                f"The graph {path} has weights that are no numbers (NaN, in {tensor.name[:80]!r}); "
                "it was broken in training or in its export."
            )


def _listed_files(manifest: Manifest) -> list[File]:
    graphs = list(manifest.graphs.values())
    external = [file for graph in graphs for file in graph.external_data]
    return [*graphs, *external, *([manifest.tokenizer] if manifest.tokenizer else [])]


def _check_file(pack: Pack, file: File) -> None:
    path = pack.path(file)
    if path.is_symlink() or not path.is_file():
        raise PackError(
            f"The pack {pack.id} lacks the file {file.file}, which its pack.json names."
        )
    try:
        found = files.file_sha256(path)
    except StorageError as error:
        raise PackError(str(error)) from error
    if found != file.sha256:
        raise PackError(
            f"The file {path} is not the one that pack.json was written for (its SHA-256 begins "
            f"with {found[:12]}, not {file.sha256[:12]}); get the pack again, or write the new "
            "hash there."
        )


def _most_memory() -> int:
    """What a probe may take of this machine at most, in bytes."""
    if not hasattr(os, "sysconf"):
        return sys.maxsize
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _MEMORY_SHARE)


def _probe(folder: Path, time_limit: float, memory_limit: int, cancel: Cancel) -> None:
    """Run the probe in a child and put what it found into words."""
    limits = [str(memory_limit), str(int(time_limit) * _CPU_SECONDS_A_SECOND + 1)]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "genstudio.packs.probe", str(folder.resolve()), *limits],
            # The end of this pipe tells the child that its parent is gone.
            stdin=subprocess.PIPE,
            stdout=told,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        ) as child,
    ):
        try:
            _wait(child, time_limit, folder, cancel)
        finally:
            _end(child)
        _read_answer(told, child.returncode, folder)


def _environment() -> dict[str, str]:
    """Where a checkout is not installed, the child must be told where the package is.

    `-P` keeps it from taking modules out of the folder that the program was started from.
    """
    place = Path(genstudio.__file__).resolve().parent.parent
    if place.name in ("site-packages", "dist-packages"):
        return dict(os.environ)
    paths = [str(place), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def _wait(child: subprocess.Popen[bytes], limit: float, folder: Path, cancel: Cancel) -> None:
    end = time.monotonic() + limit
    while child.poll() is None:
        cancel.check()
        if time.monotonic() > end:
            raise PackError(
                f"The graphs in {folder} did not finish one run within {limit:g} seconds; the pack "
                "was refused."
            )
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_POLL_SECONDS)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child, and whatever it may have started, if it still runs."""
    if child.poll() is None:
        if os.name == "nt":
            child.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def _read_answer(told: IO[bytes], status: int, folder: Path) -> None:
    told.seek(0)
    try:
        problem: str = json.loads(told.read(_ANSWER_LIMIT).splitlines()[-1])["problem"]
    except (ValueError, IndexError, KeyError, TypeError):
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        raise PackError(
            f"The graphs in {folder} crashed ONNX Runtime or used too much memory ({how}); the "
            "pack was refused."
        ) from None
    if problem:
        raise PackError(problem)
