"""Which sizes a model draws, and the one sentence that refuses any other."""

from __future__ import annotations

from typing import Final

from genstudio.base.errors import RecipeError
from genstudio.engine.pixels import PIXEL_LIMIT
from genstudio.packs.manifest import Pack

_SIDE_LIMIT: Final = 16_384
"""The most pixels that a side of a drawn picture may have; `PIXEL_LIMIT` holds for the whole."""


def drawn_size(pack: Pack, size: tuple[int, int] | None, factor: int) -> tuple[int, int]:
    """The picture's (width, height): as asked, or the model's own size.

    `factor` is what both must be multiples of; 0 for a model that draws its own size alone.

    Raises:
        RecipeError: a size that the model cannot draw.
    """
    image = pack.manifest.image
    width, height = size or (image.width, image.height)
    if not factor:
        if (width, height) != (image.width, image.height):
            raise RecipeError(
                f"The model {pack.id} draws {image.width} x {image.height} pixels only; leave the "
                "size out."
            )
    elif (
        width % factor
        or height % factor
        or not factor <= min(width, height) <= max(width, height) <= _SIDE_LIMIT
        or width * height > PIXEL_LIMIT
    ):
        raise RecipeError(
            f"The model {pack.id} draws widths and heights that are multiples of {factor}, up to "
            f"{_SIDE_LIMIT:,} a side and {PIXEL_LIMIT // 1_000_000} million pixels in all; "
            f"{width} x {height} is not."
        )
    return width, height
