"""What the canvas shows is the picture, pixel by pixel."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.canvas.view import Canvas
from genstudio.ui.images import to_pixels, to_qimage

Picture = Callable[..., QImage]
ColourAt = Callable[[QWidget, QPoint], QColor]


def shown(widget: QWidget, rect: QRect | None = None) -> np.ndarray:
    image = widget.grab().toImage()
    return to_pixels(image if rect is None else image.copy(rect))[..., :3].astype(int)


def test_one_to_one_shows_every_pixel_unchanged(canvas: Canvas, picture: Picture) -> None:
    image = picture(200, 150)
    canvas.show_picture(image)
    canvas.actual_size()
    assert canvas.zoom == 1
    assert np.array_equal(shown(canvas, canvas.geometry_shown.picture_rect), to_pixels(image))


def test_a_fitted_small_picture_is_enlarged_smoothly(canvas: Canvas, picture: Picture) -> None:
    image = picture(32, 32)
    canvas.show_picture(image)
    rect = canvas.geometry_shown.picture_rect
    assert rect.height() == 440
    pixels = shown(canvas, rect)
    # Red rises evenly from left to right: near the picture, and without its 32 steps.
    expected = np.interp(
        (np.arange(440) + 0.5) * 32 / 440 - 0.5, np.arange(32), np.linspace(0, 255, 32)
    )
    assert np.abs(pixels[200, :, 0] - expected).max() <= 3
    assert len(set(pixels[200, :, 0])) > 200


def test_smoothing_reaches_the_edges_of_the_view(canvas: Canvas) -> None:
    columns = np.random.RandomState(3).randint(0, 256, 600)
    pixels = np.repeat(columns.astype(np.uint8)[None, :, None], 600, axis=0).repeat(3, axis=2)
    canvas.show_picture(to_qimage(pixels))
    canvas._set_view(canvas.geometry_shown.zoomed_to(10.0, QPointF(317, 243)))
    left = canvas.geometry_shown.to_picture(QPointF(0.5, 0)).x()
    expected = np.interp(left + np.arange(640) / 10 - 0.5, np.arange(600), columns)
    assert np.abs(shown(canvas)[240, :, 0] - expected).max() <= 4


def test_a_small_picture_is_enlarged_along_curves(canvas: Canvas) -> None:
    columns = np.array([0, 0, 0, 60, 180, 240, 240, 240], np.uint8)
    canvas.show_picture(to_qimage(np.repeat(columns[None, :, None], 8, axis=0).repeat(3, axis=2)))
    rect = canvas.geometry_shown.picture_rect
    row = shown(canvas, rect)[220, :, 0]
    straight = np.interp((np.arange(440) + 0.5) * 8 / 440 - 0.5, np.arange(8), columns)
    # The curve leaves a corner gently: above the straight line before the bend to the plateau.
    assert (row - straight)[230:280].max() >= 5
    assert np.abs(row - straight).max() < 25


def test_a_reduced_picture_keeps_the_mean_of_its_pixels(canvas: Canvas) -> None:
    stripes = np.zeros((2000, 2000, 3), np.uint8)
    stripes[:, ::2] = 255
    canvas.show_picture(to_qimage(stripes))
    inside = canvas.geometry_shown.picture_rect.adjusted(4, 4, -4, -4)
    assert abs(shown(canvas, inside).mean() - 127.5) < 6
    canvas.show_picture(to_qimage(np.full((2000, 2000, 3), 40, np.uint8)))
    assert (shown(canvas, inside) == 40).all()


def test_near_pixels_are_crisp_with_a_grid_between(canvas: Canvas, picture: Picture) -> None:
    image = picture(64, 64)
    canvas.show_picture(image)
    for _ in range(20):
        canvas.zoom_in()
    geometry = canvas.geometry_shown
    assert geometry.scale == 64
    for pixel in (QPoint(31, 31), QPoint(32, 33)):
        centre = geometry.to_view(QPointF(pixel.x() + 0.5, pixel.y() + 0.5)).toPoint()
        for beside in (QPoint(0, 0), QPoint(-20, 25), QPoint(25, -20)):
            at = centre + beside
            assert canvas.grab().toImage().pixelColor(at) == image.pixelColor(pixel)
    line = geometry.to_view(QPointF(32, 32.5)).toPoint()
    assert canvas.grab().toImage().pixelColor(line) not in (
        image.pixelColor(31, 32),
        image.pixelColor(32, 32),
    )


def test_a_fitted_tiny_picture_stays_smooth_until_pixels_are_wanted(
    canvas: Canvas, picture: Picture, colour_at: ColourAt
) -> None:
    image = picture(8, 8)
    canvas.show_picture(image)
    corner = canvas.geometry_shown.to_view(QPointF(3.1, 3.1)).toPoint()
    assert colour_at(canvas, corner) != image.pixelColor(3, 3)
    canvas.set_pixels_shown(True)
    assert colour_at(canvas, corner) == image.pixelColor(3, 3)


def test_repeats_are_the_picture_again(canvas: Canvas, picture: Picture) -> None:
    image = picture(50, 40)
    canvas.show_picture(image)
    canvas.actual_size()
    canvas.set_tiled(True)
    whole = canvas.geometry_shown.whole_rect
    assert np.array_equal(shown(canvas, whole), np.tile(to_pixels(image), (3, 3, 1)))


@pytest.mark.parametrize("side", [32, 400])
def test_nine_fitted_repeats_are_alike(canvas: Canvas, picture: Picture, side: int) -> None:
    canvas.show_picture(picture(side, side))
    canvas.set_tiled(True)
    geometry = canvas.geometry_shown
    assert QRect(0, 0, 640, 480).contains(geometry.whole_rect)
    rect = geometry.picture_rect
    middle = shown(canvas, rect)
    # One pixel away from the seams, where smoothing may look at the neighbour.
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            place = rect.translated(across * rect.width(), down * rect.height())
            difference = np.abs(shown(canvas, place) - middle)[6:-6, 6:-6]
            assert difference.max() <= 1


def test_smoothing_runs_over_the_seams_of_repeats(canvas: Canvas) -> None:
    pixels = np.zeros((16, 16, 3), np.uint8)
    pixels[:, 8:] = 240
    canvas.show_picture(to_qimage(pixels))
    canvas.set_tiled(True)
    seam = canvas.geometry_shown.picture_rect.left()
    row = shown(canvas)[240, seam - 6 : seam + 6, 0]
    assert ((row > 40) & (row < 200)).sum() >= 3


def test_a_seam_looks_like_any_other_place(canvas: Canvas) -> None:
    pixels = np.random.RandomState(4).randint(0, 256, (16, 16, 3)).astype(np.uint8)
    canvas.set_tiled(True)
    canvas.show_picture(to_qimage(pixels))
    canvas._set_view(canvas.geometry_shown.zoomed_to(8.0))
    seams = shown(canvas, canvas.geometry_shown.picture_rect.translated(64, 64))
    canvas.show_picture(to_qimage(np.roll(pixels, (8, 8), (0, 1))))
    inside = shown(canvas, canvas.geometry_shown.picture_rect)
    assert np.abs(seams - inside).max() <= 2


def test_transparency_shows_a_chequerboard(canvas: Canvas) -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:32] = (200, 0, 0, 255)
    canvas.show_picture(to_qimage(pixels))
    rect = canvas.geometry_shown.picture_rect
    image = shown(canvas, rect)
    assert (image[:200] == (200, 0, 0)).all()
    lower = {tuple(colour) for colour in image[240:].reshape(-1, 3).tolist()}
    assert len(lower) == 2


def test_beside_the_picture_is_the_palettes_colour(
    canvas: Canvas, picture: Picture, colour_at: ColourAt
) -> None:
    palette = canvas.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(12, 34, 56))
    canvas.setPalette(palette)
    canvas.show_picture(picture())
    assert colour_at(canvas, QPoint(3, 200)) == QColor(12, 34, 56)


def test_an_unchanged_view_is_not_drawn_again(canvas: Canvas, picture: Picture) -> None:
    canvas.show_picture(picture())
    look = canvas._look()
    first = canvas._after.drawing(look).cacheKey()
    canvas.grab()
    assert canvas._after.drawing(canvas._look()).cacheKey() == first
    canvas.zoom_in()
    assert canvas._after.drawing(canvas._look()).cacheKey() != first


def test_a_new_picture_of_the_same_shape_takes_the_same_place(
    canvas: Canvas, picture: Picture, colour_at: ColourAt
) -> None:
    canvas.show_picture(picture(64, 64))
    canvas.zoom_in()
    canvas.zoom_in()
    place = canvas.geometry_shown.picture_rect
    canvas.show_picture(picture(256, 256, blue=250))
    assert canvas.geometry_shown.picture_rect == place
    assert colour_at(canvas, QPoint(320, 240)).blue() == 250


def test_a_fitted_picture_stays_fitted(canvas: Canvas, picture: Picture) -> None:
    canvas.show_picture(picture(64, 64))
    canvas.show_picture(picture(300, 50))
    canvas.resize(800, 300)
    assert canvas.is_fitted
    assert canvas.geometry_shown.picture_rect.width() == 760


def test_before_shows_on_the_left_and_after_on_the_right(
    canvas: Canvas, picture: Picture, colour_at: ColourAt
) -> None:
    canvas.set_before(picture(32, 32, blue=0))
    canvas.show_picture(picture(64, 64, blue=255))
    assert not canvas.is_comparing
    canvas.set_compare(True)
    assert colour_at(canvas, QPoint(280, 300)).blue() == 0
    assert colour_at(canvas, QPoint(360, 300)).blue() == 255
    canvas.set_divider(1.0)
    assert colour_at(canvas, QPoint(360, 300)).blue() == 0
    canvas.set_before(None)
    assert not canvas.is_comparing
    assert colour_at(canvas, QPoint(280, 300)).blue() == 255


def test_pictures_of_different_shapes_are_not_compared(canvas: Canvas, picture: Picture) -> None:
    canvas.set_before(picture(64, 32, blue=0))
    canvas.show_picture(picture(64, 64))
    plain = shown(canvas)
    canvas.set_compare(True)
    assert not canvas.is_comparing
    assert np.array_equal(shown(canvas), plain)
    canvas.show_picture(picture(128, 64))
    assert canvas.is_comparing


def test_labels_name_both_sides(canvas: Canvas, picture: Picture) -> None:
    image = picture(64, 64)
    canvas.set_before(image)
    canvas.show_picture(image)
    plain = shown(canvas)
    canvas.set_compare(True)
    changed = (shown(canvas) != plain).any(axis=2)
    rect = canvas.geometry_shown.picture_rect
    top = changed[rect.top() : rect.top() + 40]
    assert top[:, rect.left() : rect.left() + 60].any()
    assert top[:, rect.right() - 60 : rect.right()].any()


def test_the_progress_line_grows_and_goes(canvas: Canvas, picture: Picture) -> None:
    canvas.show_picture(picture())
    accent = canvas.palette().color(QPalette.ColorRole.Highlight).getRgb()[:3]

    def length() -> int:
        return int((shown(canvas)[1] == accent).all(axis=1).sum())

    assert length() == 0
    canvas.set_progress(0.0)
    begun = length()
    assert 0 < begun < 64
    canvas.set_progress(0.5)
    assert length() == 320
    canvas.set_progress(None)
    assert length() == 0


def test_a_screen_reader_hears_what_is_shown(canvas: Canvas, picture: Picture) -> None:
    assert canvas.accessibleDescription() == "No picture yet"
    canvas.show_picture(picture(128, 128), partial=True)
    canvas._set_view(canvas.geometry_shown.zoomed_to(4.0))
    expected = "Picture, 128 by 128 pixels, shown at 400 %"
    assert canvas.accessibleDescription() == expected + ", still being drawn"
    canvas.show_picture(picture(128, 128))
    assert canvas.accessibleDescription() == expected


def test_the_zoom_is_told_when_it_changes(canvas: Canvas, picture: Picture, qtbot: QtBot) -> None:
    canvas.show_picture(picture(64, 64))
    with qtbot.waitSignal(canvas.zoom_changed) as told:
        canvas.actual_size()
    assert told.args == [1.0]
    with qtbot.assertNotEmitted(canvas.zoom_changed):
        canvas.actual_size()


def test_an_empty_picture_empties_the_canvas(
    canvas: Canvas, picture: Picture, colour_at: ColourAt
) -> None:
    canvas.show_picture(picture())
    canvas.show_picture(None)
    background = canvas.palette().color(QPalette.ColorRole.Window)
    assert canvas.picture is None
    assert colour_at(canvas, QPoint(320, 240)) == background


def test_the_middle_tile_is_outlined_only_under_the_mouse(
    canvas: Canvas, picture: Picture, qtbot: QtBot
) -> None:
    canvas.show_picture(picture())
    canvas.set_tiled(True)
    accent = canvas.palette().color(QPalette.ColorRole.Highlight)
    corner = canvas.geometry_shown.picture_rect.topLeft()
    assert canvas.grab().toImage().pixelColor(corner) != accent
    qtbot.mouseMove(canvas, QPoint(320, 240))
    qtbot.waitUntil(lambda: canvas.grab().toImage().pixelColor(corner) == accent)


DENSE = """
import numpy as np
from PySide6.QtWidgets import QApplication
from genstudio.ui.canvas.view import Canvas
from genstudio.ui.images import to_pixels, to_qimage
app = QApplication([])
canvas = Canvas()
canvas.resize(300, 200)
canvas.show()
pixels = np.random.RandomState(0).randint(0, 256, (101, 99, 3)).astype(np.uint8)
canvas.show_picture(to_qimage(pixels))
canvas.actual_size()
grabbed = canvas.grab()
print(grabbed.devicePixelRatio(), grabbed.width())
part = grabbed.toImage().copy(canvas.geometry_shown.picture_rect)
print(np.array_equal(to_pixels(part)[..., :3], pixels))
middle = canvas.geometry_shown.picture_rect.center()
print(abs(middle.x() - grabbed.width() / 2) < 2, abs(middle.y() - grabbed.height() / 2) < 2)
"""


@pytest.mark.parametrize("ratio", ["2", "1.5"])
def test_on_a_dense_screen_one_to_one_is_exact_too(ratio: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": ratio}
    done = subprocess.run(
        [sys.executable, "-c", DENSE], env=environment, capture_output=True, text=True, check=True
    )
    width = round(300 * float(ratio))
    assert done.stdout.split() == [str(float(ratio)), str(width), "True", "True", "True"]
