"""`genstudio train autoregressive`: pictures with captions in, a pack that draws from words out."""

from __future__ import annotations

from genstudio.base.progress import NEVER, Cancel
from genstudio.packs.manifest import Pack, open_pack
from genstudio.training import run
from genstudio.training.config import read_config
from genstudio.training.export_prior import export_pack
from genstudio.training.pack_place import new_pack, refuse_other_folders
from genstudio.training.pack_texts import write_texts
from genstudio.training.prior_card import card
from genstudio.training.prior_stages import train_stages
from genstudio.training.token_config import AutoregressiveTraining


def train_autoregressive(request: run.Request, cancel: Cancel = NEVER) -> Pack:
    """Train both stages within the request's minutes, and write the pack; resumes after a stop.

    Raises:
        TrainingError: the training file, the data or a checkpoint cannot be used, or an exported
            graph differs from its network.
        PackError: the pack does not pass the check that every pack must pass.
        StorageError: the work folder or the pack cannot be written, or something that is no pack
            is in the pack's place.
        Cancelled: `cancel` was set; checkpoints have been written.
    """
    refuse_other_folders(request.out)
    config = read_config(request.config, AutoregressiveTraining, request.preset)
    dataset = run.load_data(request, config, cancel)
    trained = train_stages(request, config, dataset, cancel)
    with new_pack(request, cancel) as folder:
        measured = export_pack(trained, config, folder)
        text = card(request, config, dataset, trained, measured)
        write_texts(folder, text, config.pack, dataset)
    return open_pack(request.out)
