"""An animated WebP put together by hand, frame behind frame: encoders gather all of them first.

Each frame is a whole lossy picture. The container is that of
https://developers.google.com/speed/webp/docs/riff_container.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Final

from genstudio.recipe import xmp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    AddPicture = Callable[[NDArray[np.uint8]], None]
    """Takes a frame, uint8 [height, width, 3]."""

QUALITY: Final = 90
_MILLISECONDS: Final = 1000
_ANIMATED_WITH_XMP: Final = 0x02 | 0x04
_NOT_BLENDED: Final = b"\x02"
_HEADER: Final = 12
"""The bytes of "RIFF", the file's length and "WEBP"."""


@contextlib.contextmanager
def webp_film(file: IO[bytes], fps: int) -> Iterator[AddPicture]:
    """Write to a file that can be sought in; the film plays for ever, and has XMP with the AI mark.

    Without a frame nothing is written.
    """
    start, number = file.tell(), 0

    def add(pixels: NDArray[np.uint8]) -> None:
        nonlocal number
        height, width = pixels.shape[:2]
        if not number:
            file.write(_head(width, height))
        begin, end = (round(n * _MILLISECONDS / fps) for n in (number, number + 1))
        number += 1
        where = bytes(6) + _small(width - 1) + _small(height - 1) + _small(end - begin)
        file.write(_chunk(b"ANMF", where + _NOT_BLENDED + _picture(pixels)))

    yield add
    if number:
        file.write(_chunk(b"XMP ", xmp.packet().encode()))
        length = file.tell() - start - 8
        file.seek(start + 4)
        file.write(length.to_bytes(4, "little"))
        file.seek(0, io.SEEK_END)


def _head(width: int, height: int) -> bytes:
    """What stands before the frames; the length of the whole is told once it is known."""
    canvas = bytes([_ANIMATED_WITH_XMP, 0, 0, 0]) + _small(width - 1) + _small(height - 1)
    ground, for_ever = bytes(4), bytes(2)
    chunks = _chunk(b"VP8X", canvas) + _chunk(b"ANIM", ground + for_ever)
    return b"RIFF" + bytes(4) + b"WEBP" + chunks


def _picture(pixels: NDArray[np.uint8]) -> bytes:
    """The chunk of a picture's bits, cut out of a WebP of this picture alone."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", quality=QUALITY)
    return buffer.getvalue()[_HEADER:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def _small(number: int) -> bytes:
    return number.to_bytes(3, "little")
