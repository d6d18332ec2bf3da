"""`genstudio train autoregressive`: pictures with captions in, a pack that draws from words out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from genstudio.base import files
from genstudio.base.progress import NEVER, Cancel
from genstudio.packs.check import check_pack
from genstudio.packs.manifest import Pack, open_pack
from genstudio.training import run
from genstudio.training.config import SIZE_LIMIT, read_config
from genstudio.training.export_prior import export_pack
from genstudio.training.pack_writer import put_in_place
from genstudio.training.prior_card import write_card
from genstudio.training.prior_stages import train_stages
from genstudio.training.token_config import AutoregressiveTraining


def train_autoregressive(request: run.Request, cancel: Cancel = NEVER) -> Pack:
    """Train both stages within the request's minutes, and write the pack; resumes after a stop.

    Raises:
        TrainingError: the training file, the data or a checkpoint cannot be used, or an exported
            graph differs from its network.
        PackError: the pack does not pass the check that every pack must pass.
        StorageError: the work folder or the pack cannot be written.
        Cancelled: `cancel` was set; checkpoints have been written.
    """
    config = read_config(request.config, AutoregressiveTraining)
    dataset = run.load_data(request, config, cancel)
    trained = train_stages(request, config, dataset, cancel)
    settings = files.read_bytes(request.config, SIZE_LIMIT, "training file")
    try:
        request.out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=request.out.parent, prefix=".pack-") as place:
            folder = Path(place) / "pack"
            measured = export_pack(trained, config, folder)
            write_card(folder, request, config, dataset, trained, measured)
            files.write_bytes(folder / "train.toml", settings)
            check_pack(folder, cancel=cancel)
            put_in_place(folder, request.out)
    except OSError as error:
        raise files.storage_error("write the pack", request.out, error) from error
    return open_pack(request.out)
