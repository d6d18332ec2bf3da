"""Training the prior: next-token cross entropy, and a loss on concepts that it never saw.

The averaged weights with the lowest held-out loss are the result, so a run that begins to learn
pictures by heart does no harm.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genstudio.packs.manifest import Pack
from genstudio.training import sheet
from genstudio.training.average import Average
from genstudio.training.code_loss import CodeLoss
from genstudio.training.device import array, generator
from genstudio.training.muon import Muon
from genstudio.training.precision import half_helps, mixed
from genstudio.training.prior import Prior, PriorShape, draw
from genstudio.training.prior_data import PriorData
from genstudio.training.start_tokens import begin_prior
from genstudio.training.token_config import AutoregressiveTraining, PriorConfig
from genstudio.training.tokenizer import Tokenizer

CHECK_EVERY = 6000
"""Pictures between looks at the held-out loss."""
CHECK_PICTURES = 512
WARM_UP = 3000
"""Pictures over which the learning rate rises."""
SHEET_GUIDANCE = 3.0


class PriorTrainer:
    """The prior, its average and one step; `shown` [prompts, positions, width] is for sheets.

    It begins with the weights of the pack `start`, if there is one.
    """

    def __init__(
        self,
        config: AutoregressiveTraining,
        data: PriorData,
        held_out: PriorData,
        styles: int,
        tokenizer: Tokenizer,
        shown: Tensor,
        start: Pack | None = None,
    ) -> None:
        self.config = config.prior
        self.data = data
        self.held_out = held_out
        self.tokenizer = tokenizer
        self.shape = prior_shape(config, styles, data.captions.shape[-1])
        self.prior = Prior(self.shape, self.config.dropout)
        if start:
            begin_prior(start, self.prior)
        self.average = Average(self.prior, self.config.average_images)
        self.optimisers = optimisers(self.prior, self.config)
        self.random = np.random.default_rng(config.run.seed)
        self.best_bits = math.inf
        self.best = {k: v.clone() for k, v in self.average.network.state_dict().items()}
        self._held_bits = math.log2(self.shape.codes)
        self._checked = 0
        self._waiting: list[int] = []
        self._shown = shown

    @property
    def batch(self) -> int:
        """Pictures a step."""
        return self.config.batch

    def step(self, seen: int, done: float) -> Mapping[str, float]:
        """One step; every few thousand pictures also a look at the held-out ones.

        Losses in bits a token.
        """
        rate = self.config.learning_rate * min(1.0, (seen + self.batch) / WARM_UP)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * (0.02 + 0.98 * 0.5 * (1.0 + math.cos(math.pi * done)))
        rows = torch.tensor([self._draw() for _ in range(self.batch)])
        tokens, style, context = self._batch(rows)
        read = self._disturbed(tokens)
        self.prior.train()
        loss = next_token_loss(self.prior, tokens, read, style, context)
        self.prior.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.prior.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.average.update(self.prior, seen, self.batch)
        if seen + self.batch - self._checked >= CHECK_EVERY:
            self._checked = seen + self.batch
            self.check()
        return {"bits": loss.item() / math.log(2.0), "held-out bits": self._held_bits}

    def check(self) -> float:
        """The averaged network's bits a token on held-out concepts; the best weights are kept."""
        self._held_bits = held_out_bits(self.average.network, self.held_out)
        if self._held_bits <= self.best_bits:
            self.best_bits = self._held_bits
            self.best = {k: v.clone() for k, v in self.average.network.state_dict().items()}
        return self._held_bits

    def best_network(self) -> Prior:
        """The network with the best weights so far."""
        network = Prior(self.shape).eval().requires_grad_(False)
        network.load_state_dict(self.best)
        return network

    def sheet(self) -> NDArray[np.uint8]:
        """Four pictures of each prompt, drawn with the averaged weights; two prompts a row."""
        count = 4
        context = self._shown.float().repeat_interleave(count, 0)
        style = torch.full((len(context),), self.shape.styles)
        style[1::count], style[3::count] = 0, self.shape.styles // 2
        chance = generator(0)
        tokens = draw(self.average.network, context, style, SHEET_GUIDANCE, chance)
        side = math.isqrt(tokens.shape[1])
        with torch.inference_mode():
            pictures = self.tokenizer.decode(tokens.unflatten(1, (side, side)))
        return sheet.lay_out(sheet.to_pixels(pictures), 2 * count)

    def state(self) -> dict[str, Any]:
        """Weights, averages, the best so far, optimiser, place in the data."""
        return {
            "prior": self.prior.state_dict(),
            "average": self.average.network.state_dict(),
            "best": self.best,
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "bits": [self.best_bits, self._held_bits],
            "checked": self._checked,
            "random": json.dumps([self.random.bit_generator.state, self._waiting]),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self.prior.load_state_dict(state["prior"])
        self.average.network.load_state_dict(state["average"])
        self.best = state["best"]
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.best_bits, self._held_bits = state["bits"]
        self._checked = state["checked"]
        self.random.bit_generator.state, self._waiting = json.loads(state["random"])

    def _draw(self) -> int:
        while not self._waiting:
            self._waiting = one_round(self.data.often.cpu().numpy(), self.random)
        return self._waiting.pop()

    def _batch(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        count = len(rows)
        version = array(self.random.integers(0, self.data.tokens.shape[1], count))
        wording = array(self.random.integers(0, self.data.captions.shape[1], count))
        tokens = self.data.tokens[rows, version].long()
        context = self.data.captions[self.data.concept[rows], wording].float()
        forget = array(self.random.random((2, count)))
        context = context * (forget[0] >= self.config.forget_prompt)[:, None, None]
        any_style = forget[1] < self.config.forget_style
        style = self.data.style[rows].masked_fill(any_style, self.shape.styles)
        return tokens, style, context

    def _disturbed(self, tokens: Tensor) -> Tensor:
        """Some tokens replaced by the same place's of another picture."""
        replaced = array(self.random.random(tokens.shape) < self.config.disturb)
        return torch.where(replaced, tokens.roll(1, 0), tokens)


def one_round(often: NDArray[np.float32], random: np.random.Generator) -> list[int]:
    """Numbers of pictures in an order by chance, each as many times as `often` [pictures] says.

    Of a fraction chance decides: 0.3 is once in three rounds or so.
    """
    times = np.floor(often + random.random(len(often))).astype(np.int64)
    rows: list[int] = random.permutation(np.repeat(np.arange(len(often)), times)).tolist()
    return rows


def optimisers(prior: Prior, config: PriorConfig) -> tuple[torch.optim.Optimizer, ...]:
    """Muon for the layers' matrices, AdamW for all that is looked up, added or scaled.

    At AdamW's learning rate and a tenth more time a step, Muon learns more from each picture.
    """
    named = dict(prior.named_parameters())
    inner = {n: p for n, p in named.items() if p.dim() == 2 and n.startswith("layers.")}
    tables = [p for n, p in named.items() if p.dim() == 2 and n not in inner]
    rest = [p for p in named.values() if p.dim() != 2]
    rate, decay = config.learning_rate, config.weight_decay
    return (
        Muon(inner.values(), rate, decay),
        torch.optim.AdamW(
            [
                {"params": tables, "weight_decay": decay},
                {"params": rest, "weight_decay": 0.0},
            ],
            rate, (0.9, 0.95), fused=True,
        ),
    )  # fmt: skip


def prior_shape(config: AutoregressiveTraining, styles: int, context_width: int) -> PriorShape:
    """The sizes that a training file asks for."""
    prior = config.prior
    return PriorShape(
        levels=config.tokenizer.levels, tokens=config.tokenizer.grid**2, styles=styles,
        context=prior.context, context_width=context_width,
        width=prior.width, layers=prior.layers, heads=prior.heads,
    )  # fmt: skip


def next_token_loss(
    prior: Prior, tokens: Tensor, read: Tensor, style: Tensor, context: Tensor
) -> Tensor:
    """Mean cross entropy in nats of `tokens` [B, T], each told the ones of `read` before it."""
    start = torch.full((len(tokens), 1), prior.shape.codes)
    with mixed():
        seen, _ = prior.read(torch.cat([start, read[:, :-1]], dim=1), style, context)
        seen = seen.to(torch.bfloat16) if half_helps() else seen
        loss: Tensor = CodeLoss.apply(  # type: ignore[no-untyped-call]
            seen.flatten(0, 1), prior.head(), tokens.flatten()
        )
    return loss


@torch.inference_mode()
def held_out_bits(prior: Prior, data: PriorData) -> float:
    """Bits a token of the pictures as they are, told their names and styles."""
    total, rows = 0.0, torch.arange(len(data.tokens))[:CHECK_PICTURES]
    for part in rows.split(64):
        tokens = data.tokens[part, 0].long()
        context = data.captions[data.concept[part], 0].float()
        loss = next_token_loss(prior, tokens, tokens, data.style[part], context)
        total += loss.item() * len(part)
    return total / len(rows) / math.log(2.0)
