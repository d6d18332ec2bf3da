"""The model card of an autoregressive pack, with the run's numbers."""

from __future__ import annotations

from genstudio.training import run
from genstudio.training.data import Dataset
from genstudio.training.export_prior import Measured
from genstudio.training.loop import Status
from genstudio.training.pack_texts import machine
from genstudio.training.prior_stages import Trained
from genstudio.training.report import clock
from genstudio.training.token_config import AutoregressiveTraining


def card(
    request: run.Request,
    config: AutoregressiveTraining,
    dataset: Dataset,
    trained: Trained,
    measured: Measured,
) -> str:
    """The model card, in Markdown."""
    shape = trained.prior.shape
    millions = sum(p.numel() for p in trained.prior.parameters()) / 1e6
    weights = "8-bit products with fixed scales" if measured.eight_bit else "float32"
    bits = f"{measured.float_bits:.3f} bits a token; {measured.byte_bits:.3f} with 8-bit products"
    styles = ", ".join(trained.styles) or "none"
    return f"""# {config.pack.name}

{config.pack.summary}

![What it draws](preview.webp)

| | |
|---|---|
| family | autoregressive: {shape.tokens} tokens a picture, of {shape.codes:,} codes |
| picture | {config.tokenizer.size} x {config.tokenizer.size} pixels, RGB |
| styles | {styles} |
| prior | {millions:.1f} M parameters, {shape.layers} layers of width {shape.width}; {weights} |
| prompt | the first {shape.context} tokens, in English |
| licence | {config.pack.licence} (see LICENSE and NOTICE) |

## Data

{config.pack.data.strip()}

## Training

{dataset.describe()}

    {request.command or "genstudio train autoregressive"}

{_learned(request, trained)}, on {machine(request.preset)}.

## Measured

| | |
|---|---|
| tokenizer, held-out pictures | {trained.psnr:.1f} dB PSNR |
| prior, held-out concepts | {bits} |
| prior graph and network | apart by {measured.prior_difference:.1g} of the largest logit |
| decoder graph and network | at most {measured.decoder_difference:.1g} apart |
| encoder graph and network | {measured.encoder_agreement:.2%} of the tokens equal |
| prompt encoder, weights in 8 bits | cosine similarity {measured.text_similarity:.4f} or more |

{config.pack.notes.strip()}
"""


def _learned(request: run.Request, trained: Trained) -> str:
    """How long which network learned."""
    first, then = _spent(trained.tokenizer_status), _spent(trained.prior_status)
    if not request.start:
        return f"The tokenizer {first},\nthe prior {then}"
    part = "tokenizer's decoder" if trained.tokenizer_status else "tokenizer"
    return f"{request.origin} Its {part} {first};\nthe prior {then}"


def _spent(status: Status | None) -> str:
    if status is None:
        return "stayed as it was"
    return f"learned for {clock(status.seconds)} ({status.images:,} pictures)"
