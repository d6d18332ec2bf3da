"""A VAE: held-out reconstructions, units of the latent in use, how even its morphs are.

SSIM (Wang et al. 2004), https://doi.org/10.1109/TIP.2003.819861; active units (Burda et al. 2016),
https://arxiv.org/abs/1509.00519.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from benchmarks.quality.sheets import write_sheet
from benchmarks.quality.subject import Subject, crops
from genstudio.recipe.tween import tween
from genstudio.recipe.values import Recipe, Way

_HELD_OUT: Final = 200
_LATENTS: Final = 600
_PAIRS: Final = 40
_STEPS: Final = 16
_SHOWN: Final = 10
"""Morphs on the sheet."""
_ACTIVE: Final = 0.01


def measure(subject: Subject, sheets: Path) -> dict[str, str]:
    """The table's rows; sheets are written on the way."""
    training, held_out = subject.split
    real = crops(held_out, subject.size, _HELD_OUT)
    again = np.stack([subject.again(picture) for picture in real])
    latents = np.stack([subject.latent(p) for p in crops(training, subject.size, _LATENTS)])
    active = latents.var(axis=0) > _ACTIVE
    ends = [subject.engine.encode(subject.pack.ref, picture) for picture in real]
    keeps_learned = "learned" in subject.pack.manifest.graphs
    ways: tuple[Way, ...] = ("linear", "learned") if keeps_learned else ("linear",)
    morphs = {way: _morphs(subject, ends, way) for way in ways}
    known = _small(crops(training, subject.size, len(training.pictures)))
    pairs = np.stack([real[:50], again[:50]], axis=1).reshape(-1, *real.shape[1:])
    write_sheet(sheets / f"{subject.pack.id}-again.webp", [pairs], 10, 96)
    shown = [crops(training, subject.size, 100), subject.drawn(range(100))]
    write_sheet(sheets / f"{subject.pack.id}.webp", shown, 10, 72)
    films = [morph[:_SHOWN, ::2].reshape(-1, *real.shape[1:]) for morph in morphs.values()]
    write_sheet(sheets / f"{subject.pack.id}-morphs.webp", films, _STEPS // 2 + 1, 72)
    return {
        f"PSNR of {len(real)} held-out reconstructions": f"{psnr(real, again):.1f} dB",
        "SSIM of the same (1: equal)": f"{ssim(real, again):.3f}",
        "active units of the latent": f"{active.mean():.0%} of {len(active)}",
        **{k: v for way, morph in morphs.items() for k, v in _told(way, morph, known).items()},
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


def _morphs(subject: Subject, ends: Sequence[Recipe], how: Way) -> NDArray[np.uint8]:
    """Films of the way `how` between some of `ends`: [pairs, steps + 1, S, S, 3]."""
    random = np.random.default_rng(0)
    pairs = [random.choice(len(ends), 2, replace=False) for _ in range(_PAIRS)]
    films = [
        [
            subject.engine.render(tween(ends[a], ends[b], t / _STEPS, how)).pixels
            for t in range(_STEPS + 1)
        ]
        for a, b in pairs
    ]
    return np.array(films)


def _told(how: Way, films: NDArray[np.uint8], known: NDArray[np.float64]) -> dict[str, str]:
    """How even films are, how long, and how far from learned pictures, which are `known`."""
    way = "past learned pictures" if how == "learned" else "straight"
    seen = films.astype(float)
    steps = np.sqrt(((seen[:, 1:] - seen[:, :-1]) ** 2).mean(axis=(2, 3, 4)))
    direct = np.sqrt(((seen[:, -1] - seen[:, 0]) ** 2).mean(axis=(1, 2, 3)))
    uneven = steps.max(axis=1) / steps.mean(axis=1).clip(1e-9)
    middle = films[:, _STEPS // 4 : -(_STEPS // 4)].reshape(-1, *films.shape[2:])
    strange = [np.sqrt(((known - one) ** 2).mean(axis=1)).min() for one in _small(middle)]
    return {
        f"{len(films)} morphs {way}, {_STEPS} steps: largest step / mean step (1: even)": (
            f"{uneven.mean():.2f}"
        ),
        f"their length / the distance of their ends, in pixels ({way})": (
            f"{(steps.sum(axis=1) / direct.clip(1e-9)).mean():.2f}"
        ),
        f"distance of their middle half to the nearest learned picture, of 255 ({way})": (
            f"{np.mean(strange):.1f}"
        ),
    }


def _small(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Pictures [N, S, S, 3] at 32 pixels a side: [N, numbers]."""
    step = pictures.shape[1] // 32
    blocks = pictures.astype(float).reshape(len(pictures), 32, step, 32, step, 3)
    small: NDArray[np.float64] = blocks.mean(axis=(2, 4)).reshape(len(pictures), -1)
    return small
