"""Contact sheets to look at: uncurated samples beside real pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genstudio.base import files

LARGEST: Final = 400_000
"""Bytes of a sheet."""
_SPACE: Final = 24


def write_sheet(path: Path, blocks: Sequence[NDArray[np.uint8]], columns: int, cell: int) -> None:
    """Blocks of pictures [N, H, W, 3] side by side, `columns` wide each, a gap between them."""
    parts = [_block(block, columns, cell) for block in blocks]
    height = max(part.height for part in parts)
    sheet = Image.new(
        "RGB", (sum(p.width for p in parts) + _SPACE * (len(parts) - 1), height), "white"
    )
    left = 0
    for part in parts:
        sheet.paste(part, (left, 0))
        left += part.width + _SPACE
    for quality in (90, 80, 70, 55, 40, 25):
        data = io.BytesIO()
        sheet.save(data, "WEBP", quality=quality, method=6)
        if data.tell() <= LARGEST:
            break
    files.write_bytes(path, data.getvalue())


def _block(pictures: NDArray[np.uint8], columns: int, cell: int) -> Image.Image:
    rows = -(-len(pictures) // columns)
    block = Image.new("RGB", (columns * cell, rows * cell), "white")
    for number, pixels in enumerate(pictures):
        small = Image.fromarray(pixels).resize((cell, cell), Image.Resampling.LANCZOS)
        block.paste(small, (number % columns * cell, number // columns * cell))
    return block
