"""`genstudio train autoregressive`: pictures with captions in, a pack that draws from words out."""

from __future__ import annotations

from pathlib import Path

from genstudio.base.progress import NEVER, Cancel
from genstudio.training import run
from genstudio.training.config import read_config
from genstudio.training.export_prior import export_pack
from genstudio.training.prior_card import write_card
from genstudio.training.prior_stages import train_stages
from genstudio.training.token_config import AutoregressiveTraining


def train_autoregressive(request: run.Request, cancel: Cancel = NEVER) -> Path:
    """Train both stages within the request's minutes, and write the pack; resumes after a stop.

    Returns the pack's folder.

    Raises:
        TrainingError: the training file, the data or a checkpoint cannot be used, or an exported
            graph differs from its network.
        StorageError: the work folder or the pack cannot be written.
        Cancelled: `cancel` was set; checkpoints have been written.
    """
    config = read_config(request.config, AutoregressiveTraining)
    dataset = run.load_data(request, config, cancel)
    trained = train_stages(request, config, dataset, cancel)
    with request.console.status("Writing the pack"):
        measured = export_pack(trained, config, request.out)
        write_card(request, config, dataset, trained, measured)
    request.console.print(f"The pack is in {request.out}.", soft_wrap=True, highlight=False)
    return request.out
