from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from genstudio.base.errors import PictureError
from genstudio.ui.images import to_pixels, to_qimage


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("width", [1, 5, 64])
def test_pixels_come_back_as_they_went(width: int, channels: int) -> None:
    pixels = np.random.RandomState(1).randint(0, 256, (7, width, channels)).astype(np.uint8)
    assert np.array_equal(to_pixels(to_qimage(pixels)), pixels)


def test_grey_pixels_show_as_grey() -> None:
    pixels = np.arange(15, dtype=np.uint8).reshape(3, 5, 1)
    image = to_qimage(pixels)
    assert image.format() == QImage.Format.Format_Grayscale8
    assert image.pixelColor(4, 2) == QColor(14, 14, 14)
    assert np.array_equal(to_pixels(image), np.repeat(pixels, 3, axis=2))


def test_a_picture_does_not_show_later_writes_to_the_array() -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    image = to_qimage(pixels)
    pixels[:] = 255
    assert image.pixelColor(0, 0) == QColor(0, 0, 0)


def test_a_slice_of_a_larger_array_keeps_its_rows() -> None:
    whole = np.random.RandomState(2).randint(0, 256, (10, 10, 3)).astype(np.uint8)
    part = whole[2:7, 3:6]
    assert np.array_equal(to_pixels(to_qimage(part)), part)


def test_a_picture_in_qts_own_format_gives_its_colours() -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(10, 20, 30))
    assert to_pixels(image).tolist() == [[[10, 20, 30, 255]] * 3] * 2


@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4, 3))]
)
def test_what_is_no_picture_is_refused_in_a_sentence(wrong: np.ndarray) -> None:
    with pytest.raises(PictureError, match="cannot be shown from"):
        to_qimage(wrong)
