"""A finished training run as a model pack: graphs, manifest, card, licence, notice, preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from PIL import Image as PillowImage

from genstudio.base import files
from genstudio.base.progress import NEVER, Cancel
from genstudio.packs import manifest
from genstudio.training import run
from genstudio.training.config import Config, Training, read_config
from genstudio.training.data import Dataset
from genstudio.training.export import (
    EXAMPLES,
    HALF_CHANGE,
    OPSET,
    TOLERANCE,
    GraphPlan,
    Parity,
    export_graph,
)
from genstudio.training.loop import Status, seed_everything
from genstudio.training.pack_place import new_pack, refuse_other_folders
from genstudio.training.pack_texts import machine, write_texts
from genstudio.training.prompt_map import TOKENIZER, PromptMap, tokenizer_json


@dataclass(frozen=True)
class Finished:
    """What a pack is made from.

    `measured` maps what was measured to its value, for the card; `tables` are graphs that need no
    export; `credits` are lines for NOTICE, of what the pack holds beside what it learned.
    """

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
    prompt: PromptMap | None = None
    tables: Mapping[manifest.Role, onnx.ModelProto] = field(default_factory=dict)
    credits: tuple[str, ...] = ()


def train_pack(
    request: run.Request,
    kind: type[Config],
    begin: Callable[[Config, Dataset], run.Trainer],
    finish: Callable[[run.Trainer, run.Request, Dataset, Status], Finished],
    cancel: Cancel = NEVER,
) -> manifest.Pack:
    """Train (or go on, or just export) what `begin` makes, and write the pack that `finish` tells.

    `kind` is the kind of training file that the request must name.

    Raises:
        TrainingError: the data or the training file cannot be used, or the export differs.
        StorageError: something that is no pack is in the pack's place, or it cannot be written.
        Cancelled: `cancel` was set; the same command goes on from the checkpoint.
    """
    refuse_other_folders(request.out)
    config = read_config(request.config, kind, request.preset)
    dataset = run.load_data(request, config, cancel)
    seed_everything(config.run.seed)
    trainer, status = run.train(lambda: begin(config, dataset), request, config, dataset, cancel)
    return write_pack(finish(trainer, request, dataset, status))


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
        prompt = finished.prompt.graphs() if finished.prompt else {}
        for role, model in {**finished.tables, **prompt}.items():
            files.write_bytes(folder / f"{role}.onnx", model.SerializeToString())
        if finished.prompt:
            words = tokenizer_json(finished.prompt.words)
            files.write_bytes(folder / TOKENIZER, words)
        told = finished.config.pack
        text = msgspec.structs.replace(told, attributions=(*told.attributions, *finished.credits))
        write_texts(folder, card(finished, parities), text, finished.dataset)
        (folder / manifest.FILE_NAME).write_bytes(manifest.encode(_manifest(finished, folder)))
    return manifest.open_pack(request.out)


def card(finished: Finished, parities: Sequence[Parity]) -> str:
    """The model card, in Markdown."""
    text, status, request = finished.config.pack, finished.status, finished.request
    measured = "\n".join(f"| {name} | {value} |" for name, value in finished.measured.items())
    parity = "\n".join(
        f"| {p.role} | {p.difference:.1e} | {'half' if p.half else 'single'} | {p.change:.2%} |"
        for p in parities
    )
    return f"""# {text.name}

{text.summary}

Licence: {text.licence} (LICENSE; credits in NOTICE).

## Data

{text.data.strip() or "Not described."}

Used: {len(finished.dataset.pictures):,} pictures at {finished.config.data.size} px.

## Training

    {request.command or "genstudio train"}

{status.images:,} pictures in {status.steps:,} steps and {status.seconds / 60.0:.0f} minutes, on
{machine(request.preset)}. {request.origin}
`train.toml` beside this file holds every setting.

## Measured

| what | value |
|---|---|
{measured}

Exported graphs against the trained network (torch {torch.__version__.split("+")[0]}, float32, opset
{OPSET}): the largest difference of any output value, as a part of the largest one where that is
above 1, which must stay below {TOLERANCE:g}. Weights are stored in half precision, and widened when
loaded, where that moves no output of {EXAMPLES} examples by more than {HALF_CHANGE:.0%} of the
largest one.

| graph | difference | weights | moved by half precision |
|---|---|---|---|
{parity}

## Good to know

{text.notes.strip() or "Nothing beyond the above."}
"""


def _manifest(finished: Finished, folder: Path) -> manifest.Manifest:
    text = finished.config.pack
    graphs = {plan.role: _graph(folder, plan.role, plan.meanings) for plan in finished.graphs}
    graphs |= {role: _graph(folder, role) for role in finished.tables}
    words = None
    if finished.prompt:
        told = {"pooled": "sentence_embedding", "tokens": "token_embeddings"}
        graphs["text"] = _graph(folder, "text", told)
        graphs["prompt_to_latent"] = _graph(folder, "prompt_to_latent")
        path = folder / TOKENIZER
        words = manifest.File(file=path.name, sha256=files.file_sha256(path))
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
        tokenizer=words,
    )


def _graph(
    folder: Path, role: manifest.Role, outputs: Mapping[str, str] | None = None
) -> manifest.Graph:
    path = folder / f"{role}.onnx"
    digest = files.file_sha256(path)
    return manifest.Graph(file=path.name, sha256=digest, outputs=dict(outputs or {}))
