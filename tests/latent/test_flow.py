"""The smooth way past points: it closes, never jumps, never turns sharply."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.latent.walk import flow

POINTS = [np.array(p, float) for p in ((0, 0), (4, 1), (5, 5), (1, 6), (-2, 3))]


def between(a: np.ndarray, b: np.ndarray, t: float) -> np.ndarray:
    assert 0 <= t <= 1
    return a + (b - a) * t


def way(points: list[np.ndarray], places: np.ndarray, *, loop: bool) -> np.ndarray:
    return np.array([flow(points, place, between, loop=loop) for place in places])


@pytest.mark.parametrize("loop", [True, False])
def test_it_is_a_uniform_cubic_b_spline(loop: bool) -> None:
    places = np.linspace(0, 1, 301)
    found = way(POINTS, places, loop=loop)
    parts = 5 if loop else 4
    for place, point in zip(places.tolist(), found, strict=True):
        part = min(int(place * parts), parts - 1)
        t = place * parts - part
        weights = (
            (1 - t) ** 3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6,
            (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6, t**3 / 6,
        )  # fmt: skip
        near = [
            POINTS[(part + step) % 5 if loop else min(max(part + step, 0), 4)]
            for step in (-1, 0, 1, 2)
        ]
        wanted = sum(weight * one for weight, one in zip(weights, near, strict=True))
        assert np.allclose(point, wanted)


def test_a_loop_closes_without_a_kink() -> None:
    places = np.linspace(0, 1, 1001)
    found = way(POINTS, places, loop=True)
    assert np.allclose(found[0], found[-1])
    steps = np.diff(found, axis=0)
    turns = np.linalg.norm(np.diff(np.vstack([steps, steps[:1]]), axis=0), axis=1)
    assert turns.max() < 0.02 * np.linalg.norm(steps, axis=1).max() * 2
    assert np.linalg.norm(steps, axis=1).min() > 0, "it never stops"


def test_two_points_and_one_have_a_way_too() -> None:
    ends = way(POINTS[:2], np.linspace(0, 1, 11), loop=False)
    assert np.allclose(ends[:, 0] / 4, ends[:, 1])
    assert (np.diff(ends[:, 0]) >= 0).all()
    assert np.allclose(flow(POINTS[:1], 0.5, between), POINTS[0])
