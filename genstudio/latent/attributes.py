"""What can be measured in a picture without knowing what it shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NAMES = (
    "brightness",
    "contrast",
    "warmth",
    "saturation",
    "detail",
    "horizontal_balance",
    "vertical_balance",
)

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""The weights of red, green and blue in brightness (ITU-R BT.709)."""


def measure(pictures: NDArray[np.floating]) -> dict[str, NDArray[np.float64]]:
    """Measure pictures [N, H, W, C] in 0 to 1 (grey, RGB or RGBA over white): name to [N].

    brightness: mean luma. contrast: its standard deviation. warmth: mean red less mean blue.
    saturation: mean of the largest less the smallest of red, green and blue. detail: mean
    difference between neighbouring pixels' luma. horizontal_balance: mean luma of the right half
    less that of the left; vertical_balance: of the upper half less that of the lower.
    """
    colours = _over_white(pictures.astype(np.float32))
    luma = colours @ _LUMA
    height, width = luma.shape[1:]
    values = {
        "brightness": luma.mean(axis=(1, 2)),
        "contrast": luma.std(axis=(1, 2)),
        "warmth": (colours[..., 0] - colours[..., 2]).mean(axis=(1, 2)),
        "saturation": (colours.max(axis=3) - colours.min(axis=3)).mean(axis=(1, 2)),
        "detail": (_mean_step(luma, 1) + _mean_step(luma, 2)) / 2,
        "horizontal_balance": _mean(luma[:, :, (width + 1) // 2 :])
        - _mean(luma[:, :, : width // 2]),
        "vertical_balance": _mean(luma[:, : height // 2]) - _mean(luma[:, (height + 1) // 2 :]),
    }
    return {name: values[name].astype(np.float64) for name in NAMES}


def _over_white(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    channels = pictures.shape[3]
    if channels == 1:
        return np.repeat(pictures, 3, axis=3)
    if channels == 4:
        alpha = pictures[..., 3:]
        return pictures[..., :3] * alpha + (1 - alpha)
    return pictures


def _mean_step(luma: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    return _mean(np.abs(np.diff(luma, axis=axis)))


def _mean(part: NDArray[np.float32]) -> NDArray[np.float32]:
    """Per picture; 0 of a part without pixels, which one-pixel pictures have."""
    if part.size == 0:
        return np.zeros(len(part), np.float32)
    result: NDArray[np.float32] = part.mean(axis=(1, 2))
    return result
