"""Half precision where there is: bfloat16 multiplies, float32 keeps the weights."""

from __future__ import annotations

import torch

from genstudio.training.device import here


def half_helps() -> bool:
    """Whether processor or card compute in bfloat16 themselves; imitating it is slower."""
    # Asked, not timed: a resumed run goes on in the same precision. torch asks in private alone.
    if here().type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001


def mixed() -> torch.autocast:
    """A block whose matrix products and convolutions run in bfloat16, where that helps."""
    return torch.autocast(here().type, dtype=torch.bfloat16, enabled=half_helps())


def described() -> str:
    """What a run computes in, for its report and model card."""
    return "bfloat16 and float32" if half_helps() else "float32"
