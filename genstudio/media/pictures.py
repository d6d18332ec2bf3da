"""A rendering as a picture file: PNG, WebP or JPEG by its name, marked as made by a model."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genstudio.base import files
from genstudio.base.errors import StorageError
from genstudio.recipe import codec, png, xmp
from genstudio.recipe.values import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SUFFIXES: Final = (".png", ".webp", ".jpg", ".jpeg")
_QUALITY: Final = 92
_JPEG_XMP_LIMIT: Final = 65_000
"""A JPEG segment holds 65,533 bytes, XMP's own heading among them."""


def check_suffix(path: Path) -> None:
    """Refuse, before any work, a name whose suffix is no picture format of ours.

    Raises:
        StorageError: the suffix is none of `SUFFIXES`.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise StorageError(
            f"Cannot write {path}: a picture's name ends in .png, .webp, .jpg or .jpeg."
        )


def picture_name(model: str, seed: int | None) -> str:
    """What a picture's file is called, without its suffix."""
    return model if seed is None else f"{model}-{seed}"


def free_path(folder: Path, stem: str, taken: Collection[Path] = ()) -> Path:
    """A PNG in `folder` that is neither there nor `taken`: the stem, with a number if need be."""
    path, number = folder / f"{stem}.png", 1
    while path in taken or path.exists():
        number += 1
        path = folder / f"{stem}-{number}.png"
    return path


def write_picture(
    path: Path, pixels: NDArray[np.uint8], recipe: Recipe, device: str = ""
) -> tuple[str, ...]:
    """Write the picture whole or not at all; return what the person should know about the file.

    `pixels`: [height, width, 1, 3 or 4]. The recipe always fits into PNG and WebP; a JPEG holds
    it where it is short enough.

    Raises:
        StorageError: the name's suffix is no picture format, or the file cannot be written.
    """
    check_suffix(path)
    suffix = path.suffix.lower()
    if suffix == ".png":
        png.write_png(path, pixels, recipe, device)
        return ()
    text = codec.encode(recipe).decode()
    packet = xmp.packet(text, device).encode()
    if suffix == ".webp":
        files.write_bytes(path, _encoded(pixels, "WEBP", xmp=packet, method=4))
        return ()
    notes: tuple[str, ...] = ()
    if len(packet) > _JPEG_XMP_LIMIT:
        packet = xmp.packet().encode()
        notes = (f"{path} holds no recipe: this one is too long for a JPEG; PNG holds any.",)
    opaque = on_white(pixels) if pixels.shape[2] == 4 else pixels
    files.write_bytes(path, _encoded(opaque, "JPEG", xmp=packet, subsampling=0))
    return notes


def on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a picture on white: [height, width, 1, 3 or 4] to [height, width, 3], uint8."""
    import numpy as np

    channels = pixels.shape[2]
    if channels == 3:
        return pixels
    if channels == 1:
        return np.repeat(pixels, 3, axis=2)
    alpha = pixels[:, :, 3:].astype(np.uint16)
    laid = (pixels[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return laid.astype(np.uint8)


def _encoded(pixels: NDArray[np.uint8], kind: str, **options: Any) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    plane = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    image = Image.fromarray(plane)
    try:
        image.save(buffer, kind, quality=_QUALITY, **options)
    except (OSError, ValueError) as error:
        raise StorageError(
            f"A picture of {image.width} x {image.height} pixels does not fit into {kind} "
            f"({error}); choose PNG."
        ) from error
    return buffer.getvalue()
