"""A prompt in, numbers for a model out: the pack's tokenizer and its `text` graph.

The text graph takes `input_ids` and, where it has them, `attention_mask` and `token_type_ids`, all
int64 [batch, positions]; it gives `tokens` [batch, positions, channels], `pooled` [batch,
channels], or both.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
import tokenizers
from numpy.typing import NDArray

from genstudio.base import files
from genstudio.base.errors import PackError, StorageError
from genstudio.base.progress import NEVER, Cancel
from genstudio.engine.cache import GraphCache
from genstudio.engine.graph import LoadedGraph
from genstudio.packs.manifest import File, Graph, Pack

_TOKENIZER_LIMIT: Final = 64 << 20
_KEPT_PROMPTS: Final = 64


@dataclass(frozen=True)
class EncodedPrompt:
    """What the text graph makes of a prompt: `tokens` [positions, channels], `pooled` [channels].

    `cut` is whether the prompt was longer than the model reads. Arrays are read-only.
    """

    tokens: NDArray[np.float32] | None
    pooled: NDArray[np.float32] | None
    cut: bool

    def part(self, uses: str) -> NDArray[np.float32]:
        """The output named by `uses`: "tokens" or "pooled". Raises `PackError` if there is none."""
        found = self.tokens if uses == "tokens" else self.pooled
        if found is None:
            raise PackError(
                f'The model\'s text graph has no output for "{uses}"; name it under '
                "graphs.text.outputs in its pack.json."
            )
        return found


class _Recent:
    """The latest encoded prompts, by the files and the text that made them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._prompts: OrderedDict[tuple[object, ...], EncodedPrompt] = OrderedDict()

    def find(self, key: tuple[object, ...]) -> EncodedPrompt | None:
        with self._lock:
            if key in self._prompts:
                self._prompts.move_to_end(key)
            return self._prompts.get(key)

    def add(self, key: tuple[object, ...], prompt: EncodedPrompt) -> None:
        with self._lock:
            self._prompts[key] = prompt
            while len(self._prompts) > _KEPT_PROMPTS:
                self._prompts.popitem(last=False)


_recent: Final = _Recent()


def encode_prompt(
    pack: Pack,
    text: str,
    graphs: GraphCache,
    *,
    max_tokens: int | None = None,
    cancel: Cancel = NEVER,
) -> EncodedPrompt:
    """Encode one prompt, cut to `max_tokens` tokens, the tokenizer's own special ones included.

    A prompt that was encoded before in this process is not encoded again.

    Raises:
        PackError: the pack takes no prompt, or its tokenizer or text graph is broken.
    """
    graph = pack.graph("text")
    if pack.manifest.tokenizer is None:
        raise PackError(
            f"The model {pack.id} has a text graph but no tokenizer; add a tokenizer.json to its "
            "pack."
        )
    contents = (pack.ref.sha256, pack.manifest.tokenizer.sha256, graph.sha256)
    key = (contents, graphs.plan, max_tokens, text)
    found = _recent.find(key)
    if found is None:
        tokenizer = _read_tokenizer(pack, pack.manifest.tokenizer)
        found = _run(tokenizer, graph, graphs.get(pack, "text"), text, max_tokens, cancel)
        _recent.add(key, found)
    return found


def _read_tokenizer(pack: Pack, file: File) -> Any:
    path = pack.path(file)
    try:
        data = files.read_bytes(path, _TOKENIZER_LIMIT, "tokenizer")
    except StorageError as error:
        raise PackError(str(error)) from error
    try:
        tokenizer = tokenizers.Tokenizer.from_str(data.decode())
    except Exception as error:
        raise PackError(
            f"{path} is not a tokenizer in Hugging Face's tokenizer.json format: {error}."
        ) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _run(
    tokenizer: Any,
    names: Graph,
    graph: LoadedGraph,
    text: str,
    max_tokens: int | None,
    cancel: Cancel,
) -> EncodedPrompt:
    ids_name = names.input_name("input_ids")
    if ids_name not in graph.inputs:
        raise PackError(
            f"The model's text graph has no input {ids_name}; name the one that takes the "
            "prompt's tokens under graphs.text.inputs.input_ids in its pack.json."
        )
    length = graph.inputs[ids_name].shape[1]
    fixed = length if isinstance(length, int) else None
    limit = min((size for size in (max_tokens, fixed) if size is not None), default=None)
    if limit is not None:
        tokenizer.enable_truncation(limit)
    encoding = tokenizer.encode(text)
    # Special tokens alone may be more than the limit, which truncation leaves in.
    ids = np.array([encoding.ids[:limit]], np.int64)
    # A tokenizer without special tokens makes nothing of an empty prompt; graphs want a position.
    real = max(ids.shape[1], 1)
    feeds = {ids_name: np.zeros((1, fixed or real), np.int64)}
    feeds[ids_name][:, : ids.shape[1]] = ids
    for meaning, value in (("attention_mask", 1), ("token_type_ids", 0)):
        if (name := names.input_name(meaning)) in graph.inputs:
            feeds[name] = np.zeros_like(feeds[ids_name])
            feeds[name][:, :real] = value
    outputs = {
        meaning: names.output_name(meaning)
        for meaning in ("tokens", "pooled")
        if names.output_name(meaning) in graph.outputs
    }
    results = graph.run(feeds, list(outputs.values()), cancel)
    parts = {
        meaning: results[name][0].astype(np.float32, copy=False)
        for meaning, name in outputs.items()
    }
    if "tokens" in parts:
        parts["tokens"] = parts["tokens"][:real]
    for part in parts.values():
        part.flags.writeable = False
    cut = bool(encoding.overflowing) or len(encoding.ids) > ids.shape[1]
    return EncodedPrompt(parts.get("tokens"), parts.get("pooled"), cut)
