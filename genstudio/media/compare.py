"""How far two pictures are apart, in the levels of 8-bit pixels and in decibels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Difference:
    """Largest and mean difference in levels of 255, and PSNR in dB (infinite when identical)."""

    largest: int
    mean: float
    psnr: float

    @property
    def psnr_words(self) -> str:
        """The PSNR for a sentence."""
        return "identical" if math.isinf(self.psnr) else f"{self.psnr:.1f} dB PSNR"

    def facts(self) -> dict[str, Any]:
        """The same for JSON, which has no infinity."""
        return {
            "largest": self.largest,
            "mean": self.mean,
            "psnr": None if math.isinf(self.psnr) else self.psnr,
        }


def difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Difference:
    """Compare two uint8 pictures of the same shape."""
    import numpy as np

    apart = np.abs(a.astype(np.int16) - b.astype(np.int16))
    square = float(np.mean(apart.astype(np.float64) ** 2))
    psnr = 10 * math.log10(255**2 / square) if square else math.inf
    return Difference(int(apart.max()), float(apart.mean()), psnr)
