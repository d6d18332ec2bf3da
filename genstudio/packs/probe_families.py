"""What the graphs of each family must take and give for the engine to run them.

Each check feeds a graph as the engine would, once, and looks at what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import PackError
from genstudio.packs.manifest import (
    Autoregressive,
    Cache,
    Choice,
    ClassCondition,
    Gan,
    Graph,
    Image,
    Pack,
    Palette,
    Role,
    SpatialLatent,
    TextCondition,
    Upscaler,
    Vae,
)

_BATCH: Final = 1
_TEXT_TOKENS: Final = 6
_UPSCALED: Final = 16
_DTYPES: Final[dict[str, type[np.generic]]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
}

Array = NDArray[Any]


@dataclass(frozen=True)
class TensorFacts:
    """An input's or output's ONNX kind and its shape (a name or None where it varies)."""

    kind: str
    shape: tuple[int | str | None, ...]


class ProbedGraph(Protocol):
    """A graph that can be looked at and run."""

    role: Role
    names: Graph
    inputs: Mapping[str, TensorFacts]
    outputs: Mapping[str, TensorFacts]

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by its name."""


Graphs = Mapping[Role, ProbedGraph]


def check(pack: Pack, graphs: Graphs) -> None:
    """Run each graph of the pack once. Raises `PackError` about the first misfit."""
    model = pack.manifest.model
    match model:
        case Vae():
            _check_vae(pack, model, graphs)
        case Gan():
            _check_gan(pack, model, graphs)
        case Autoregressive():
            _check_autoregressive(pack, model, graphs)
        case Upscaler():
            _check_upscaler(pack, model, graphs)
    if not isinstance(model, Autoregressive) and "text" in graphs:
        _check_prompt_to_latent(graphs)


def _check_vae(pack: Pack, model: Vae, graphs: Graphs) -> None:
    image = pack.manifest.image
    shape = _latent_shape(model, image)
    latent = np.random.RandomState(0).randn(*shape).astype(np.float32)
    if isinstance(model.latent, SpatialLatent):
        latent = latent / np.float32(model.latent.scale) + np.float32(model.latent.shift)
    feeds = _class_feed(graphs["decoder"], model.classes) | {"latent": latent}
    _check_picture(_run(pack, graphs["decoder"], feeds, "image"), image, "decoder")
    if "encoder" not in graphs:
        return
    encoder = graphs["encoder"]
    given = _class_feed(encoder, model.classes) | {"image": _picture(image)}
    meanings = {
        "mean and log-variance": ("mean", "log_variance"),
        "moments": ("moments",),
        "latent": ("latent",),
    }[model.encoder_gives]
    wanted = (shape[0], 2 * shape[1], *shape[2:]) if meanings == ("moments",) else shape
    for meaning in meanings:
        found = _run(pack, encoder, given, meaning)
        _check_shape(found, wanted, "encoder", meaning)


def _latent_shape(model: Vae, image: Image) -> tuple[int, ...]:
    if not isinstance(model.latent, SpatialLatent):
        return (_BATCH, model.latent.size)
    factor = model.latent.factor
    if image.width % factor or image.height % factor:
        raise PackError(
            f"pack.json says {image.width} x {image.height} pixels, which are not multiples of the "
            f"latent's factor {factor}; mend image or model.latent."
        )
    return (_BATCH, model.latent.channels, image.height // factor, image.width // factor)


def _check_gan(pack: Pack, model: Gan, graphs: Graphs) -> None:
    z = np.random.RandomState(0).randn(_BATCH, model.z_size).astype(np.float32)
    if model.layers:
        mapping = graphs["mapping"]
        w = _run(pack, mapping, _class_feed(mapping, model.classes) | {"z": z}, "w")
        if w.ndim == 2:
            w = np.repeat(w[:, None], model.layers, axis=1)
        _check_shape(w, (_BATCH, model.layers, w.shape[-1]), "mapping", "w")
        if model.w_average and len(model.w_average) != w.shape[-1]:
            raise PackError(
                f"model.w_average in pack.json has {len(model.w_average)} numbers, but w has "
                f"{w.shape[-1]}; write the mapping's own average there, or leave it out."
            )
        drawer, feeds = graphs["synthesis"], {"w": w}
    else:
        drawer = graphs["generator"]
        rank = len(_input(drawer, "z").shape)
        feeds = {"z": z[:, :, None, None] if rank == 4 else z}
    feeds |= _class_feed(drawer, model.classes) | _noise(drawer, model)
    picture = _run(pack, drawer, feeds, "image")
    _check_picture(picture, pack.manifest.image, drawer.role)
    if "critic" in graphs:
        score = _run(pack, graphs["critic"], {"image": picture.astype(np.float32)}, "score")
        if score.size != _BATCH:
            raise PackError(
                f"The critic gives {score.size} numbers for a picture where one score is due; "
                "name the right output under graphs.critic.outputs."
            )


def _noise(drawer: ProbedGraph, model: Gan) -> dict[str, Array]:
    noise: dict[str, Array] = {}
    for index in range(model.noise):
        shape = _input(drawer, f"noise.{index}").shape
        if len(shape) != 4 or not all(isinstance(side, int) for side in shape[2:]):
            raise PackError(
                f"The noise input {index} of the {drawer.role} graph has the shape {list(shape)}; "
                "export it as [batch, 1, height, width] with a fixed height and width."
            )
        height, width = (side for side in shape[2:] if isinstance(side, int))
        noise[f"noise.{index}"] = np.random.RandomState(index).randn(1, 1, height, width)
    strength = drawer.names.input_name("noise_strength")
    if strength in drawer.inputs:
        noise["noise_strength"] = np.ones((1,) * len(drawer.inputs[strength].shape), np.float32)
    return noise


def _check_autoregressive(pack: Pack, model: Autoregressive, graphs: Graphs) -> None:
    width, height = model.grid
    image = pack.manifest.image
    size = model.tokens.size
    if isinstance(model.tokens, Palette):
        _check_palette(model.tokens, image, model.grid)
    else:
        grid = np.arange(width * height).reshape(1, height, width) % size
        decoder = graphs["image_decoder"]
        flat = len(_input(decoder, "tokens").shape) == 2
        feeds = {"tokens": grid.reshape(1, -1) if flat else grid}
        _check_picture(_run(pack, decoder, feeds, "image"), image, "image_decoder")
        if "image_encoder" in graphs:
            found = _run(pack, graphs["image_encoder"], {"image": _picture(image)}, "tokens")
            if found.size != width * height or found.min() < 0 or found.max() >= size:
                raise PackError(
                    f"The image_encoder gives {found.size} tokens from {found.min()} to "
                    f"{found.max()}, where {width * height} from 0 to {size - 1} are due; mend "
                    "model.grid or model.tokens in pack.json."
                )
    _check_prior(pack, model, graphs)


def _check_palette(palette: Palette, image: Image, grid: tuple[int, int]) -> None:
    if any(len(colour) != image.channels for colour in palette.colours):
        raise PackError(
            f"A colour of the palette has not the picture's {image.channels} channels; mend "
            "model.tokens.colours in pack.json."
        )
    if grid != (image.width, image.height):
        raise PackError(
            f"With a palette a token is a pixel, but the grid is {grid[0]} x {grid[1]} and the "
            f"picture {image.width} x {image.height}; make them equal in pack.json."
        )


def _check_prior(pack: Pack, model: Autoregressive, graphs: Graphs) -> None:
    """One first step, and one that goes on from its cache."""
    prior = graphs["prior"]
    feeds, prefix = _condition(pack, model, graphs)
    start = model.start_token if model.start_token is not None else 0
    first = np.array([[start]], np.int64)
    total = prefix + 1
    if model.cache.layout == "none":
        _check_logits(_run(pack, prior, feeds | {"tokens": first}, "logits"), model)
        return
    if model.cache.layout == "shared" and model.cache.length < prefix + sum(model.grid):
        raise PackError(
            f"model.cache.length in pack.json is {model.cache.length}, too short for a picture; "
            "give the most positions the prior takes."
        )
    outputs = _run_all(
        pack,
        prior,
        feeds | {"tokens": first} | _past(prior, model.cache, None) | _lengths(model, total),
    )
    _check_logits(outputs[prior.names.output_name("logits")], model)
    later = dict(feeds)
    condition = model.condition
    if isinstance(condition, TextCondition) and condition.given == "first step":
        context = later["context"]
        later["context"] = context[:, :0] if context.ndim == 3 else context
    next_feeds = later | {"tokens": np.zeros((1, 1), np.int64)} | _lengths(model, total + 1)
    logits = _run(pack, prior, next_feeds | _past(prior, model.cache, outputs), "logits")
    _check_logits(logits, model)


def _lengths(model: Autoregressive, total: int) -> dict[str, Array]:
    if model.cache.layout != "shared":
        return {}
    return {
        "seqlens_k": np.array([total - 1], np.int32),
        "total_sequence_length": np.array(total, np.int32),
    }


def _past(
    prior: ProbedGraph, cache: Cache, outputs: Mapping[str, Array] | None
) -> dict[str, Array]:
    """The cache inputs: empty ones, or what an earlier step gave."""
    past: dict[str, Array] = {}
    for layer in range(cache.layers):
        for kind in ("key", "value"):
            meaning = f"past.{{layer}}.{kind}"
            name = prior.names.input_name(meaning).replace("{layer}", str(layer))
            if name not in prior.inputs:
                raise _missing(prior, "input", meaning, name, prior.inputs)
            shape = prior.inputs[name].shape
            if len(shape) != 4 or not isinstance(shape[1], int) or not isinstance(shape[3], int):
                raise PackError(
                    f"The prior's cache {name} has the shape {list(shape)}; export it as [batch, "
                    "heads, positions, size] with fixed heads and size."
                )
            if outputs is None:
                length = cache.length if cache.layout == "shared" else 0
                past[name] = np.zeros((1, shape[1], length, shape[3]), np.float32)
                continue
            given = prior.names.output_name(f"present.{{layer}}.{kind}")
            given = given.replace("{layer}", str(layer))
            if given not in outputs:
                raise _missing(prior, "output", f"present.{{layer}}.{kind}", given, prior.outputs)
            past[name] = outputs[given]
    return past


def _condition(pack: Pack, model: Autoregressive, graphs: Graphs) -> tuple[dict[str, Array], int]:
    """What the prior is told, by meaning, and how many positions stand before its tokens."""
    feeds: dict[str, Array] = {}
    prefix = 0
    prior, condition = graphs["prior"], model.condition
    if model.styles is not None:
        feeds["style"] = np.array([model.styles.null], np.int64)
    if isinstance(condition, ClassCondition) and condition.token_offset is None:
        feeds["class"] = np.zeros(1, np.int64)
    if isinstance(condition, TextCondition):
        text = _text(graphs["text"], condition.uses)
        if condition.uses == "tokens":
            context = np.zeros((1, condition.max_tokens, text.shape[-1]), np.float32)
            known = min(text.shape[1], condition.max_tokens)
            context[:, :known] = text[:, :known]
        else:
            context = text.reshape(1, 1, -1)
        if len(_input(prior, "context").shape) == 2:
            context = context[:, 0]
        feeds["context"] = context
        if prior.names.input_name("context_mask") in prior.inputs:
            feeds["context_mask"] = np.ones(context.shape[:2], np.int64)
        prefix = context.shape[1] if condition.given == "first step" else 0
    return feeds, prefix


def _text(graph: ProbedGraph, uses: str) -> Array:
    """The text graph's output for a few tokens."""
    ids = _input(graph, "input_ids")
    length = ids.shape[1] if isinstance(ids.shape[1], int) else _TEXT_TOKENS
    feeds = {graph.names.input_name("input_ids"): np.zeros((1, length), np.int64)}
    for meaning, value in (("attention_mask", 1), ("token_type_ids", 0)):
        name = graph.names.input_name(meaning)
        if name in graph.inputs:
            feeds[name] = np.full((1, length), value, np.int64)
    output = graph.names.output_name(uses)
    if output not in graph.outputs:
        raise _missing(graph, "output", uses, output, graph.outputs)
    return graph.run(_typed(graph, feeds))[output]


def _check_prompt_to_latent(graphs: Graphs) -> None:
    embedding = _text(graphs["text"], "pooled")
    if "prompt_to_latent" in graphs:
        graph = graphs["prompt_to_latent"]
        _input(graph, "embedding")
        name = graph.names.input_name("embedding")
        latent = graph.run(_typed(graph, {name: embedding}))[graph.names.output_name("latent")]
        _check_finite(latent, graph.role)


def _check_logits(logits: Array, model: Autoregressive) -> None:
    if logits.ndim not in (2, 3) or logits.shape[-1] < model.tokens.size:
        raise PackError(
            f"The prior's logits have the shape {list(logits.shape)}, too few for "
            f"{model.tokens.size} tokens; mend model.tokens in pack.json."
        )


def _check_upscaler(pack: Pack, model: Upscaler, graphs: Graphs) -> None:
    side = -(-_UPSCALED // model.multiple_of) * model.multiple_of
    image = pack.manifest.image
    small = _noise_picture(image, side, side)
    large = _run(pack, graphs["upscaler"], {"image": small}, "image")
    wanted = (1, image.channels, side * model.scale, side * model.scale)
    _check_shape(large, wanted, "upscaler", "image")
    _check_range(large, image, "upscaler")


def _picture(image: Image) -> Array:
    return _noise_picture(image, image.width, image.height)


def _noise_picture(image: Image, width: int, height: int) -> Array:
    low, high = image.range
    noise = np.random.RandomState(0).rand(1, image.channels, height, width)
    return (low + (high - low) * noise).astype(np.float32)


def _class_feed(graph: ProbedGraph, classes: tuple[str, ...]) -> dict[str, Array]:
    name = graph.names.input_name("class")
    if not classes or name not in graph.inputs:
        return {}
    facts = graph.inputs[name]
    if facts.kind in ("tensor(int64)", "tensor(int32)"):
        return {"class": np.zeros(1, np.int64)}
    if isinstance(facts.shape[-1], int) and facts.shape[-1] != len(classes):
        raise PackError(
            f"The {graph.role} graph knows {facts.shape[-1]} classes, but pack.json names "
            f"{len(classes)}; mend model.classes."
        )
    return {"class": np.eye(1, len(classes), dtype=np.float32)}


def _run(pack: Pack, graph: ProbedGraph, feeds: Mapping[str, Array], meaning: str) -> Array:
    """One output, by meaning, of a graph fed by meaning; finite."""
    output = graph.names.output_name(meaning)
    if output not in graph.outputs:
        raise _missing(graph, "output", meaning, output, graph.outputs)
    found = _run_all(pack, graph, feeds)[output]
    _check_finite(found, graph.role)
    return found


def _run_all(pack: Pack, graph: ProbedGraph, feeds: Mapping[str, Array]) -> dict[str, Array]:
    """Every output by name. Each input must be known to the manifest, and each feed to the graph."""
    named = {graph.names.input_name(meaning): value for meaning, value in feeds.items()}
    for meaning in feeds:
        name = graph.names.input_name(meaning)
        if name not in graph.inputs:
            raise _missing(graph, "input", meaning, name, graph.inputs)
    for control in pack.manifest.controls:
        if control.graph == graph.role and control.input in graph.inputs:
            size = tuple(d if isinstance(d, int) else 1 for d in graph.inputs[control.input].shape)
            value = 0 if isinstance(control, Choice) else control.default
            named[control.input] = np.full(size, value)
    unknown = [name for name in graph.inputs if name not in named]
    if unknown:
        raise PackError(
            f"The {graph.role} graph has an input {unknown[0]} that pack.json does not explain; "
            f"say what it means under graphs.{graph.role}.inputs, or export without it."
        )
    return graph.run(_typed(graph, named))


def _typed(graph: ProbedGraph, feeds: Mapping[str, Array]) -> dict[str, Array]:
    return {name: value.astype(_DTYPES[graph.inputs[name].kind]) for name, value in feeds.items()}


def _input(graph: ProbedGraph, meaning: str) -> TensorFacts:
    name = graph.names.input_name(meaning)
    if name not in graph.inputs:
        raise _missing(graph, "input", meaning, name, graph.inputs)
    return graph.inputs[name]


def _missing(
    graph: ProbedGraph, side: str, meaning: str, name: str, there: Mapping[str, TensorFacts]
) -> PackError:
    return PackError(
        f"The {graph.role} graph has no {side} {name}; it has {', '.join(there)}. Say which one is "
        f'"{meaning}" under graphs.{graph.role}.{side}s in pack.json.'
    )


def _check_picture(batch: Array, image: Image, role: str) -> None:
    _check_shape(batch, (1, image.channels, image.height, image.width), role, "image")
    _check_range(batch, image, role)


def _check_shape(found: Array, wanted: tuple[int, ...], role: str, meaning: str) -> None:
    if found.shape != wanted:
        raise PackError(
            f"The {role} graph's {meaning} has the shape {list(found.shape)}, but by pack.json it "
            f"should be {list(wanted)}; mend the one that is wrong."
        )


def _check_range(batch: Array, image: Image, role: str) -> None:
    """Models overshoot a little; a whole half range means another range than stated."""
    low, high = image.range
    slack = (high - low) / 2
    if batch.min() < low - slack or batch.max() > high + slack:
        raise PackError(
            f"The {role} graph's picture runs from {float(batch.min()):.3g} to "
            f"{float(batch.max()):.3g}, but image.range in pack.json says {low:g} to {high:g}; "
            "mend it."
        )


def _check_finite(found: Array, role: str) -> None:
    if not np.isfinite(found).all():
        raise PackError(
            f"The {role} graph gives numbers that are not finite (NaN or infinite); its weights "
            "are broken."
        )
