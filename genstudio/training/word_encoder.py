"""A prompt encoder of two megabytes: a vector a word, learned from a large one's.

What a sentence means is the sum of what its words mean by themselves; order and company are lost,
which names of things seldom need. The vectors are the large encoder's embeddings of each single
token of its vocabulary, brought to their principal components.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import onnx
import torch
from onnx import TensorProto
from tokenizers import Tokenizer as TextTokenizer
from torch import Tensor
from torch.nn import functional as F

from genstudio.training.text_encoder import TextEncoder
from genstudio.training.token_onnx import GraphBuilder

AT_ONCE: Final = 512
STEPS: Final = 127.0


class WordEncoder:
    """`table` [vocabulary, numbers]: what each token means, zeros for those that mean nothing."""

    def __init__(self, table: Tensor) -> None:
        self.table = table

    @classmethod
    def of(cls, encoder: TextEncoder, words: TextTokenizer, numbers: int) -> WordEncoder:
        """Ask the large encoder for every token of its vocabulary, each alone."""
        begin, end = words.encode("").ids[:2]
        ids = torch.arange(words.get_vocab_size())
        found = [_meanings(encoder, part, begin, end) for part in ids.split(AT_ONCE)]
        table = torch.cat(found)
        middle = table.mean(dim=0)
        _, directions = torch.linalg.eigh((table - middle).T @ (table - middle))
        table = (table - middle) @ directions[:, -numbers:]
        table[[begin, end, *words.get_added_tokens_decoder()]] = 0.0
        return cls((table / table.abs().max() * STEPS).round() / STEPS)

    def __call__(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token ids and mask, int64 [B, T] -> vectors [B, T, numbers] and their sum's direction."""
        tokens = self.table[ids] * mask[:, :, None]
        return tokens, F.normalize(tokens.sum(dim=1), dim=1)

    def graph(self) -> onnx.ModelProto:
        """`input_ids`, `attention_mask` -> `token_embeddings` and `sentence_embedding`."""
        graph = GraphBuilder("text")
        for name in ("input_ids", "attention_mask"):
            graph.input(name, TensorProto.INT64, ["batch", "positions"])
        table = graph.constant("table", (self.table.numpy() * STEPS).round().astype(np.int8))
        graph.node("Gather", [table, "input_ids"], "codes")
        graph.node("Cast", ["codes"], "numbers", to=TensorProto.FLOAT)
        last, middle = (graph.constant(f"axis.{i}", np.array([i], np.int64)) for i in (2, 1))
        graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
        graph.node("Unsqueeze", ["mask", last], "mask.column")
        graph.node("Mul", ["numbers", "mask.column"], "token_embeddings")
        graph.node("ReduceSum", ["token_embeddings", middle], "sum", keepdims=0)
        graph.node("LpNormalization", ["sum"], "sentence_embedding", axis=-1, p=2)
        width = self.table.shape[1]
        graph.output("token_embeddings", TensorProto.FLOAT, ["batch", "positions", width])
        graph.output("sentence_embedding", TensorProto.FLOAT, ["batch", width])
        return graph.model()


@torch.inference_mode()
def _meanings(encoder: TextEncoder, ids: Tensor, begin: int, end: int) -> Tensor:
    """What each token means by itself: [len(ids), width]."""
    sentences = F.pad(F.pad(ids[:, None], (1, 0), value=begin), (0, 1), value=end)
    meant: Tensor = encoder(sentences, torch.ones_like(sentences))[1]
    return meant
