"""What the prior learns from: each picture's codes, several times, and each concept's captions.

Both are made once before training: the encoder sees every picture as it is and moved a little,
and the text encoder reads every wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer as TextTokenizer

from genstudio.base import files
from genstudio.base.progress import NEVER, Cancel
from genstudio.training.data import Dataset, Picture, centre_crops
from genstudio.training.device import array, here
from genstudio.training.precision import mixed
from genstudio.training.sheet import to_tensor
from genstudio.training.text_encoder import TextEncoder, embed
from genstudio.training.token_captions import wordings
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.token_pictures import moved, shrink
from genstudio.training.tokenizer import Tokenizer

ENCODE_BATCH = 64


@dataclass(frozen=True)
class PriorData:
    """Pictures as tokens, and what may be said of them.

    `tokens` int16 [pictures, versions, tokens], version 0 as it is; `style` and `concept` int64
    [pictures]; `often` float32 [pictures], how often each comes up a round; `captions` float16
    [concepts, wordings, positions, width].
    """

    tokens: torch.Tensor
    style: torch.Tensor
    concept: torch.Tensor
    often: torch.Tensor
    captions: torch.Tensor

    def on_processor(self) -> PriorData:
        """The same, wherever it was."""
        return PriorData(**{name: value.cpu() for name, value in vars(self).items()})

    def save(self, path: Path, fingerprint: str) -> None:
        """Keep it for a resumed run."""
        with files.replacing(path) as file:
            torch.save({"fingerprint": fingerprint, **vars(self)}, file)

    @classmethod
    def load(cls, path: Path, fingerprint: str) -> PriorData | None:
        """What `save` kept; None if there is nothing, or of another run."""
        if not path.exists():
            return None
        kept = torch.load(path, map_location=here(), weights_only=True)
        if kept.pop("fingerprint") != fingerprint:
            return None
        return cls(**kept)


def style_names(dataset: Dataset, config: AutoregressiveTraining) -> tuple[str, ...]:
    """The styles that a dataset has, in order; none where there is no such column."""
    return tuple(sorted(name for name in dataset.counts(config.style_column) if name))


def prepare(
    config: AutoregressiveTraining,
    dataset: Dataset,
    styles: Sequence[str],
    tokenizer: Tokenizer,
    encoder: TextEncoder,
    words: TextTokenizer,
    *,
    versions: int,
    cancel: Cancel = NEVER,
) -> PriorData:
    """Encode the pictures `versions` times each, and the captions of their concepts."""
    random = np.random.default_rng(config.run.seed + 1)
    tokens = _encode(config, dataset.pictures, tokenizer, versions, random, cancel)
    places = {name: number for number, name in enumerate(styles)}
    style = [places.get(p.fact(config.style_column), len(styles)) for p in dataset.pictures]
    concepts: dict[str, Picture] = {}
    for picture in dataset.pictures:
        concepts.setdefault(picture.fact(config.concept_column) or picture.name, picture)
    numbers = {name: number for number, name in enumerate(concepts)}
    concept = [numbers[p.fact(config.concept_column) or p.name] for p in dataset.pictures]
    texts = [wordings(p.facts, config.prior.captions, random) for p in concepts.values()]
    cancel.check()
    embedded = embed(encoder, words, [text for group in texts for text in group])
    shape = (len(concepts), config.prior.captions, *embedded.shape[1:])
    return PriorData(
        array(tokens),
        torch.tensor(style),
        torch.tensor(concept),
        torch.tensor([config.often(picture) for picture in dataset.pictures]),
        array(embedded.reshape(shape)),
    )


@torch.inference_mode()
def _encode(
    config: AutoregressiveTraining,
    pictures: Sequence[Picture],
    tokenizer: Tokenizer,
    versions: int,
    random: np.random.Generator,
    cancel: Cancel,
) -> NDArray[np.int16]:
    size, grid = config.tokenizer.size, config.tokenizer.grid
    out = np.empty((len(pictures), versions, grid * grid), np.int16)
    for start in range(0, len(pictures), ENCODE_BATCH):
        cancel.check()
        part = pictures[start : start + ENCODE_BATCH]
        whole = to_tensor(centre_crops(part, config.data.size))
        flip = np.array([config.may_mirror(picture) for picture in part])
        for version in range(versions):
            seen = (
                moved(whole, size, random, flip, config.prior.move)
                if version
                else shrink(whole, size)
            )
            seen = seen.contiguous(memory_format=torch.channels_last)
            with mixed():
                codes = tokenizer.encode(seen)
            out[start : start + len(part), version] = codes.flatten(1).cpu().numpy()
    return out
