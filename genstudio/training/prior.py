"""The next-token network: a decoder-only transformer that reads a prompt, then a picture's codes.

A sequence is the prompt's token embeddings (a fixed number of positions, zeros where there is no
word), one start token, then the codes row by row. RMSNorm (Zhang and Sennrich 2019,
https://arxiv.org/abs/1910.07467) and rotary positions (Su et al. 2021,
https://arxiv.org/abs/2104.09864), because ONNX Runtime has fused operators for both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPSILON: Final = 1e-6


@dataclass(frozen=True)
class PriorShape:
    """Sizes of a prior.

    `levels` are the tokenizer's; `context` positions of `context_width` numbers hold the prompt;
    `tokens` codes make a picture; `styles` counts the named styles.
    """

    levels: tuple[int, ...]
    tokens: int
    styles: int
    context: int = 16
    context_width: int = 384
    width: int = 320
    layers: int = 6
    heads: int = 5

    @property
    def codes(self) -> int:
        """How many different tokens there are; the start token's id too."""
        return math.prod(self.levels)

    @property
    def head_size(self) -> int:
        """Numbers a head."""
        return self.width // self.heads

    @property
    def length(self) -> int:
        """Positions of a whole sequence, the last code included (it is never read)."""
        return self.context + 1 + self.tokens


Cache = list[tuple[Tensor, Tensor]]
"""Keys and values of each layer: [B, heads, positions so far, head size]."""


class CodeTable(nn.Module):
    """A vector for each code: a part for each of its levels, and a part of its own.

    Codes that look alike share levels, so what is learned of one helps the others. The export
    adds the parts up into one plain table.
    """

    digits: Tensor

    def __init__(self, levels: tuple[int, ...], width: int) -> None:
        super().__init__()
        ranges = [torch.arange(count) for count in levels]
        first = torch.tensor([0, *levels[:-1]]).cumsum(0)
        self.register_buffer("digits", torch.cartesian_prod(*ranges) + first, persistent=False)
        self.shared = nn.Parameter(torch.randn(sum(levels), width) * 0.02)
        self.own = nn.Parameter(torch.randn(len(self.digits), width) * 0.01)

    def forward(self) -> Tensor:
        """All vectors: [codes, width]."""
        return self.own + F.embedding(self.digits, self.shared).sum(1)


class PriorLayer(nn.Module):
    """Causal attention, then a two-layer network, each added to its input."""

    def __init__(self, shape: PriorShape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.attention_norm = nn.RMSNorm(width, EPSILON)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.norm = nn.RMSNorm(width, EPSILON)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)

    def attend(
        self, x: Tensor, turn: Tensor, past: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """[B, T, width] and the past's keys and values -> [B, T, width] and all of them."""
        parts = self.qkv(self.attention_norm(x)).unflatten(-1, (3, self.heads, -1))
        q, k, v = parts.unbind(2)
        q, k = rotate(q, turn).transpose(1, 2), rotate(k, turn).transpose(1, 2)
        v = v.transpose(1, 2)
        if past is not None:
            k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
        mixed = attention(q, k, v)
        out: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return out, (k, v)

    def think(self, x: Tensor) -> Tensor:
        """[B, T, width] -> the same shape."""
        out: Tensor = self.down(F.silu(self.up(self.norm(x))))
        return out


class Prior(nn.Module):
    """Codes so far, prompt and style -> how likely each code is next."""

    cosine: Tensor
    sine: Tensor

    def __init__(self, shape: PriorShape, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.dropout = dropout
        self.codes = CodeTable(shape.levels, shape.width)
        self.start = nn.Parameter(torch.randn(1, shape.width) * 0.02)
        self.styles = nn.Embedding(shape.styles + 1, shape.width)
        self.read_prompt = nn.Linear(shape.context_width, shape.width, bias=False)
        self.positions = nn.Parameter(torch.randn(shape.length, shape.width) * 0.02)
        self.layers = nn.ModuleList(PriorLayer(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width, EPSILON)
        self.head = CodeTable(shape.levels, shape.width)
        cosine, sine = turns(shape.length, shape.head_size)
        self.register_buffer("cosine", cosine, persistent=False)
        self.register_buffer("sine", sine, persistent=False)
        self._start_small()

    def forward(
        self, tokens: Tensor, style: Tensor, context: Tensor | None, cache: Cache | None = None
    ) -> tuple[Tensor, Cache]:
        """Read `tokens` int64 [B, T] after what `cache` holds.

        `style` int64 [B]; `context` [B, context positions, context width] with the first call,
        None after it. Returns the logits at each token, [B, T, codes], and the new cache.
        """
        x, new = self.read(tokens, style, context, cache)
        return F.linear(x, self.head()), new

    def read(
        self, tokens: Tensor, style: Tensor, context: Tensor | None, cache: Cache | None = None
    ) -> tuple[Tensor, Cache]:
        """What `forward` makes logits from, by its table `head`: [B, T, width]."""
        x = F.embedding(tokens, torch.cat([self.codes(), self.start]))
        x = x + self.styles(style)[:, None]
        if context is not None:
            x = torch.cat([self.read_prompt(context), x], dim=1)
        past = cache[0][0].shape[2] if cache else 0
        now = slice(past, past + x.shape[1])
        turn = torch.complex(self.cosine[now], self.sine[now])
        x = (x + self.positions[now]) * self._kept(x)
        new: Cache = []
        for i, layer in enumerate(self.layers):
            assert isinstance(layer, PriorLayer)
            change, kept = layer.attend(x, turn, cache[i] if cache else None)
            x = torch.addcmul(x, change, self._kept(x))
            x = torch.addcmul(x, layer.think(x), self._kept(x))
            new.append(kept)
        return self.norm(x[:, -tokens.shape[1] :]), new

    def _kept(self, x: Tensor) -> Tensor:
        """Dropout of the same numbers at all positions of a picture, as factors [B, 1, width].

        Few random numbers, so nearly free on a CPU (Gal and Ghahramani 2016,
        https://arxiv.org/abs/1512.05287).
        """
        if not self.training or self.dropout == 0.0:
            return torch.ones(1, 1, 1)
        return (torch.rand(x.shape[0], 1, x.shape[2]) >= self.dropout) / (1.0 - self.dropout)

    def _start_small(self) -> None:
        deep = (2 * self.shape.layers) ** -0.5
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2 and ("layers." in name or name.startswith("read_prompt")):
                last = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5 * (deep if last else 1.0))
        nn.init.normal_(self.styles.weight, std=0.02)


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention: [B, heads, T, size] over all known keys and values -> the first's shape.

    By plain products: over a hundred positions a training step takes the processor three quarters
    of the time that it takes with torch's fused attention.
    """
    new, known = q.shape[2], k.shape[2]
    later = torch.ones(new, known, dtype=torch.bool).triu(known - new + 1)
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(2, 3)
    mixed: Tensor = scores.masked_fill(later, float("-inf")).softmax(-1) @ v
    return mixed


def turns(positions: int, head_size: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine of the rotary angles: each [positions, head size / 2]."""
    half = head_size // 2
    speed = 10000.0 ** -(torch.arange(half) / half)
    angle = torch.arange(positions)[:, None] * speed
    return angle.cos(), angle.sin()


def rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Turn each pair (2 i, 2 i + 1) of numbers by its position's angle.

    [B, T, heads, head size] by complex [T, head size / 2] -> the first's shape.
    """
    pairs = torch.view_as_complex(x.float().unflatten(-1, (-1, 2)))
    turned = torch.view_as_real(pairs * turn[:, None]).flatten(-2)
    return turned.to(x.dtype)


@torch.inference_mode()
def draw(
    prior: Prior, context: Tensor, style: Tensor, guidance: float, random: torch.Generator
) -> Tensor:
    """Draw the codes of one picture a row, for a look while training: int64 [B, tokens].

    `context` [B, positions, width], `style` int64 [B]; classifier-free guidance (Ho and Salimans
    2022, https://arxiv.org/abs/2207.12598) against no prompt; the likeliest codes that make up
    95 % are kept.
    """
    rows = len(context)
    both = torch.cat([context, torch.zeros_like(context)])
    styles = torch.cat([style, style])
    read = torch.full((2 * rows, 1), prior.shape.codes)
    drawn: list[Tensor] = []
    cache: Cache | None = None
    for _ in range(prior.shape.tokens):
        logits, cache = prior(read, styles, both if cache is None else None, cache)
        told, untold = logits[:, -1].float().chunk(2)
        chance, codes = (untold + guidance * (told - untold)).softmax(-1).sort(descending=True)
        chance[chance.cumsum(-1) - chance > 0.95] = 0.0
        code = codes.gather(1, torch.multinomial(chance, 1, generator=random))
        drawn.append(code)
        read = torch.cat([code, code])
    return torch.cat(drawn, dim=1)
