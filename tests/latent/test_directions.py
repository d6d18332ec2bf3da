import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genstudio.base.errors import RecipeError
from genstudio.latent.attributes import NAMES, measure
from genstudio.latent.directions import (
    Direction,
    Directions,
    closed_form,
    named,
    pooled,
    principal,
    spread,
)
from genstudio.latent.noise import gaussian


def cosine(a, b):
    a, b = a.reshape(-1), b.reshape(-1)
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_the_widest_axis_is_the_first_principal_direction_one_deviation_long():
    latents = gaussian(0, (2000, 5)) * np.array([1, 1, 7, 1, 3], np.float32) + 4
    first, second = principal(latents, 2)
    assert (first.name, second.name) == ("principal 1", "principal 2")
    assert cosine(first.vector, np.eye(5)[2]) > 0.999
    assert np.linalg.norm(first.vector) == pytest.approx(latents[:, 2].std(), rel=0.01)
    assert first.share == pytest.approx(49 / 61, abs=0.03)


@pytest.mark.parametrize("shape", [(300, 6), (40, 300), (40, 3, 10, 10)])
def test_principal_directions_are_those_of_numpys_svd(shape):
    latents = gaussian(2, shape)
    rows = latents.reshape(len(latents), -1)
    _, sizes, expected = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    for index, direction in enumerate(principal(latents, 3)):
        assert abs(cosine(direction.vector, expected[index])) > 0.999
        assert direction.share == pytest.approx(sizes[index] ** 2 / (sizes**2).sum(), rel=1e-3)


def test_even_latents_get_the_directions_of_what_the_model_makes_of_them():
    latents = gaussian(0, (500, 6))
    made = np.stack([5 * latents[:, 4], latents[:, 1]], axis=1)
    first, second = principal(latents, 2, made)
    assert cosine(first.vector, np.eye(6)[4]) > 0.95
    assert abs(cosine(second.vector, np.eye(6)[1])) > 0.9


def test_the_closed_form_finds_the_axis_that_the_layers_enlarge():
    weights = [gaussian(1, (20, 8)) * 0.1, gaussian(2, (12, 8)) * 0.1]
    weights[1][:, 3] *= 50
    first = closed_form(weights, gaussian(0, (400, 8)), 4)[0]
    assert first.name == "closed-form 1"
    assert cosine(first.vector, np.eye(8)[3]) > 0.99
    assert np.linalg.norm(first.vector) == pytest.approx(1, abs=0.1)


def test_what_the_latent_explains_is_named_and_what_it_does_not_is_left_out():
    latents = gaussian(0, (400, 10)) * 2
    true = gaussian(1, (10,))
    noise = np.random.RandomState(5).randn(2, 400)
    explained = latents @ true + noise[0]
    found = named(latents, {"warmth": explained, "detail": noise[1], "contrast": np.ones(400)})
    assert [direction.name for direction in found] == ["warmth"]
    assert cosine(found[0].vector, true) > 0.98
    assert found[0].share > 0.8
    assert found[0].change == pytest.approx((latents @ true).std(), rel=0.1)


def test_a_named_direction_of_spatial_latents_is_found_from_fewer_samples_than_numbers():
    latents = gaussian(0, (256, 4, 16, 16))
    brightness = latents[:, 2].mean(axis=(1, 2)).astype(np.float64)
    (found,) = named(latents, {"brightness": brightness})
    assert found.vector.shape == (4, 16, 16)
    expected = np.zeros((4, 16, 16))
    expected[2] = 1
    assert cosine(found.vector, expected) > 0.95
    assert found.share > 0.8


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_spreading_features_gives_a_latent_with_those_features(channels, height, width, seed):
    latents = gaussian(seed, (1, channels, height, width))
    features = pooled(latents)
    again = spread(features[0], latents.shape[1:]).reshape(latents.shape)
    np.testing.assert_allclose(pooled(again), features, atol=1e-9)


def test_an_unknown_direction_is_refused_with_the_names_there_are():
    one = Direction("warmth", "named", np.ones(2, np.float32), 0.5)
    directions = Directions("w", (one,), np.ones(2, np.float32))
    assert directions.find("warmth") is one
    with pytest.raises(
        RecipeError, match="no direction 'colour'; it has: warmth, latent 1 to latent 2"
    ):
        directions.find("colour")


def test_a_raw_latent_is_one_number_of_the_flat_latent_and_one_deviation_long():
    deviations = np.arange(1, 7, dtype=np.float32).reshape(2, 3)
    directions = Directions("latent", (), deviations)
    assert directions.names == ()
    names = [directions.raw_name(index) for index in range(directions.raw_count)]
    assert names[0] == "latent 1"
    vectors = [directions.find(name).vector for name in names]
    assert all(vector.shape == (2, 3) for vector in vectors)
    np.testing.assert_array_equal([v.reshape(-1) for v in vectors], np.diag(deviations.reshape(-1)))


@pytest.mark.parametrize("name", ["latent 0", "latent 7", "latent -1", "latent 01", "latent"])
def test_a_raw_latent_beyond_those_there_are_is_refused(name):
    directions = Directions("latent", (), np.ones((2, 3), np.float32))
    with pytest.raises(RecipeError, match="it has: latent 1 to latent 6"):
        directions.find(name)


def picture(value, shape=(1, 8, 8, 3)):
    return np.full(shape, value, np.float32)


def test_attributes_mean_what_their_names_say():
    halves = picture(0.0)
    halves[:, :, 4:] = 1
    top = picture(0.0)
    top[:, :4] = 1
    red = picture(0.0)
    red[..., 0] = 1
    stripes = picture(0.0)
    stripes[:, :, ::2] = 1
    assert measure(picture(0.7))["brightness"] == pytest.approx(0.7)
    assert measure(halves)["horizontal_balance"] == pytest.approx(1)
    assert measure(top)["vertical_balance"] == pytest.approx(1)
    assert measure(red)["warmth"] == pytest.approx(1)
    assert measure(red)["saturation"] == pytest.approx(1)
    assert measure(halves)["contrast"] == pytest.approx(0.5)
    assert measure(stripes)["detail"] > measure(halves)["detail"] > 0


@pytest.mark.parametrize("shape", [(2, 1, 1, 3), (2, 5, 7, 1), (2, 4, 1, 4)])
def test_any_picture_can_be_measured(shape):
    values = measure(picture(0.5, shape))
    assert tuple(values) == NAMES
    assert all(value.shape == (2,) and np.isfinite(value).all() for value in values.values())


def test_a_transparent_picture_is_measured_over_white():
    clear = picture(0.0, (1, 4, 4, 4))
    assert measure(clear)["brightness"] == pytest.approx(1)
