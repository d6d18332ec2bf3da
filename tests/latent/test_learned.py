"""Ways past learned pictures: by short hops, evenly, from end to end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genstudio.latent.learned import Learned

ARC = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, np.pi, 9)], np.float32) * 3


def chain(points: np.ndarray) -> Learned:
    """Learned pictures of which each has the one before and the one after as neighbours."""
    count = len(points)
    neighbours = np.array([[max(i - 1, 0), min(i + 1, count - 1)] for i in range(count)])
    apart = np.linalg.norm(points[neighbours] - points[:, None], axis=2) / 4.0
    return Learned(points, neighbours, apart.astype(np.float32))


def test_a_way_between_far_pictures_passes_those_that_lie_between() -> None:
    learned = chain(ARC)
    start, end = ARC[:1], ARC[-1:]
    way = np.concatenate([learned.at(start, end, t) for t in np.linspace(0, 1, 9)])
    np.testing.assert_allclose(way, ARC, atol=1e-3)
    # Straight, or over the sphere past the origin's other side, it would not.
    assert np.linalg.norm(learned.at(start, end, 0.5)) == pytest.approx(3.0, rel=1e-3)


def test_ends_that_were_not_learned_join_and_leave_by_what_is_near() -> None:
    learned = chain(ARC)
    start, end = ARC[:1] * np.float32(1.1), ARC[-1:] * np.float32(0.9)
    assert np.array_equal(learned.at(start, end, 0.0), start)
    assert np.array_equal(learned.at(start, end, 1.0), end)
    middle = learned.at(start, end, 0.5)
    assert np.linalg.norm(ARC[4] - middle) < 0.2


def test_a_way_between_near_ones_is_the_arc_of_a_sphere() -> None:
    learned = chain(ARC)
    start, end = (
        np.array([[np.cos(a), np.sin(a)]], np.float32) * np.float32(3.6) for a in (0, 0.1)
    )
    middle = learned.at(start, end, 0.5)
    assert np.linalg.norm(middle) == pytest.approx(3.6, rel=1e-3)


def test_where_nothing_leads_on_the_way_is_direct() -> None:
    islands = np.array([[9.0, 0.0], [9.1, 0.0], [-9.0, 0.5], [-9.1, 0.5]], np.float32)
    neighbours = np.array([[1], [0], [3], [2]])
    learned = Learned(islands, neighbours, np.full((4, 1), 0.01, np.float32))
    start, end = np.array([[0.0, 1.0]], np.float32), np.array([[1.0, 0.0]], np.float32)
    assert np.linalg.norm(learned.at(start, end, 0.5)) == pytest.approx(1.0, rel=1e-3)


def test_a_way_to_where_one_is_stays_there() -> None:
    assert np.array_equal(chain(ARC).at(ARC[:1], ARC[:1], 0.5), ARC[:1])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_way_is_even_and_the_same_each_time(seed: int) -> None:
    random = np.random.RandomState(seed)
    points = random.randn(20, 5).astype(np.float32)
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    neighbours = apart.argsort(axis=1)[:, 1:5]
    distances = np.take_along_axis(apart, neighbours, axis=1).astype(np.float32) / 3
    start, end = random.randn(2, 1, 5).astype(np.float32)
    places = np.linspace(0, 1, 100)
    twice = [Learned(points, neighbours, distances) for _ in range(2)]
    ways = [np.concatenate([one.at(start, end, t) for t in places]) for one in twice]
    assert np.array_equal(*ways)
    steps = np.linalg.norm(np.diff(ways[0], axis=0), axis=1)
    # A sphere's arc is longer than its chord, by which the pace is set.
    assert steps.max() < 4 * np.median(steps)
