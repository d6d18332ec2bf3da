"""Settings of a texture model's training file: `family = "textures"`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from genstudio.training.config import Above, Fraction, Part, Positive, Training
from genstudio.training.quilt import CELL, PIXELS

LEAST = CELL * PIXELS
"""Pixels a side of a piece of a quilt."""


class TextureNetworks(Part, frozen=True, kw_only=True):
    """Sizes: `code` numbers stand for 8 x 8 pixels, `latent` numbers for a whole texture.

    `decoder` are widths at an eighth, a quarter and a half of the picture's size; `critic` is the
    width of the critic that sharpens. The pack draws pictures of `drawn` pixels a side, with
    neighbouring textures mixed by noise of the strength `drawn_noise`.
    """

    code: Annotated[int, Meta(ge=3, le=192)] = 40
    latent: Positive = 16
    decoder: tuple[Positive, Positive, Positive] = (160, 112, 56)
    critic: Positive = 40
    drawn: Annotated[int, Meta(ge=LEAST, le=4096, multiple_of=LEAST)] = 256
    drawn_noise: Annotated[float, Meta(ge=0.0, le=5.0)] = 0.0


class TextureLoss(Part, frozen=True, kw_only=True):
    """From the part `sharpen_from` of the run on, a critic gets `sharpen` of the pixels' pull.

    `mixed` of the pictures are quilts of two textures, which the critic alone judges.
    """

    sharpen_from: Fraction = 0.35
    sharpen: Above = 0.6
    mixed: Fraction = 0.25


class TexturePrompt(Part, frozen=True, kw_only=True):
    """How a texture model learns to begin from words.

    A picture is called what the column `name_column` of the data's index says: letters count, all
    else parts words, as in "alpine_cliff_02". The pack's prompt encoder has `numbers` for each
    word, learned from a large one.
    """

    name_column: str = "name"
    numbers: Positive = 64
    text_encoder: str = ""
    """A folder with a BERT's config.json, model.safetensors and tokenizer.json; MiniLM if empty."""


class TextureTraining(Training, frozen=True, kw_only=True):
    """A training file of the family "textures"; the pack that it makes is of the family "gan".

    `seamless`: the pictures go on at the other side. Of others no piece crosses an edge.
    """

    family: Literal["textures"]
    seamless: bool = True
    networks: TextureNetworks = TextureNetworks()
    loss: TextureLoss = TextureLoss()
    prompt: TexturePrompt | None = None

    def __post_init__(self) -> None:
        least = LEAST if self.seamless else 4 * LEAST
        if self.data.size % LEAST or self.data.size < least:
            raise ValueError(
                f"data.size is {self.data.size}, but must be a multiple of {LEAST} pixels and at "
                f"least {least}" + ("" if self.seamless else " where pictures are not seamless")
            )
