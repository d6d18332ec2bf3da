"""What the library knows of a picture, and what may be asked of it: plain values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from genstudio.recipe import codec
from genstudio.recipe.values import Recipe

THUMBNAIL_SIDE: Final = 192
MOST_STARS: Final = 5


@dataclass(frozen=True)
class Entry:
    """A kept picture.

    `made` and `binned` are seconds since 1970, `binned` None for a picture that is not in the bin;
    `stars` are 0 to 5; `recipe` and `parent` are the SHA-256 of recipes' JSON, as hex digits.
    """

    id: int
    path: Path
    recipe: str
    parent: str
    made: float
    model: str
    family: str
    licence: str
    prompt: str
    seed: int | None
    device: str
    width: int
    height: int
    stars: int
    favourite: bool
    note: str
    binned: float | None
    collections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """Which pictures are wanted; a value that is left out leaves all in.

    `words` are sought in prompts, notes and models, each as the beginning of a word. `since` and
    `until` are seconds since 1970. `like` is a picture's id: the ones that look like it, likest
    first; without it the newest come first.
    """

    words: str = ""
    model: str = ""
    family: str = ""
    licence: str = ""
    seed: int | None = None
    since: float | None = None
    until: float | None = None
    stars: int = 0
    favourites: bool = False
    collection: str = ""
    binned: bool = False
    like: int | None = None


@dataclass(frozen=True)
class Marks:
    """What a person may say of pictures; None leaves it as it is."""

    stars: int | None = None
    favourite: bool | None = None
    note: str | None = None

    def changed(self) -> dict[str, Any]:
        """The columns that change."""
        return {name: value for name, value in vars(self).items() if value is not None}


def recipe_key(recipe: Recipe) -> str:
    """What a recipe is known by: two pictures of one recipe are one picture."""
    return hashlib.sha256(codec.encode(recipe)).hexdigest()


def picture_id(key: str) -> int:
    """The number of the picture of a recipe's key: the same in every library, also one made anew.

    Whoever holds numbers while a damaged database is mended still means the same pictures.
    """
    return int(key[:13], 16)
