"""What token models, their tokenizer and their text graph must take and give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import tokenizers

from genstudio.base import files
from genstudio.base.errors import PackError
from genstudio.packs.manifest import (
    Autoregressive,
    Cache,
    ClassCondition,
    Gan,
    Manifest,
    Pack,
    Palette,
    SpatialLatent,
    TextCondition,
    Vae,
    VectorLatent,
)
from genstudio.packs.probe_graph import (
    Array,
    Graphs,
    ProbedGraph,
    check_picture,
    check_shape,
    input_facts,
    noise_picture,
    output_facts,
    run,
    run_all,
)

_PROMPT: Final = "a red house on a hill at night"
_TOKENIZER_LIMIT: Final = 64 << 20
_ROUNDING: Final = 1e-3
_ROWS: Final = 2
"""Rows of a step: guidance feeds a conditional and an unconditional one."""


def check_tokens(pack: Pack, model: Autoregressive, graphs: Graphs) -> None:
    """Show a token grid, read a picture, and draw two tokens. Raises `PackError`."""
    if not isinstance(model.tokens, Palette):
        _check_pictures(pack.manifest, model, graphs)
    _check_prior(pack, model, graphs)
    if "recall" in graphs:
        _check_recall(pack, model, graphs)


def _check_pictures(manifest: Manifest, model: Autoregressive, graphs: Graphs) -> None:
    image, size = manifest.image, model.tokens.size
    width, height = model.grid
    # Every code once, the last among them, as far as the grid has room.
    codes = size - 1 - np.arange(width * height).reshape(1, height, width) % size
    decoder = graphs["image_decoder"]
    flat = len(input_facts(decoder, "tokens").shape) == 2
    picture = run(decoder, {"tokens": codes.reshape(1, -1) if flat else codes}, "image")
    check_picture(picture, image, "image_decoder", image.width, image.height)
    if model.extends:
        _check_larger(manifest, model, decoder)
    if "image_encoder" not in graphs:
        return
    noise = noise_picture(image, image.width, image.height)
    found = run(graphs["image_encoder"], {"image": noise}, "tokens")
    if found.size != width * height or found.min() < 0 or found.max() >= size:
        told = f"{found.min()} to {found.max()}" if found.size else "nowhere"
        raise PackError(
            f"The image_encoder gives {found.size} tokens from {told}, where {width * height} from "
            f"0 to {size - 1} are due; correct model.grid or model.tokens in pack.json."
        )


def _check_larger(manifest: Manifest, model: Autoregressive, decoder: ProbedGraph) -> None:
    """A grid of one more column and row gives a picture that is larger by as much."""
    image, (width, height) = manifest.image, model.grid
    shape = input_facts(decoder, "tokens").shape
    if len(shape) != 3 or any(isinstance(side, int) for side in shape[1:]):
        raise PackError(
            f"The image_decoder takes tokens of the shape {list(shape)}, but with extends it must "
            "take any number of rows and columns; export it so, or take extends out."
        )
    codes = np.zeros((1, height + 1, width + 1), np.int64)
    across, down = image.width // width, image.height // height
    picture = run(decoder, {"tokens": codes}, "image")
    check_picture(picture, image, "image_decoder", image.width + across, image.height + down)


def _check_prior(pack: Pack, model: Autoregressive, graphs: Graphs) -> None:
    """A first step, and one that goes on from it."""
    prior = graphs["prior"]
    rows = input_facts(prior, "tokens").shape
    if rows and isinstance(rows[0], int):
        raise PackError(
            f"The prior takes {rows[0]} rows of tokens only, but guidance and several candidates "
            "feed more; export it with a variable batch."
        )
    first, prefix = _told(pack, model, graphs)
    tokens = _first_tokens(model)
    last_code = np.full((_ROWS, 1), model.tokens.size - 1)
    if model.cache.layout == "none":
        fed = [tokens] if tokens.shape[1] else []
        for step in (fed, [*fed, last_code]):
            if step:
                so_far = np.concatenate(step, axis=1)
                _check_logits(run(prior, first | {"tokens": so_far}, "logits"), model)
        return
    total = prefix + tokens.shape[1]
    cache = _empty_cache(prior, model.cache)
    found = _step(prior, model, first | {"tokens": tokens} | cache, total)
    later = dict(first)
    if isinstance(model.condition, TextCondition) and model.condition.given == "first step":
        later["context"] = first["context"][:, :0] if prefix else first["context"]
    cache = _filled_cache(prior, model.cache, found, total)
    _step(prior, model, later | {"tokens": last_code} | cache, total + 1)


def _check_recall(pack: Pack, model: Autoregressive, graphs: Graphs) -> None:
    """What a prompt calls to mind, in any style."""
    feeds = {"embedding": _text(pack, graphs["text"], "pooled", None)}
    if model.styles is not None:
        feeds["style"] = np.array([model.styles.null])
    graph = graphs["recall"]
    found = run_all(graph, feeds, ("tokens", "chances", "codes", "pull"))
    tokens, chances, codes, pull = (
        found[graph.names.output_name(name)] for name in ("tokens", "chances", "codes", "pull")
    )
    size = model.tokens.size
    check_shape(tokens, (len(chances), model.grid[0] * model.grid[1]), "recall", "tokens")
    check_shape(codes, (size, *codes.shape[1:2]), "recall", "codes")
    if tokens.min() < 0 or tokens.max() >= size or pull.size != 1:
        raise PackError(
            f"The recall graph gives tokens from {tokens.min()} to {tokens.max()} and "
            f"{pull.size} numbers as pull, where tokens from 0 to {size - 1} and one number are "
            "due; correct the graph or model.tokens in pack.json."
        )
    if chances.min() < 0 or abs(float(chances.sum()) - 1.0) > _ROUNDING:
        raise PackError(
            f"The recall graph's chances add up to {float(chances.sum()):.3g}, not to 1; "
            "correct the graph."
        )


def _step(
    prior: ProbedGraph, model: Autoregressive, feeds: dict[str, Array], total: int
) -> dict[str, Array]:
    if model.cache.layout == "shared":
        feeds["seqlens_k"] = np.full(_ROWS, total - 1)
        feeds["total_sequence_length"] = np.array(total)
    found = run_all(prior, feeds, ("logits",))
    _check_logits(found[prior.names.output_name("logits")], model)
    return found


def _first_tokens(model: Autoregressive) -> Array:
    """The tokens before the picture, [rows, 0 to 2]: the last class and none, start token."""
    columns = []
    kind = model.condition
    if isinstance(kind, ClassCondition) and kind.token_offset is not None:
        columns.append([kind.token_offset + index for index in _classes(kind)])
    if model.start_token is not None:
        columns.append([model.start_token] * _ROWS)
    return np.array(columns, np.int64).reshape(-1, _ROWS).T


def _classes(kind: ClassCondition) -> list[int]:
    last = len(kind.classes) - 1
    return [last, last if kind.null is None else kind.null]


def _told(pack: Pack, model: Autoregressive, graphs: Graphs) -> tuple[dict[str, Array], int]:
    """What the prior is told, by meaning, and how many positions stand before its tokens."""
    prior, condition = graphs["prior"], model.condition
    feeds: dict[str, Array] = {}
    if model.styles is not None:
        feeds["style"] = np.array([len(model.styles.names) - 1, model.styles.null])
    if isinstance(condition, ClassCondition) and condition.token_offset is None:
        feeds["class"] = np.array(_classes(condition))
    if not isinstance(condition, TextCondition):
        return feeds, 0
    text = _text(pack, graphs["text"], condition.uses, condition.max_tokens)
    told = text[0] if condition.uses == "tokens" else text
    positions = condition.max_tokens if condition.uses == "tokens" else 1
    context = np.zeros((_ROWS, positions, told.shape[-1]), np.float32)
    context[:, : len(told)] = told[:positions]
    mask = np.zeros((_ROWS, positions), np.int64)
    mask[:, : len(told)] = 1
    flat = len(input_facts(prior, "context").shape) == 2
    feeds["context"] = context[:, 0] if flat else context
    if prior.names.input_name("context_mask") in prior.inputs:
        feeds["context_mask"] = mask
    return feeds, positions if condition.given == "first step" and not flat else 0


def _empty_cache(prior: ProbedGraph, cache: Cache) -> dict[str, Array]:
    """The cache's inputs before the first step, by the graph's own names."""
    past: dict[str, Array] = {}
    length = cache.length if cache.layout == "shared" else 0
    for name in _cache_names(prior, cache, "past", prior.inputs):
        shape = prior.inputs[name].shape
        if len(shape) != 4 or not isinstance(shape[1], int) or not isinstance(shape[3], int):
            raise PackError(
                f"The prior's cache {name} has the shape {list(shape)}; export it as [batch, "
                "heads, positions, size] with fixed heads and size."
            )
        if cache.layout == "shared" and isinstance(shape[2], int) and shape[2] != length:
            raise PackError(
                f"The prior's cache {name} has {shape[2]} positions, but pack.json says {length}; "
                "correct model.cache.length."
            )
        past[name] = np.zeros((_ROWS, shape[1], length, shape[3]), np.float32)
    return past


def _filled_cache(
    prior: ProbedGraph, cache: Cache, found: Mapping[str, Array], total: int
) -> dict[str, Array]:
    """The cache's inputs after a step that left `total` positions."""
    length = cache.length if cache.layout == "shared" else total
    names = _cache_names(prior, cache, "past", prior.inputs)
    given = _cache_names(prior, cache, "present", found)
    for name, present in zip(names, given, strict=True):
        shape = prior.inputs[name].shape
        heads, size = (side for side in (shape[1], shape[3]) if isinstance(side, int))
        check_shape(found[present], (_ROWS, heads, length, size), "prior", present)
    return {name: found[present] for name, present in zip(names, given, strict=True)}


def _cache_names(
    prior: ProbedGraph, cache: Cache, side: str, there: Mapping[str, Any]
) -> list[str]:
    names = []
    name_of = prior.names.input_name if side == "past" else prior.names.output_name
    for layer in range(cache.layers):
        for kind in ("key", "value"):
            meaning = f"{side}.{{layer}}.{kind}"
            name = name_of(meaning).replace("{layer}", str(layer))
            if name not in there:
                where = "inputs" if side == "past" else "outputs"
                raise PackError(
                    f"The prior has no cache tensor {name}; it has {', '.join(there)}. Give the "
                    f'pattern of "{meaning}" under graphs.prior.{where}, or correct model.cache, '
                    "in pack.json."
                )
            names.append(name)
    return names


def _check_logits(logits: Array, model: Autoregressive) -> None:
    if logits.ndim not in (2, 3) or len(logits) != _ROWS or logits.shape[-1] < model.tokens.size:
        raise PackError(
            f"The prior's logits have the shape {list(logits.shape)}, where {_ROWS} rows and at "
            f"least {model.tokens.size} tokens are due; correct model.tokens in pack.json."
        )


def check_prompt_to_latent(pack: Pack, graphs: Graphs) -> None:
    """A prompt's latent, which must fit the model. Raises `PackError`."""
    pooled = _text(pack, graphs["text"], "pooled", None)
    if "prompt_to_latent" not in graphs:
        return
    latent = run(graphs["prompt_to_latent"], {"embedding": pooled}, "latent")
    model, image = pack.manifest.model, pack.manifest.image
    shape: tuple[int, ...] = ()
    match model:
        case Gan():
            shape = (model.z_size,)
        case Vae(latent=SpatialLatent(channels=channels, factor=factor)):
            shape = (channels, image.height // factor, image.width // factor)
        case Vae(latent=VectorLatent(size=size)):
            shape = (size,)
    check_shape(latent, (1, *shape), "prompt_to_latent", "latent")


def _text(pack: Pack, graph: ProbedGraph, uses: str, longest: int | None) -> Array:
    """The text graph's output for a prompt that the pack's tokenizer read."""
    facts = input_facts(graph, "input_ids")
    if len(facts.shape) != 2:
        raise PackError(
            f"The text graph's input_ids have the shape {list(facts.shape)}; export them as "
            "[batch, positions]."
        )
    fixed = facts.shape[1] if isinstance(facts.shape[1], int) else None
    ids = _token_ids(pack)[: min(longest or 64, fixed or 64)] or [0]
    real = len(ids)
    feeds = {"input_ids": np.zeros((1, fixed or real), np.int64)}
    feeds["input_ids"][0, :real] = ids
    for meaning, value in (("attention_mask", 1), ("token_type_ids", 0)):
        if graph.names.input_name(meaning) in graph.inputs:
            feeds[meaning] = np.zeros_like(feeds["input_ids"])
            feeds[meaning][:, :real] = value
    output_facts(graph, uses)
    found = run(graph, feeds, uses)
    if found.ndim != (3 if uses == "tokens" else 2) or len(found) != 1:
        wanted = "[batch, positions, channels]" if uses == "tokens" else "[batch, channels]"
        raise PackError(
            f"The text graph's {uses} have the shape {list(found.shape)}; export them as {wanted}."
        )
    return found[:, :real] if uses == "tokens" else found


def _token_ids(pack: Pack) -> list[int]:
    if pack.manifest.tokenizer is None:
        return []
    path = pack.path(pack.manifest.tokenizer)
    data = files.read_bytes(path, _TOKENIZER_LIMIT, "tokenizer")
    try:
        tokenizer: Any = tokenizers.Tokenizer.from_str(data.decode())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return list(tokenizer.encode(_PROMPT).ids)
    except Exception as error:
        raise PackError(
            f"{path} is not a tokenizer in Hugging Face's tokenizer.json format: "
            f"{str(error)[:200]}."
        ) from error
