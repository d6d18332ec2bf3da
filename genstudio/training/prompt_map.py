"""From words to a latent: one matrix from the prompt encoder's sentence to a model's latent.

Ridge regression of each concept's mean latent on its captions. It goes into the pack only if it
finds concepts that it never saw, well above chance.

A regression gives the mean of what the words may mean, which decodes to a smudge. So a pack draws
that mean to the learned pictures that lie in its direction, and leaves a part of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from tokenizers import Tokenizer as TextTokenizer

from genstudio.packs.manifest import Role
from genstudio.training.data import Picture
from genstudio.training.seed_map import some_of
from genstudio.training.text_encoder import (
    TextEncoder,
    embed,
    minilm_folder,
    read_text_encoder,
    read_tokenizer,
)
from genstudio.training.text_graph import text_graph
from genstudio.training.token_captions import wordings
from genstudio.training.token_onnx import GraphBuilder
from genstudio.training.word_encoder import WordEncoder

Floats = NDArray[np.float32]

TOKENIZER: Final = "tokenizer.json"
STRENGTHS: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Ridge penalties to choose from, a concept."""
FIRST: Final = 5
"""A concept counts as found among this many nearest."""
ABOVE_CHANCE: Final = 3.0
REACH: Final = 0.85
"""The regression is made this part as long as a picture's latent: by itself it falls short."""
SHARPNESS: Final = 120.0
"""How much the picture in the direction of the words outweighs the next ones."""
KEPT: Final = 0.25
"""The part of the regression that stays: words differ though they mean the same picture."""


@dataclass(frozen=True)
class Concepts:
    """Latents [C, latent], a mean a concept, and its captions [C][wordings]."""

    latents: Floats
    captions: Sequence[Sequence[str]]


@dataclass(frozen=True)
class PromptMap:
    """The matrix [width, latent], pictures' latents [N, latent], and what stands beside them."""

    weight: Floats
    pictures: Floats
    encoder: TextEncoder | WordEncoder
    words: TextTokenizer
    found: float
    chance: float
    held_out: int

    @property
    def works(self) -> bool:
        """Whether held-out concepts are found well above chance."""
        return self.found >= ABOVE_CHANCE * self.chance

    @property
    def measured(self) -> Mapping[str, str]:
        """For the model card."""
        name = f"prompts: {self.held_out} held-out concepts found among the {FIRST} nearest"
        left_out = "" if self.works else "; too few, so the pack takes no prompt"
        return {name: f"{self.found:.0%} (chance {self.chance:.0%}){left_out}"}

    def graphs(self) -> dict[Role, onnx.ModelProto]:
        """`text` and `prompt_to_latent`, by their roles."""
        graph = GraphBuilder("prompt_to_latent")
        width, latent = self.weight.shape
        graph.input("embedding", TensorProto.FLOAT, ["batch", width])
        known = graph.half("pictures", torch.from_numpy(self.pictures))
        weight = graph.constant("weight", self.weight)
        meant = graph.node("MatMul", ["embedding", weight], "meant")
        graph.node("LpNormalization", [meant], "meant.unit", axis=1)
        graph.node("LpNormalization", [known], "pictures.unit", axis=1)
        graph.node("Transpose", ["pictures.unit"], "pictures.columns", perm=[1, 0])
        graph.node("MatMul", ["meant.unit", "pictures.columns"], "alike")
        sharpness = graph.constant("sharpness", np.array(SHARPNESS, np.float32))
        graph.node("Mul", ["alike", sharpness], "alike.sharp")
        graph.node("Softmax", ["alike.sharp"], "shares", axis=1)
        graph.node("MatMul", ["shares", known], "near")
        graph.node("Mul", [meant, graph.constant("kept", np.array(KEPT, np.float32))], "rest")
        graph.node("Add", ["near", "rest"], "latent")
        graph.output("latent", TensorProto.FLOAT, ["batch", latent])
        if isinstance(self.encoder, WordEncoder):
            return {"text": self.encoder.graph(), "prompt_to_latent": graph.model()}
        return {"text": text_graph(self.encoder), "prompt_to_latent": graph.model()}


def tokenizer_json(words: TextTokenizer) -> bytes:
    """The prompts' tokenizer as a file, without the settings to cut and pad."""
    plain = json.loads(words.to_str())
    plain["truncation"] = plain["padding"] = None
    return json.dumps(plain, ensure_ascii=False).encode()


def concepts_of(pictures: Sequence[Picture], latents: Floats, column: str, count: int) -> Concepts:
    """Pictures and their latents [N, latent], gathered by the column; those without words are left.

    With `count` wordings each.
    """
    random = np.random.default_rng(0)
    places: dict[str, list[int]] = {}
    for number, picture in enumerate(pictures):
        if picture.facts.get("name") or picture.facts.get("keywords"):
            places.setdefault(picture.fact(column) or picture.name, []).append(number)
    means = [latents[rows].mean(axis=0) for rows in places.values()]
    captions = [wordings(pictures[rows[0]].facts, count, random) for rows in places.values()]
    return Concepts(np.array(means, np.float32).reshape(-1, latents.shape[1]), captions)


def prompt_encoder(folder: str, context: int) -> tuple[TextEncoder, TextTokenizer]:
    """The encoder and its tokenizer, which cuts prompts to `context` tokens; MiniLM if "".

    Raises:
        TrainingError: it cannot be read.
    """
    path = Path(folder) if folder else minilm_folder()
    return read_text_encoder(path), read_tokenizer(path, context)


def fit(
    encoder: TextEncoder | WordEncoder,
    words: TextTokenizer,
    training: Concepts,
    held_out: Concepts,
    pictures: Floats,
) -> PromptMap:
    """Learn the matrix; `pictures` [N, latent] are the latents of the pictures learned from."""
    told = np.stack([sentences(encoder, words, group) for group in training.captions])
    weight = _ridge(told, training.latents, _best_strength(told, training.latents))
    asked = sentences(encoder, words, [group[0] for group in held_out.captions])
    found = retrieval(asked @ weight, held_out.latents)
    length = np.linalg.norm(told[:, 0] @ weight, axis=1).mean()
    reach = np.linalg.norm(pictures, axis=1).mean()
    return PromptMap(
        weight=(weight * (REACH * reach / max(length, 1e-6))).astype(np.float32),
        pictures=some_of(pictures),
        encoder=encoder,
        words=words,
        found=found,
        chance=min(1.0, FIRST / max(1, len(asked))),
        held_out=len(asked),
    )


def sentences(
    encoder: TextEncoder | WordEncoder, words: TextTokenizer, texts: Sequence[str]
) -> Floats:
    """Sentence embeddings of unit length: [texts, width]."""
    total = embed(encoder, words, texts).astype(np.float32).sum(axis=1)
    unit: Floats = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6)
    return unit


def retrieval(guessed: Floats, true: Floats) -> float:
    """The share of rows whose own latent is among the `FIRST` most alike (by cosine)."""
    a = guessed / np.maximum(np.linalg.norm(guessed, axis=1, keepdims=True), 1e-6)
    b = true / np.maximum(np.linalg.norm(true, axis=1, keepdims=True), 1e-6)
    alike = a @ b.T
    better = (alike > np.diag(alike)[:, None]).sum(axis=1)
    return float((better < FIRST).mean()) if len(better) else 0.0


def _best_strength(told: Floats, latents: Floats) -> float:
    """The penalty that finds a fifth of the concepts best after learning from the others."""
    kept = np.arange(len(told)) % 5 > 0
    scores = [
        retrieval(told[~kept, 0] @ _ridge(told[kept], latents[kept], strength), latents[~kept])
        for strength in STRENGTHS
    ]
    return STRENGTHS[int(np.argmax(scores))]


def _ridge(told: Floats, latents: Floats, strength: float) -> Floats:
    """Captions [C, wordings, width] and latents [C, latent] -> [width, latent]."""
    rows = told.reshape(-1, told.shape[-1])
    wanted = np.repeat(latents, told.shape[1], axis=0)
    square = rows.T @ rows + strength * told.shape[1] * np.eye(rows.shape[1], dtype=np.float32)
    solved: Floats = np.linalg.solve(square, rows.T @ wanted)
    return solved
