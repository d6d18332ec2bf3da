"""A look at a picture while its tokens are drawn, that costs little of the drawing's time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_SHARE: Final = 0.1
"""The most of the drawing's time that previews may take."""


class Preview:
    """Decodes a half-drawn grid now and then.

    Cells that are not drawn yet show the picture that is being changed, where there is one, else
    the average colour of what is there.
    """

    def __init__(
        self,
        decode: Callable[[NDArray[np.int64]], NDArray[np.uint8]],
        width: int,
        height: int,
        behind: NDArray[np.int64] | None = None,
    ) -> None:
        """Take the grid's size in tokens and what shows in undrawn cells, [height x width]."""
        self._decode = decode
        self._width, self._height = width, height
        self._behind = behind
        self._started = time.perf_counter()
        self._spent = 0.0
        self._next = width

    def at(self, tokens: NDArray[np.int64], done: NDArray[np.bool_]) -> NDArray[np.uint8] | None:
        """A picture [H, W, C] of the cells that are done, or None when it is too early for one.

        `tokens` and `done` are [height x width] in raster order.
        """
        count = int(np.count_nonzero(done))
        if count < self._next or count == len(done):
            return None
        now = time.perf_counter()
        if self._spent > _SHARE * (now - self._started):
            return None
        self._next = count + self._width
        picture = self._show(tokens, done)
        self._spent += time.perf_counter() - now
        return picture

    def _show(self, tokens: NDArray[np.int64], done: NDArray[np.bool_]) -> NDArray[np.uint8]:
        grid = (self._height, self._width)
        if self._behind is not None:
            return self._decode(np.where(done, tokens, self._behind).reshape(grid))
        # A drawn token beyond the edge lets the decoder draw the edge itself well.
        filled = np.where(done, tokens, tokens[np.flatnonzero(done)[-1]])
        picture = self._decode(filled.reshape(grid))
        here = _cells_to_pixels(done.reshape(grid), picture.shape[0], picture.shape[1])
        shown = picture.copy()
        shown[~here] = picture[here].mean(axis=0).astype(np.uint8)
        return shown


def _cells_to_pixels(cells: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """The value of the cell that each pixel lies in, [height, width]."""
    rows = np.arange(height) * cells.shape[0] // height
    columns = np.arange(width) * cells.shape[1] // width
    spread: NDArray[Any] = cells[rows[:, None], columns]
    return spread
