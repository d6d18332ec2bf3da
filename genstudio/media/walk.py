"""A walk: keyframes and how to go from each to the next, as plain data and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from genstudio.base.errors import RecipeError
from genstudio.latent.walk import Easing, flow, position_at, positions
from genstudio.recipe import codec
from genstudio.recipe.tween import tween
from genstudio.recipe.values import Recipe, Way

FORMAT: Final = "genstudio-walk"
VERSION: Final = 1
SUFFIX: Final = ".walk.json"
SIZE_LIMIT: Final = 256 << 20
MOST_FRAMES: Final = 100_000
MOST_KEYFRAMES: Final = 500
FASTEST: Final = 120


class Walk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Recipes of one model to go through, in `frames` pictures, `fps` of them a second.

    `easing` is that of each part of the way; "flow" goes past the keyframes without a stop at any,
    and past learned pictures neither: with `how` "learned" it goes along the sphere.
    With `loop` the last keyframe leads back to the first.
    """

    keyframes: Annotated[tuple[Recipe, ...], Meta(max_length=MOST_KEYFRAMES)] = ()
    frames: Annotated[int, Meta(ge=2, le=MOST_FRAMES)] = 96
    fps: Annotated[int, Meta(ge=1, le=FASTEST)] = 24
    easing: Easing = "ease-in-out"
    loop: bool = False
    how: Way = "spherical"

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.frames / self.fps


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    walk: Walk


def check_walk(walk: Walk) -> None:
    """Refuse a walk that cannot be gone.

    Raises:
        RecipeError: fewer than two keyframes, or two that no way joins.
    """
    if len(walk.keyframes) < 2:
        raise RecipeError("A walk goes from keyframe to keyframe; give it two or more.")
    ends = (*walk.keyframes, walk.keyframes[0]) if walk.loop else walk.keyframes
    for a, b in pairwise(ends):
        tween(a, b, 0.5, walk.how)


def recipe_at(walk: Walk, place: float) -> Recipe:
    """The recipe at `place` of a walk, 0 (its start) to 1 (its end).

    Raises:
        RecipeError: two of its keyframes cannot be joined.
    """
    if walk.easing == "flow":
        return _flowing(walk, place)
    a, b, t = position_at(len(walk.keyframes), place, walk.easing, loop=walk.loop)
    return tween(walk.keyframes[a], walk.keyframes[b], t, walk.how)


def recipes_of(walk: Walk) -> Iterator[Recipe]:
    """The recipe of each frame, made one after the other.

    Raises:
        RecipeError: as `check_walk`.
    """
    check_walk(walk)
    if walk.easing == "flow":
        steps = walk.frames if walk.loop else walk.frames - 1
        yield from (_flowing(walk, frame / steps) for frame in range(walk.frames))
        return
    for a, b, t in positions(len(walk.keyframes), walk.frames, walk.easing, loop=walk.loop):
        yield tween(walk.keyframes[a], walk.keyframes[b], t, walk.how)


def _flowing(walk: Walk, place: float) -> Recipe:
    how: Way = "spherical" if walk.how == "learned" else walk.how
    return flow(walk.keyframes, place, lambda a, b, t: tween(a, b, t, how), loop=walk.loop)


def encode_walk(walk: Walk) -> bytes:
    """The walk as UTF-8 JSON."""
    return msgspec.json.format(msgspec.json.encode(_File(FORMAT, VERSION, walk)), indent=1)


def decode_walk(data: bytes, where: str) -> Walk:
    """Read a walk from JSON. `where` names the file in refusals.

    Raises:
        RecipeError: not a walk, of a newer version, or with a value out of range.
    """
    header = codec.header_of(data, where, "walk")
    if header.format != FORMAT:
        raise RecipeError(f"{where} is not a GenStudio walk; give a file that was saved as one.")
    codec.refuse_newer(header, VERSION, where, "walk")
    try:
        walk = msgspec.json.decode(data, type=_File).walk
        codec.check_depth(walk)
    except codec.UNREADABLE as error:
        raise RecipeError(f"{where} holds a damaged walk: {error}.") from error
    return walk
