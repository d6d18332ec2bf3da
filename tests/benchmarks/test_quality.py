"""The measures themselves: what they say of sets that are equal, shifted, poorer or copied."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="the quality benchmark needs the extra `train`")
pytest.importorskip("onnx", reason="the quality benchmark needs the extra `train`")

from benchmarks.quality.__main__ import _replace
from benchmarks.quality.features import frechet, kernel, precision_recall, reduced
from benchmarks.quality.vae import psnr, ssim

random = np.random.default_rng(0)
REAL = random.normal(size=(400, 12)) * np.arange(1, 13)


def again() -> np.ndarray:
    return random.normal(size=(400, 12)) * np.arange(1, 13)


def test_distances_grow_with_a_shift_and_are_small_among_equals() -> None:
    rows = reduced(REAL, again(), again() + 4.0, again() + 12.0)
    apart = [frechet(rows[0], other) for other in rows[1:]]
    assert apart == sorted(apart)
    assert apart[0] < 0.3 < apart[1]
    kernels = [kernel(rows[0], other) for other in rows[1:]]
    assert abs(kernels[0]) < 0.1 * kernels[1] < 0.1 * kernels[2]


def test_a_set_that_repeats_one_picture_is_precise_and_recalls_little() -> None:
    real, same, poor, odd = reduced(REAL, again(), np.tile(REAL[:1], (400, 1)), again() + 60.0)
    assert min(precision_recall(real, same)) > 0.8
    precision, recall = precision_recall(real, poor)
    assert precision == 1.0
    assert recall < 0.05
    assert max(precision_recall(real, odd)) < 0.05


def test_reconstructions_are_judged_by_how_near_they_are() -> None:
    real = random.integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    near = np.clip(real.astype(int) + random.integers(-4, 5, real.shape), 0, 255).astype(np.uint8)
    flat = np.full_like(real, 128)
    assert ssim(real, real) == pytest.approx(1.0)
    assert ssim(real, real) > ssim(real, near) > 0.9 > 0.1 > ssim(real, flat)
    assert psnr(real, near) > 35 > 15 > psnr(real, flat)


def test_a_table_takes_the_place_of_the_one_before(tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\nWords.\n\n## Quality\n\nold\n\n## More\n\nlast\n")
    _replace(page, "## Quality", "new")
    _replace(page, "## Other", "added")
    wanted = "# Title\n\nWords.\n\n## Quality\n\nnew\n\n## More\n\nlast\n\n## Other\n\nadded\n"
    assert page.read_text() == wanted
