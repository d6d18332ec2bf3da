"""The names of a latent's single numbers: "latent 1" and on, in the order of the flat latent."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"latent ([1-9][0-9]{0,6})")


def raw_name(index: int) -> str:
    """The name of the number at `index`, counted from 0."""
    return f"latent {index + 1}"


def raw_index(name: str) -> int | None:
    """Which number a name means, counted from 0; None for a name of another kind."""
    found = _NAME.fullmatch(name)
    return int(found[1]) - 1 if found else None
