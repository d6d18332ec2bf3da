"""A real little transformer as ONNX graphs in every layout, with the same weights in each.

The layout "none" is the plain full forward pass that the cached ones are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from genstudio.base.files import file_sha256
from genstudio.packs import manifest

CHANNELS, HEADS, SIZE, LAYERS, CODES, CELL = 16, 2, 8, 2, 24, 4
GRID = (4, 3)
WORDS = ("red", "blue", "cat", "house", "on", "a", "hill", "at", "night")
STYLES = ("flat", "round")
CLASSES = ("day", "night", "dusk")
MAX_TOKENS = 5


class Nodes:
    """Nodes and weights of one graph, in the order in which they are needed."""

    def __init__(self, seed: int = 0) -> None:
        self.random = np.random.RandomState(seed)
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, kind: int, shape: list[int | str]) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, kind: int, shape: list[int | str], source: str) -> None:
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))
        self.nodes.append(helper.make_node("Identity", [source], [name]))

    def const(self, value: object, dtype: type = np.int64) -> str:
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.array(value, dtype), name))
        return name

    def weight(self, *shape: int, scale: float = 0.4) -> str:
        return self.const(self.random.randn(*shape) * scale, np.float32)

    def __call__(self, kind: str, *inputs: str, outputs: list[str] | None = None, **attributes):
        made = outputs or [f"n{len(self.nodes)}"]
        self.nodes.append(helper.make_node(kind, list(inputs), made, **attributes))
        return made[0]

    def save(self, path: Path) -> None:
        graph = helper.make_graph(self.nodes, "tiny", self.inputs, self.outputs, self.weights)
        domains = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=domains)
        model.ir_version = 8
        onnx.save(model, path)


def save_prior(  # noqa: C901 - one network, read from top to bottom
    path: Path, model: manifest.Autoregressive, every_position: bool
) -> None:
    """Write the prior that the block describes. Equal weights for equal conditions."""
    n = Nodes(seed=5)
    layout = model.cache.layout
    vocabulary = model.tokens.size + 1 + len(CLASSES) + 1
    tokens = n.input("tokens", TensorProto.INT64, ["batch", "fed"])
    x = n("Gather", n.weight(vocabulary, CHANNELS, scale=1.5), tokens)
    head = n.weight(CHANNELS, model.tokens.size, scale=0.3)
    layers = [
        (*(n.weight(CHANNELS, CHANNELS) for _ in range(4)), n.weight(CHANNELS, CHANNELS))
        for _ in range(LAYERS)
    ]
    places = n.weight(40, CHANNELS, scale=1.0)
    axis = n.const([1])
    if model.styles:
        style = n.input("style", TensorProto.INT64, ["batch"])
        table = n.weight(len(STYLES) + 1, CHANNELS, scale=1.0)
        x = n("Add", x, n("Unsqueeze", n("Gather", table, style), axis))
    kind = model.condition
    if isinstance(kind, manifest.ClassCondition) and kind.token_offset is None:
        label = n.input("class", TensorProto.INT64, ["batch"])
        table = n.weight(len(CLASSES) + 1, CHANNELS, scale=1.5)
        x = n("Add", x, n("Unsqueeze", n("Gather", table, label), axis))
    if isinstance(kind, manifest.TextCondition):
        context = n.input("context", TensorProto.FLOAT, ["batch", "told", CHANNELS])
        context = n("MatMul", context, n.weight(CHANNELS, CHANNELS, scale=1.0))
        if kind.given == "first step":
            x = n("Concat", context, x, axis=1)
        else:
            mask = n.input("context_mask", TensorProto.INT64, ["batch", "told"])
            shown = n("Unsqueeze", n("Cast", mask, to=TensorProto.FLOAT), n.const([2]))
            total = n("ReduceSum", n("Mul", context, shown), axis, keepdims=1)
            x = n("Add", x, n("Div", total, n("ReduceSum", shown, axis, keepdims=1)))
    pasts = []
    if layout != "none":
        length = "past" if layout == "growing" else model.cache.length
        pasts = [
            tuple(
                n.input(f"past.{i}.{k}", TensorProto.FLOAT, ["batch", HEADS, length, SIZE])
                for k in ("key", "value")
            )
            for i in range(LAYERS)
        ]
    new = n("Gather", n("Shape", x), n.const(1))
    if layout == "shared":
        lengths = n.input("seqlens_k", TensorProto.INT32, ["batch"])
        total = n.input("total_sequence_length", TensorProto.INT32, [])
        before = n("Sub", n("Cast", total, to=TensorProto.INT64), new)
    elif layout == "growing":
        before = n("Gather", n("Shape", pasts[0][0]), n.const(2))
    else:
        before = n.const(0)
    after = n("Add", before, new)
    queries = n("Range", before, after, n.const(1))
    x = n("Add", x, n("Gather", places, queries))
    keys = n("Range", n.const(0), after, n.const(1))
    visible = n("LessOrEqual", n("Unsqueeze", keys, n.const([0])), n("Unsqueeze", queries, axis))
    for i, (wq, wk, wv, wo, wm) in enumerate(layers):
        q, k, v = (n("MatMul", x, w) for w in (wq, wk, wv))
        if layout == "shared":
            made = [f"mixed.{i}", f"present.{i}.key", f"present.{i}.value"]
            mixed = n(
                "GroupQueryAttention", q, k, v, *pasts[i], lengths, total,
                outputs=made, domain="com.microsoft", num_heads=HEADS, kv_num_heads=HEADS,
            )  # fmt: skip
            n.outputs += [
                helper.make_tensor_value_info(
                    name, TensorProto.FLOAT, ["batch", HEADS, model.cache.length, SIZE]
                )
                for name in made[1:]
            ]
        else:
            split = n.const([0, 0, HEADS, SIZE])
            q, k, v = (
                n("Transpose", n("Reshape", part, split), perm=[0, 2, 1, 3]) for part in (q, k, v)
            )
            if layout == "growing":
                k, v = (
                    n("Concat", past, part, axis=2)
                    for past, part in zip(pasts[i], (k, v), strict=True)
                )
                shape = ["batch", HEADS, "present", SIZE]
                n.output(f"present.{i}.key", TensorProto.FLOAT, shape, k)
                n.output(f"present.{i}.value", TensorProto.FLOAT, shape, v)
            scores = n("MatMul", q, n("Transpose", k, perm=[0, 1, 3, 2]))
            scores = n("Div", scores, n.const(SIZE**0.5, np.float32))
            scores = n("Where", visible, scores, n.const(-1e9, np.float32))
            mixed = n("MatMul", n("Softmax", scores, axis=-1), v)
            mixed = n("Transpose", mixed, perm=[0, 2, 1, 3])
            mixed = n("Reshape", mixed, n.const([0, 0, CHANNELS]))
        x = n("Add", x, n("MatMul", mixed, wo))
        x = n("Add", x, n("Tanh", n("MatMul", x, wm)))
    x = n("LayerNormalization", x, n.const(np.ones(CHANNELS), np.float32))
    shape: list[int | str] = ["batch", "all", model.tokens.size]
    if not every_position:
        x = n("Gather", x, n.const(-1), axis=1)
        shape = ["batch", model.tokens.size]
    n.output("logits", TensorProto.FLOAT, shape, n("MatMul", x, head))
    n.save(path)


def save_text(path: Path) -> None:
    """A text graph: a vector a word, nothing where the mask is 0."""
    n = Nodes(seed=6)
    ids = n.input("input_ids", TensorProto.INT64, ["batch", "positions"])
    mask = n.input("attention_mask", TensorProto.INT64, ["batch", "positions"])
    words = n("Gather", n.weight(len(WORDS) + 3, CHANNELS, scale=1.5), ids)
    shown = n("Unsqueeze", n("Cast", mask, to=TensorProto.FLOAT), n.const([2]))
    words = n("Mul", words, shown)
    n.output("tokens", TensorProto.FLOAT, ["batch", "positions", CHANNELS], words)
    pooled = n("ReduceSum", words, n.const([1]), keepdims=0)
    n.output("pooled", TensorProto.FLOAT, ["batch", CHANNELS], pooled)
    n.save(path)


def save_tokenizer(path: Path) -> None:
    """A tokenizer that knows `WORDS` and ends each prompt with a full stop's token."""
    vocabulary = {word: index for index, word in enumerate(("[UNK]", "[END]", *WORDS))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))


def code_colours() -> np.ndarray:
    """A colour in [0, 1] for each code."""
    return np.random.RandomState(9).rand(CODES, 3).astype(np.float32)


def save_decoder(path: Path, extends: bool = False) -> None:
    """A flat square of `CELL` pixels for each code; `extends` takes grids of any size."""
    width, height = GRID
    n = Nodes()
    if extends:
        tokens = n.input("tokens", TensorProto.INT64, ["batch", "rows", "columns"])
        cells = n("Gather", n.const(code_colours(), np.float32), tokens)
        cells = n("Transpose", cells, perm=[0, 3, 1, 2])
        scales = n.const([1, 1, CELL, CELL], np.float32)
        image = n("Resize", cells, "", scales, mode="nearest")
        n.output("image", TensorProto.FLOAT, ["batch", 3, "height", "width"], image)
        n.save(path)
        return
    tokens = n.input("tokens", TensorProto.INT64, ["batch", height, width])
    cells = n("Gather", n.const(code_colours(), np.float32), tokens)
    cells = n("Transpose", cells, perm=[0, 3, 1, 2])
    cells = n("Reshape", cells, n.const([-1, 3, height, 1, width, 1]))
    cells = n("Expand", cells, n.const([1, 3, height, CELL, width, CELL]))
    image = n("Reshape", cells, n.const([-1, 3, height * CELL, width * CELL]))
    n.output("image", TensorProto.FLOAT, ["batch", 3, height * CELL, width * CELL], image)
    n.save(path)


def save_encoder(path: Path) -> None:
    """The code whose colour is nearest to a square's average."""
    width, height = GRID
    n = Nodes()
    image = n.input("image", TensorProto.FLOAT, ["batch", 3, height * CELL, width * CELL])
    cells = n("AveragePool", image, kernel_shape=[CELL, CELL], strides=[CELL, CELL])
    cells = n("Unsqueeze", n("Transpose", cells, perm=[0, 2, 3, 1]), n.const([3]))
    gaps = n("Sub", cells, n.const(code_colours()[None, None, None], np.float32))
    tokens = n("ArgMin", n("ReduceSumSquare", gaps, axes=[4], keepdims=0), axis=3, keepdims=0)
    n.output("tokens", TensorProto.INT64, ["batch", height, width], tokens)
    n.save(path)


def known_pictures() -> np.ndarray:
    """What `save_recall` looks up: a token grid of each half of the codes, [2, cells]."""
    cells = np.arange(GRID[0] * GRID[1])
    return np.stack([cells % 6, 12 + cells % 6])


def save_recall(path: Path, chances: tuple[float, float] = (0.5, 0.5)) -> None:
    """Both known pictures for every prompt, the first one if the style is the first."""
    n = Nodes()
    embedding = n.input("embedding", TensorProto.FLOAT, [1, CHANNELS])
    style = n.input("style", TensorProto.INT64, [1])
    follow = n.input("follow", TensorProto.FLOAT, [])
    n.output("tokens", TensorProto.INT64, ["pictures", "cells"], n.const(known_pictures()))
    asked = n("Equal", style, n.const([0]))
    even = n("Add", n.const(chances, np.float32), n("ReduceMean", n("Sub", embedding, embedding)))
    even = n("Reshape", even, n.const([2]))
    n.output("chances", TensorProto.FLOAT, ["pictures"],
             n("Where", asked, n.const([1.0, 0.0], np.float32), even))  # fmt: skip
    places = np.arange(CODES, dtype=np.float32)[:, None] * 2.0
    n.output("codes", TensorProto.FLOAT, [CODES, 1], n.const(places, np.float32))
    n.output("pull", TensorProto.FLOAT, [], n("Mul", follow, n.const(4.0, np.float32)))
    n.save(path)


@dataclass(frozen=True)
class Kind:
    """What to build: the block's parts that differ between tests."""

    layout: str = "growing"
    condition: object = field(
        default_factory=lambda: manifest.TextCondition(
            max_tokens=MAX_TOKENS, given="first step", null="zeros"
        )
    )
    styles: bool = True
    palette: bool = False
    start_token: int | None = CODES
    every_position: bool = False
    extends: bool = False
    recall: bool = False


def build(folder: Path, kind: Kind) -> manifest.Pack:
    """Write a pack of this kind into the folder and open it."""
    folder.mkdir(parents=True)
    width, height = GRID
    prefix = MAX_TOKENS if getattr(kind.condition, "given", "") == "first step" else 0
    before = (kind.start_token is not None) + hasattr(kind.condition, "token_offset")
    # No place to spare: the last token is never read.
    length = prefix + before + width * height - 1
    colours = (code_colours() * 255).round().astype(int)
    model = manifest.Autoregressive(
        grid=GRID,
        tokens=(
            manifest.Palette(colours=tuple(map(tuple, colours.tolist())))
            if kind.palette
            else manifest.Codebook(size=CODES)
        ),
        condition=kind.condition,
        styles=manifest.Styles(names=STYLES, null=len(STYLES)) if kind.styles else None,
        cache=manifest.Cache(layout=kind.layout, layers=LAYERS, length=length),
        start_token=kind.start_token,
        extends=kind.extends,
    )
    files = {"prior": "prior.onnx"}
    save_prior(folder / "prior.onnx", model, kind.every_position)
    if not kind.palette:
        files |= {"image_encoder": "encoder.onnx", "image_decoder": "decoder.onnx"}
        save_encoder(folder / "encoder.onnx")
        save_decoder(folder / "decoder.onnx", kind.extends)
    tokenizer = None
    if isinstance(kind.condition, manifest.TextCondition):
        files["text"] = "text.onnx"
        save_text(folder / "text.onnx")
        save_tokenizer(folder / "tokenizer.json")
        tokenizer = manifest.File(
            file="tokenizer.json", sha256=file_sha256(folder / "tokenizer.json")
        )
    controls = ()
    if kind.recall:
        files["recall"] = "recall.onnx"
        save_recall(folder / "recall.onnx")
        controls = (
            manifest.Slider(
                name="follow", low=0.0, high=1.0, default=0.5, graph="recall", input="follow"
            ),
        )
    cell = 1 if kind.palette else CELL
    whole = manifest.Manifest(
        format=1,
        id="tiny-prior",
        name="Tiny prior",
        version="1.0.0",
        licence="Apache-2.0",
        summary="A tiny prior.",
        image=manifest.Image(width=width * cell, height=height * cell, range=(0.0, 1.0)),
        model=model,
        graphs={
            role: manifest.Graph(file=name, sha256=file_sha256(folder / name))
            for role, name in files.items()
        },
        tokenizer=tokenizer,
        controls=controls,
    )
    (folder / "pack.json").write_bytes(msgspec.json.encode(whole))
    return manifest.open_pack(folder)
