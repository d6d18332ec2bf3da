"""Recipes as JSON and back, with a version that is checked before anything else is believed."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from genstudio.base.errors import RecipeError
from genstudio.recipe.values import Recipe

FORMAT: Final = "genstudio-recipe"
VERSION: Final = 1
SIZE_LIMIT: Final = 128 << 20
"""The most bytes of JSON that are read as a recipe."""

_MAX_DEPTH = 64

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises for data that is not what it should be."""


class Header(msgspec.Struct):
    """What any version of any of our formats begins with."""

    format: str
    version: int


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    recipe: Recipe


def encode(recipe: Recipe) -> bytes:
    """The recipe as UTF-8 JSON, keys in a fixed order so that equal recipes give equal bytes."""
    return msgspec.json.encode(_Envelope(FORMAT, VERSION, recipe))


def decode(data: bytes, where: str) -> Recipe:
    """Read a recipe from JSON. `where` names the file in refusals.

    Raises:
        RecipeError: not JSON, not a recipe, of a newer version, or with a value out of range.
    """
    if len(data) > SIZE_LIMIT:
        raise RecipeError(f"{where} is too large to be a recipe; check that it is the right file.")
    header = header_of(data, where, "recipe")
    if header.format != FORMAT:
        raise RecipeError(
            f"{where} is not a GenStudio recipe: its format says {header.format[:40]!r}."
        )
    refuse_newer(header, VERSION, where, "recipe")
    try:
        recipe = msgspec.json.decode(data, type=_Envelope).recipe
        check_depth(recipe)
    except UNREADABLE as error:
        raise RecipeError(f"{where} holds a damaged recipe: {error}.") from error
    return recipe


def header_of(data: bytes, where: str, what: str) -> Header:
    """The header of a file that is to be a `what`. Raises `RecipeError` where it has none."""
    try:
        return msgspec.json.decode(data, type=Header)
    except UNREADABLE as error:
        raise RecipeError(f"{where} is not a GenStudio {what} ({error}).") from error


def refuse_newer(header: Header, known: int, where: str, what: str) -> None:
    """Refuse, as a `RecipeError`, a version that this GenStudio does not know."""
    if header.version > known:
        raise RecipeError(
            f"{where} was made by a newer GenStudio ({what} version {header.version}, this one "
            f"reads up to {known}); update GenStudio to open it."
        )


def check_depth(value: Any, depth: int = 0) -> None:
    """Refuse blends nested so deep that walking them would exhaust the stack.

    Raises:
        RecursionError: they are, in any recipe within `value`.
    """
    if depth > _MAX_DEPTH:
        raise RecursionError("its blends are nested too deep")
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            check_depth(getattr(value, name), depth + 1)
    elif isinstance(value, tuple):
        for item in value:
            check_depth(item, depth + 1)
