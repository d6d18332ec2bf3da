import pytest


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """Networks as small as these are learned faster by one thread, on a busy machine above all."""
    torch = pytest.importorskip("torch", reason="training needs the extra `train`")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
