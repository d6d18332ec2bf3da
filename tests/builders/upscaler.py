"""A tiny upscaler whose pixels see one pixel around themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from genstudio.packs import manifest
from tests.builders.graph import GraphBuilder, Range
from tests.builders.pack_folder import change_manifest, write_pack


def upscaler(
    folder: Path,
    *,
    scale: int = 2,
    channels: Literal[1, 3] = 3,
    value_range: Range = (0.0, 1.0),
    multiple_of: int = 1,
    pack_id: str = "upscaler",
) -> Path:
    """A picture of any size, softened over 3 x 3 pixels and enlarged `scale` times."""
    g = GraphBuilder(21)
    image = g.input("image", ["batch", channels, "height", "width"])
    kernel = np.array([[1, 2, 1], [2, 8, 2], [1, 2, 1]]) / 20
    soft = np.zeros((channels, channels, 3, 3))
    spread = np.zeros((channels, channels, scale, scale))
    shine = 1 - g.random.rand(scale, scale) * 0.1
    for channel in range(channels):
        soft[channel, channel], spread[channel, channel] = kernel, shine
    x = g("Conv", image, g.const(soft), pads=[1, 1, 1, 1])
    x = g("ConvTranspose", x, g.const(spread), strides=[scale, scale])
    g.output("image_large", ["batch", channels, "large_height", "large_width"], x)
    folder = write_pack(
        folder,
        pack_id,
        manifest.Upscaler(scale=scale, overlap=1, multiple_of=multiple_of),
        manifest.Image(width=16, height=16, channels=channels, range=value_range),
        {"upscaler": g},
    )
    names = {"image": "image_large"}
    return change_manifest(folder, lambda plain: plain["graphs"]["upscaler"].update(outputs=names))
