"""An upscaler: real pictures made smaller and enlarged again, beside a Lanczos filter.

The pictures are of a kind that none of the bundled upscalers saw: an icon set and photographs whose
licence would have bound them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from benchmarks.quality.sheets import write_sheet
from benchmarks.quality.subject import Pixels, Subject, crops
from benchmarks.quality.vae import psnr, ssim
from genstudio.engine.pixels import picture_hash
from genstudio.packs.manifest import Upscaler
from genstudio.recipe.values import PictureRef, UpscaleRecipe
from genstudio.training.config import DataConfig
from genstudio.training.data import read_dataset

_EACH: Final = 24
_SETS: Final = (
    ("icons", "icons.zip", DataConfig(size=128, keep={"style": ["openmoji"]})),
    (
        "photographs",
        "photos.zip",
        DataConfig(size=256, keep={"bucket": ["copyleft"], "category": ["landscape", "texture"]}),
    ),
)


def measure(subject: Subject, sheets: Path) -> dict[str, str]:
    """The table's rows; a sheet is written on the way."""
    rows: dict[str, str] = {}
    shown = []
    for name, source, config in _SETS:
        real = crops(read_dataset(subject.data / source, config), config.size, _EACH)
        sharp, soft = (_made(subject, real, blur) for blur in (0.0, 1.0))
        rows |= _compared(subject, name, real, sharp, soft)
        rowed = np.stack([part[:8] for part in (*sharp, real)], axis=1)
        shown.append(_resized(rowed.reshape(-1, *real.shape[1:]), 256))
    write_sheet(sheets / f"{subject.pack.id}.webp", shown, 3, 144)
    return rows


def _compared(
    subject: Subject,
    name: str,
    real: Pixels,
    sharp: tuple[Pixels, Pixels],
    soft: tuple[Pixels, Pixels],
) -> dict[str, str]:
    """Rows on pictures made smaller and enlarged by the filter and the pack, the filter's last.

    `soft` are those that were softened in between.
    """
    model = subject.pack.manifest.model
    assert isinstance(model, Upscaler)
    size, (plain, made) = real.shape[1], sharp
    steep, steep_plain = (_steepness(found) / _steepness(real) for found in (made, plain))
    told = f"{_EACH} {name} of {size} px made {model.scale} times smaller and enlarged again"
    softened = f"{name}, softened by a Gaussian of one pixel before"
    return {
        f"{told}: PSNR (by a Lanczos filter)": _decibels(real, *sharp),
        f"{name}: SSIM": f"{ssim(real, made):.3f} ({ssim(real, plain):.3f})",
        f"{name}: steepness of edges, as a share of the real pictures'": (
            f"{steep:.0%} ({steep_plain:.0%})"
        ),
        f"{softened}: PSNR (by a Lanczos filter)": _decibels(real, *soft),
    }


def _decibels(real: Pixels, plain: Pixels, made: Pixels) -> str:
    return f"{psnr(real, made):.1f} dB ({psnr(real, plain):.1f} dB)"


def _made(subject: Subject, real: Pixels, blur: float) -> tuple[Pixels, Pixels]:
    """Pictures made smaller, softened by `blur` pixels, and enlarged: by the filter, the pack."""
    model = subject.pack.manifest.model
    assert isinstance(model, Upscaler)
    size = real.shape[1]
    filtered = ImageFilter.GaussianBlur(blur)
    small = np.stack(
        [
            np.asarray(Image.fromarray(picture).filter(filtered))
            for picture in _resized(real, size // model.scale)
        ]
    )
    return _resized(small, size), np.stack([enlarged(subject, picture) for picture in small])


def enlarged(subject: Subject, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture [H, W, 3], enlarged by the pack."""
    ref = PictureRef(sha256=picture_hash(picture))
    recipe = UpscaleRecipe(model=subject.pack.ref, picture=ref)
    return subject.engine.render(recipe, picture=picture).pixels


def _resized(pictures: Pixels, size: int) -> Pixels:
    images = (Image.fromarray(picture) for picture in pictures)
    return np.stack([np.asarray(i.resize((size, size), Image.Resampling.LANCZOS)) for i in images])


def _steepness(pictures: Pixels) -> float:
    """The root of the mean squared difference of neighbouring pixels."""
    grey = pictures.astype(np.float64).mean(axis=3)
    steps = [np.square(np.diff(grey, axis=axis)).mean() for axis in (1, 2)]
    return float(np.sqrt(np.mean(steps)))
