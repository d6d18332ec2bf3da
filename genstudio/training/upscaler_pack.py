"""`genstudio train upscaler`: a run from sharp pictures to a pack that enlarges."""

from __future__ import annotations

import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.progress import NEVER, Cancel
from genstudio.media.compare import difference
from genstudio.packs import manifest
from genstudio.training import loop, run, sheet
from genstudio.training.data import Dataset
from genstudio.training.export import EXAMPLES, GraphPlan
from genstudio.training.pack_writer import Finished, train_pack
from genstudio.training.upscaler import UpscalerTrainer, enlarged, some
from genstudio.training.upscaler_config import UpscalerTraining

MEASURED: Final = 100
PREVIEWED: Final = 4
BEST: Final = 100.0
"""The PSNR in dB that a picture counts with which came back exactly."""
LARGE: Final = "image_large"
"""A graph's input and output cannot share a name."""


def train_upscaler(request: run.Request, cancel: Cancel = NEVER) -> manifest.Pack:
    """Train (or go on, or just export) and write the pack. Raises what `train_pack` raises."""

    def begin(config: UpscalerTraining, dataset: Dataset) -> UpscalerTrainer:
        return UpscalerTrainer(config, *dataset.split(config.data.hold_out), request.start)

    return train_pack(request, UpscalerTraining, begin, finish, cancel)


def finish(
    trainer: UpscalerTrainer, request: run.Request, dataset: Dataset, status: loop.Status
) -> Finished:
    """The averaged network, with what the pack says of it."""
    config, network = trainer.config, copy.deepcopy(trainer.average.network)
    training, held_out = dataset.split(config.data.hold_out)
    measured = {}
    for name, part in (("training", training), ("held-out", held_out)):
        if part.pictures:
            real, small = some(part, config, MEASURED)
            made = enlarged(network, sheet.to_tensor(small))
            told = f"PSNR of {len(real)} {name} pictures made smaller and enlarged again"
            measured[told] = f"{psnr(real, made):.1f} dB"
    shown_of = held_out if len(held_out.pictures) >= EXAMPLES else dataset
    _, small = some(shown_of, config, EXAMPLES)
    given, scale, size = sheet.to_tensor(small), config.networks.scale, small.shape[1]
    large = {0: "batch", 2: "large_height", 3: "large_width"}
    plan = GraphPlan(
        "upscaler", network, {"image": given}, (LARGE,),
        dynamic={"image": {0: "batch", 2: "height", 3: "width"}, LARGE: large},
        meanings={"image": LARGE},
    )  # fmt: skip
    plain = small[:PREVIEWED].repeat(scale, 1).repeat(scale, 2)
    shown = np.concatenate([plain, enlarged(network, given[:PREVIEWED])])
    return Finished(
        request=request,
        config=config,
        dataset=dataset,
        status=status,
        image=manifest.Image(width=size, height=size),
        model=manifest.Upscaler(scale=scale, overlap=network.reach),
        graphs=[plan],
        preview=sheet.lay_out(shown, len(shown) // 2),
        measured=measured,
    )


def psnr(real: NDArray[np.uint8], made: NDArray[np.uint8]) -> float:
    """Mean PSNR in dB over pictures [N, H, W, 3]."""
    found = (difference(a, b).psnr for a, b in zip(real, made, strict=True))
    return float(np.mean([min(decibels, BEST) for decibels in found]))
