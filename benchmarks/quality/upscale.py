"""An upscaler: real pictures made smaller and enlarged again, beside a Lanczos filter.

The pictures are of a kind that none of the bundled upscalers saw: an icon set and photographs whose
licence would have bound them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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
    model = subject.pack.manifest.model
    assert isinstance(model, Upscaler)
    rows: dict[str, str] = {}
    shown = []
    for name, source, config in _SETS:
        size = config.size
        real = crops(read_dataset(subject.data / source, config), size, _EACH)
        small = _resized(real, size // model.scale)
        plain = _resized(small, size)
        made = np.stack([enlarged(subject, picture) for picture in small])
        told = f"{_EACH} {name} of {size} px made {model.scale} times smaller and enlarged again"
        rows[f"{told}: PSNR (by a Lanczos filter)"] = (
            f"{psnr(real, made):.1f} dB ({psnr(real, plain):.1f} dB)"
        )
        rows[f"{name}: SSIM"] = f"{ssim(real, made):.3f} ({ssim(real, plain):.3f})"
        rows[f"{name}: steepness of edges, as a share of the real pictures'"] = (
            f"{_steepness(made) / _steepness(real):.0%} "
            f"({_steepness(plain) / _steepness(real):.0%})"
        )
        rowed = np.stack([plain[:8], made[:8], real[:8]], axis=1).reshape(-1, size, size, 3)
        shown.append(_resized(rowed, 256))
    write_sheet(sheets / f"{subject.pack.id}.webp", shown, 3, 144)
    return rows


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
