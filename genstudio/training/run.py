"""A whole training run: read the pictures, train, keep what a model card needs to know."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec
from rich.console import Console

from genstudio.base.progress import NEVER, Cancel
from genstudio.packs.manifest import Pack
from genstudio.training import loop, precision
from genstudio.training.config import Training
from genstudio.training.data import Dataset, read_dataset
from genstudio.training.device import Preset, computing_on
from genstudio.training.report import TerminalReport

Trainer = TypeVar("Trainer", bound=loop.Trainer)


@dataclass(frozen=True)
class Request:
    """What `genstudio train` was asked for. `minutes` and `steps` override the training file.

    `start` is a pack whose weights the run begins with; `preset` says what it computes on.
    """

    data: Path
    config: Path
    out: Path
    work: Path
    minutes: float | None = None
    steps: int | None = None
    command: str = ""
    start: Pack | None = None
    preset: Preset = "cpu"
    console: Console = field(default_factory=lambda: Console(stderr=True))

    @property
    def origin(self) -> str:
        """For the model card: which weights the run began with."""
        if self.start is None:
            return ""
        begun = self.start.manifest
        return f"It began with the weights of {begun.name}, version {begun.version}."

    def budget(self, config: Training) -> loop.Budget:
        """How long to train."""
        if self.steps is not None:
            return loop.Budget(steps=self.steps)
        return loop.Budget(minutes=self.minutes or config.run.minutes)


def load_data(request: Request, config: Training, cancel: Cancel = NEVER) -> Dataset:
    """Read the pictures that `config` keeps, and say what was found and refused."""
    with request.console.status("Reading pictures"):
        dataset = read_dataset(request.data, config.data, cancel=cancel)
    request.console.print(dataset.describe(), soft_wrap=True, highlight=False)
    return dataset


def train(
    make: Callable[[], Trainer],
    request: Request,
    config: Training,
    dataset: Dataset,
    cancel: Cancel = NEVER,
) -> tuple[Trainer, loop.Status]:
    """Run the loop with progress in the terminal; the trainer, on the processor, and its state.

    Raises what `loop.train` raises, and `TrainingError` where the preset has nothing to run on.
    """
    known = fingerprint(request, config, dataset)
    with computing_on(request.preset), TerminalReport(request.console) as report:
        request.console.print(f"Computing in {precision.described()}.", highlight=False)
        trainer = make()
        status = loop.train(
            trainer, request.work, request.budget(config),
            fingerprint=known, report=report, cancel=cancel,
        )  # fmt: skip
    if request.preset == "gpu":
        trainer = make()
        loop.resume(trainer, request.work, known)
    return trainer, status


def fingerprint(request: Request, config: Training, dataset: Dataset) -> str:
    """What a checkpoint belongs to: data, the pack begun with, settings.

    All but the pack's text, the run's length and prompts.
    """
    settings = msgspec.to_builtins(config)
    del settings["pack"]
    settings.get("run", {}).pop("minutes", None)
    settings.get("tokenizer", {}).pop("share", None)
    for after in ("prompt", "recall"):  # made after the run, so they may change
        settings.pop(after, None)
    names = [picture.name for picture in dataset.pictures]
    start = [request.start.ref.sha256] if request.start else []
    return hashlib.sha256(msgspec.json.encode([settings, names, *start])).hexdigest()
