"""A film written frame by frame in flat memory: MP4 (H.264), WebP, GIF, or a folder of PNGs.

Each frame is encoded and let go before the next is made. A film file takes its name only when it
is whole. All forms say that a model made the pictures.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from genstudio.base import files
from genstudio.base.errors import StorageError
from genstudio.media.pictures import on_white
from genstudio.media.webp_film import webp_film
from genstudio.recipe import png, xmp
from genstudio.recipe.values import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    AddFrame = Callable[[NDArray[np.uint8], Recipe], None]
    """Takes a frame, uint8 [height, width, 1, 3 or 4], and its recipe."""

MARK: Final = f"AI-generated (trainedAlgorithmicMedia, {xmp.DIGITAL_SOURCE_TYPE})"
FRAMES_PER_SECOND: Final = (1, 120)
_OWN: Final = (".webp", ".gif")
"""Films that are put together here, without a video library."""
_CENTISECONDS: Final = 100


def check_film(path: Path) -> None:
    """Refuse, before any work, a name that no film can be written to.

    Raises:
        StorageError: the suffix is unknown, the extra for MP4 is missing, or the folder has frames.
    """
    suffix = path.suffix.lower()
    if suffix == ".mp4":
        _import_av()
    elif suffix and suffix not in _OWN and not path.is_dir():
        raise StorageError(
            f"Cannot write {path}: a film's name ends in .mp4, .webp or .gif, or is a folder for "
            "PNGs."
        )
    elif suffix not in _OWN and next(path.glob("frame-*.png"), None):
        raise StorageError(f"The folder {path} has frames in it already; name a new one.")


@contextlib.contextmanager
def open_film(path: Path, fps: int, device: str = "") -> Iterator[AddFrame]:
    """Open a film for writing; the block gets a function that adds a frame.

    Raises:
        StorageError: as `check_film`; the disk is full; the place cannot be written.
    """
    check_film(path)
    write = {".mp4": _mp4, ".webp": _webp, ".gif": _gif}.get(path.suffix.lower())
    if write is None:
        yield _folder(path, device)
        return
    with files.replacing(path) as file, write(file, fps) as add:
        yield add


def _folder(path: Path, device: str) -> AddFrame:
    number = 0

    def add(pixels: NDArray[np.uint8], recipe: Recipe) -> None:
        nonlocal number
        number += 1
        png.write_png(path / f"frame-{number:05d}.png", pixels, recipe, device)

    return add


@contextlib.contextmanager
def _mp4(file: IO[bytes], fps: int) -> Iterator[AddFrame]:
    av = _import_av()
    container = av.open(file, mode="w", format="mp4", options={"movflags": "faststart"})
    container.metadata.update(comment=MARK, description=MARK, artist=xmp.SOFTWARE)
    stream: Any = None
    number = 0

    def add(pixels: NDArray[np.uint8], _recipe: Recipe) -> None:
        nonlocal stream, number
        picture = _even(on_white(pixels))
        if stream is None:
            stream = _h264_stream(container, picture.shape[1], picture.shape[0], fps)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame = frame.reformat(format=stream.pix_fmt, dst_colorspace="ITU709")
        frame.pts, frame.time_base = number, Fraction(1, fps)
        number += 1
        container.mux(stream.encode(frame))

    try:
        yield add
        if stream is not None:
            container.mux(stream.encode(None))
        container.close()
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise StorageError(f"The film could not be encoded ({error}); try .webp.") from error


def _h264_stream(container: Any, width: int, height: int, fps: int) -> Any:
    """A stream that every player shows: H.264, 4:2:0, colours marked as BT.709."""
    stream = container.add_stream("libx264", rate=fps, options={"crf": "17", "preset": "medium"})
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = 1
    context.color_range = 1
    return stream


def _even(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat the last row or column where a side is odd: 4:2:0 halves both sides."""
    import numpy as np

    height, width = pixels.shape[:2]
    return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


@contextlib.contextmanager
def _webp(file: IO[bytes], fps: int) -> Iterator[AddFrame]:
    with webp_film(file, fps) as add:
        yield lambda pixels, _recipe: add(on_white(pixels))


@contextlib.contextmanager
def _gif(file: IO[bytes], fps: int) -> Iterator[AddFrame]:
    """Put Pillow's frames one behind the other by hand: Pillow itself gathers all of them first."""
    number = 0

    def add(pixels: NDArray[np.uint8], _recipe: Recipe) -> None:
        from PIL import Image

        nonlocal number
        image = Image.fromarray(on_white(pixels)).quantize(256)
        if not number:
            file.write(_gif_head(*image.size))
        start, end = (round(n * _CENTISECONDS / fps) for n in (number, number + 1))
        number += 1
        file.write(_gif_frame(image, max(end - start, 1)))

    yield add
    if number:
        file.write(b";")


def _gif_frame(image: Image.Image, centiseconds: int) -> bytes:
    """One frame with its own colours, cut out of a GIF of this picture alone."""
    buffer = io.BytesIO()
    image.save(buffer, "GIF", optimize=False, interlace=False)
    data = buffer.getvalue()
    table_bits = data[10] & 7
    colours = data[13 : 13 + 3 * (2 << table_bits)]
    position = 13 + len(colours)
    while data[position : position + 1] == b"!":
        position = _behind_blocks(data, position + 2)
    descriptor = data[position : position + 9] + bytes([0x80 | table_bits])
    control = b"!\xf9\x04\x00" + centiseconds.to_bytes(2, "little") + b"\x00\x00"
    return control + descriptor + colours + data[position + 10 : -1]


def _behind_blocks(data: bytes, position: int) -> int:
    """Where the chain of length-prefixed blocks ends that begins at `position`."""
    while data[position]:
        position += 1 + data[position]
    return position + 1


def _gif_head(width: int, height: int) -> bytes:
    """Header, size, the loop-for-ever extension, and a comment and XMP with the AI mark."""
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    loop = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    comment = f"{xmp.SOFTWARE}: {MARK}".encode("ascii")
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    packet = b"!\xff\x0bXMP DataXMP" + xmp.packet().encode() + trailer
    return (
        b"GIF89a" + size + b"\x70\x00\x00" + loop
        + b"!\xfe" + bytes([len(comment)]) + comment + b"\x00" + packet
    )  # fmt: skip


def _import_av() -> Any:
    try:
        import av
    except ImportError as error:
        raise StorageError(
            "Writing MP4 needs the extra `video` (pip install 'genstudio[video]'); "
            "or name a .webp, a .gif or a folder."
        ) from error
    return av
