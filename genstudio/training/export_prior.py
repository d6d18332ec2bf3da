"""A trained autoregressive model as a pack: four graphs, the prompts' tokenizer, manifest."""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from PIL import Image as PillowImage
from torch import Tensor

from genstudio.base import files
from genstudio.base.errors import TrainingError
from genstudio.packs import manifest
from genstudio.training import sheet
from genstudio.training.onnx_runs import run_graph
from genstudio.training.prior import Prior, draw
from genstudio.training.prior_check import difference, graph_bits, held_out_batch
from genstudio.training.prior_graph import observe, prior_graph
from genstudio.training.prior_stages import Trained
from genstudio.training.prompt_map import TOKENIZER, tokenizer_json
from genstudio.training.text_encoder import embed
from genstudio.training.text_graph import text_graph
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.token_graphs import (
    image_decoder_graph,
    image_encoder_graph,
    in_half_precision,
)

TOLERANCE = 1e-4
WORTH_IT = 0.03
"""Bits a token that 8-bit weights may cost; beyond it the prior is written in float32."""
BITS_PICTURES = 256
GUIDANCE = 4.0
TOP_P = 0.95
"""What a drawing begins with; the sliders reach further."""
CALIBRATION_PICTURES = 256


@dataclass(frozen=True)
class Measured:
    """What the export measured: differences from the networks, bits a token of both priors."""

    prior_difference: float
    decoder_difference: float
    encoder_agreement: float
    text_similarity: float
    float_bits: float
    byte_bits: float

    @property
    def eight_bit(self) -> bool:
        """Whether the 8-bit prior is good enough to be the pack's."""
        return self.byte_bits - self.float_bits <= WORTH_IT


def export_pack(trained: Trained, config: AutoregressiveTraining, out: Path) -> Measured:
    """Write graphs, tokenizer, preview and, last of all, pack.json into the folder `out`.

    Raises:
        TrainingError: a graph differs from its network by more than 1e-4.
        StorageError: `out` cannot be written.
    """
    tokenizer = in_half_precision(trained.tokenizer)
    encoder_model = image_encoder_graph(tokenizer, config.tokenizer)
    decoder_model = image_decoder_graph(tokenizer, config.tokenizer)
    text_model = text_graph(trained.encoder)
    whole = prior_graph(trained.prior)
    small = prior_graph(trained.prior, observe(trained.prior, _calibration(trained)))
    side, shape = config.tokenizer.grid, trained.prior.shape
    grids = trained.held_out.tokens[:16, 0].long().unflatten(1, (side, side))
    with torch.inference_mode():
        pictures = tokenizer.decode(grids)
        codes = tokenizer.encode(pictures)
    shown = run_graph(decoder_model, {"tokens": grids.numpy()})["image"]
    read_back = run_graph(encoder_model, {"image": pictures.numpy()})["tokens"]
    measured = Measured(
        prior_difference=difference(trained.prior, whole, trained.held_out),
        decoder_difference=float(np.abs(shown - pictures.numpy()).max()),
        encoder_agreement=float((read_back == codes.numpy()).mean()),
        text_similarity=_similarity(trained, text_model),
        float_bits=graph_bits(whole, shape, trained.held_out, BITS_PICTURES),
        byte_bits=graph_bits(small, shape, trained.held_out, BITS_PICTURES),
    )
    _refuse_differences(measured)
    prior_model = small if measured.eight_bit else whole
    graphs: dict[manifest.Role, onnx.ModelProto] = {
        "text": text_model,
        "prior": prior_model,
        "image_encoder": encoder_model,
        "image_decoder": decoder_model,
    }
    written = {
        role: _as_graph(_write(out, f"{role}.onnx", model.SerializeToString()))
        for role, model in graphs.items()
    }
    words = _write(out, TOKENIZER, tokenizer_json(trained.words))
    files.write_bytes(out / "preview.webp", _preview(trained, config))
    described = _manifest(trained, config, written, words)
    text = manifest.encode(described)
    manifest.decode(text, "the new pack.json")
    files.write_bytes(out / manifest.FILE_NAME, text)
    return measured


def _manifest(
    trained: Trained,
    config: AutoregressiveTraining,
    graphs: dict[manifest.Role, manifest.Graph],
    words: manifest.File,
) -> manifest.Manifest:
    shape, size = trained.prior.shape, config.tokenizer.size
    named = manifest.Styles(names=trained.styles, null=shape.styles) if trained.styles else None
    graphs["text"] = msgspec.structs.replace(
        graphs["text"], outputs={"tokens": "token_embeddings", "pooled": "sentence_embedding"}
    )
    return manifest.Manifest(
        format=1,
        id=config.pack.id,
        name=config.pack.name,
        version=config.pack.version,
        licence=config.pack.licence,
        summary=config.pack.summary,
        image=manifest.Image(width=size, height=size, channels=3, range=(-1.0, 1.0)),
        model=manifest.Autoregressive(
            grid=(config.tokenizer.grid, config.tokenizer.grid),
            tokens=manifest.Codebook(size=shape.codes),
            condition=manifest.TextCondition(
                max_tokens=shape.context, uses="tokens", given="first step", null="zeros"
            ),
            styles=named,
            cache=manifest.Cache(layout="shared", layers=shape.layers, length=shape.length),
            start_token=shape.codes,
            extends=True,
        ),
        graphs=graphs,
        tokenizer=words,
        controls=(
            manifest.Slider(name="guidance", low=0.0, high=10.0, default=GUIDANCE),
            manifest.Slider(name="top-p", low=0.01, high=1.0, default=TOP_P),
        ),
    )


def _calibration(trained: Trained) -> Sequence[Callable[[], object]]:
    """Calls of the prior over training pictures, half of them without prompt or style."""
    prior = trained.prior

    def call(start: int) -> None:
        _, read, style, context = held_out_batch(trained.training, prior.shape, 32, start)
        half = len(context) // 2
        context[:half], style[: half // 2] = 0.0, prior.shape.styles
        prior(read, style, context)

    step = max(32, len(trained.training.tokens) // (CALIBRATION_PICTURES // 32))
    starts = range(0, len(trained.training.tokens), step)
    return [functools.partial(call, start) for start in starts]


def _similarity(trained: Trained, model: onnx.ModelProto) -> float:
    """The least cosine similarity of the exported text encoder's sentences to the float32 one's."""
    texts = list(trained.texts)
    encoded = trained.words.encode_batch(texts)
    ids = torch.tensor([one.ids for one in encoded])
    mask = torch.tensor([one.attention_mask for one in encoded])
    with torch.inference_mode():
        wanted = trained.encoder(ids, mask)[1].numpy()
    got = run_graph(model, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
    return float((wanted * got["sentence_embedding"]).sum(axis=1).min())


def _refuse_differences(measured: Measured) -> None:
    for name, value in (
        ("prior", measured.prior_difference),
        ("image_decoder", measured.decoder_difference),
    ):
        if not value <= TOLERANCE:
            raise TrainingError(
                f"The exported {name} differs from the trained network by {value:.2g}, more than "
                f"{TOLERANCE:g}; the pack was not written."
            )


def _preview(trained: Trained, config: AutoregressiveTraining) -> bytes:
    """Sixteen pictures of the training file's prompts, or of nothing in particular."""
    prompts = (list(config.prompts) or [""] * 16)[:16]
    context = torch.from_numpy(embed(trained.encoder, trained.words, prompts)).float()
    pictures = draw_pictures(trained.prior, trained, context, None, GUIDANCE, seed=1)
    buffer = io.BytesIO()
    PillowImage.fromarray(sheet.lay_out(pictures, 4)).save(buffer, "WEBP", quality=85)
    return buffer.getvalue()


def draw_pictures(
    prior: Prior,
    trained: Trained,
    context: Tensor,
    style: Tensor | None,
    guidance: float,
    seed: int,
) -> NDArray[np.uint8]:
    """Pictures of prompts [N, positions, width], with the torch networks: uint8 [N, H, W, 3]."""
    if style is None:
        style = torch.full((len(context),), prior.shape.styles)
    chance = torch.Generator().manual_seed(seed)
    tokens = draw(prior, context, style, guidance, chance)
    side = round(tokens.shape[1] ** 0.5)
    with torch.inference_mode():
        pictures = trained.tokenizer.decode(tokens.unflatten(1, (side, side)))
    return sheet.to_pixels(pictures)


def _write(out: Path, name: str, data: bytes) -> manifest.File:
    files.write_bytes(out / name, data)
    return manifest.File(file=name, sha256=hashlib.sha256(data).hexdigest())


def _as_graph(file: manifest.File) -> manifest.Graph:
    return manifest.Graph(file=file.file, sha256=file.sha256)
