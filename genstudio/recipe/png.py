"""A PNG that holds its own recipe, beside the marks that say that a model made it.

The recipe is JSON in an iTXt chunk `genstudio` (compressed when long); the device it was rendered
on is in a tEXt chunk `genstudio-device`; XMP and `Software` carry the standard marks.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from genstudio.base import files
from genstudio.base.errors import RecipeError
from genstudio.recipe import codec, containers, xmp
from genstudio.recipe.values import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEYWORD: Final = "genstudio"
DEVICE_KEYWORD: Final = "genstudio-device"
SOFTWARE_KEYWORD: Final = "Software"
_XMP_KEYWORD: Final = "XML:com.adobe.xmp"
_COMPRESS_FROM: Final = 1000


class Found(msgspec.Struct, frozen=True):
    """A recipe found in a file; device and software are "" where the file does not tell."""

    recipe: Recipe
    device: str = ""
    software: str = ""


def png_bytes(pixels: NDArray[np.uint8], recipe: Recipe, device: str = "") -> bytes:
    """The picture as PNG with its recipe. `pixels`: [height, width, 1, 3 or 4]."""
    from PIL import Image, PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_text(SOFTWARE_KEYWORD, xmp.SOFTWARE)
    if device:
        info.add_text(DEVICE_KEYWORD, device.encode("latin-1", "replace").decode("latin-1"))
    info.add_itxt(_XMP_KEYWORD, xmp.packet())
    text = codec.encode(recipe).decode()
    info.add_itxt(KEYWORD, text, zip=len(text) >= _COMPRESS_FROM)
    # By the name alone Pillow loads the one plugin for it; by the format it loads five.
    buffer = io.BytesIO()
    buffer.name = "picture.png"
    plane = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    Image.fromarray(plane).save(buffer, pnginfo=info)
    return buffer.getvalue()


def write_png(path: Path, pixels: NDArray[np.uint8], recipe: Recipe, device: str = "") -> None:
    """Write the picture and its recipe, whole or not at all. Raises `StorageError`."""
    files.write_bytes(path, png_bytes(pixels, recipe, device))


def read_recipe(path: Path) -> Recipe:
    """The recipe in a recipe file or in a picture that GenStudio made. Raises as `find_recipe`."""
    return find_recipe(path).recipe


def find_recipe(path: Path) -> Found:
    """Read the recipe of a JSON file, PNG, WebP or JPEG, and what the file tells beside it.

    Raises:
        RecipeError: the file holds no recipe, or a damaged or newer one.
        StorageError: the file cannot be read.
    """
    found = recipe_if_any(path)
    if found is None:
        raise RecipeError(
            f"{path} holds no GenStudio recipe; "
            "name a recipe file or a picture that GenStudio made."
        )
    return found


def recipe_if_any(path: Path) -> Found | None:
    """As `find_recipe`, but None for a file that is a picture or anything else without a recipe."""
    where = str(path)
    try:
        with path.open("rb") as file:
            start = file.read(16)
            if not start:
                raise RecipeError(f"{where} is empty.")
            if start.startswith(containers.PNG_SIGNATURE):
                return _from_png(dict(_until_recipe(containers.png_texts(file, where))), where)
            if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
                return _from_xmp(containers.webp_xmp(file, where), where)
            if start[:3] == b"\xff\xd8\xff":
                return _from_xmp(containers.jpeg_xmp(file, where), where)
            if start.lstrip()[:1] != b"{":
                return None
            return Found(codec.decode(start + file.read(codec.SIZE_LIMIT), where))
    except OSError as error:
        raise files.storage_error("read", path, error) from error


def _until_recipe(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Stop at the recipe, which is written last: a picture cut off behind it still gives it."""
    for keyword, text in texts:
        yield keyword, text
        if keyword == KEYWORD:
            return


def _from_png(texts: dict[str, str], where: str) -> Found | None:
    if KEYWORD not in texts:
        return None
    recipe = codec.decode(texts[KEYWORD].encode(), where)
    return Found(recipe, texts.get(DEVICE_KEYWORD, ""), texts.get(SOFTWARE_KEYWORD, ""))


def _from_xmp(packet: str, where: str) -> Found | None:
    text, device = xmp.recipe_in(packet)
    return Found(codec.decode(text.encode(), where), device) if text else None
