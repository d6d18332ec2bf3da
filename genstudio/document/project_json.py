"""`project.json`, the heart of a project file: the history as data, checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from genstudio import __version__
from genstudio.base.errors import StorageError
from genstudio.base.texts import translate
from genstudio.document.family import Family
from genstudio.document.history import STEP_LIMIT, Step
from genstudio.document.project_zip import damaged
from genstudio.media.walk import Walk
from genstudio.recipe import codec
from genstudio.recipe.values import Name, Recipe

FORMAT: Final = "genstudio-project"
VERSION: Final = 2

_WORDS: Final = 500
_NUMBER: Final = 2**53
_LISTED: Final = 10_000

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
ViewValue = bool | int | float | Annotated[str, Meta(max_length=1000)]
"""What the window may keep in a project under a name."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of the document are: frozen, and strict about fields."""


class ModelUsed(_Part, frozen=True, kw_only=True):
    """A model that a recipe names, with its name for people; "" where that is not known."""

    id: Name
    sha256: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")] = ""
    name: Name = ""


class _StepEntry(_Part, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=0, lt=_NUMBER)]
    words: Annotated[str, Meta(max_length=_WORDS)]
    recipe: msgspec.Raw


class _File(_Part, frozen=True, kw_only=True):
    format: str
    version: int
    genstudio: Annotated[str, Meta(max_length=100)]
    index: Annotated[int, Meta(ge=0)]
    steps: Annotated[tuple[_StepEntry, ...], Meta(min_length=1, max_length=STEP_LIMIT)]
    models: Annotated[tuple[ModelUsed, ...], Meta(max_length=_LISTED)] = ()
    pictures: Annotated[tuple[Sha256, ...], Meta(max_length=_LISTED)] = ()
    data: Annotated[tuple[Sha256, ...], Meta(max_length=_LISTED)] = ()
    view: Annotated[
        dict[Annotated[str, Meta(max_length=100)], ViewValue], Meta(max_length=200)
    ] = {}
    walk: Walk = Walk()
    family: Family = Family()


class Document(msgspec.Struct, frozen=True):
    """The document as read. Long data of the recipes stands elsewhere, by the hashes in `data`."""

    steps: tuple[Step, ...]
    index: int
    models: tuple[ModelUsed, ...]
    pictures: tuple[str, ...]
    data: tuple[str, ...]
    view: dict[str, ViewValue]
    walk: Walk
    family: Family
    made_by: str


def encode(
    steps: Sequence[tuple[Step, Recipe]],
    index: int,
    *,
    models: Sequence[ModelUsed],
    pictures: Sequence[str],
    data: Sequence[str],
    view: Mapping[str, ViewValue],
    walk: Walk,
    family: Family,
) -> bytes:
    """The document as UTF-8 JSON. `steps`: each step and the recipe to write for it."""
    entries = tuple(
        _StepEntry(
            number=step.number,
            words=step.words[:_WORDS],
            recipe=msgspec.Raw(codec.encode(recipe)),
        )
        for step, recipe in steps
    )
    return msgspec.json.encode(
        _File(
            format=FORMAT,
            version=VERSION,
            genstudio=__version__,
            index=index,
            steps=entries,
            models=tuple(models),
            pictures=tuple(pictures),
            data=tuple(data),
            view=dict(view),
            walk=walk,
            family=family,
        )
    )


def decode(json: bytes, where: str) -> Document:
    """Read the document. `where` names the file in refusals.

    Raises:
        StorageError: it is no project, of a newer format, incomplete, or with a value out of range.
        RecipeError: a step's recipe cannot be read.
    """
    _check_header(json, where)
    try:
        file = msgspec.json.decode(json, type=_File)
        codec.check_depth((file.walk, file.family))
    except codec.UNREADABLE as error:
        raise damaged(where) from error
    numbers = [step.number for step in file.steps]
    if file.index >= len(file.steps) or any(a >= b for a, b in pairwise(numbers)):
        raise damaged(where)
    if not file.family.is_sound():
        raise damaged(where)
    return Document(
        tuple(_step(entry, where) for entry in file.steps),
        file.index,
        file.models,
        file.pictures,
        file.data,
        file.view,
        file.walk,
        file.family,
        file.genstudio,
    )


def _check_header(json: bytes, where: str) -> None:
    try:
        header = msgspec.json.decode(json, type=codec.Header)
    except codec.UNREADABLE as error:
        raise damaged(where) from error
    if header.format != FORMAT:
        raise StorageError(
            translate("Project", "{path} is not a GenStudio project.").format(path=where)
        )
    if header.version > VERSION:
        raise StorageError(
            translate(
                "Project",
                "The project {path} was made by a newer GenStudio (format {version}, this one "
                "reads up to {known}); update GenStudio to open it.",
            ).format(path=where, version=header.version, known=VERSION)
        )


def _step(entry: _StepEntry, where: str) -> Step:
    place = translate("Project", "Step {number} of the project {path}").format(
        number=entry.number, path=where
    )
    return Step(entry.number, codec.decode(bytes(entry.recipe), place), entry.words)
