"""Thumbnails from outside: whatever their header claims."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from genstudio.media.thumbnails import from_webp, to_webp


@pytest.mark.parametrize("side", [97, 9_500, 16_383])
def test_a_header_that_claims_a_huge_picture_is_no_thumbnail(side: int) -> None:
    data = bytearray(to_webp(np.full((64, 96, 3), 90, np.uint8)))
    sizes = data.index(b"\x9d\x01\x2a") + 3  # the start code of a VP8 frame
    assert struct.unpack_from("<HH", data, sizes) == (96, 64)
    struct.pack_into("<HH", data, sizes, side, side)
    assert from_webp(bytes(data)) is None
