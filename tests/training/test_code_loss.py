# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")

from torch.nn.functional import cosine_similarity, cross_entropy

from genstudio.training.code_loss import ROWS, CodeLoss


def given():
    chance = torch.Generator().manual_seed(0)
    count = 2 * ROWS + 44
    x = torch.randn(count, 24, generator=chance, requires_grad=True)
    table = torch.randn(50, 24, generator=chance, requires_grad=True)
    return x, table, torch.randint(0, 50, (count,), generator=chance)


def test_it_is_the_cross_entropy_and_has_its_gradients():
    x, table, codes = given()
    loss = 3.0 * CodeLoss.apply(x, table, codes)
    wanted = 3.0 * cross_entropy(x @ table.T, codes)
    assert torch.allclose(loss, wanted, rtol=1e-6)
    found = torch.autograd.grad(loss, (x, table))
    for a, b in zip(found, torch.autograd.grad(wanted, (x, table)), strict=True):
        assert torch.allclose(a, b, atol=1e-6)


def test_in_half_precision_it_stays_near():
    x, table, codes = given()
    loss = CodeLoss.apply(x.to(torch.bfloat16), table, codes)
    wanted = cross_entropy(x @ table.T, codes)
    assert torch.allclose(loss, wanted, atol=0.02)
    found, exact = (torch.autograd.grad(part, (x, table)) for part in (loss, wanted))
    for a, b in zip(found, exact, strict=True):
        assert a.dtype == torch.float32
        assert cosine_similarity(a.flatten(), b.flatten(), dim=0) > 0.999
