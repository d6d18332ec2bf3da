"""The exported prior beside the trained one: are they equal, and is the 8-bit one as good?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from genstudio.training.onnx_runs import apart, session_of
from genstudio.training.prior import Prior, PriorShape
from genstudio.training.prior_data import PriorData

Floats = NDArray[np.float32]


class PriorRunner:
    """Runs an exported prior over given tokens, with the cache that it shares with the graph."""

    def __init__(self, model: onnx.ModelProto, shape: PriorShape) -> None:
        self._shape = shape
        self._session = session_of(model)

    def token_by_token(
        self, read: NDArray[np.int64], style: NDArray[np.int64], context: Floats
    ) -> Floats:
        """Logits [B, T, codes] after each of `read` [B, T], fed one at a time through the cache."""
        return np.stack([logits.copy() for logits in self._steps(read, style, context)], axis=1)

    def at_once(self, read: NDArray[np.int64], style: NDArray[np.int64], context: Floats) -> Floats:
        """Logits [B, codes] after the last of `read`, all fed in one call to an empty cache."""
        total = context.shape[1] + read.shape[1]
        feeds = {"tokens": read, "style": style, "context": context, **_lengths(len(read), total)}
        for name, size in self._caches(len(read), 0):
            feeds[name] = np.zeros(size, np.float32)
        logits: Floats = self._session.run(["logits"], feeds)[0]
        return logits

    def _steps(
        self, read: NDArray[np.int64], style: NDArray[np.int64], context: Floats
    ) -> Iterator[Floats]:
        binding = self._session.io_binding()
        for name, size in self._caches(len(read), self._shape.length):
            memory = onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros(size, np.float32))
            binding.bind_ortvalue_input(name, memory)
            binding.bind_ortvalue_output(name.replace("past", "present"), memory)
        for at in range(read.shape[1]):
            feeds = {
                "tokens": read[:, at : at + 1],
                "style": style,
                "context": context if at == 0 else context[:, :0],
                **_lengths(len(read), context.shape[1] + at + 1),
            }
            for name, value in feeds.items():
                fed = onnxruntime.OrtValue.ortvalue_from_numpy(np.array(value, order="C"))
                binding.bind_ortvalue_input(name, fed)
            binding.bind_output("logits")
            self._session.run_with_iobinding(binding)
            yield binding.get_outputs()[-1].numpy()

    def _caches(self, rows: int, length: int) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        size = (rows, self._shape.heads, length, self._shape.head_size)
        for layer in range(self._shape.layers):
            yield f"past.{layer}.key", size
            yield f"past.{layer}.value", size


def difference(prior: Prior, model: onnx.ModelProto, data: PriorData) -> float:
    """How far network and graph are apart, with and without the cache."""
    _, read, style, context = held_out_batch(data, prior.shape, 2)
    context[1] = 0.0
    with torch.inference_mode():
        wanted = prior(read, style, context)[0].numpy()
    runner = PriorRunner(model, prior.shape)
    feeds = read.numpy(), style.numpy(), context.numpy()
    cached = apart(wanted, runner.token_by_token(*feeds))
    return max(cached, apart(wanted[:, -1], runner.at_once(*feeds)))


def graph_bits(model: onnx.ModelProto, shape: PriorShape, data: PriorData, pictures: int) -> float:
    """Bits a token that the exported prior needs for held-out pictures, told name and style."""
    runner, nats, count = PriorRunner(model, shape), 0.0, 0
    for start in range(0, min(pictures, len(data.tokens)), 32):
        tokens, read, style, context = held_out_batch(data, shape, 32, start)
        logits = runner.token_by_token(read.numpy(), style.numpy(), context.numpy())
        loss = F.cross_entropy(torch.from_numpy(logits).flatten(0, 1), tokens.flatten())
        nats += loss.item() * len(tokens)
        count += len(tokens)
    return nats / count / float(np.log(2.0))


def held_out_batch(
    data: PriorData, shape: PriorShape, count: int, start: int = 0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pictures as they are, told their names: tokens, what is read before each, style, context."""
    rows = torch.arange(start, min(start + count, len(data.tokens)))
    tokens = data.tokens[rows, 0].long()
    begin = torch.full((len(rows), 1), shape.codes)
    context = data.captions[data.concept[rows], 0].float()
    return tokens, torch.cat([begin, tokens[:, :-1]], dim=1), data.style[rows], context


def _lengths(rows: int, total: int) -> dict[str, NDArray[np.int32]]:
    return {
        "seqlens_k": np.full(rows, total - 1, np.int32),
        "total_sequence_length": np.array(total, np.int32),
    }
