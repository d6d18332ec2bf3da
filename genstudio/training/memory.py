"""Keeping freed memory: a training step takes and frees the same large arrays, again and again."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_MMAP_MOST: Final = -4
_TRIM_FROM: Final = -1
"""Numbers of settings in glibc's malloc.h."""


def keep_freed_memory() -> None:
    """Have glibc keep what is freed, for the next step to use.

    Otherwise it hands every large array back to the system, which clears each page again when it
    is taken: up to a fifth of a step. Does nothing where the C library is another one.
    """
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "gnu_get_libc_version"):
        library.mallopt(_MMAP_MOST, 0)
        library.mallopt(_TRIM_FROM, 2**31 - 1)
