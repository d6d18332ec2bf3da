"""Pictures as numbers: what the convolutions of a fixed network see, and distances between sets.

The network is the encoder of the bundled VAE of faces, which learned from icons and was never
trained with what is measured. Of each of its stages the mean and the deviation over all places
count, which tells textures and colours as well as shapes.

Fréchet distance (Heusel et al. 2017), https://arxiv.org/abs/1706.08500, on the leading components
of the real pictures; kernel distance (Bińkowski et al. 2018), https://arxiv.org/abs/1801.01401;
precision and recall (Kynkäänniemi et al. 2019), https://arxiv.org/abs/1904.06991.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]

COMPONENTS: Final = 64
NEIGHBOURS: Final = 5
_BATCH: Final = 32


class Features:
    """The fixed network."""

    def __init__(self, encoder: Path) -> None:
        """Take the encoder's graph: `image` [B, 3, S, S] in [-1, 1]."""
        model = onnx.load(encoder)
        self.side = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
        stages = [n.output[0] for n in model.graph.node if n.op_type == "Relu"]
        for name in stages:
            model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self._input, self._stages = model.graph.input[0].name, stages

    def of(self, pictures: NDArray[np.uint8]) -> Floats:
        """Pictures [N, H, W, 3] -> [N, features]."""
        rows = []
        for start in range(0, len(pictures), _BATCH):
            part = np.stack([self._scaled(p) for p in pictures[start : start + _BATCH]])
            given = part.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1.0
            maps = self._session.run(self._stages, {self._input: given})
            parts = [f(m.astype(np.float64), axis=(2, 3)) for m in maps for f in (np.mean, np.std)]
            rows.append(np.concatenate(parts, axis=1))
        return np.concatenate(rows)

    def _scaled(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if picture.shape[:2] == (self.side, self.side):
            return picture
        size = (self.side, self.side)
        return np.array(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


def reduced(real: Floats, *others: Floats) -> list[Floats]:
    """All sets on the leading components of the real ones, these first.

    In units in which a component of the real pictures has a variance of 1 in the mean.
    """
    middle = real.mean(axis=0)
    _, sizes, axes = np.linalg.svd(real - middle, full_matrices=False)
    count = min(COMPONENTS, len(real) // 4)
    unit = np.sqrt((sizes[:count] ** 2).mean() / len(real))
    return [(x - middle) @ axes[:count].T / unit for x in (real, *others)]


def frechet(a: Floats, b: Floats) -> float:
    """Fréchet distance of two normal distributions fitted to rows."""
    apart = a.mean(axis=0) - b.mean(axis=0)
    first, second = np.cov(a.T), np.cov(b.T)
    values = np.linalg.eigvals(first @ second).real.clip(min=0.0)
    return float(apart @ apart + np.trace(first + second) - 2.0 * np.sqrt(values).sum())


def kernel(a: Floats, b: Floats) -> float:
    """Unbiased squared maximum mean discrepancy with a cubic kernel."""
    width = a.shape[1]
    aa, bb, ab = ((x @ y.T / width + 1.0) ** 3 for x, y in ((a, a), (b, b), (a, b)))
    n, m = len(a), len(b)
    inside = (aa.sum() - np.trace(aa)) / (n * (n - 1)) + (bb.sum() - np.trace(bb)) / (m * (m - 1))
    return float(inside - 2.0 * ab.mean())


def precision_recall(real: Floats, made: Floats) -> tuple[float, float]:
    """The share of made pictures among real ones, and of real ones among made ones."""
    return _covered(real, made), _covered(made, real)


def _covered(centres: Floats, points: Floats) -> float:
    own = distances(centres, centres)
    reach = np.sort(own, axis=1)[:, NEIGHBOURS]
    return float((distances(points, centres) <= reach[None]).any(axis=1).mean())


def distances(a: Floats, b: Floats) -> Floats:
    """Euclidean distances: [len(a), len(b)]."""
    square = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2.0 * a @ b.T
    apart: Floats = np.sqrt(square.clip(min=0.0))
    return apart
