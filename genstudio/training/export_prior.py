"""A trained autoregressive model as a pack: its graphs, the prompts' tokenizer, manifest."""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from msgspec.structs import replace
from PIL import Image as PillowImage

from genstudio.base import files
from genstudio.base.errors import TrainingError
from genstudio.engine.cache import GraphCache
from genstudio.engine.families.autoregressive import decode_tokens, draw_tokens
from genstudio.engine.providers import plan_providers
from genstudio.packs import manifest
from genstudio.packs.settings import fresh_recipe
from genstudio.recipe.values import TokenRecipe, WeightedPrompt
from genstudio.training import sheet
from genstudio.training.onnx_runs import apart, run_graph
from genstudio.training.prior_check import difference, graph_bits, held_out_batch
from genstudio.training.prior_graph import observe, prior_graph
from genstudio.training.prior_stages import Trained
from genstudio.training.prompt_map import TOKENIZER, tokenizer_json
from genstudio.training.recall_graph import recall_graph
from genstudio.training.text_graph import text_graph
from genstudio.training.token_config import AutoregressiveTraining, RecallConfig
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
PREVIEWS = 16


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
    """Write graphs, tokenizer, pack.json and a preview drawn with it into the folder `out`.

    Raises:
        TrainingError: a graph differs from its network by more than 1e-4 of the largest output.
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
        decoder_difference=apart(pictures.numpy(), shown),
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
    if config.recall:
        graphs["recall"] = recall_graph(
            trained.training, config.tokenizer.levels, styled=bool(trained.styles)
        )
    written = {
        role: _as_graph(_write(out, f"{role}.onnx", model.SerializeToString()))
        for role, model in graphs.items()
    }
    words = _write(out, TOKENIZER, tokenizer_json(trained.words))
    described = _manifest(trained, config, written, words)
    text = manifest.encode(described)
    manifest.decode(text, "the new pack.json")
    files.write_bytes(out / manifest.FILE_NAME, text)
    preview = _preview(manifest.open_pack(out), config.prompts)
    files.write_bytes(out / "preview.webp", preview)
    return measured


def _manifest(
    trained: Trained,
    config: AutoregressiveTraining,
    graphs: dict[manifest.Role, manifest.Graph],
    words: manifest.File,
) -> manifest.Manifest:
    shape, size = trained.prior.shape, config.tokenizer.size
    named = manifest.Styles(names=trained.styles, null=shape.styles) if trained.styles else None
    graphs["text"] = replace(
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
            *([_follow(config.recall)] if config.recall else []),
        ),
    )


def _follow(config: RecallConfig) -> manifest.Slider:
    return manifest.Slider(
        name="follow", label="Follow", low=0.0, high=1.0, default=config.follow, step=0.01,
        graph="recall", input="follow",
        tooltip="How closely to follow learned pictures that the words call to mind: 0 draws "
        "freely, 1 stays near one of them.",
    )  # fmt: skip


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
                f"The exported {name} differs from the trained network by {value:.2g} of its "
                f"largest output, more than {TOLERANCE:g}; the pack was not written."
            )


def _preview(pack: manifest.Pack, prompts: Sequence[str]) -> bytes:
    """Sixteen pictures of the training file's prompts, or of nothing in particular."""
    graphs = GraphCache(plan_providers("cpu"))
    pictures = []
    for seed, prompt in enumerate((list(prompts) or [""] * PREVIEWS)[:PREVIEWS]):
        recipe = fresh_recipe(pack.ref, pack.manifest, seed)
        assert isinstance(recipe, TokenRecipe)
        told = replace(recipe, prompts=(WeightedPrompt(text=prompt),) if prompt else ())
        pictures += decode_tokens(pack, draw_tokens(pack, [told], graphs).tokens, graphs)
    buffer = io.BytesIO()
    shown = sheet.lay_out(np.stack(pictures), 4)
    PillowImage.fromarray(shown).save(buffer, "WEBP", quality=85)
    return buffer.getvalue()


def _write(out: Path, name: str, data: bytes) -> manifest.File:
    files.write_bytes(out / name, data)
    return manifest.File(file=name, sha256=hashlib.sha256(data).hexdigest())


def _as_graph(file: manifest.File) -> manifest.Graph:
    return manifest.Graph(file=file.file, sha256=file.sha256)
