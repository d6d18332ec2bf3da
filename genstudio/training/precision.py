"""Half precision where the processor has it: bfloat16 multiplies, float32 keeps the weights."""

from __future__ import annotations

import functools

import torch


@functools.cache
def half_helps() -> bool:
    """Whether the processor computes in bfloat16 itself; one that imitates it is slower so."""
    # Asked, not timed: a resumed run goes on in the same precision. torch asks in private alone.
    return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001


def mixed() -> torch.autocast:
    """A block whose matrix products and convolutions run in bfloat16, where that helps."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=half_helps())


def described() -> str:
    """What a run computes in, for its report and model card."""
    return "bfloat16 and float32" if half_helps() else "float32"
