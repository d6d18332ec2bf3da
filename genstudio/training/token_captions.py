"""Many ways to say what a picture shows, from its name and keywords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def wordings(facts: Mapping[str, object], count: int, random: np.random.Generator) -> list[str]:
    """`count` captions of a picture: its name first, then names, keywords and both, shuffled.

    `facts` may have "name" (text) and "keywords" (list of texts); without either the captions are
    empty, which is the same as no prompt.
    """
    name = str(facts.get("name", "")).strip()
    found = facts.get("keywords")
    keywords = [str(word).strip() for word in found] if isinstance(found, list) else []
    keywords = [word for word in dict.fromkeys(keywords) if len(word) > 1 and word != name]
    captions = [name or ", ".join(keywords[:4])]
    while len(captions) < count:
        captions.append(_wording(len(captions), name, keywords, random))
    return captions[:count]


def _wording(number: int, name: str, keywords: Sequence[str], random: np.random.Generator) -> str:
    some = [keywords[i] for i in random.permutation(len(keywords))]
    form = number % 4
    if form == 0 or not some:
        return name
    if form == 1:
        return ", ".join([name, *some[: int(random.integers(1, 4))]]).strip(", ")
    if form == 2:
        return ", ".join(some[: int(random.integers(2, 6))])
    return f"{some[0]} {name}".strip() if random.random() < 0.5 else f"a picture of {name}"
