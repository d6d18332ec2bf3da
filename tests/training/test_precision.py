import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")

from genstudio.training import precision  # noqa: E402


@pytest.mark.parametrize(("has_it", "kind"), [(True, torch.bfloat16), (False, torch.float32)])
def test_products_are_in_half_precision_only_on_a_processor_that_has_it(monkeypatch, has_it, kind):
    monkeypatch.setattr(precision, "half_helps", lambda: has_it)
    a = torch.ones(4, 4)
    with precision.mixed():
        assert (a @ a).dtype == kind
    assert ("bfloat16" in precision.described()) is has_it
