"""A picture with what it came from, as the layers of an OpenRaster file (Krita, GIMP).

https://www.openraster.org/baseline/file-layout-spec.html: a zip whose first entry tells its type,
PNG layers, their order in `stack.xml`, the whole picture and a thumbnail.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from msgspec.structs import replace

from genstudio.base.files import replacing
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.packs.manifest import Autoregressive
from genstudio.recipe.png import png_bytes
from genstudio.recipe.values import KeptTokens, Recipe, TokenRecipe, UpscaleRecipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.render import Engine
    from genstudio.engine.rendering import Rendering

SUFFIX: Final = ".ora"
_THUMBNAIL: Final = 256


@dataclass(frozen=True)
class Layer:
    """One layer: uint8 pixels [height, width, 1, 3 or 4], and whether it shows at first."""

    name: str
    pixels: NDArray[np.uint8]
    is_visible: bool = True


def layers_of(
    engine: Engine,
    rendering: Rendering,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
    *,
    sources: Mapping[str, NDArray[np.uint8]] | None = None,
) -> list[Layer]:
    """The result, the mask of what was drawn anew, and what it was made from; topmost first.

    `sources` are pictures from outside by their hash. What it was made from is brought to the size
    of the result. Raises what rendering that raises.
    """
    recipe, pixels = rendering.recipe, rendering.pixels
    size = (pixels.shape[1], pixels.shape[0])
    layers = [Layer("Result", pixels)]
    if isinstance(recipe, UpscaleRecipe):
        source = (sources or {}).get(recipe.picture.sha256)
        if source is not None:
            layers.append(Layer("Original", _resized(source, size)))
        return layers
    plain: Recipe = replace(recipe, upscaling=None)
    if plain != recipe:
        before = engine.render(plain, progress, cancel).pixels
        layers.append(Layer("Before it was enlarged", _resized(before, size)))
    if isinstance(plain, TokenRecipe) and plain.kept is not None and 0 in plain.kept.kept:
        model = engine.pack(plain.model).manifest.model
        assert isinstance(model, Autoregressive)
        mask = _mask(plain.kept, plain.grid or model.grid, size)
        layers.insert(0, Layer("Drawn anew", mask, is_visible=False))
        whole = KeptTokens(tokens=plain.kept.tokens, kept=b"\x01" * len(plain.kept.kept))
        original = engine.render(replace(plain, kept=whole), progress, cancel).pixels
        layers.append(Layer("Original", _resized(original, size)))
    return layers


def write_ora(path: Path, layers: Sequence[Layer], recipe: Recipe, device: str = "") -> None:
    """Write the layers, topmost first, as an OpenRaster file: whole or not at all.

    The first visible layer is the picture that other programs show; its PNG holds the recipe.

    Raises:
        StorageError: the file cannot be written.
    """
    shown = next(layer for layer in layers if layer.is_visible)
    height, width = shown.pixels.shape[:2]
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", _stack(layers, width, height))
        for index, layer in enumerate(layers):
            archive.writestr(f"data/layer{index}.png", _png(layer.pixels))
        archive.writestr("mergedimage.png", png_bytes(shown.pixels, recipe, device))
        archive.writestr("Thumbnails/thumbnail.png", _png(_small(shown.pixels)))


def _stack(layers: Sequence[Layer], width: int, height: int) -> str:
    rows = "".join(
        f'<layer name={quoteattr(layer.name)} src="data/layer{index}.png" x="0" y="0" '
        f'opacity="1.0" visibility="{"visible" if layer.is_visible else "hidden"}" '
        'composite-op="svg:src-over"/>'
        for index, layer in enumerate(layers)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<image version="0.0.3" w="{width}" h="{height}"><stack>{rows}</stack></image>'
    )


def _mask(kept: KeptTokens, grid: tuple[int, int], size: tuple[int, int]) -> NDArray[np.uint8]:
    """White where tokens were drawn anew, clear where they stayed: [height, width, 4]."""
    import numpy as np
    from PIL import Image

    drawn = np.frombuffer(kept.kept, np.uint8).reshape(grid[1], grid[0]) == 0
    alpha = Image.fromarray(drawn.astype(np.uint8) * 255).resize(size, Image.Resampling.NEAREST)
    white = np.full((size[1], size[0], 4), 255, np.uint8)
    white[:, :, 3] = np.asarray(alpha)
    return white


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image

    plane = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    image = Image.fromarray(plane)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    return np.atleast_3d(np.array(image))


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from genstudio.media.thumbnails import thumbnail_of

    return thumbnail_of(pixels, _THUMBNAIL)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    plane = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    Image.fromarray(plane).save(buffer, "PNG")
    return buffer.getvalue()
