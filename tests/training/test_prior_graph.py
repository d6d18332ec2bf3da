# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.training.prior import Prior, PriorShape, draw
from genstudio.training.prior_check import PriorRunner
from genstudio.training.prior_graph import observe, prior_graph

SHAPE = PriorShape(
    levels=(4, 3), tokens=9, styles=3, context=5, context_width=12, width=32, layers=2, heads=2
)


@pytest.fixture(scope="module")
def prior():
    torch.manual_seed(0)
    network = Prior(SHAPE).eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter += torch.randn_like(parameter) * 0.1
    return network


def given(rows):
    chance = torch.Generator().manual_seed(rows)
    tokens = torch.randint(0, SHAPE.codes, (rows, SHAPE.tokens), generator=chance)
    read = torch.cat([torch.full((rows, 1), SHAPE.codes), tokens[:, :-1]], dim=1)
    context = torch.randn(rows, SHAPE.context, SHAPE.context_width, generator=chance)
    context[rows - 1] = 0.0
    return read, torch.arange(rows) % (SHAPE.styles + 1), context


def in_numpy(*tensors):
    return [tensor.numpy() for tensor in tensors]


def test_the_graph_equals_the_network(prior):
    feeds = given(3)
    wanted = prior(*feeds)[0].numpy()
    got = PriorRunner(prior_graph(prior), SHAPE).token_by_token(*in_numpy(*feeds))
    assert np.abs(got - wanted).max() < 1e-4


def test_the_cached_loop_equals_the_uncached_pass(prior):
    feeds = given(2)
    runner = PriorRunner(prior_graph(prior), SHAPE)
    cached = runner.token_by_token(*in_numpy(*feeds))[:, -1]
    assert np.abs(cached - runner.at_once(*in_numpy(*feeds))).max() < 1e-4


def test_the_networks_own_cache_equals_its_uncached_pass(prior):
    read, style, context = given(2)
    whole, _ = prior(read, style, context)
    first, cache = prior(read[:, :4], style, context)
    rest, _ = prior(read[:, 4:], style, None, cache)
    assert torch.allclose(torch.cat([first, rest], dim=1), whole, atol=1e-5)


def test_the_eight_bit_graph_is_close_and_smaller(prior):
    feeds = given(4)
    small = prior_graph(prior, observe(prior, [lambda: prior(*feeds)]))
    wanted = prior(*feeds)[0].numpy()
    got = PriorRunner(small, SHAPE).token_by_token(*in_numpy(*feeds))
    assert np.abs(got - wanted).std() < 0.1 * wanted.std()
    assert len(small.SerializeToString()) < 0.6 * len(prior_graph(prior).SerializeToString())


def test_a_row_of_the_eight_bit_graph_does_not_depend_on_its_neighbours(prior):
    feeds = given(4)
    runner = PriorRunner(prior_graph(prior, observe(prior, [lambda: prior(*feeds)])), SHAPE)
    together = runner.token_by_token(*in_numpy(*feeds))
    alone = runner.token_by_token(*in_numpy(*(tensor[1:2] for tensor in feeds)))
    assert np.abs(together[1] - alone[0]).max() < 1e-4


def test_drawing_gives_codes_and_the_same_ones_for_the_same_seed(prior):
    _, style, context = given(2)
    drawn = [draw(prior, context, style, 3.0, torch.Generator().manual_seed(5)) for _ in range(2)]
    assert torch.equal(*drawn)
    assert drawn[0].shape == (2, SHAPE.tokens)
    assert int(drawn[0].max()) < SHAPE.codes


def test_later_tokens_do_not_change_earlier_answers(prior):
    read, style, context = given(2)
    other = read.clone()
    other[:, -1] = (other[:, -1] + 1) % SHAPE.codes
    before, after = prior(read, style, context)[0], prior(other, style, context)[0]
    assert torch.equal(before[:, :-1], after[:, :-1])
    assert not torch.equal(before[:, -1], after[:, -1])
