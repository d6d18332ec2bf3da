"""Pictures on a plane: like ones near each other, all of the plane in use."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.layout import by_likeness


def shade(red: int, green: int) -> np.ndarray:
    return np.full((16, 16, 3), (red, green, 60), np.uint8)


def test_like_pictures_lie_close_together_and_unlike_ones_apart() -> None:
    chance = np.random.default_rng(0)
    colours = chance.integers(0, 256, (60, 2))
    places = by_likeness([shade(*colour) for colour in colours.tolist()])
    assert places.shape == (60, 2)
    apart = np.linalg.norm(colours[:, None] - colours[None], axis=2)
    far = np.linalg.norm(places[:, None] - places[None], axis=2)
    order = np.corrcoef(apart[np.triu_indices(60, 1)], far[np.triu_indices(60, 1)])[0, 1]
    assert order > 0.8


def test_the_plane_is_used_all_over_and_always_in_the_same_way() -> None:
    chance = np.random.default_rng(1)
    pictures = list(chance.integers(0, 256, (50, 24, 16, 3), np.uint8))
    places = by_likeness(pictures)
    for axis in places.T:
        assert np.allclose(np.sort(axis), np.linspace(0, 1, 50), atol=1e-6)
    assert np.array_equal(by_likeness(pictures), places)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_few_pictures_have_places_too(count: int) -> None:
    places = by_likeness([shade(9, 9)] * count)
    assert places.shape == (count, 2)
    assert ((places >= 0) & (places <= 1)).all()
