"""The two stages of an autoregressive run: a tokenizer for pictures, then a prior over tokens.

Each stage has a folder of its own in the work folder, with a checkpoint to resume from; what
lies between them (the pictures' tokens, the captions' embeddings) is kept there too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer as TextTokenizer
from torch import Tensor

from genstudio.base import files
from genstudio.base.errors import TrainingError
from genstudio.base.progress import NEVER, Cancel
from genstudio.training import loop, run
from genstudio.training.data import Dataset
from genstudio.training.device import array, computing_on
from genstudio.training.prior import Prior
from genstudio.training.prior_data import PriorData, prepare, style_names
from genstudio.training.prior_trainer import PriorTrainer
from genstudio.training.report import TerminalReport
from genstudio.training.start_tokens import tokenizer_of
from genstudio.training.text_encoder import (
    TextEncoder,
    embed,
    minilm_folder,
    read_text_encoder,
    read_tokenizer,
)
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.token_trainer import TokenizerTrainer, reconstruction_quality
from genstudio.training.tokenizer import Tokenizer

HELD_OUT_PICTURES = 512
SIMILAR_CAPTIONS = 200


@dataclass(frozen=True)
class Trained:
    """What a run ends with: the networks, and what was measured on held-out concepts."""

    tokenizer: Tokenizer
    prior: Prior
    encoder: TextEncoder
    words: TextTokenizer
    styles: tuple[str, ...]
    tokenizer_status: loop.Status | None
    """None where the tokenizer is that of the pack that the run began with."""
    prior_status: loop.Status | None
    """None where the tokenizer's decoder had all the time."""
    psnr: float
    bits: float
    training: PriorData
    held_out: PriorData
    texts: tuple[str, ...]
    """Some captions, to compare text encoders with."""


def train_stages(
    request: run.Request, config: AutoregressiveTraining, dataset: Dataset, cancel: Cancel = NEVER
) -> Trained:
    """Both stages where the request's preset says; what they made, on the processor.

    Raises what `_train_stages` raises, and `TrainingError` where the preset has nothing to run on.
    """
    with computing_on(request.preset):
        made = _train_stages(request, config, dataset, cancel)
    return replace(
        made, tokenizer=made.tokenizer.cpu(), prior=made.prior.cpu(), encoder=made.encoder.cpu(),
        training=made.training.on_processor(), held_out=made.held_out.on_processor(),
    )  # fmt: skip


def _train_stages(
    request: run.Request, config: AutoregressiveTraining, dataset: Dataset, cancel: Cancel
) -> Trained:
    """Train the tokenizer, prepare the prior's data, train the prior; resumes where it was stopped.

    A run that begins with a pack takes its tokenizer, whose decoder learns on if it is to.

    Raises:
        TrainingError: the text encoder is not installed, nothing is held out, a checkpoint is of
            another run, or the pack to begin with has networks of other sizes.
        Cancelled: `cancel` was set; a checkpoint has been written.
    """
    training, held_out = dataset.split(config.data.hold_out)
    if not held_out.pictures:
        raise TrainingError(
            "The training file holds nothing out, and the prior is kept by its held-out loss; "
            'set data.hold_out, as in { by = "codepoint", fraction = 0.05 }.'
        )
    files.write_bytes(request.work / ".gitignore", b"*\n")
    folder = Path(config.text_encoder) if config.text_encoder else minilm_folder()
    encoder, words = read_text_encoder(folder), read_tokenizer(folder, config.prior.context)
    fingerprint = run.fingerprint(request, config, dataset)
    loop.seed_everything(config.run.seed)

    start, status = request.start, None
    share = config.tokenizer.decoder_share if start else config.tokenizer.share
    if start and not share:
        tokenizer = tokenizer_of(start, config.tokenizer)
    else:
        first = TokenizerTrainer(config, training, held_out, start)
        status = _stage("tokenizer", first, share, request, config, fingerprint, cancel)
        tokenizer = first.average.network
    psnr = reconstruction_quality(tokenizer, held_out, config.tokenizer.size)
    request.console.print(f"Held-out pictures come back with {psnr:.1f} dB.", highlight=False)

    styles = style_names(dataset, config)
    tokens_of = f"{fingerprint} {status.steps if status else 0}"
    sources = (("training", training, config.prior.versions), ("held-out", _some(held_out), 1))
    made = []
    for name, part, versions in sources:
        path = request.work / f"{name}-tokens.pt"
        data = PriorData.load(path, tokens_of)
        if data is None:
            with request.console.status(f"Encoding the {name} pictures and captions"):
                data = prepare(
                    config, part, styles, tokenizer, encoder, words,
                    versions=versions, cancel=cancel,
                )  # fmt: skip
            data.save(path, tokens_of)
        made.append(data)

    shown = _shown_prompts(config, training, encoder, words)
    second = PriorTrainer(config, made[0], made[1], len(styles), tokenizer, shown, start)
    prior_status = None
    if share < 1.0:
        prior_status = _stage("prior", second, 1.0 - share, request, config, fingerprint, cancel)
    second.check()
    return Trained(
        tokenizer, second.best_network(), encoder, words, styles,
        status, prior_status, psnr, second.best_bits, made[0], made[1],
        _some_captions(dataset),
    )  # fmt: skip


def _stage(
    name: str,
    trainer: loop.Trainer,
    share: float,
    request: run.Request,
    config: AutoregressiveTraining,
    fingerprint: str,
    cancel: Cancel,
) -> loop.Status:
    request.console.print(f"Training the {name}.", highlight=False)
    minutes = (request.minutes or config.run.minutes) * share
    budget = loop.Budget(steps=request.steps) if request.steps else loop.Budget(minutes=minutes)
    with TerminalReport(request.console) as report:
        return loop.train(
            trainer, request.work / name, budget,
            fingerprint=fingerprint, report=report, cancel=cancel,
        )  # fmt: skip


def _some(held_out: Dataset) -> Dataset:
    """A few hundred of the held-out pictures, spread over styles and concepts."""
    order = np.random.default_rng(0).permutation(len(held_out.pictures))[:HELD_OUT_PICTURES]
    return Dataset(held_out.source, tuple(held_out.pictures[i] for i in sorted(order)))


def _some_captions(dataset: Dataset) -> tuple[str, ...]:
    names = [str(name) for p in dataset.pictures if (name := p.facts.get("name"))]
    different = list(dict.fromkeys(names)) or [""]
    return tuple(different[:: -(-len(different) // SIMILAR_CAPTIONS)])


def _shown_prompts(
    config: AutoregressiveTraining, dataset: Dataset, encoder: TextEncoder, words: TextTokenizer
) -> Tensor:
    """The training file's prompts to show, or names of pictures where it gives none."""
    texts = list(config.prompts) or [
        str(p.facts.get("name", "")) for p in dataset.pictures[:: -(-len(dataset.pictures) // 16)]
    ]
    return array(embed(encoder, words, texts))
