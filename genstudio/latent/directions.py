"""Directions in a latent space along which pictures change in one way.

A direction's vector is as long as one standard deviation of the model's latents along it, so a
move of 1 means about the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import RecipeError
from genstudio.latent import raw

Kind = Literal["named", "principal", "closed-form", "raw"]
Space = Literal["w", "latent"]

_PENALTIES = np.logspace(-4, 4, 25)
"""Ridge penalties that are tried, as multiples of the mean squared singular value."""

_HELD_OUT = 4
"""One sample in so many is kept apart to measure R²."""

_POOLED_SIDE = 4
"""Spatial latents are seen as at most this many blocks a side."""

_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Direction:
    """One direction.

    `vector` has the shape of one latent (w: [w]). `share` is what it explains, 0 to 1: for a named
    one R² of the attribute on held-out samples, for a principal one its share of the variance, for
    a closed-form one its share of the weights' squared size, for a raw one nothing. `change` is how
    much the attribute (in its own unit, see `latent.attributes`) changes a move of 1; 0 for those
    without attribute.
    """

    name: str
    kind: Kind
    vector: NDArray[np.float32]
    share: float
    change: float = 0.0


@dataclass(frozen=True, eq=False)
class Directions:
    """All directions of a model, named ones first. `space`: "w" per layer, or "latent".

    Beside those found in it, every single number of the latent is a direction. `deviations` has
    the shape of one latent and holds each number's standard deviation.
    """

    space: Space
    found: tuple[Direction, ...]
    deviations: NDArray[np.float32]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the found directions in order; `raw_name` gives the others."""
        return tuple(direction.name for direction in self.found)

    @property
    def raw_count(self) -> int:
        """How many numbers one latent (w: of one layer) has."""
        return self.deviations.size

    def raw_name(self, index: int) -> str:
        """The name of the direction along the latent's number at `index`, counted from 0."""
        return raw.raw_name(index)

    def find(self, name: str) -> Direction:
        """The direction of a name. Raises `RecipeError`, which lists the names there are."""
        for direction in self.found:
            if direction.name == name:
                return direction
        index = raw.raw_index(name)
        if index is not None and index < self.raw_count:
            return self._along(index)
        there = [*self.names, f"{raw.raw_name(0)} to {raw.raw_name(self.raw_count - 1)}"]
        raise RecipeError(f"The model has no direction {name[:60]!r}; it has: {', '.join(there)}.")

    def _along(self, index: int) -> Direction:
        vector = np.zeros_like(self.deviations)
        vector.flat[index] = self.deviations.flat[index]
        return Direction(raw.raw_name(index), "raw", vector, 0.0)


def principal(
    latents: NDArray[np.float32], count: int, coordinates: NDArray[np.floating] | None = None
) -> list[Direction]:
    """The `count` directions of most variance, most first.

    Without `coordinates` they are those of the latents [N, ...] themselves (GANSpace in w; Härkönen
    et al. 2020, https://arxiv.org/abs/2004.02546, section 3.1). Where latents are equally wide in
    all directions that says nothing: then `coordinates` [N, M] are what a model makes of them, and
    each of its principal directions is carried back to the latents by regression (section 3.2).
    """
    rows = _centred(latents)
    seen = rows if coordinates is None else _centred(coordinates)
    values, scores = _components(seen, count)
    total = float((seen**2).sum()) or 1.0
    found: list[Direction] = []
    carried = rows if coordinates is None else _centred(pooled(latents))
    for value, score in zip(values, scores.T, strict=True):
        vector = carried.T @ score
        if coordinates is not None:
            vector = spread(vector, latents.shape[1:])
        unit = _signed(_unit(vector))
        name = f"principal {len(found) + 1}"
        found.append(_direction(name, "principal", unit, latents, float(value) / total))
    return found


def closed_form(
    weights: Sequence[NDArray[np.floating]], latents: NDArray[np.float32], count: int
) -> list[Direction]:
    """The directions that affine layers enlarge most: eigenvectors of AᵀA.

    A stacks the weights [outputs, D] of the layers that read the latent [N, D]. SeFa: Shen and
    Zhou 2021, https://arxiv.org/abs/2007.06600.
    """
    stacked = np.concatenate([weight.astype(np.float64) for weight in weights])
    _, sizes, vectors = np.linalg.svd(stacked, full_matrices=False)
    shares = sizes**2 / (float((sizes**2).sum()) or 1.0)
    return [
        _direction(f"closed-form {i + 1}", "closed-form", _signed(vectors[i]), latents, shares[i])
        for i in range(min(count, len(sizes)))
        if shares[i] > _TINY
    ]


def named(
    latents: NDArray[np.float32],
    attributes: Mapping[str, NDArray[np.float64]],
    least: float = 0.2,
) -> list[Direction]:
    """A direction for each attribute [N] that a line through the latents [N, ...] explains.

    Ridge regression (Hoerl and Kennard 1970); the penalty is the one with the smallest
    leave-one-out error, R² is measured on a quarter of the samples that the fit has not seen, and
    attributes below `least` are left out. The direction is the slope, so + means more. Spatial
    latents [N, C, h, w] are regressed by the means of a few blocks, for there are more numbers in
    them than samples.
    """
    features = pooled(latents)
    kept_out = np.arange(len(latents)) % _HELD_OUT == _HELD_OUT - 1
    fit, whole = _Ridge(features[~kept_out]), _Ridge(features)
    found: list[Direction] = []
    for name, values in attributes.items():
        if values.std() < 1e-6 or not np.isfinite(values).all():
            continue
        slope, constant, penalty = fit.solve(values[~kept_out])
        share = _r_squared(values[kept_out], features[kept_out] @ slope + constant)
        if share < least:
            continue
        slope = whole.solve(values, penalty)[0]
        full = spread(slope, latents.shape[1:])
        direction = _direction(name, "named", _unit(full), latents, share)
        change = float(direction.vector.reshape(-1) @ full)
        found.append(Direction(name, "named", direction.vector, share, change))
    return found


def pooled(latents: NDArray[np.floating]) -> NDArray[np.float64]:
    """Latents [N, ...] as features [N, M]: vectors as they are, spatial ones by their blocks.

    A feature of [N, C, h, w] is a block's mean times the root of its size, so that the features
    are the latent's coordinates along unit latents that are even within a block.
    """
    if latents.ndim != 4:
        return latents.reshape(len(latents), -1).astype(np.float64)
    down, across = _blocks(latents.shape[2]), _blocks(latents.shape[3])
    blocks = down.T @ latents.astype(np.float64) @ across
    return blocks.reshape(len(latents), -1)


def spread(features: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The latent, flat, of the shape `shape` that has these features [M] and is even in blocks."""
    if len(shape) != 3:
        return features
    down, across = _blocks(shape[1]), _blocks(shape[2])
    blocks = features.reshape(shape[0], down.shape[1], across.shape[1])
    return np.ascontiguousarray(down @ blocks @ across.T).reshape(-1)


class _Ridge:
    """Ridge regressions on the same features [N, M], by one singular value decomposition."""

    def __init__(self, features: NDArray[np.float64]) -> None:
        self._mean = features.mean(axis=0)
        self._u, self._s, self._vt = np.linalg.svd(features - self._mean, full_matrices=False)
        self._scale = float((self._s**2).mean()) or 1.0

    def solve(
        self, values: NDArray[np.float64], penalty: float | None = None
    ) -> tuple[NDArray[np.float64], float, float]:
        """Slope [M], constant and penalty; without one, that of the least left-out error."""
        mean = float(values.mean())
        along = self._u.T @ (values - mean)
        if penalty is None:
            errors = [self._left_out(values - mean, along, p) for p in _PENALTIES]
            penalty = float(_PENALTIES[int(np.argmin(errors))])
        slope: NDArray[np.float64] = self._vt.T @ (
            along * self._s / (self._s**2 + penalty * self._scale)
        )
        return slope, mean - float(self._mean @ slope), penalty

    def _left_out(
        self, values: NDArray[np.float64], along: NDArray[np.float64], penalty: float
    ) -> float:
        """The mean squared error on each sample of the fit without it, in closed form."""
        shrunk = self._s**2 / (self._s**2 + penalty * self._scale)
        residual = values - self._u @ (shrunk * along)
        leverage = (self._u**2) @ shrunk + 1 / len(values)
        return float(((residual / np.maximum(1 - leverage, 1e-6)) ** 2).mean())


def _blocks(side: int) -> NDArray[np.float64]:
    """[side, blocks]: unit columns, each even over its block."""
    count = min(side, _POOLED_SIDE)
    belongs = np.arange(side)[:, None] * count // side == np.arange(count)
    columns: NDArray[np.float64] = belongs / np.sqrt(belongs.sum(axis=0))
    return columns


def _components(
    rows: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The largest eigenvalues of rows x rowsᵀ and the samples' scores [N, count].

    By whichever of the two products is smaller, since spatial latents are far wider than many.
    """
    wide = rows.shape[1] > rows.shape[0]
    values, vectors = np.linalg.eigh(rows @ rows.T if wide else rows.T @ rows)
    order = np.argsort(values)[::-1][:count]
    order = order[values[order] > _TINY * max(float(values.max()), _TINY)]
    scores = vectors[:, order] if wide else rows @ vectors[:, order]
    return values[order], scores


def _direction(
    name: str,
    kind: Kind,
    unit: NDArray[np.float64],
    latents: NDArray[np.float32],
    share: float,
) -> Direction:
    deviation = float((latents.reshape(len(latents), -1) @ unit).std())
    vector = (unit * deviation).astype(np.float32).reshape(latents.shape[1:])
    return Direction(name, kind, vector, float(share))


def _centred(samples: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = samples.reshape(len(samples), -1).astype(np.float64)
    centred: NDArray[np.float64] = rows - rows.mean(axis=0)
    return centred


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = vector / (float(np.linalg.norm(vector)) or 1.0)
    return unit


def _signed(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sign of a component is arbitrary: make its largest number positive, always the same."""
    return vector if vector[np.argmax(np.abs(vector))] >= 0 else -vector


def _r_squared(values: NDArray[np.float64], predicted: NDArray[np.float64]) -> float:
    spread = float(((values - values.mean()) ** 2).sum())
    return 1 - float(((values - predicted) ** 2).sum()) / spread if spread > 0 else 0.0
