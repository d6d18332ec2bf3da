import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from genstudio.latent.interpolate import lerp, slerp
from genstudio.latent.mixing import mix_layers, move_layers
from genstudio.latent.noise import gaussian
from genstudio.latent.walk import positions

numbers = st.floats(-100, 100, width=32)
pairs = npst.array_shapes(min_dims=2, max_dims=4, max_side=5).flatmap(
    lambda shape: st.tuples(
        npst.arrays(np.float32, shape, elements=numbers),
        npst.arrays(np.float32, shape, elements=numbers),
    )
)
fractions = st.floats(0, 1)
quick = settings(deadline=None, max_examples=40)


@pytest.mark.parametrize("way", [lerp, slerp])
@quick
@given(pair=pairs)
def test_the_ends_are_exact(way, pair):
    assert np.array_equal(way(*pair, 0.0), pair[0])
    assert np.array_equal(way(*pair, 1.0), pair[1])


@quick
@given(pair=pairs, t=fractions)
def test_every_latent_between_two_is_finite_and_no_longer_than_the_longer(pair, t):
    between = slerp(*pair, t)
    assert between.shape == pair[0].shape
    assert between.dtype == np.float32
    lengths = [np.linalg.norm(x.reshape(len(x), -1), axis=1) for x in (*pair, between)]
    assert (lengths[2] <= np.maximum(lengths[0], lengths[1]) * (1 + 1e-4) + 1e-4).all()


@quick
@given(pair=pairs, t=fractions)
def test_a_batch_goes_the_way_of_each_latent_alone(pair, t):
    together = slerp(*pair, t)
    alone = [slerp(a[None], b[None], t)[0] for a, b in zip(*pair, strict=True)]
    np.testing.assert_allclose(together, np.stack(alone), rtol=1e-5, atol=1e-5)


@quick
@given(seed=st.integers(0, 1000), t=fractions)
def test_the_spherical_way_between_equally_long_latents_keeps_the_length(seed, t):
    a, b = gaussian(seed, (2, 3, 4, 4))[:, None]
    b = b * np.float32(np.linalg.norm(a) / np.linalg.norm(b))
    assert np.linalg.norm(slerp(a, b, t)) == pytest.approx(np.linalg.norm(a), rel=1e-4)


@pytest.mark.parametrize("factor", [0.0, 1.0, 2.5, -1.0])
def test_parallel_opposite_and_zero_latents_take_the_straight_way(factor):
    a = gaussian(1, (2, 6))
    b = a * np.float32(factor)
    np.testing.assert_allclose(slerp(a, b, 0.3), lerp(a, b, 0.3), atol=1e-5)


def test_a_seed_is_that_of_stylegans_tools():
    expected = np.random.RandomState(7).randn(1, 512).astype(np.float32)
    assert np.array_equal(gaussian(7, (1, 512)), expected)
    assert gaussian(7, (1, 512)).dtype == np.float32


def test_mixing_and_moving_touch_only_the_layers_named():
    w, other = gaussian(0, (2, 6, 4)), gaussian(1, (2, 6, 4))
    mixed = mix_layers(w, other, (2, 4))
    assert np.array_equal(mixed[:, 2:4], other[:, 2:4])
    assert np.array_equal(np.delete(mixed, [2, 3], 1), np.delete(w, [2, 3], 1))
    moved = move_layers(w, np.ones(4, np.float32), (0, 3))
    np.testing.assert_allclose(moved[:, :3], w[:, :3] + 1)
    assert np.array_equal(moved[:, 3:], w[:, 3:])


@quick
@given(st.integers(2, 9), st.integers(2, 200), st.sampled_from(["linear", "ease-in-out"]))
def test_a_walk_goes_forward_from_the_first_keyframe_to_the_last(keyframes, frames, easing):
    found = positions(keyframes, frames, easing)
    assert len(found) == frames
    along = [start + t for start, _, t in found]
    assert along[0] == 0
    assert along[-1] == keyframes - 1
    assert along == sorted(along)


def test_a_loop_stops_one_step_before_its_start():
    assert positions(3, 6, loop=True) == [
        (0, 1, 0.0),
        (0, 1, 0.5),
        (1, 2, 0.0),
        (1, 2, 0.5),
        (2, 0, 0.0),
        (2, 0, 0.5),
    ]


def test_walks_of_one_keyframe_stand_still():
    assert positions(1, 3) == [(0, 0, 0.0)] * 3
