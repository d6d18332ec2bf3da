"""Seeds: the same number gives the same noise here, in StyleGAN's tools and next year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def gaussian(seed: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Standard normal noise, `numpy.random.RandomState(seed).randn(*shape)` as float32.

    This is StyleGAN's convention (`generate.py --seeds`), so an artist's seeds keep their meaning;
    numpy guarantees that RandomState never changes. `seed`: 0 to 2**32 - 1.
    """
    return np.random.RandomState(seed).randn(*shape).astype(np.float32)
