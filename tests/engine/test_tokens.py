"""The choice of the next token: exact sets, honest frequencies, luck that belongs to its cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from genstudio.base.errors import EngineError
from genstudio.engine.tokens import Sampler, Sampling, blend, largest, nucleus

rows_of_logits = st.tuples(st.integers(1, 4), st.integers(2, 40)).flatmap(
    lambda shape: arrays(
        np.float32, shape, elements=st.floats(-30, 30, width=32, allow_subnormal=False)
    )
)


def probabilities(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


@given(rows_of_logits, st.data())
def test_top_k_keeps_exactly_k_and_none_smaller_than_one_left_out(logits, data):
    count = data.draw(st.integers(1, logits.shape[1] - 1))
    for row, places in zip(logits, largest(logits, count), strict=True):
        mask = np.isin(np.arange(len(row)), places)
        assert mask.sum() == count
        assert row[mask].min() >= row[~mask].max()


@given(rows_of_logits, st.floats(0.01, 0.999))
def test_top_p_keeps_the_smallest_set_that_reaches_the_mass(logits, mass):
    kept = nucleus(logits, mass)
    for row, mask in zip(probabilities(logits), kept, strict=True):
        assert mask.any()
        assert row[mask].sum() >= mass - 1e-5
        assert row[mask].sum() - row[mask].min() < mass + 1e-5
        if not mask.all():
            assert row[mask].min() >= row[~mask].max() * (1 - 1e-6)


@given(rows_of_logits, st.integers(0, 2**32 - 1))
def test_top_k_of_one_is_greedy(logits, seed):
    seeds = [seed] * len(logits)
    greedy = Sampler(Sampling(temperature=0), seeds, logits.shape[1]).draw(logits)
    only = Sampler(Sampling(temperature=3, top_k=1), seeds, logits.shape[1]).draw(logits)
    assert (greedy == only).all()
    assert (greedy == logits.argmax(axis=1)).all()


@given(
    rows_of_logits,
    st.floats(0, 10),
    st.integers(0, 50),
    st.floats(0.01, 1),
    st.integers(0, 2**32 - 1),
)
def test_a_drawn_token_is_one_of_those_left_in(logits, temperature, top_k, top_p, seed):
    sampling = Sampling(temperature, top_k, top_p)
    drawn = Sampler(sampling, [seed] * len(logits), logits.shape[1]).draw(logits)
    scaled = logits / np.float32(max(temperature, 1e-4))
    chosen = scaled[np.arange(len(logits)), drawn]
    if 0 < top_k < logits.shape[1]:
        scaled = np.take_along_axis(scaled, largest(scaled, top_k), axis=1)
    assert (chosen >= np.where(nucleus(scaled, top_p), scaled, np.inf).min(axis=1)).all()


@given(rows_of_logits, st.floats(0.001, 0.999), st.integers(0, 2**31), st.booleans())
def test_top_p_draws_what_luck_favours_among_those_left_in(logits, mass, seed, with_ties):
    logits = np.round(logits / 8) if with_ties else logits
    seeds = [seed + row for row in range(len(logits))]
    left = np.where(nucleus(logits, mass), logits, np.float32(-np.inf))
    wanted = Sampler(Sampling(), seeds, logits.shape[1]).draw(left)
    drawn = Sampler(Sampling(top_p=mass), seeds, logits.shape[1]).draw(logits)
    assert drawn.tolist() == wanted.tolist()


@given(rows_of_logits, st.integers(0, 2**31), st.integers(1, 5))
@settings(max_examples=50)
def test_a_candidate_draws_the_same_alone_as_in_a_batch(logits, seed, steps):
    seeds = [seed + row for row in range(len(logits))]
    sampling = Sampling(0.9, 20, 0.95)
    together = Sampler(sampling, seeds, logits.shape[1])
    drawn = np.array([together.draw(logits) for _ in range(steps)])
    for row, own_seed in enumerate(seeds):
        alone = Sampler(sampling, [own_seed], logits.shape[1])
        own = [int(alone.draw(logits[row : row + 1])[0]) for _ in range(steps)]
        assert own == drawn[:, row].tolist()


def test_frequencies_follow_the_softmax():
    logits = np.log(np.array([[0.5, 0.3, 0.15, 0.05]], np.float32))
    sampler = Sampler(Sampling(), [7], 4)
    counts = np.bincount([int(sampler.draw(logits)[0]) for _ in range(20_000)], minlength=4)
    assert np.abs(counts / counts.sum() - [0.5, 0.3, 0.15, 0.05]).max() < 0.015


def test_a_higher_temperature_spreads_the_draws():
    logits = np.log(np.array([[0.9, 0.1]], np.float32))

    def rare(temperature: float) -> int:
        sampler = Sampler(Sampling(temperature), [1], 2)
        return sum(int(sampler.draw(logits)[0]) for _ in range(2000))

    assert rare(0.5) < rare(1.0) < rare(3.0)


def test_a_skipped_cell_leaves_the_luck_of_the_next_one_alone():
    logits = np.zeros((1, 100), np.float32)
    drawing, skipping = (Sampler(Sampling(), [3], 100) for _ in range(2))
    drawing.draw(logits)
    skipping.skip()
    assert drawing.draw(logits) == skipping.draw(logits)


def test_rows_are_summed_by_their_coefficients_for_each_candidate():
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    coefficients = np.array([-1.0, 2.0], np.float32)
    mixed = blend(rows, coefficients)
    assert np.array_equal(mixed, [2 * rows[1] - rows[0], 2 * rows[3] - rows[2]])


def test_a_forbidden_token_stays_forbidden_under_guidance():
    rows = np.array([[0, -np.inf, 1], [0, -np.inf, 2]], np.float32)
    mixed = blend(rows, np.array([-2.0, 3.0], np.float32))
    assert np.isfinite(mixed).all()
    drawn = {int(Sampler(Sampling(5.0), [s], 3).draw(mixed)[0]) for s in range(200)}
    assert drawn == {0, 2}


def test_damaged_weights_are_told_in_words():
    logits = np.array([[0.0, np.nan, 1.0]], np.float32)
    for sampling in (Sampling(0), Sampling(1.0), Sampling(1.0, 2, 0.9)):
        with pytest.raises(EngineError, match="not numbers"):
            Sampler(sampling, [0], 3).draw(logits)
