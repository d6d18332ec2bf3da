"""The names of directions that two phrases span: "sad -> happy"."""

from __future__ import annotations

from typing import Final

_ARROW: Final = " -> "
_LONGEST: Final = 90
"""Characters of a phrase: two and the arrow must fit a direction's name."""


def phrases_name(start: str, end: str) -> str:
    """The direction from one phrase to another, without what stands between or after them."""
    return _ARROW.join(_plain(text) for text in (start, end))


def phrases_in(name: str) -> tuple[str, str] | None:
    """The two phrases of a direction's name; None for a name of another kind."""
    start, arrow, end = name.partition(_ARROW)
    return (start, end) if arrow and start.strip() and end.strip() else None


def _plain(text: str) -> str:
    words = text.replace("->", " ").replace("@", " ").replace("=", " ").split()
    return " ".join(words)[:_LONGEST].strip()
