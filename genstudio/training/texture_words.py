"""From the names of textures to prompts: words that lead to the textures that are called so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from genstudio.base.errors import TrainingError
from genstudio.training.data import Dataset
from genstudio.training.prompt_map import Concepts, PromptMap, concepts_of, fit, prompt_encoder
from genstudio.training.texture_config import TextureTraining
from genstudio.training.word_encoder import WordEncoder

WORDINGS: Final = 4
CONTEXT: Final = 16
"""The most tokens of a prompt."""
LEAST_NAMED: Final = 16


def learn_prompts(config: TextureTraining, dataset: Dataset, known: Tensor) -> PromptMap | None:
    """Words to z, if the training file asks for it; measured on every eighth texture, held out.

    Raises:
        TrainingError: the prompt encoder cannot be read, or too few textures have names.
    """
    if config.prompt is None:
        return None
    named = [
        replace(picture, facts={"name": plain_words(picture.fact(config.prompt.name_column))})
        for picture in dataset.pictures
    ]
    places = known.numpy()
    every = concepts_of(named, places, "file", WORDINGS)
    if len(every.latents) < LEAST_NAMED:
        raise TrainingError(
            f"Only {len(every.latents)} of the pictures have names, too few to learn prompts from; "
            "check prompt.name_column against the data's index, or leave [prompt] out."
        )
    large, words = prompt_encoder(config.prompt.text_encoder, CONTEXT)
    encoder = WordEncoder.of(large, words, config.prompt.numbers)
    asked = np.arange(len(every.latents)) % 8 == 0
    known_part, asked_part = (some_concepts(every, which) for which in (~asked, asked))
    tried = fit(encoder, words, known_part, asked_part, places)
    return replace(
        fit(encoder, words, every, asked_part, places), found=tried.found, chance=tried.chance
    )


def some_concepts(concepts: Concepts, which: NDArray[np.bool_]) -> Concepts:
    """Those that `which` [concepts] marks."""
    captions = [words for words, kept in zip(concepts.captions, which, strict=True) if kept]
    return Concepts(concepts.latents[which], captions)


def plain_words(name: str) -> str:
    """The words of a file's or texture's name."""
    return " ".join(word for word in re.findall("[a-z]+", name.lower()) if len(word) > 1)
