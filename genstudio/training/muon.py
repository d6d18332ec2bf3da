"""Muon, in the precision that the processor multiplies in itself.

PyTorch's own turns each step in bfloat16, which a processor without it imitates: there a step of
the prior took nearly twice as long as it takes so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, overload

import torch
from torch import Tensor

from genstudio.training.precision import half_helps

MOMENTUM: Final = 0.95
ROUNDS: Final = 5
QUINTIC: Final = (3.4445, -4.7750, 2.0315)
"""Coefficients that bring all singular values near 1 in few rounds, given by Jordan et al."""


class Muon(torch.optim.Optimizer):
    """Steps of even size in all directions of a matrix, for the products inside a network.

    Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/; the steps are scaled to the
    size of AdamW's (Liu et al. 2025, https://arxiv.org/abs/2502.16982), so its learning rates and
    weight decays fit.
    """

    def __init__(self, matrices: Iterable[Tensor], lr: float, weight_decay: float) -> None:
        super().__init__(list(matrices), {"lr": lr, "weight_decay": weight_decay})

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], float]) -> float: ...
    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One step by the gradients that the matrices [out, in] hold."""
        loss = None if closure is None else torch.enable_grad()(closure)()
        for group in self.param_groups:
            for matrix in group["params"]:
                state = self.state[matrix]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(matrix)
                state["momentum"].lerp_(matrix.grad, 1.0 - MOMENTUM)
                ahead = matrix.grad.lerp(state["momentum"], MOMENTUM)
                matrix.mul_(1.0 - group["lr"] * group["weight_decay"])
                size = 0.2 * max(matrix.shape) ** 0.5
                matrix.add_(evened(ahead), alpha=-group["lr"] * size)
        return loss


def evened(matrix: Tensor) -> Tensor:
    """Roughly the nearest matrix whose singular values are all 1: [out, in] -> the same shape.

    By Newton-Schulz rounds, which leave the values between 0.7 and 1.2.
    """
    a, b, c = QUINTIC
    wide = matrix if len(matrix) <= matrix.shape[1] else matrix.T
    x = wide / wide.norm().clamp(min=1e-7)
    x = x.to(torch.bfloat16) if half_helps() else x
    for _ in range(ROUNDS):
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    even: Tensor = (x if wide is matrix else x.T).to(matrix.dtype)
    return even
