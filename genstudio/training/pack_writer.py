"""A finished training run as a model pack: graphs, manifest, card, licence, notice, preview."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PillowImage

from genstudio.base import files
from genstudio.base.errors import StorageError
from genstudio.packs import manifest
from genstudio.packs.check import check_pack
from genstudio.training import run
from genstudio.training.config import PackText, Training
from genstudio.training.data import Dataset
from genstudio.training.export import OPSET, TOLERANCE, GraphPlan, Parity, export_graph
from genstudio.training.loop import Status


@dataclass(frozen=True)
class Finished:
    """What a pack is made from. `measured` maps what was measured to its value, for the card."""

    request: run.Request
    config: Training
    dataset: Dataset
    status: Status
    image: manifest.Image
    model: manifest.Family
    graphs: Sequence[GraphPlan]
    preview: NDArray[np.uint8]
    measured: Mapping[str, str]
    controls: tuple[manifest.Control, ...] = ()


def write_pack(finished: Finished) -> manifest.Pack:
    """Export, compare, check, and put the pack in place of what is at `request.out`, at once.

    Raises:
        TrainingError: an exported graph differs from its network.
        PackError: the pack does not pass the check that every pack must pass.
        StorageError: the place cannot be written.
    """
    request = finished.request
    if request.out.exists():
        _refuse_other_folders(request.out)
    settings = files.read_bytes(request.config, 1 << 20, "training file")
    try:
        request.out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=request.out.parent, prefix=".pack-") as place:
            folder = Path(place) / "pack"
            folder.mkdir()
            parities = [export_graph(g, folder / f"{g.role}.onnx") for g in finished.graphs]
            for parity in parities:
                request.console.print(f"{parity.role}: {parity.difference:.1e} from torch at most.")
            (folder / "train.toml").write_bytes(settings)
            PillowImage.fromarray(finished.preview).save(folder / "preview.webp", quality=90)
            texts = {
                "README.md": card(finished, parities),
                "LICENSE": licence_text(finished.config.pack),
                "NOTICE": notice(finished),
            }
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8")
            (folder / manifest.FILE_NAME).write_bytes(_manifest(finished, folder))
            check_pack(folder)
            put_in_place(folder, request.out)
    except OSError as error:
        raise files.storage_error("write the pack", request.out, error) from error
    return manifest.open_pack(request.out)


def card(finished: Finished, parities: Sequence[Parity]) -> str:
    """The model card, in Markdown."""
    text, status, request = finished.config.pack, finished.status, finished.request
    measured = "\n".join(f"| {name} | {value} |" for name, value in finished.measured.items())
    parity = "\n".join(f"| {p.role} | {p.difference:.1e} |" for p in parities)
    return f"""# {text.name}

{text.summary}

Licence: {text.licence} (LICENSE; credits in NOTICE).

## Data

{text.data.strip() or "Not described."}

Used: {len(finished.dataset.pictures):,} pictures at {finished.config.data.size} px.

## Training

    {request.command or "genstudio train"}

{status.images:,} pictures in {status.steps:,} steps and {status.seconds / 60.0:.0f} minutes, on
{machine()}. `train.toml` beside this file holds every setting.

## Measured

| what | value |
|---|---|
{measured}

Exported graphs against the trained network (torch {torch.__version__.split("+")[0]}, float32, opset
{OPSET}): the largest difference of any output value, which must stay below {TOLERANCE:g}.

| graph | difference |
|---|---|
{parity}

## Good to know

{text.notes.strip() or "Nothing beyond the above."}
"""


def machine() -> str:
    """The processor that trained, in words."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        name = names[0] if names else name
    return f"{torch.get_num_threads()} threads of {name}, {os.cpu_count()} in the machine, no GPU"


def licence_text(text: PackText) -> str:
    """The licence: its whole text where GenStudio carries it, else its name and where it is."""
    known = resources.files("genstudio.training") / "licences" / f"{text.licence}.txt"
    if known.is_file():
        return known.read_text(encoding="utf-8")
    return (
        f'The model "{text.name}" is licensed under {text.licence}.\n\n'
        f"The licence: https://spdx.org/licenses/{text.licence}.html\n"
    )


def notice(finished: Finished) -> str:
    """Whom to credit: the training file's lines, then who and what the data's index names."""
    text = finished.config.pack
    lines = [text.name, "", "Learned from the works of:", ""]
    lines += [f"- {line}" for line in text.attributions]
    lines += [f"- {line}" for line in credited(finished.dataset)]
    if len(lines) == 4:
        lines = [text.name, "", "The training data names no authors."]
    return "\n".join(lines) + "\n"


def credited(dataset: Dataset) -> list[str]:
    """Lines of the index's author, style, package and licence, with the number of pictures."""
    columns = ("author", "style", "package", "license")
    counts: dict[tuple[str, ...], int] = {}
    for picture in dataset.pictures:
        key = tuple(value for column in columns if (value := picture.fact(column)))
        counts[key] = counts.get(key, 0) + 1
    return [f"{'; '.join(key)}: pictures: {n:,}" for key, n in sorted(counts.items()) if key]


def _manifest(finished: Finished, folder: Path) -> bytes:
    text = finished.config.pack
    graphs: dict[manifest.Role, manifest.Graph] = {}
    for plan in finished.graphs:
        path = folder / f"{plan.role}.onnx"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        graphs[plan.role] = manifest.Graph(file=path.name, sha256=digest)
    made = manifest.Manifest(
        format=manifest.FORMAT,
        id=text.id,
        name=text.name,
        version=text.version,
        licence=text.licence,
        summary=text.summary,
        image=finished.image,
        model=finished.model,
        graphs=graphs,
        controls=finished.controls,
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def put_in_place(folder: Path, out: Path) -> None:
    """Put `folder` where `out` is; what was there comes back if that fails."""
    if not out.exists():
        folder.rename(out)
        return
    old = folder.parent / "old"
    out.rename(old)
    try:
        folder.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old)


def _refuse_other_folders(out: Path) -> None:
    """Nothing is replaced but a pack, or a folder with nothing in it but a training file."""
    if out.is_dir():
        names = {path.name for path in out.iterdir()}
        if manifest.FILE_NAME in names or names <= {"train.toml"}:
            return
    raise StorageError(
        f"{out} holds something that is not a model pack; give another place as --out."
    )
