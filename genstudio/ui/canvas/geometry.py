"""Where the picture lies in its view: fit, zoom, pan and tiles as one frozen value.

Everything is counted in device pixels, so that "1:1" is exact on every screen. A change of the
view is a new value; the widget that shows it only asks for `picture_rect` and its like.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF

Size = tuple[int, int]

LARGEST_SCALE = 64.0
"""Device pixels a picture pixel, unless fitting a tiny picture needs more."""
SMALLEST_SIDE = 48
"""The picture's longer side is never drawn smaller than this, in device pixels."""
KEPT_SHARE = 0.25
"""The share of the view (or of the picture, where it is smaller) that panning leaves covered."""
STOPS = (0.0625, 0.125, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
"""What the keys and buttons step through."""


@dataclass(frozen=True)
class ViewGeometry:
    """How a picture of some size is laid into a view of some size.

    Attributes:
        viewport: The view's size in device pixels.
        picture: The picture's size in its own pixels.
        zoom: Device pixels a picture pixel; None while the picture is fitted.
        centre: The point at the view's centre, in fractions of the (middle) picture.
        tiles: How often the picture repeats along each side, 1 or an odd number above.
        margin: What fitting leaves free on each side, in device pixels.
    """

    viewport: Size = (1, 1)
    picture: Size = (1, 1)
    zoom: float | None = None
    centre: tuple[float, float] = (0.5, 0.5)
    tiles: int = 1
    margin: int = 0

    @property
    def is_fitted(self) -> bool:
        """Whether the picture follows the view's size."""
        return self.zoom is None

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture, with its repeats, fits the view."""
        (width, height), (across, down) = self.viewport, self.picture
        margin = min(self.margin, width // 10, height // 10)
        return max(
            min(
                (width - 2 * margin) / (across * self.tiles),
                (height - 2 * margin) / (down * self.tiles),
            ),
            1e-4,
        )

    @property
    def scale(self) -> float:
        """Device pixels a picture pixel, as shown."""
        return self.fit_scale if self.zoom is None else self.zoom

    @property
    def picture_rect(self) -> QRect:
        """The picture (the middle one of its repeats) in the view, on whole device pixels."""
        width = max(1, round(self.picture[0] * self.scale))
        height = max(1, round(self.picture[1] * self.scale))
        left = round(self.viewport[0] / 2 - self.centre[0] * width)
        top = round(self.viewport[1] / 2 - self.centre[1] * height)
        return QRect(left, top, width, height)

    @property
    def whole_rect(self) -> QRect:
        """The picture with all its repeats."""
        rect, beside = self.picture_rect, self.tiles // 2
        across, down = beside * rect.width(), beside * rect.height()
        return rect.adjusted(-across, -down, across, down)

    @property
    def visible_rect(self) -> QRect:
        """The part of `whole_rect` that is inside the view; empty when there is none."""
        return self.whole_rect.intersected(QRect(0, 0, *self.viewport))

    def to_picture(self, point: QPointF) -> QPointF:
        """A point of the view in picture pixels; repeats give what lies beyond the picture."""
        rect = self.picture_rect
        return QPointF(
            (point.x() - rect.x()) * self.picture[0] / rect.width(),
            (point.y() - rect.y()) * self.picture[1] / rect.height(),
        )

    def to_view(self, point: QPointF) -> QPointF:
        """A point in picture pixels in the view."""
        rect = self.picture_rect
        return QPointF(
            rect.x() + point.x() * rect.width() / self.picture[0],
            rect.y() + point.y() * rect.height() / self.picture[1],
        )

    def pixel_at(self, point: QPointF) -> QPoint | None:
        """The picture's pixel under a point of the view, also on a repeat; None beside it."""
        if not QRectF(self.whole_rect).contains(point):
            return None
        inside = self.to_picture(point)
        return QPoint(floor(inside.x()) % self.picture[0], floor(inside.y()) % self.picture[1])

    def fitted(self) -> ViewGeometry:
        """The whole picture in the view, following the view's size."""
        return replace(self, zoom=None, centre=(0.5, 0.5))

    def with_viewport(self, viewport: Size, margin: int) -> ViewGeometry:
        """The same view in a widget of another size."""
        size = (max(1, viewport[0]), max(1, viewport[1]))
        return _kept_visible(replace(self, viewport=size, margin=margin))

    def with_picture(self, picture: Size) -> ViewGeometry:
        """Another picture; one of the same shape takes the same place, however many pixels."""
        if not same_shape(self.picture, picture):
            return replace(self, picture=picture).fitted()
        zoom = None if self.zoom is None else self.zoom * self.picture[0] / picture[0]
        return replace(self, picture=picture, zoom=zoom)

    def with_tiles(self, tiles: int) -> ViewGeometry:
        """The picture repeated `tiles` times along each side."""
        return _kept_visible(replace(self, tiles=tiles))

    def zoomed_to(self, scale: float, about: QPointF | None = None) -> ViewGeometry:
        """At `scale`, within limits, with the picture's point at `about` staying where it is."""
        middle = QPointF(self.viewport[0] / 2, self.viewport[1] / 2)
        anchor = middle if about is None else about
        fixed = self.to_picture(anchor)
        bounded = min(max(scale, self._smallest_scale), max(LARGEST_SCALE, self.fit_scale))
        width = max(1, round(self.picture[0] * bounded))
        height = max(1, round(self.picture[1] * bounded))
        centre = (
            fixed.x() / self.picture[0] + (middle.x() - anchor.x()) / width,
            fixed.y() / self.picture[1] + (middle.y() - anchor.y()) / height,
        )
        return _kept_visible(replace(self, zoom=bounded, centre=centre))

    def stepped(self, up: bool, about: QPointF | None = None) -> ViewGeometry:
        """At the next round zoom above or below."""
        if up:
            scale = next((stop for stop in STOPS if stop > self.scale * 1.01), LARGEST_SCALE)
        else:
            scale = next((stop for stop in reversed(STOPS) if stop < self.scale * 0.99), STOPS[0])
        return self.zoomed_to(scale, about)

    def panned(self, across: float, down: float) -> ViewGeometry:
        """The picture moved by device pixels, as far as some of it stays in the view."""
        rect = self.picture_rect
        centre = (self.centre[0] - across / rect.width(), self.centre[1] - down / rect.height())
        # A view that was moved is no longer a fitted one, or the next picture would jump back.
        return _kept_visible(replace(self, zoom=self.scale, centre=centre))

    @property
    def _smallest_scale(self) -> float:
        return min(self.fit_scale, SMALLEST_SIDE / max(self.picture), 1.0)


def same_shape(first: Size, second: Size) -> bool:
    """Whether two pictures can take the same place, but for a rounded pixel."""
    return 0.99 < (first[0] * second[1]) / (first[1] * second[0]) < 1.01


def _kept_visible(view: ViewGeometry) -> ViewGeometry:
    """The view, moved as far as needed to have enough of the picture in it."""
    if view.zoom is None:
        return view
    rect, whole = view.picture_rect, view.whole_rect
    shift_x = _shift_inside(whole.x(), whole.width(), view.viewport[0])
    shift_y = _shift_inside(whole.y(), whole.height(), view.viewport[1])
    if not shift_x and not shift_y:
        return view
    across = view.centre[0] - shift_x / rect.width()
    return replace(view, centre=(across, view.centre[1] - shift_y / rect.height()))


def _shift_inside(start: int, length: int, view: int) -> int:
    """How far a span must move so that enough of it lies between 0 and `view`."""
    kept = max(1, round(min(length, view) * KEPT_SHARE))
    return min(max(start, kept - length), view - kept) - start
