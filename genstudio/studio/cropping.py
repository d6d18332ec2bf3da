"""Cutting an own picture to a model's shape before it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.packs.manifest import Pack, SpatialLatent, Vae

SMALLEST: Final = 8.0
"""The shorter side of a cut, in pixels of the picture, at least."""


@dataclass(frozen=True)
class Frame:
    """What is kept, in pixels of the picture: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


class Cropping:
    """A frame of the model's shape over a picture, from `begin` to `use` or `leave`."""

    def __init__(self) -> None:
        self.opened: Event[bool] = Event()
        """It is to be shown, or no longer."""
        self.changed: Event[None] = Event()
        """The frame is another."""
        self.pixels: NDArray[np.uint8] | None = None
        """The picture; None while nothing is cut."""
        self.frame = Frame(0, 0, 1, 1)
        self._then: Callable[[NDArray[np.uint8]], None] = lambda _: None

    def begin(
        self, pixels: NDArray[np.uint8], pack: Pack, then: Callable[[NDArray[np.uint8]], None]
    ) -> None:
        """Frame the middle of a picture [H, W, C]; `then` gets what was cut out."""
        self.pixels, self._then = pixels, then
        height, width = pixels.shape[:2]
        aspect = _aspect(pack) or width / height
        across = min(width, height * aspect)
        along = across / aspect
        self.frame = Frame((width - across) / 2, (height - along) / 2, across, along)
        self.opened.emit(True)

    def move(self, right: float, down: float) -> None:
        """Move the frame, as far as the picture goes."""
        frame = self.frame
        self._set(frame.x + right, frame.y + down, frame.width, frame.height)

    def resize(self, factor: float) -> None:
        """Make the frame larger or smaller around its middle."""
        if self.pixels is None:
            return
        frame, (height, width) = self.frame, self.pixels.shape[:2]
        most = min(width / frame.width, height / frame.height)
        least = SMALLEST / min(frame.width, frame.height)
        factor = min(max(factor, min(least, 1.0)), most)
        across, along = frame.width * factor, frame.height * factor
        x, y = frame.x + (frame.width - across) / 2, frame.y + (frame.height - along) / 2
        self._set(x, y, across, along)

    def use(self) -> None:
        """Cut, and go on with what is inside the frame."""
        pixels, then, frame = self.pixels, self._then, self.frame
        if pixels is None:
            return
        left, top = round(frame.x), round(frame.y)
        right, bottom = round(frame.x + frame.width), round(frame.y + frame.height)
        self.leave()
        then(np.ascontiguousarray(pixels[top:bottom, left:right]))

    def leave(self) -> None:
        """Cut nothing."""
        if self.pixels is not None:
            self.pixels = None
            self.opened.emit(False)

    def _set(self, x: float, y: float, width: float, height: float) -> None:
        if self.pixels is None:
            return
        most_down, most_right = self.pixels.shape[0] - height, self.pixels.shape[1] - width
        self.frame = Frame(
            min(max(x, 0.0), max(most_right, 0.0)), min(max(y, 0.0), max(most_down, 0.0)),
            width, height,
        )  # fmt: skip
        self.changed.emit(None)


def _aspect(pack: Pack) -> float | None:
    """Width by height of the model's pictures; None where any shape will do."""
    model, image = pack.manifest.model, pack.manifest.image
    if isinstance(model, Vae) and isinstance(model.latent, SpatialLatent):
        return None
    return image.width / image.height
