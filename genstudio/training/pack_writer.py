"""A finished training run as a model pack: graphs, manifest, card, licence, notice, preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PillowImage

from genstudio.base import files
from genstudio.packs import manifest
from genstudio.training import run
from genstudio.training.config import Training
from genstudio.training.data import Dataset
from genstudio.training.export import OPSET, TOLERANCE, GraphPlan, Parity, export_graph
from genstudio.training.loop import Status
from genstudio.training.pack_place import new_pack
from genstudio.training.pack_texts import machine, write_texts


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
        StorageError: the place cannot be written, or holds something that is no pack.
    """
    request = finished.request
    with new_pack(request) as folder:
        parities = [export_graph(g, folder / f"{g.role}.onnx") for g in finished.graphs]
        for parity in parities:
            request.console.print(f"{parity.role}: {parity.difference:.1e} from torch at most.")
        PillowImage.fromarray(finished.preview).save(folder / "preview.webp", quality=90)
        text = finished.config.pack
        write_texts(folder, card(finished, parities), text, finished.dataset)
        (folder / manifest.FILE_NAME).write_bytes(manifest.encode(_manifest(finished, folder)))
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


def _manifest(finished: Finished, folder: Path) -> manifest.Manifest:
    text = finished.config.pack
    graphs: dict[manifest.Role, manifest.Graph] = {}
    for plan in finished.graphs:
        path = folder / f"{plan.role}.onnx"
        graphs[plan.role] = manifest.Graph(file=path.name, sha256=files.file_sha256(path))
    return manifest.Manifest(
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
