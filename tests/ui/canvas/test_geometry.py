from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect

from genstudio.ui.canvas.geometry import ViewGeometry

FITTED = ViewGeometry(viewport=(1000, 600), picture=(200, 100), margin=20)


def test_fitting_leaves_the_margin_and_keeps_the_shape() -> None:
    assert FITTED.picture_rect == QRect(20, 60, 960, 480)
    assert FITTED.scale == pytest.approx(4.8)


def test_fitting_repeats_shows_all_nine() -> None:
    tiled = FITTED.with_tiles(3)
    assert QRect(0, 0, 1000, 600).contains(tiled.whole_rect)
    assert tiled.whole_rect.width() == 3 * tiled.picture_rect.width()
    assert tiled.whole_rect.width() > 900


def test_a_fitted_picture_follows_the_view() -> None:
    assert FITTED.with_viewport((500, 300), 0).picture_rect == QRect(0, 25, 500, 250)


def test_a_zoomed_picture_keeps_its_centre_when_the_view_changes() -> None:
    zoomed = FITTED.zoomed_to(10, QPointF(300, 300))
    smaller = zoomed.with_viewport((400, 400), 20)
    assert smaller.scale == 10
    assert smaller.centre == zoomed.centre


@given(
    x=st.floats(20, 980),
    y=st.floats(60, 540),
    scale=st.floats(4.8, 64),
    then=st.floats(4.8, 64),
)
def test_zooming_keeps_the_point_under_the_cursor(
    x: float, y: float, scale: float, then: float
) -> None:
    start = FITTED.zoomed_to(scale, QPointF(x, y))
    fixed = start.to_picture(QPointF(x, y))
    after = start.zoomed_to(then, QPointF(x, y)).to_view(fixed)
    # The picture lies on whole device pixels, so it may be half of one off on either zoom.
    assert abs(after.x() - x) <= 1.01
    assert abs(after.y() - y) <= 1.01


@given(x=st.floats(-1e5, 1e5), y=st.floats(-1e5, 1e5), scale=st.floats(0.001, 1000))
def test_some_of_the_picture_stays_in_the_view(x: float, y: float, scale: float) -> None:
    view = FITTED.zoomed_to(scale).panned(x, y)
    visible, whole = view.visible_rect, view.whole_rect
    assert visible.width() >= 0.24 * min(whole.width(), 1000)
    assert visible.height() >= 0.24 * min(whole.height(), 600)


def test_zoom_has_limits() -> None:
    assert FITTED.zoomed_to(1e6).scale == 64
    assert FITTED.zoomed_to(1e-6).picture_rect.width() == 48


def test_a_tiny_picture_can_always_be_fitted() -> None:
    tiny = ViewGeometry(viewport=(1000, 1000), picture=(4, 4))
    assert tiny.scale == 250
    assert tiny.zoomed_to(1e6).scale == 250


def test_panning_moves_by_device_pixels() -> None:
    zoomed = FITTED.zoomed_to(10)
    moved = zoomed.panned(30, -40)
    assert moved.picture_rect.topLeft() - zoomed.picture_rect.topLeft() == QPoint(30, -40)


def test_panning_a_fitted_picture_holds_its_zoom() -> None:
    moved = FITTED.panned(5, 0)
    assert not moved.is_fitted
    assert moved.scale == FITTED.scale


def test_an_upscaled_picture_takes_the_same_place() -> None:
    zoomed = FITTED.zoomed_to(10, QPointF(200, 200))
    larger = zoomed.with_picture((800, 400))
    assert larger.picture_rect == zoomed.picture_rect
    assert larger.scale == 2.5


def test_a_picture_of_another_shape_is_fitted() -> None:
    other = FITTED.zoomed_to(10, QPointF(200, 200)).with_picture((100, 100))
    assert other.is_fitted
    assert other.centre == (0.5, 0.5)


def test_steps_go_through_round_zooms() -> None:
    assert FITTED.stepped(up=True).scale == 6
    assert FITTED.stepped(up=False).scale == 4
    assert FITTED.zoomed_to(64).stepped(up=True).scale == 64


def test_a_point_is_found_again_in_the_view() -> None:
    view = FITTED.zoomed_to(7, QPointF(100, 500))
    there = view.to_view(QPointF(33.5, 71.25))
    assert view.to_picture(there) == QPointF(33.5, 71.25)


def test_the_pixel_under_a_repeat_is_the_pictures_own() -> None:
    view = ViewGeometry(viewport=(300, 300), picture=(10, 10), tiles=3)
    assert view.pixel_at(QPointF(105, 195)) == QPoint(0, 9)
    assert view.pixel_at(QPointF(5, 295)) == QPoint(0, 9)
    assert ViewGeometry((300, 300), (10, 20)).pixel_at(QPointF(5, 5)) is None


def test_one_to_one_lies_on_whole_device_pixels() -> None:
    view = ViewGeometry(viewport=(301, 301), picture=(100, 100), zoom=1.0, centre=(0.501, 0.5))
    assert view.picture_rect.size().toTuple() == (100, 100)
