"""Where pictures keep texts: the chunks of PNG, JPEG and WebP, walked without decoding a pixel.

Every walker reads forward, holds at most one chunk in memory, and refuses with `RecipeError` what
is damaged, so that a hostile file costs little.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import IO, Final

from genstudio.base.errors import RecipeError
from genstudio.recipe.codec import SIZE_LIMIT

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS: Final = 100_000
"""More chunks than any picture has: a walk ends here."""
_XMP_LIMIT: Final = 2 * SIZE_LIMIT
_JPEG_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"


def png_texts(file: IO[bytes], where: str) -> Iterator[tuple[str, str]]:
    """Yield keyword and text of each tEXt and iTXt chunk, in order. `file` is at its beginning.

    Raises:
        RecipeError: a chunk is cut off, fails its checksum, or unpacks to more than a recipe needs.
    """
    file.seek(len(PNG_SIGNATURE))
    for _ in range(_CHUNKS):
        head = file.read(8)
        if not head:
            return
        if len(head) < 8:
            raise _damaged(where)
        length, kind = struct.unpack(">I4s", head)
        if kind not in (b"tEXt", b"iTXt"):
            if kind == b"IEND":
                return
            file.seek(length + 4, 1)
            continue
        if length > SIZE_LIMIT + 4096:
            raise RecipeError(f"{where} holds a text larger than any recipe; it cannot be read.")
        data, checksum = file.read(length), file.read(4)
        if len(data) < length or struct.pack(">I", zlib.crc32(kind + data)) != checksum:
            raise _damaged(where)
        yield _text(kind, data, where)


def _text(kind: bytes, data: bytes, where: str) -> tuple[str, str]:
    keyword, _, rest = data.partition(b"\0")
    if kind == b"tEXt":
        return keyword.decode("latin-1"), rest.decode("latin-1")
    compressed, body = rest[:1] == b"\1", rest[2:]
    _language, _, body = body.partition(b"\0")
    _translated, _, body = body.partition(b"\0")
    try:
        if compressed:
            unpacker = zlib.decompressobj()
            body = unpacker.decompress(body, SIZE_LIMIT)
            if not unpacker.eof:
                raise _damaged(where)
        return keyword.decode("latin-1"), body.decode("utf-8")
    except (zlib.error, UnicodeDecodeError) as error:
        raise _damaged(where) from error


def webp_xmp(file: IO[bytes], where: str) -> str:
    """The XMP packet of a WebP file, "" where it has none. Raises `RecipeError` when cut off."""
    file.seek(12)
    for _ in range(_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return ""
        kind, length = struct.unpack("<4sI", head)
        if kind == b"XMP ":
            return _xmp_text(file, length, where)
        file.seek(length + length % 2, 1)
    return ""


def jpeg_xmp(file: IO[bytes], where: str) -> str:
    """The XMP packet of a JPEG file, "" where it has none. Raises `RecipeError` when cut off."""
    file.seek(2)
    for _ in range(_CHUNKS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (0xDA, 0xD9):
            return ""
        length = int.from_bytes(head[2:], "big") - 2
        if length < 0:
            raise _damaged(where)
        if head[1] == 0xE1 and length >= len(_JPEG_XMP):
            start = file.read(len(_JPEG_XMP))
            if start == _JPEG_XMP:
                return _xmp_text(file, length - len(_JPEG_XMP), where)
            length -= len(_JPEG_XMP)
        file.seek(length, 1)
    return ""


def _xmp_text(file: IO[bytes], length: int, where: str) -> str:
    if length > _XMP_LIMIT:
        raise RecipeError(f"{where} holds a text larger than any recipe; it cannot be read.")
    data = file.read(length)
    if len(data) < length:
        raise _damaged(where)
    return data.decode("utf-8", errors="replace")


def _damaged(where: str) -> RecipeError:
    return RecipeError(f"{where} is damaged or cut off, so its recipe cannot be read.")
