"""Long data of recipes kept apart, each piece once: the steps of a history mostly share it.

A recipe that goes into a file has the 32 bytes of a piece's SHA-256 in the piece's place, so what
is written is an ordinary recipe. Read back, all recipes share one copy of each piece.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

_LONG: Final = 1024
_T = TypeVar("_T")


class LongData:
    """Collects the long data of recipes; `pieces` are by SHA-256."""

    def __init__(self) -> None:
        self.pieces: dict[bytes, bytes] = {}
        self._digests: dict[bytes, bytes] = {}

    def taken_from(self, recipe: _T) -> _T:
        """The recipe with the SHA-256 in the place of each long piece of data."""
        taken: _T = _with_bytes(recipe, self._take)
        return taken

    def _take(self, data: bytes) -> bytes:
        if len(data) < _LONG:
            return data
        digest = self._digests.get(data)
        if digest is None:
            digest = self._digests[data] = hashlib.sha256(data).digest()
            self.pieces[digest] = data
        return digest


def put_back(recipe: _T, pieces: Mapping[bytes, bytes]) -> _T:
    """The recipe with each piece of data in the place of its SHA-256."""
    whole: _T = _with_bytes(recipe, lambda data: pieces.get(data, data))
    return whole


def _with_bytes(value: Any, change: Callable[[bytes], bytes]) -> Any:
    """The value with all bytes within it changed; itself where none are."""
    if isinstance(value, bytes):
        return change(value)
    if isinstance(value, tuple):
        parts = tuple(_with_bytes(part, change) for part in value)
        return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: _with_bytes(field, change) for name, field in fields.items()}
        changes = {name: new for name, new in changed.items() if new is not fields[name]}
        return msgspec.structs.replace(value, **changes) if changes else value
    return value
