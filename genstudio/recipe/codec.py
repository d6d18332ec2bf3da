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


class _Header(msgspec.Struct):
    """What any version of the format begins with."""

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
    try:
        header = msgspec.json.decode(data, type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecipeError(f"{where} is not a GenStudio recipe ({error}).") from error
    if header.format != FORMAT:
        raise RecipeError(
            f"{where} is not a GenStudio recipe: its format says {header.format[:40]!r}."
        )
    if header.version > VERSION:
        raise RecipeError(
            f"{where} was made by a newer GenStudio (recipe version {header.version}, this one "
            f"reads up to {VERSION}); update GenStudio to open it."
        )
    try:
        recipe = msgspec.json.decode(data, type=_Envelope).recipe
        check_depth(recipe)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecipeError(f"{where} holds a damaged recipe: {error}.") from error
    return recipe


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
