"""The one training loop: a time budget, checkpoints that resume exactly, a picture to look at.

A trainer knows its networks and one step; the loop knows the clock and the disk.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from genstudio.base import files
from genstudio.base.errors import Cancelled, TrainingError
from genstudio.base.progress import NEVER, Cancel
from genstudio.training.device import here
from genstudio.training.memory import keep_freed_memory

CHECKPOINT = "checkpoint.pt"
SHEET = "sheet-{images:08d}.png"


class Trainer(Protocol):
    """A model in training."""

    @property
    def batch(self) -> int:
        """Pictures a step."""

    def step(self, seen: int, done: float) -> Mapping[str, float]:
        """Learn from one batch.

        `seen` counts the pictures before it, `done` is the fraction of the budget gone (0 to 1),
        for schedules. Returns the losses to show.
        """

    def sheet(self) -> NDArray[np.uint8]:
        """A picture [H, W, 3] that shows an artist how far the model is.

        Must not draw from the random state that training uses.
        """

    def state(self) -> dict[str, Any]:
        """Everything that resuming needs: weights, averages, optimisers, place in the data.

        Only tensors, numbers, text, lists and dictionaries.
        """

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""


class Report(Protocol):
    """Shows a run as it goes."""

    def __call__(self, status: Status, losses: Mapping[str, float]) -> None:
        """Take the state of the run, after each step."""


@dataclass(frozen=True)
class Budget:
    """How long to train: minutes of training time or steps; what earlier runs used counts."""

    minutes: float | None = None
    steps: int | None = None

    def done(self, seconds: float, steps: int) -> float:
        """The fraction used up, 0 to 1."""
        if self.steps is not None:
            return min(1.0, steps / self.steps)
        assert self.minutes is not None
        return min(1.0, seconds / (60.0 * self.minutes))


@dataclass(frozen=True)
class Status:
    """Where a run is: steps and pictures learned from, and the fraction of the budget gone.

    `seconds` of training are summed over all resumed parts; `speed` is this part's, in pictures a
    second.
    """

    steps: int
    images: int
    seconds: float
    speed: float
    done: float

    @property
    def seconds_left(self) -> float:
        """At this speed, from the fraction gone."""
        return self.seconds * (1.0 - self.done) / max(self.done, 1e-6)


def quiet(status: Status, losses: Mapping[str, float]) -> None:
    """Show nothing."""


def train(
    trainer: Trainer,
    work: Path,
    budget: Budget,
    *,
    fingerprint: str,
    report: Report = quiet,
    cancel: Cancel = NEVER,
    checkpoint_every: float = 120.0,
    sheet_every: float = 180.0,
) -> Status:
    """Train until the budget is used, resuming from the checkpoint in `work` if there is one.

    Checkpoints (every `checkpoint_every` seconds, at the end, and when stopped) and sample sheets
    go to `work`, which is made and tells git to ignore it. `fingerprint` says what is trained; a
    checkpoint with another one is refused.

    Raises:
        TrainingError: the checkpoint belongs to another configuration or is damaged.
        StorageError: `work` cannot be written.
        Cancelled: `cancel` was set; a checkpoint has been written.
    """
    files.write_bytes(work / ".gitignore", b"*\n")
    keep_freed_memory()
    steps, before = resume(trainer, work, fingerprint)
    began = saved = drawn = time.monotonic()
    paused, first = 0.0, steps
    status = Status(steps, steps * trainer.batch, before, 0.0, budget.done(before, steps))
    while status.done < 1.0 and not cancel.is_set:
        losses = trainer.step(status.images, status.done)
        _refuse_divergence(losses, work)
        steps += 1
        now = time.monotonic()
        own = now - began - paused
        status = Status(
            steps=steps,
            images=steps * trainer.batch,
            seconds=before + own,
            speed=(steps - first) * trainer.batch / max(own, 1e-6),
            done=budget.done(before + own, steps),
        )
        report(status, losses)
        if now - saved >= checkpoint_every:
            _save(trainer, work / CHECKPOINT, status, fingerprint)
            saved = time.monotonic()
        if now - drawn >= sheet_every:
            write_sheet(trainer, work, status.images)
            drawn = time.monotonic()
        paused += time.monotonic() - now
    _save(trainer, work / CHECKPOINT, status, fingerprint)
    write_sheet(trainer, work, status.images)
    if status.done < 1.0:
        raise Cancelled
    return status


def write_sheet(trainer: Trainer, work: Path, images: int) -> None:
    """Write the trainer's sample sheet into `work`."""
    buffer = io.BytesIO()
    Image.fromarray(trainer.sheet()).save(buffer, "PNG")
    files.write_bytes(work / SHEET.format(images=images), buffer.getvalue())


def seed_everything(seed: int) -> None:
    """Begin torch's and Python's random numbers at `seed`; a resumed run takes the checkpoint's."""
    torch.manual_seed(seed)
    random.seed(seed)


def learning_rate(base: float, done: float, decay_from: float) -> float:
    """`base`, falling linearly to a twentieth of it over the part of the run after `decay_from`."""
    if done <= decay_from:
        return base
    return base * (1.0 - 0.95 * (done - decay_from) / (1.0 - decay_from))


def _save(trainer: Trainer, path: Path, status: Status, fingerprint: str) -> None:
    state = {
        "fingerprint": fingerprint,
        "steps": status.steps,
        "seconds": status.seconds,
        "torch_random": torch.get_rng_state(),
        "card_random": torch.cuda.get_rng_state() if here().type == "cuda" else None,
        "trainer": trainer.state(),
    }
    with files.replacing(path) as file:
        torch.save(state, file)


def resume(trainer: Trainer, work: Path, fingerprint: str) -> tuple[int, float]:
    """Bring `trainer` where the checkpoint in `work` is; its steps and seconds, 0 without one.

    Raises:
        TrainingError: the checkpoint belongs to another configuration or is damaged.
    """
    path = work / CHECKPOINT
    if not path.exists():
        return 0, 0.0
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if state["fingerprint"] != fingerprint:
            raise TrainingError(
                f"{path.parent} holds a run with other settings or data; give another folder as "
                "--work, or remove that one to begin again."
            )
        trainer.restore(state["trainer"])
        torch.set_rng_state(state["torch_random"])
        if state.get("card_random") is not None and here().type == "cuda":
            torch.cuda.set_rng_state(state["card_random"])
        return int(state["steps"]), float(state["seconds"])
    except TrainingError:
        raise
    except Exception as error:
        raise TrainingError(
            f"The checkpoint {path} cannot be read; remove it to begin again."
        ) from error


def _refuse_divergence(losses: Mapping[str, float], work: Path) -> None:
    for name, value in losses.items():
        if not np.isfinite(value):
            raise TrainingError(
                f"The {name} loss became {value}, so training stopped; lower run.learning_rate and "
                f"start again from the last checkpoint in {work}."
            )
