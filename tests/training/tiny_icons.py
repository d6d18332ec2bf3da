"""A folder of coloured shapes with captions and a BERT of a few kB: all that a tiny run needs."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from PIL import Image, ImageDraw
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

COLOURS = ("red", "green", "blue", "orange")
SHAPES = ("circle", "square", "bar")
STYLES = ("flat", "framed")
WIDTH = 16


def write_icons(folder: Path, size: int = 16) -> Path:
    """Twelve concepts in two styles, with captions.jsonl."""
    folder.mkdir(parents=True)
    rows = []
    for style in STYLES:
        for colour in COLOURS:
            for shape in SHAPES:
                name = f"{style}-{colour}-{shape}.png"
                _draw(colour, shape, style, size).save(folder / name)
                rows.append(
                    {"file": name, "codepoint": f"{colour}-{shape}", "name": f"{colour} {shape}",
                     "keywords": [colour, shape, "sign"], "style": style, "group": "signs"}
                )  # fmt: skip
    (folder / "captions.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return folder


def _draw(colour: str, shape: str, style: str, size: int) -> Image.Image:
    image = Image.new("RGB", (size, size), "white")
    pen = ImageDraw.Draw(image)
    box = {"circle": (2, 2, size - 3, size - 3), "square": (2, 2, size - 3, size - 3),
           "bar": (2, size // 3, size - 3, 2 * size // 3)}[shape]  # fmt: skip
    outline = "black" if style == "framed" else None
    (pen.ellipse if shape == "circle" else pen.rectangle)(box, fill=colour, outline=outline)
    return image


def write_text_encoder(folder: Path) -> Path:
    """A BERT with random weights, in the files and names that the real one has."""
    folder.mkdir(parents=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *COLOURS, *SHAPES, "sign", "picture", "a", "of"]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    shape = {
        "vocab_size": len(words),
        "hidden_size": WIDTH,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 24,
        "max_position_embeddings": 12,
    }
    (folder / "config.json").write_text(json.dumps(shape))
    save_file(_bert_weights(len(words)), folder / "model.safetensors")
    return folder


def _bert_weights(words: int) -> dict[str, torch.Tensor]:
    chance = torch.Generator().manual_seed(0)

    def random(*size: int) -> torch.Tensor:
        return torch.randn(size, generator=chance) * 0.3

    weights = {
        "embeddings.word_embeddings.weight": random(words, WIDTH),
        "embeddings.position_embeddings.weight": random(12, WIDTH),
        "embeddings.token_type_embeddings.weight": random(2, WIDTH),
    }
    layer = "encoder.layer.0"
    for name, rows, columns in (
        ("attention.self.query", WIDTH, WIDTH), ("attention.self.key", WIDTH, WIDTH),
        ("attention.self.value", WIDTH, WIDTH), ("attention.output.dense", WIDTH, WIDTH),
        ("intermediate.dense", 24, WIDTH), ("output.dense", WIDTH, 24),
    ):  # fmt: skip
        weights[f"{layer}.{name}.weight"] = random(rows, columns)
        weights[f"{layer}.{name}.bias"] = random(rows)
    for norm in ("embeddings.LayerNorm", f"{layer}.attention.output.LayerNorm",
                 f"{layer}.output.LayerNorm"):  # fmt: skip
        weights[f"{norm}.weight"] = 1.0 + random(WIDTH)
        weights[f"{norm}.bias"] = random(WIDTH)
    return weights


def training_file(path: Path, text_encoder: Path) -> Path:
    """A training file for a model of a few thousand numbers."""
    path.write_text(
        f"""
family = "autoregressive"
text_encoder = {json.dumps(str(text_encoder))}
prompts = ["red circle", "blue bar"]
upright = {{ group = ["letters"] }}
[pack]
id = "tiny-icons"
name = "Tiny icons"
licence = "CC0-1.0"
summary = "Shapes."
[data]
size = 16
hold_out = {{ by = "codepoint", fraction = 0.2 }}
[tokenizer]
size = 16
levels = [4, 3]
encoder = [4, 6, 8]
decoder = [4, 6, 8]
critic = 4
batch = 6
[recall]
follow = 0.7
[prior]
width = 32
layers = 2
heads = 2
context = 6
batch = 6
versions = 2
captions = 3
"""
    )
    return path
