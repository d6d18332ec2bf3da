"""Finding a model's directions, once: sample it, look at its pictures, read its first layers.

What was found lies in the cache folder under the pack's SHA-256. It depends on the pack alone, so
a missing, damaged or outdated file is simply made again.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from genstudio.base import files
from genstudio.base.errors import PackError, StorageError
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.engine.affine_layers import affine_weights
from genstudio.latent.attributes import NAMES, measure
from genstudio.latent.directions import (
    Direction,
    Directions,
    Kind,
    Space,
    closed_form,
    named,
    principal,
)
from genstudio.packs.manifest import Gan, Pack, Role, Vae
from genstudio.packs.onnx_file import read_onnx

SampleLatents = Callable[[int, int], NDArray[np.float32]]
"""(count, seed) to latents [count, ...]; in w for GANs with a mapping."""

Decode = Callable[[NDArray[np.float32]], Iterable[NDArray[np.uint8]]]
"""Latents [N, ...] to their N pictures [H, W, C], one after another."""

_FORMAT = 2
"""Goes up whenever what is found changes, so that older files are made again."""

_FILE_LIMIT = 1 << 30
_SEED = 20_200_402
_MOST = 20
"""Principal, and closed-form, directions that are kept."""

_MAPPED = 4096
"""Latents in w, which cost next to nothing, for the principal directions."""

_NUMBERS = 1 << 25
"""The most numbers that the sampled latents may have together."""

_THUMBNAIL = 16
"""Side of the small pictures whose principal components stand for what a model makes."""

_WIDEST = 4096
"""Latents wider than this get no closed-form directions, which would take minutes."""

_unsaved: dict[Path, Directions] = {}
"""What could not be written to the cache folder, so that it is not found anew each time."""


def find_directions(
    pack: Pack,
    sample_latents: SampleLatents,
    decode: Decode,
    folder: Path,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
) -> Directions:
    """All directions of a model, from `folder` or found now.

    Finding decodes 512 pictures, fewer from models of more than 256 x 256 pixels; the same pack
    always gives the same directions.

    Raises:
        GenStudioError: the model cannot be sampled.
        Cancelled: `cancel` was set.
    """
    path = folder / f"{pack.ref.sha256}.npz"
    known = _unsaved.get(path) or load(path)
    if known is None:
        known = _find(pack, sample_latents, decode, progress, cancel)
        try:
            save(path, known)
        except StorageError:
            _unsaved[path] = known
    progress(1.0)
    return known


def save(path: Path, directions: Directions) -> None:
    """Write directions to an .npz file, whole or not at all. Raises `StorageError`."""
    found = directions.found
    data = io.BytesIO()
    np.savez(
        data,
        format=np.int64(_FORMAT),
        space=np.str_(directions.space),
        names=np.array([d.name for d in found], np.str_),
        kinds=np.array([d.kind for d in found], np.str_),
        shares=np.array([d.share for d in found], np.float64),
        changes=np.array([d.change for d in found], np.float64),
        vectors=np.array([d.vector for d in found], np.float32),
        deviations=directions.deviations,
    )
    files.write_bytes(path, data.getvalue())


def load(path: Path) -> Directions | None:
    """Read what `save` wrote; None where it is missing, damaged or of another format."""
    try:
        data = io.BytesIO(files.read_bytes(path, _FILE_LIMIT, "cached directions"))
        with np.load(data, allow_pickle=False) as archive:
            if int(archive["format"]) != _FORMAT:
                return None
            return _checked({name: archive[name] for name in archive.files})
    except (StorageError, OSError, EOFError, ValueError, TypeError, KeyError, AttributeError):
        return None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, SyntaxError, MemoryError):
        return None


def _checked(arrays: dict[str, NDArray[np.generic]]) -> Directions:
    """The directions in a file's arrays. Raises `ValueError` or `KeyError` where they are odd."""
    space, vectors = str(arrays["space"]), arrays["vectors"]
    columns = [arrays[name].tolist() for name in ("names", "kinds", "shares", "changes")]
    deviations = arrays["deviations"].astype(np.float32)
    if space not in get_args(Space) or vectors.dtype != np.float32 or deviations.size == 0:
        raise ValueError("not directions")
    if not (np.isfinite(vectors.astype(np.float32)).all() and np.isfinite(deviations).all()):
        raise ValueError("not finite")
    if len(vectors) and vectors.shape[1:] != deviations.shape:
        raise ValueError("not of one model")
    found: list[Direction] = []
    for name, kind, share, change, vector in zip(*columns, vectors, strict=True):
        if kind not in get_args(Kind):
            raise ValueError("not a kind of direction")
        found.append(Direction(str(name), kind, vector, float(share), float(change)))
    return Directions("w" if space == "w" else "latent", tuple(found), deviations)


def _find(
    pack: Pack, sample_latents: SampleLatents, decode: Decode, progress: Progress, cancel: Cancel
) -> Directions:
    space = _space(pack)
    progress(0.0, "finding directions")
    width = sample_latents(1, _SEED)[0].size
    count = _picture_count(pack, width)
    wanted = max(_MAPPED, count) if space == "w" and width <= _WIDEST else count
    latents = sample_latents(wanted, _SEED)
    cancel.check()
    attributes, thumbnails = _look(decode(latents[:count]), count, progress, cancel)
    found = named(latents[:count], attributes)
    cancel.check()
    if space == "w":
        found += principal(latents, _MOST)
    else:
        found += principal(latents[:count], _MOST, thumbnails)
    cancel.check()
    found += _closed_form(pack, latents)
    return Directions(space, tuple(found), _deviations(space, latents))


def _space(pack: Pack) -> Space:
    model = pack.manifest.model
    return "w" if isinstance(model, Gan) and model.layers else "latent"


def _deviations(space: Space, latents: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each number of the latent usually goes: 1 as it is drawn, measured once mapped."""
    measured = latents.std(axis=0, dtype=np.float64) if space == "w" else np.ones(latents.shape[1:])
    return measured.astype(np.float32)


def _picture_count(pack: Pack, width: int) -> int:
    """How many pictures are looked at: by the model's size, not the machine's speed.

    A count by the clock would give other directions, and so other pictures, on another machine.
    """
    pixels = pack.manifest.image.width * pack.manifest.image.height
    count = 512 if pixels <= 256**2 else 384 if pixels <= 512**2 else 256
    return min(count, max(64, _NUMBERS // max(width, 1)))


def _look(
    pictures: Iterable[NDArray[np.uint8]], count: int, progress: Progress, cancel: Cancel
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Attributes, name to [N], and thumbnails [N, M] of pictures, which are not kept."""
    measured: list[list[float]] = []
    thumbnails: list[NDArray[np.float64]] = []
    for index, pixels in enumerate(pictures):
        cancel.check()
        picture = pixels[None].astype(np.float32) / 255
        values = measure(picture)
        measured.append([float(values[name][0]) for name in NAMES])
        thumbnails.append(_thumbnail(picture[0]))
        progress((index + 1) / (count + 1), "finding directions")
    columns = np.array(measured, np.float64).T
    return dict(zip(NAMES, columns, strict=True)), np.array(thumbnails)


def _thumbnail(picture: NDArray[np.float32]) -> NDArray[np.float64]:
    """A picture [H, W, C] as the means of at most 16 x 16 blocks, flat."""
    small = picture.astype(np.float64)
    for axis in (0, 1):
        side = small.shape[axis]
        blocks = min(side, _THUMBNAIL)
        starts = np.arange(blocks) * side // blocks
        sizes = np.diff(np.append(starts, side))
        shape = [-1 if i == axis else 1 for i in range(3)]
        small = np.add.reduceat(small, starts, axis=axis) / sizes.reshape(shape)
    return small.reshape(-1)


def _closed_form(pack: Pack, latents: NDArray[np.float32]) -> list[Direction]:
    """Closed-form directions where the first layers are affine and can be read, else none."""
    model = pack.manifest.model
    width = latents[0].size
    role: Role
    if isinstance(model, Gan):
        role, meaning = ("synthesis", "w") if model.layers else ("generator", "z")
    elif isinstance(model, Vae):
        role, meaning = "decoder", "latent"
    else:
        return []
    if latents.ndim != 2 or width > _WIDEST:
        return []
    graph = pack.graph(role)
    try:
        weights = affine_weights(read_onnx(pack.path(graph)), graph.input_name(meaning), width)
    except PackError:
        return []
    return closed_form(weights, latents, _MOST) if weights else []
