"""The project file: a history with its thumbnails and source pictures, in one `.genstudio` zip.

docs/project-file.md describes the format.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from genstudio import __version__
from genstudio.base.errors import PictureError, StorageError
from genstudio.base.files import replacing
from genstudio.document import project_json
from genstudio.document.family import Family
from genstudio.document.history import History, Step
from genstudio.document.long_data import LongData, put_back
from genstudio.document.project_json import ModelUsed, ViewValue
from genstudio.document.project_zip import ProjectZip, damaged, opened
from genstudio.document.source_pictures import from_png, to_png
from genstudio.media.thumbnails import from_webp, to_webp
from genstudio.media.walk import Walk
from genstudio.recipe.values import ModelRef, Recipe, UpscaleRecipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SUFFIX: Final = ".genstudio"

_DOCUMENT: Final = "project.json"
_DOCUMENT_LIMIT: Final = 256 << 20
_DATA_LIMIT: Final = 64 << 20
_PICTURE_LIMIT: Final = 300 << 20
_THUMBNAIL_LIMIT: Final = 1 << 18
_FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Project:
    """What a project file holds.

    `steps[index]` is the current one; `thumbnails` are by the numbers of steps; `pictures` by the
    hash that `PictureRef` holds; `models` are those that the recipes name, `made_by` the version
    of GenStudio that wrote the file.
    """

    steps: tuple[Step, ...]
    index: int
    thumbnails: Mapping[int, NDArray[np.uint8]] = field(default_factory=dict)
    pictures: Mapping[str, NDArray[np.uint8]] = field(default_factory=dict)
    models: tuple[ModelUsed, ...] = ()
    view: Mapping[str, ViewValue] = field(default_factory=dict)
    walk: Walk = field(default_factory=Walk)
    family: Family = field(default_factory=Family)
    made_by: str = __version__


def project_of(
    history: History,
    names: Mapping[str, str],
    pictures: Mapping[str, NDArray[np.uint8]],
    view: Mapping[str, ViewValue],
    walk: Walk = Walk(),  # noqa: B008  a frozen value
    family: Family = Family(),  # noqa: B008
) -> Project:
    """A project to save, which later changes of the history do not reach.

    Args:
        history: What was done; it has been started.
        names: The names of models by id, for the day when one of them is missing.
        pictures: Pictures from outside by their hash; those that no step needs are left out.
        view: Whatever the window wants to find again: names to short values.
        walk: The keyframes and how to go between them.
        family: The pictures that were bred.
    """
    steps = history.steps
    needed = _pictures_of(step.recipe for step in steps)
    return Project(
        steps,
        history.index,
        history.thumbnails(),
        {sha256: pixels for sha256, pixels in pictures.items() if sha256 in needed},
        models_used(_all_recipes(steps, walk, family), names),
        dict(view),
        walk,
        family,
    )


def models_used(recipes: Iterable[Recipe], names: Mapping[str, str]) -> tuple[ModelUsed, ...]:
    """Every model that the recipes name, upscalers included, once, in order of use."""
    refs: dict[ModelRef, None] = {}
    for recipe in recipes:
        refs[recipe.model] = None
        if not isinstance(recipe, UpscaleRecipe) and recipe.upscaling is not None:
            refs[recipe.upscaling.model] = None
    return tuple(
        ModelUsed(id=ref.id, sha256=ref.sha256, name=names.get(ref.id, "")) for ref in refs
    )


def save_project(path: Path, project: Project) -> None:
    """Write a project file, whole or not at all.

    Raises:
        StorageError: the file cannot be written.
    """
    data = LongData()
    steps = [(step, data.taken_from(step.recipe)) for step in project.steps]
    walk, family = data.taken_from(project.walk), data.taken_from(project.family)
    document = project_json.encode(
        steps,
        project.index,
        models=project.models,
        pictures=sorted(project.pictures),
        data=sorted(digest.hex() for digest in data.pieces),
        view=project.view,
        walk=walk,
        family=family,
    )
    # What was written must be readable: a file that nobody can open is found out here.
    project_json.decode(document, str(path))
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
        _write(archive, _DOCUMENT, document, zipfile.ZIP_DEFLATED)
        for digest, piece in sorted(data.pieces.items()):
            _write(archive, _data_name(digest.hex()), piece, zipfile.ZIP_DEFLATED)
        for sha256, pixels in sorted(project.pictures.items()):
            _write(archive, _picture_name(sha256), to_png(pixels))
        for number, thumbnail in sorted(project.thumbnails.items()):
            _write(archive, _thumbnail_name(number), to_webp(thumbnail))


def open_project(path: Path) -> Project:
    """Read a project file; nothing is written anywhere.

    A thumbnail that cannot be read is left out: it can be drawn again.

    Raises:
        StorageError: the file cannot be read, is no project, is damaged, larger than any project,
            or was made by a newer GenStudio.
        RecipeError: it holds a recipe that this GenStudio cannot read.
    """
    with opened(path) as archive:
        where = str(path)
        document = project_json.decode(archive.read(_DOCUMENT, _DOCUMENT_LIMIT), where)
        pieces = {bytes.fromhex(sha256): _piece(archive, sha256, where) for sha256 in document.data}
        steps = tuple(
            Step(step.number, put_back(step.recipe, pieces), step.words) for step in document.steps
        )
        walk, family = put_back(document.walk, pieces), put_back(document.family, pieces)
        names = {model.id: model.name for model in document.models}
        return Project(
            steps,
            document.index,
            _thumbnails(archive, steps),
            {sha256: _picture(archive, sha256, where) for sha256 in document.pictures},
            # As the recipes say, with the names that the file gives them.
            models_used(_all_recipes(steps, walk, family), names),
            document.view,
            walk,
            family,
            document.made_by,
        )


def _write(
    archive: zipfile.ZipFile, name: str, data: bytes, kind: int = zipfile.ZIP_STORED
) -> None:
    """Add an entry that tells no time, so that equal projects give equal files."""
    entry = zipfile.ZipInfo(name, _FIXED_DATE)
    entry.compress_type = kind
    entry.external_attr = 0o100644 << 16
    archive.writestr(entry, data)


def _data_name(sha256: str) -> str:
    return f"data/{sha256}.bin"


def _picture_name(sha256: str) -> str:
    return f"pictures/{sha256}.png"


def _thumbnail_name(number: int) -> str:
    return f"thumbnails/{number}.webp"


def _piece(archive: ProjectZip, sha256: str, where: str) -> bytes:
    data = archive.read(_data_name(sha256), _DATA_LIMIT)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise damaged(where)
    return data


def _picture(archive: ProjectZip, sha256: str, where: str) -> NDArray[np.uint8]:
    try:
        return from_png(archive.read(_picture_name(sha256), _PICTURE_LIMIT), sha256)
    except PictureError as error:
        raise damaged(where, str(error)) from error


def _thumbnails(archive: ProjectZip, steps: tuple[Step, ...]) -> dict[int, NDArray[np.uint8]]:
    found = {}
    for step in steps:
        name = _thumbnail_name(step.number)
        if name not in archive:
            continue
        try:
            thumbnail = from_webp(archive.read(name, _THUMBNAIL_LIMIT))
        except StorageError:
            continue
        if thumbnail is not None:
            found[step.number] = thumbnail
    return found


def _all_recipes(steps: Iterable[Step], walk: Walk, family: Family) -> Iterator[Recipe]:
    yield from (step.recipe for step in steps)
    yield from walk.keyframes
    yield from (member.recipe for member in family.members)


def _pictures_of(recipes: Iterable[Recipe]) -> set[str]:
    return {recipe.picture.sha256 for recipe in recipes if isinstance(recipe, UpscaleRecipe)}
