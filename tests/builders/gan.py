"""Tiny generative adversarial networks, style-based and plain."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from genstudio.packs import manifest
from tests.builders.graph import FLOAT, INT64, GraphBuilder, Range, to_range
from tests.builders.pack_folder import change_manifest, file_of, sha256, write_pack
from tests.engine import tiny_prior

Z, W, LAYERS, FEATURES = 8, 6, 4, 5
SIDES = (4, 8, 16)
CLASSES = ("cat", "dog", "bird")


def gan(
    folder: Path,
    *,
    channels: Literal[1, 3, 4] = 3,
    value_range: Range = (-1.0, 1.0),
    classes: tuple[str, ...] = (),
    critic: bool = True,
    strength_input: bool = False,
    w_average: bool = False,
    one_w: bool = False,
    pack_id: str = "style-gan",
) -> Path:
    """Mapping (z 8 to w 6, 4 layers), synthesis (16 x 16, 3 noise inputs) and critic.

    `strength_input`: the graph scales the noise itself, by its input "noise_strength".
    `one_w`: the mapping gives [batch, w], one for all layers.
    """
    graphs: dict[manifest.Role, GraphBuilder] = {
        "mapping": _mapping(classes, one_w),
        "synthesis": _synthesis(channels, value_range, strength_input),
    }
    if critic:
        graphs["critic"] = _critic(channels)
    model = manifest.Gan(
        z_size=Z,
        layers=LAYERS,
        noise=len(SIDES),
        classes=classes,
        w_average=(0.1,) * W if w_average else (),
    )
    return write_pack(folder, pack_id, model, _image(channels, value_range), graphs)


def class_gan(folder: Path) -> Path:
    """A style-based one whose mapping takes one of three classes."""
    return gan(folder, classes=CLASSES, pack_id="class-gan")


def generator_gan(
    folder: Path,
    *,
    channels: Literal[1, 3, 4] = 3,
    value_range: Range = (-1.0, 1.0),
    z_rank: Literal[2, 4] = 2,
    classes: tuple[str, ...] = (),
    pack_id: str = "generator-gan",
) -> Path:
    """One `generator`, as DCGAN's (`z_rank` 4) or BigGAN's (`classes`, given one-hot)."""
    g = GraphBuilder(13)
    z = g.input("z", ["batch", Z, 1, 1][:z_rank])
    told = g("Reshape", z, g.const([-1, Z, 1, 1], np.int64))
    if classes:
        label = g.input("class", ["batch", len(classes)])
        embedded = g("MatMul", label, g.drawn(len(classes), Z))
        told = g("Add", told, g("Reshape", embedded, g.const([-1, Z, 1, 1], np.int64)))
    x = g("Tanh", g("ConvTranspose", told, g.drawn(Z, FEATURES, 4, 4, scale=0.5)))
    x = g("ConvTranspose", x, g.drawn(FEATURES, channels, 4, 4, scale=0.6), strides=[4, 4])
    g.output("image", ["batch", channels, 16, 16], to_range(g, x, value_range))
    model = manifest.Gan(z_size=Z, classes=classes)
    return write_pack(folder, pack_id, model, _image(channels, value_range), {"generator": g})


def tile_gan(folder: Path) -> Path:
    """A style-based one that draws any multiple of 4 pixels, each cell from its own noise."""
    g = GraphBuilder(16)
    w = g("ReduceMean", g.input("w", ["batch", LAYERS, W]), axes=[1], keepdims=0)
    grid = g.input("noise.0", [1, 2, "grid height", "grid width"])
    grain = g.input("noise.1", [1, 1, "grain height", "grain width"])
    strength = g.input("noise_strength", [], FLOAT)
    style = g("Reshape", g("MatMul", w, g.drawn(W, 3)), g.const([-1, 3, 1, 1], np.int64))
    x = g("Mul", g("Conv", grid, g.drawn(3, 2, 1, 1)), style)
    x = g("Resize", x, "", g.const([1, 1, 2, 2]), mode="nearest")
    x = g("Add", x, g("Mul", grain, strength))
    x = g("Resize", x, "", g.const([1, 1, 2, 2]), mode="nearest")
    g.output("image", ["batch", 3, "height", "width"], to_range(g, x, (-1.0, 1.0)))
    model = manifest.Gan(z_size=Z, layers=LAYERS, noise=2, noise_factors=(4, 2), tileable=True)
    graphs: dict[manifest.Role, GraphBuilder] = {"mapping": _mapping((), False), "synthesis": g}
    return write_pack(folder, "tile-gan", model, _image(3, (-1.0, 1.0)), graphs)


def prompted_gan(folder: Path) -> Path:
    """A style-based one with a text encoder and a graph from its embedding to z."""
    gan(folder, pack_id="prompted-gan")
    g = GraphBuilder(14)
    embedding = g.input("embedding", ["batch", tiny_prior.CHANNELS])
    g.output("latent", ["batch", Z], g("MatMul", embedding, g.drawn(tiny_prior.CHANNELS, Z)))
    g.save(folder / "prompt_to_latent.onnx")
    tiny_prior.save_text(folder / "text.onnx")
    tiny_prior.save_tokenizer(folder / "tokenizer.json")

    def add(plain: dict) -> None:
        for role in ("text", "prompt_to_latent"):
            name = f"{role}.onnx"
            plain["graphs"][role] = {"file": name, "sha256": sha256(folder / name)}
        tokenizer = file_of(folder / "tokenizer.json")
        plain["tokenizer"] = {"file": tokenizer.file, "sha256": tokenizer.sha256}

    return change_manifest(folder, add)


def _mapping(classes: tuple[str, ...], one_w: bool) -> GraphBuilder:
    g = GraphBuilder(11)
    z = g.input("z", ["batch", Z])
    x = g("MatMul", z, g.drawn(Z, W, scale=0.4))
    if classes:
        x = g("Add", x, g("Gather", g.drawn(len(classes), W), g.input("class", ["batch"], INT64)))
    w = g("Add", g("Tanh", x), g.const([0.1] * W))
    if one_w:
        g.output("w", ["batch", W], w)
    else:
        wide = g("Unsqueeze", w, g.const([1], np.int64))
        g.output("w", ["batch", LAYERS, W], g("Concat", *[wide] * LAYERS, axis=1))
    return g


def _synthesis(channels: int, value_range: Range, strength_input: bool) -> GraphBuilder:
    """A constant, then per layer: scaled by the layer's style, noise, doubled; last to colours."""
    g = GraphBuilder(12)
    w = g.input("w", ["batch", LAYERS, W])
    noises = [g.input(f"noise.{i}", [1, 1, side, side]) for i, side in enumerate(SIDES)]
    strength = g.input("noise_strength", [], FLOAT) if strength_input else ""
    x = g.drawn(1, FEATURES, SIDES[0], SIDES[0])
    for layer in range(LAYERS):
        of_layer = g("Gather", w, g.const(layer, np.int64), axis=1)
        affine, bias = g.drawn(FEATURES, W), g.const(np.ones(FEATURES))
        style = g("Gemm", of_layer, affine, bias, transB=1)
        style = g("Reshape", style, g.const([-1, FEATURES, 1, 1], np.int64))
        x = g("Mul", x, style)
        if layer < len(SIDES):
            if layer:
                x = g("Resize", x, "", g.const([1, 1, 2, 2]), mode="nearest")
            noise = g("Mul", noises[layer], g.drawn(1, FEATURES, 1, 1, scale=0.2))
            x = g("Add", x, g("Mul", noise, strength) if strength else noise)
            x = g("LeakyRelu", x, alpha=0.2)
    colours = g("Conv", x, g.drawn(channels, FEATURES, 1, 1, scale=0.3))
    side = SIDES[-1]
    g.output("image", ["batch", channels, side, side], to_range(g, colours, value_range))
    return g


def _critic(channels: int) -> GraphBuilder:
    g = GraphBuilder(15)
    image = g.input("image", ["batch", channels, 16, 16])
    score = g("MatMul", g("Flatten", image), g.drawn(channels * 256, 1, scale=0.1))
    g.output("score", ["batch", 1], score)
    return g


def _image(channels: Literal[1, 3, 4], value_range: Range) -> manifest.Image:
    return manifest.Image(width=16, height=16, channels=channels, range=value_range)
