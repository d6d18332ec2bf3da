# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.training.onnx_runs import run_graph
from genstudio.training.sheet import to_tensor
from genstudio.training.token_config import TokenizerConfig
from genstudio.training.token_graphs import (
    image_decoder_graph,
    image_encoder_graph,
    in_half_precision,
)
from genstudio.training.token_pictures import moved, shrink
from genstudio.training.tokenizer import Levels, Tokenizer

CONFIG = TokenizerConfig(size=32, levels=(5, 4, 3), encoder=(4, 6, 8), decoder=(4, 6, 8))


@pytest.fixture(scope="module")
def tokenizer():
    torch.manual_seed(0)
    network = Tokenizer(CONFIG)
    network(torch.rand(8, 3, 32, 32) * 2 - 1)
    return in_half_precision(network)


def test_every_code_survives_quantisation():
    levels = Levels((5, 4, 3))
    table = levels.table()
    assert table.shape == (60, 3)
    # An unbounded number in the middle of each level's part of the ladder.
    inside = torch.atanh((levels.digits() + 0.5) / levels.counts * 2.0 - 1.0)
    assert torch.equal(levels.codes(inside), torch.arange(60))
    assert torch.allclose(levels.quantise(inside), table, atol=1e-6)


def test_strayed_codes_are_codes_a_level_away():
    torch.manual_seed(0)
    levels = Levels((5, 4))
    values = levels.table().repeat(50, 1)
    strayed = levels.strayed(values, 0.3)
    steps = (strayed - values) / (2.0 / (levels.counts - 1.0))
    assert set(steps.round(decimals=4).flatten().tolist()) == {-1.0, 0.0, 1.0}
    assert strayed.abs().max() == 1.0
    assert 0.15 < (steps != 0).float().mean() < 0.3


def test_quantisation_lets_gradients_through():
    levels = Levels((5, 4))
    numbers = torch.zeros(3, 2, requires_grad=True)
    levels.quantise(numbers).sum().backward()
    assert (numbers.grad > 0).all()


def test_the_encoder_graph_gives_the_networks_tokens(tokenizer):
    picture = torch.rand(3, 3, 32, 32) * 2 - 1
    tokens = run_graph(image_encoder_graph(tokenizer, CONFIG), {"image": picture.numpy()})["tokens"]
    assert tokens.dtype == np.int64
    assert tokens.shape == (3, 4, 4)
    assert np.array_equal(tokens, tokenizer.encode(picture).numpy())


def test_the_decoder_graph_equals_the_network(tokenizer):
    tokens = torch.randint(0, CONFIG.codes, (2, 4, 4))
    image = run_graph(image_decoder_graph(tokenizer, CONFIG), {"tokens": tokens.numpy()})["image"]
    assert image.shape == (2, 3, 32, 32)
    assert np.abs(image - tokenizer.decode(tokens).numpy()).max() < 1e-4


def test_moved_pictures_stay_on_white_and_in_range():
    pixels = np.zeros((4, 32, 32, 3), np.uint8)
    random = np.random.default_rng(0)
    small = moved(to_tensor(pixels), 16, random, np.array([True, False, True, False]))
    assert small.shape == (4, 3, 16, 16)
    assert float(small.min()) >= -1.0 - 1e-6
    assert float(small.max()) <= 1.0 + 1e-6
    assert not torch.equal(small[0], small[1])


def test_no_move_is_the_same_as_shrinking():
    pixels = np.random.default_rng(1).integers(0, 256, (2, 32, 32, 3)).astype(np.uint8)
    whole = to_tensor(pixels)
    still = moved(whole, 16, np.random.default_rng(0), np.zeros(2, bool), strength=0.0)
    assert torch.allclose(still, shrink(whole, 16), atol=1e-5)
