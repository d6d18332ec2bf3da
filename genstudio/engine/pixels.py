"""Pictures as files, as pixels and as the tensors that models take and give.

Pixels are uint8 [height, width, channels] with 1 (grey), 3 (RGB) or 4 (RGBA) channels; tensors are
float32 [batch, channels, height, width] in the model's value range.
"""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from genstudio.base.errors import EngineError, PictureError
from genstudio.packs.manifest import Image

PIXEL_LIMIT = 64_000_000
"""The most pixels a picture from outside may have: 8,000 x 8,000."""

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Read a picture file, upright by its EXIF orientation: uint8 [H, W, 1, 3 or 4].

    The size is checked from the header, before anything is decoded.

    Raises:
        PictureError: not there, no picture, truncated, or of more than `PIXEL_LIMIT` pixels.
    """
    try:
        with warnings.catch_warnings():
            # Pillow's own alarm for large pictures; the limit below is stricter.
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(path) as picture:
                _check_size(path, picture.width, picture.height)
                return _as_pixels(ImageOps.exif_transpose(picture))
    except PictureError:
        raise
    except FileNotFoundError as error:
        raise PictureError(f"There is no picture {path}; check the path.") from error
    except Pillow.DecompressionBombError as error:
        raise PictureError(f"The picture {path} is too large; {_advice()}.") from error
    except UnidentifiedImageError as error:
        raise PictureError(
            f"{path} is not a picture that GenStudio reads; use PNG, JPEG, WebP, TIFF or GIF."
        ) from error
    # Pillow's decoders raise many kinds of error for damaged files.
    except Exception as error:
        raise PictureError(
            f"The picture {path} cannot be read, it may be damaged: {error}."
        ) from error


def fit_picture(
    pixels: NDArray[np.uint8], width: int, height: int, channels: int
) -> NDArray[np.uint8]:
    """The middle of a picture at a model's size and number of channels.

    It is cut to the wanted proportions, scaled with a Lanczos filter, and laid on white where the
    model has no transparency.
    """
    picture = ImageOps.fit(
        Pillow.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels),
        (width, height),
        Pillow.Resampling.LANCZOS,
    )
    if picture.mode == "RGBA" and channels != 4:
        ground = Pillow.new("RGBA", picture.size, "white")
        picture = Pillow.alpha_composite(ground, picture)
    return _as_array(picture.convert(_MODES[channels]))


def to_model(pixels: NDArray[np.uint8], image: Image) -> NDArray[np.float32]:
    """Pixels [H, W, C] as a batch of one [1, C, H, W] in the model's value range."""
    low, high = image.range
    scaled = pixels.astype(np.float32) * np.float32((high - low) / 255.0) + np.float32(low)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def to_pixels(batch: NDArray[Any], image: Image, model: str = "") -> list[NDArray[np.uint8]]:
    """A model's pictures [B, C, H, W] as pixels [H, W, C] each. `model`: its id, for refusals.

    Raises:
        EngineError: the model gave numbers that are no picture (NaN, infinite, wrong shape).
    """
    name = f"The model {model}" if model else "The model"
    if batch.ndim != 4 or batch.shape[1] != image.channels or not batch.size:
        raise EngineError(
            f"{name} gave a tensor of the shape {list(batch.shape)} where a picture of "
            f"{image.channels} channels was due; check the pack with genstudio models check."
        )
    # One sum finds any NaN or infinity without a temporary the size of the picture.
    if not np.isfinite(batch.sum(dtype=np.float64)):
        raise EngineError(
            f"{name} gave numbers that are no picture (not finite); smaller slider moves or the "
            "CPU may help, or the pack is broken."
        )
    low, high = image.range
    scaled = (batch.astype(np.float32) - np.float32(low)) * np.float32(255.0 / (high - low))
    np.clip(scaled, 0.0, 255.0, out=scaled)
    rounded = np.rint(scaled, out=scaled).astype(np.uint8)
    return [np.ascontiguousarray(picture.transpose(1, 2, 0)) for picture in rounded]


def picture_hash(pixels: NDArray[np.uint8]) -> str:
    """The SHA-256 that `PictureRef` holds."""
    height, width, channels = pixels.shape
    digest = hashlib.sha256(f"{width}x{height}x{channels}:".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def _check_size(path: Path, width: int, height: int) -> None:
    if width * height > PIXEL_LIMIT:
        raise PictureError(
            f"The picture {path} has {width:,} x {height:,} pixels, too many; {_advice()}."
        )


def _advice() -> str:
    return f"scale it down to at most {PIXEL_LIMIT // 1_000_000} million pixels"


def _as_pixels(picture: Pillow.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith(("I", "F")):
        # 16-bit greys: Pillow's own conversion would cut them off at 255.
        deep = np.asarray(picture, np.float32)
        scale = 255.0 / 65535.0 if deep.max(initial=0) > 255 else 1.0
        grey: NDArray[np.uint8] = np.clip(np.rint(deep * scale), 0, 255).astype(np.uint8)
        return grey[:, :, None]
    if picture.mode in ("L", "1"):
        return _as_array(picture.convert("L"))
    transparent = (
        picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    )
    return _as_array(picture.convert("RGBA" if transparent else "RGB"))


def _as_array(picture: Pillow.Image) -> NDArray[np.uint8]:
    pixels = np.asarray(picture, np.uint8)
    return pixels[:, :, None] if pixels.ndim == 2 else pixels
