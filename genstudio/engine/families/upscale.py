"""Upscalers: a picture in, a larger one out, in tiles so that any size fits into memory.

A pixel of the output depends on the input within the pack's `overlap`. Tiles that are larger than
what is kept of them by that much, on every side that is not the picture's own edge, give exactly
what the whole picture would give, so there are no seams to hide.

Whoever looks on sees the whole at once, enlarged by a Lanczos filter, and each tile as it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from genstudio.base.errors import EngineError, PictureError, RecipeError
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.engine.cache import GraphCache
from genstudio.engine.graph import LoadedGraph
from genstudio.engine.pixels import PIXEL_LIMIT, to_model, to_pixels
from genstudio.packs.manifest import Image, Pack, Upscaler

_TILE: Final = 128
"""Side in input pixels of what is kept of a tile."""
_SHOWN: Final = 32_000_000
"""The most pixels of a picture that is shown while it is made: each look takes a copy."""


@dataclass(frozen=True)
class _Span:
    """Along one side: what is kept (`start` to `end`), and what the graph sees for it."""

    start: int
    end: int
    seen_from: int
    seen_to: int


def upscale(
    pack: Pack,
    pixels: NDArray[np.uint8],
    graphs: GraphCache,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
) -> NDArray[np.uint8]:
    """A picture [H, W, 1, 3 or 4] as [H x scale, W x scale, the same channels].

    Transparency is enlarged with a Lanczos filter, since the models know colours only.

    Raises:
        PictureError: the result would be too large.
        RecipeError: the pack is no upscaler.
        EngineError: the graph failed, or its picture is not as large as the manifest says.
        Cancelled: `cancel` was set.
    """
    model = pack.manifest.model
    if not isinstance(model, Upscaler):
        raise RecipeError(f"The model {pack.id} is not an upscaler; choose one that is.")
    height, width, channels = pixels.shape
    if height * width * model.scale**2 > PIXEL_LIMIT:
        raise PictureError(
            f"Enlarged {model.scale} times, {width} x {height} pixels would be more than "
            f"{PIXEL_LIMIT // 1_000_000} million; start from a smaller picture."
        )
    image = pack.manifest.image
    colours = _with_channels(pixels[:, :, : 3 if channels == 4 else channels], image.channels)
    size = (width * model.scale, height * model.scale)

    def finished(large: NDArray[np.uint8]) -> NDArray[np.uint8]:
        made = _with_channels(large, 1 if channels == 1 else 3)
        return made if channels != 4 else np.dstack([made, _resized(pixels[:, :, 3:], size)])

    def show(done: float, large: NDArray[np.uint8]) -> None:
        looks = progress is not no_progress and done < 1.0 and large.size <= _SHOWN * 3
        progress(done, "enlarging", finished(large.copy()) if looks else None)

    large = _resized(colours, size)
    show(0.0, large)
    for done in _tiles(pack, model, image, colours, large, graphs, cancel):
        show(done, large)
    return finished(large)


def _tiles(
    pack: Pack,
    model: Upscaler,
    image: Image,
    pixels: NDArray[np.uint8],
    result: NDArray[np.uint8],
    graphs: GraphCache,
    cancel: Cancel,
) -> Iterator[float]:
    """Fill `result` tile by tile, and tell after each how much is done."""
    graph = graphs.get(pack, "upscaler")
    rows, columns = (list(_spans(side, model)) for side in pixels.shape[:2])
    for done, (row, column) in enumerate((r, c) for r in rows for c in columns):
        cancel.check()
        tile = pixels[row.seen_from : row.seen_to, column.seen_from : column.seen_to]
        large = _enlarged(pack, model, image, graph, tile, cancel)
        result[
            row.start * model.scale : row.end * model.scale,
            column.start * model.scale : column.end * model.scale,
        ] = large[
            (row.start - row.seen_from) * model.scale : (row.end - row.seen_from) * model.scale,
            (column.start - column.seen_from) * model.scale : (column.end - column.seen_from)
            * model.scale,
        ]
        yield (done + 1) / (len(rows) * len(columns))


def _enlarged(
    pack: Pack,
    model: Upscaler,
    image: Image,
    graph: LoadedGraph,
    tile: NDArray[np.uint8],
    cancel: Cancel,
) -> NDArray[np.uint8]:
    """One tile, brought to a multiple of what the model takes by repeating its last pixels."""
    height, width = tile.shape[:2]
    missing = [(-side) % model.multiple_of for side in (height, width)]
    padded = np.pad(tile, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
    names = pack.graph("upscaler")
    name, output = names.input_name("image"), names.output_name("image")
    feed = to_model(padded, image).astype(graph.inputs[name].dtype)
    batch = graph.run({name: feed}, [output], cancel)[output]
    wanted = tuple(side * model.scale for side in padded.shape[:2])
    if batch.shape[2:] != wanted:
        raise EngineError(
            f"The upscaler {pack.id} made {list(batch.shape[2:])} where {list(wanted)} was due; "
            "check it with genstudio models check."
        )
    large = to_pixels(batch, image, pack.id)[0]
    return large[: height * model.scale, : width * model.scale]


def _spans(length: int, model: Upscaler) -> Iterator[_Span]:
    """Cut a side into tiles; what is seen begins at a multiple of what the model takes."""
    step = max(_TILE // model.multiple_of, 1) * model.multiple_of
    margin = -(-model.overlap // model.multiple_of) * model.multiple_of
    for start in range(0, length, step):
        end = min(start + step, length)
        yield _Span(start, end, max(start - margin, 0), min(end + margin, length))


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """By a Lanczos filter, channel by channel: [H, W, C] to `size` (width, height)."""
    planes = (Pillow.fromarray(pixels[:, :, channel]) for channel in range(pixels.shape[2]))
    large = [np.asarray(p.resize(size, Pillow.Resampling.LANCZOS)) for p in planes]
    return np.dstack(large)


def _with_channels(pixels: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Grey repeated to colours, or colours averaged to grey."""
    if pixels.shape[2] == channels:
        return pixels
    if pixels.shape[2] == 1:
        return np.repeat(pixels, channels, axis=2)
    grey = np.rint(pixels.mean(axis=2, keepdims=True)).astype(np.uint8)
    return grey if channels == 1 else np.repeat(grey, channels, axis=2)
