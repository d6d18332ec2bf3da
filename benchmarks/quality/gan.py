"""A GAN: distances to the photographs beside those among them, copies, its critic, its seams."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.quality import features as feature
from benchmarks.quality.features import Features
from benchmarks.quality.sheets import write_sheet
from benchmarks.quality.subject import Pixels, Subject, random_crops
from genstudio.base.progress import NEVER
from genstudio.engine.families import gan
from genstudio.engine.pixels import to_model
from genstudio.packs.manifest import Gan

_COUNT: Final = 600
_CROPS: Final = 6000
_CHECKED: Final = 100
_SMALL: Final = 32


def measure(subject: Subject, sheets: Path, network: Features) -> dict[str, str]:
    """The table's rows; sheets are written on the way."""
    training, _ = subject.split
    side = subject.config.data.size
    real, other = (random_crops(training, side, _COUNT, seed) for seed in (1, 2))
    drawn = subject.drawn(range(_COUNT), truncation=1.0)
    made = drawn[:, :side, :side]
    rows = feature.reduced(network.of(real), network.of(other), network.of(made))
    precision, recall = feature.precision_recall(rows[0], rows[2])
    usual, covered = feature.precision_recall(rows[0], rows[1])
    found = {
        f"Fréchet distance of {_COUNT} samples to as many crops (crops to other crops)": (
            f"{feature.frechet(rows[0], rows[2]):.1f} ({feature.frechet(rows[0], rows[1]):.1f})"
        ),
        "kernel distance (crops to other crops)": (
            f"{feature.kernel(rows[0], rows[2]):.3f} ({feature.kernel(rows[0], rows[1]):.3f})"
        ),
        "precision and recall (of crops by other crops)": (
            f"{precision:.2f} and {recall:.2f} ({usual:.2f} and {covered:.2f})"
        ),
        **_copies(subject, made[:_CHECKED], side, sheets),
    }
    if subject.pack.manifest.has_critic:
        found["critic: how often it prefers a crop to a sample (0.5: cannot tell)"] = (
            f"{_separation(subject, real[:200], made[:200]):.2f}"
        )
    model = subject.pack.manifest.model
    if isinstance(model, Gan) and model.tileable:
        found |= {
            f"seams at {size} px: step across edges / between cells inside (any neighbours)": (
                f"{cells:.3f} ({any_two:.3f})"
            )
            for size in (256, 512, 1024)
            for cells, any_two in (_seam(subject, size),)
        }
    shown = [random_crops(training, side, 100, 3), subject.drawn(range(100))]
    write_sheet(sheets / f"{subject.pack.id}.webp", shown, 10, 72)
    return found


def _copies(subject: Subject, made: Pixels, side: int, sheets: Path) -> dict[str, str]:
    """How near samples are to training crops, beside how near photographs are to other ones."""
    training, _ = subject.split
    cut = random_crops(training, side, _CROPS, 4)
    cut = np.concatenate([cut, cut[:, :, ::-1]])
    owner = np.arange(len(cut)) % _CROPS % len(training.pictures)
    known, asked = shrunk(cut), shrunk(made)
    apart = feature.distances(asked, known)
    nearest = apart.argmin(axis=1)
    chosen = np.random.default_rng(5).choice(_CROPS, 300, replace=False)
    among = feature.distances(known[chosen], known)
    among[owner[chosen][:, None] == owner[None]] = np.inf
    usual = among.min(axis=1)
    ratio = np.median(apart.min(axis=1)) / np.median(usual)
    near = (apart.min(axis=1) < np.quantile(usual, 0.01)).mean()
    closest = np.argsort(apart.min(axis=1))[:50]
    pairs = np.stack([made[closest], cut[nearest[closest]]], axis=1)
    pairs = pairs.reshape(-1, *made.shape[1:])
    write_sheet(sheets / f"{subject.pack.id}-nearest.webp", [pairs], 10, 96)
    return {
        f"{len(made)} samples: distance to the nearest of {len(cut):,} crops / from a photograph's "
        "crop to another photograph's (far below 1: copies)": f"{ratio:.2f}",
        "samples nearer to a crop than 1 % of such crops are to each other": f"{near:.0%}",
    }


def shrunk(pictures: Pixels) -> NDArray[np.float64]:
    """Small versions as rows, so that distances are root mean square differences, 0 to 1."""
    small = [
        np.array(Image.fromarray(p).resize((_SMALL, _SMALL), Image.Resampling.BOX)).reshape(-1)
        for p in pictures
    ]
    return np.stack(small) / (255.0 * _SMALL * 3**0.5)


def _separation(subject: Subject, real: Pixels, made: Pixels) -> float:
    """The area under the critic's receiver operating curve."""
    pack, graphs = subject.pack, subject.graphs
    scores = [
        [gan.critic_score(to_model(p, pack.manifest.image), pack, graphs, NEVER) for p in part]
        for part in (real, made)
    ]
    a, b = (np.array(part) for part in scores)
    return float((a[:, None] > b[None]).mean())


def _seam(subject: Subject, size: int) -> tuple[float, float]:
    """The mean step of brightness across the edges, beside that between rows and columns inside.

    Beside all of them, and beside those at the borders of the cells that the model grows pictures
    from: an edge is always such a border, and steps there are as large as they are anywhere.
    """
    model = subject.pack.manifest.model
    assert isinstance(model, Gan)
    across, inside, borders = [], [], []
    for seed in range(16):
        recipe = subject.recipe(seed, width=size, height=size)
        grey = subject.engine.render(recipe).pixels.astype(float).mean(axis=2)
        for axis in (0, 1):
            steps = np.abs(np.roll(grey, -1, axis) - grey).mean(axis=1 - axis)
            across.append(steps[-1])
            inside.append(steps[:-1].mean())
            borders.append(steps[model.factor - 1 : -1 : model.factor].mean())
    edge = np.mean(across)
    return float(edge / np.mean(borders)), float(edge / np.mean(inside))
