"""The network that `genstudio train autoregressive` trains, run as PyTorch users run it.

Eager float32 with a key/value cache. Weights are random: they do not change the time. The tables
of codes, which the network adds up from parts while it is trained, are added up once before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import onnxruntime
import torch
from torch import Tensor, nn

from genstudio.engine.graph import LoadedGraph
from genstudio.packs.manifest import Autoregressive, Graph, Pack, TextCondition
from genstudio.training.prior import Prior, PriorShape
from genstudio.training.prior_graph import prior_graph

READ_BYTES: Final = 512 << 20


class _Table(nn.Module):
    """A finished table in the place of one that is added up."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        self.register_buffer("table", table)

    def forward(self) -> Tensor:
        return self.get_buffer("table")


def shape_of(pack: Pack, graph: LoadedGraph) -> PriorShape | None:
    """The sizes of the pack's prior, or None when it is another kind of network."""
    model = pack.manifest.model
    if not isinstance(model, Autoregressive) or not isinstance(model.condition, TextCondition):
        return None
    names: Graph = pack.graph("prior")
    past = graph.inputs[names.input_name("past.{layer}.key").replace("{layer}", "0")].shape
    width = graph.inputs[names.input_name("context")].shape[-1]
    heads, size = past[1], past[3]
    if not isinstance(heads, int) or not isinstance(size, int) or not isinstance(width, int):
        return None
    return PriorShape(
        levels=(1, model.tokens.size),
        tokens=model.grid[0] * model.grid[1],
        styles=len(model.styles.names) if model.styles else 0,
        context=model.condition.max_tokens,
        context_width=width,
        width=heads * size,
        layers=model.cache.layers,
        heads=heads,
    )


def eager_loop(shape: PriorShape, guidance: float, threads: int) -> Callable[[], object]:
    """A drawing of one picture: a row with a prompt and a row without."""
    torch.set_num_threads(threads)
    prior = Prior(shape).eval()
    with torch.inference_mode():
        prior.codes = _Table(prior.codes())  # type: ignore[assignment]
        prior.head = _Table(prior.head())  # type: ignore[assignment]
        context = torch.zeros(2, shape.context, shape.context_width)
        context[0] = torch.randn(shape.context, shape.context_width)
    style = torch.full((2,), shape.styles)

    @torch.inference_mode()
    def run() -> object:
        read, cache, drawn = torch.full((2, 1), shape.codes), None, []
        for _ in range(shape.tokens):
            logits, cache = prior(read, style, context if cache is None else None, cache)
            told, untold = logits[:, -1]
            chances = (untold + guidance * (told - untold)).softmax(-1)
            token = torch.multinomial(chances, 1)
            drawn.append(token)
            read = token.expand(2, 1)
        return torch.cat(drawn).tolist()

    return run


def float_session(shape: PriorShape, threads: int) -> onnxruntime.InferenceSession:
    """The same network, exported in float32."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        prior_graph(Prior(shape).eval()).SerializeToString(),
        sess_options=options,
        providers=["CPUExecutionProvider"],
    )


def reading(threads: int) -> Callable[[], object]:
    """A run that reads `READ_BYTES` of memory, far more than a processor's cache holds."""
    torch.set_num_threads(threads)
    block = torch.ones(READ_BYTES // 4)
    return block.sum
