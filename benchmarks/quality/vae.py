"""A VAE: held-out reconstructions, units of the latent in use, how even its morphs are.

SSIM (Wang et al. 2004), https://doi.org/10.1109/TIP.2003.819861; active units (Burda et al. 2016),
https://arxiv.org/abs/1509.00519.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from torch.nn import functional as F

from benchmarks.quality.sheets import write_sheet
from benchmarks.quality.subject import Subject, crops
from genstudio.recipe.values import Between, LatentRecipe

_HELD_OUT: Final = 200
_LATENTS: Final = 600
_PAIRS: Final = 40
_STEPS: Final = 16
_ACTIVE: Final = 0.01


def measure(subject: Subject, sheets: Path) -> dict[str, str]:
    """The table's rows; sheets are written on the way."""
    training, held_out = subject.split
    real = crops(held_out, subject.size, _HELD_OUT)
    again = np.stack([subject.again(picture) for picture in real])
    latents = np.stack([subject.latent(p) for p in crops(training, subject.size, _LATENTS)])
    active = latents.var(axis=0) > _ACTIVE
    evenness, detour = _smoothness(subject, real)
    pairs = np.stack([real[:50], again[:50]], axis=1).reshape(-1, *real.shape[1:])
    write_sheet(sheets / f"{subject.pack.id}-again.webp", [pairs], 10, 96)
    shown = [crops(training, subject.size, 100), subject.drawn(range(100))]
    write_sheet(sheets / f"{subject.pack.id}.webp", shown, 10, 72)
    return {
        f"PSNR of {len(real)} held-out reconstructions": f"{psnr(real, again):.1f} dB",
        "SSIM of the same (1: equal)": f"{ssim(real, again):.3f}",
        "active units of the latent": f"{active.mean():.0%} of {len(active)}",
        f"evenness of {_PAIRS} morphs of {_STEPS} steps: largest step / mean step (1: even)": (
            f"{evenness:.2f}"
        ),
        "their length / the straight way from end to end, in pixels": f"{detour:.2f}",
    }


def psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Mean over pictures, in decibels."""
    error = ((a.astype(float) - b) ** 2).mean(axis=(1, 2, 3)).clip(1e-3)
    return float((10.0 * np.log10(255.0**2 / error)).mean())


def ssim(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Mean structural similarity of the grey values, 11 x 11 windows weighted by a Gaussian."""
    x, y = (torch.from_numpy(p.astype(np.float64).mean(axis=3))[:, None] for p in (a, b))
    line = torch.exp(-((torch.arange(11) - 5.0) ** 2) / (2 * 1.5**2)).double()
    window = (line[:, None] * line[None] / line.sum() ** 2)[None, None]

    def mean(z: torch.Tensor) -> torch.Tensor:
        return F.conv2d(z, window)

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    return float(alike.mean())


def _smoothness(subject: Subject, real: NDArray[np.uint8]) -> tuple[float, float]:
    """(largest step / mean step, length / straight distance), means over morphs."""
    random = np.random.default_rng(0)
    uneven, detours = [], []
    for _ in range(_PAIRS):
        ends = []
        for index in random.choice(len(real), 2, replace=False):
            recipe = subject.engine.encode(subject.pack.ref, real[index])
            assert isinstance(recipe, LatentRecipe)
            ends.append(recipe)
        frames = [
            subject.engine.render(
                replace(
                    ends[0],
                    source=Between(a=ends[0].source, b=ends[1].source, t=t / _STEPS, how="linear"),
                )
            ).pixels.astype(float)
            for t in range(_STEPS + 1)
        ]
        steps = [np.sqrt(((a - b) ** 2).mean()) for a, b in pairwise(frames)]
        uneven.append(max(steps) / max(np.mean(steps), 1e-9))
        detours.append(sum(steps) / max(np.sqrt(((frames[0] - frames[-1]) ** 2).mean()), 1e-9))
    return float(np.mean(uneven)), float(np.mean(detours))
