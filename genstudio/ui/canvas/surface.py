"""The widget that shows a picture: what is painted where, without any mouse or key.

Each paint step is a method of its own, from the background up, so that another layer (a mask) is
one more step. The picture itself comes ready from its `PictureLayer`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio.base.texts import translate
from genstudio.ui.canvas.geometry import ViewGeometry, same_shape
from genstudio.ui.canvas.layer import Look, PictureLayer
from genstudio.ui.canvas.marks import (
    PROGRESS_HEIGHT,
    paint_divider,
    paint_frame,
    paint_label,
    paint_progress,
)
from genstudio.ui.canvas.shades import faded, muted

MARGIN = 20
"""What fitting leaves free around the picture, in logical pixels."""


class Surface(QWidget):
    """Shows one picture, alone, beside the one before it, or repeated.

    Signals:
        zoom_changed: Device pixels a picture pixel (float), at every change of it.
    """

    zoom_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._geometry = ViewGeometry()
        self._after = PictureLayer()
        self._before = PictureLayer()
        self._partial = False
        self._compare = False
        self._divider = 0.5
        self._pixels_shown = False
        self._progress: float | None = None
        self._hovered = False
        self._focus_shown = False
        self.setAutoFillBackground(False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(translate("Canvas", "Picture"))
        self._describe()

    @property
    def picture(self) -> QImage | None:
        """The picture on show."""
        return self._after.image

    @property
    def geometry_shown(self) -> ViewGeometry:
        """Where the picture lies, in device pixels."""
        return self._geometry

    @property
    def zoom(self) -> float:
        """Device pixels a picture pixel."""
        return self._geometry.scale

    @property
    def is_fitted(self) -> bool:
        """Whether the whole picture follows the widget's size."""
        return self._geometry.is_fitted

    @property
    def is_comparing(self) -> bool:
        """Whether the divider between before and after is on show."""
        before, after = self._before.image, self._after.image
        return (
            self._compare
            and before is not None
            and after is not None
            and same_shape(before.size().toTuple(), after.size().toTuple())
        )

    @property
    def is_tiled(self) -> bool:
        """Whether the picture is repeated."""
        return self._geometry.tiles > 1

    @property
    def divider(self) -> float:
        """Where the divider is, from 0 (left) to 1 (right) of the visible picture."""
        return self._divider

    def show_picture(self, image: QImage | None, *, partial: bool = False) -> None:
        """Show a picture; one of the same shape takes the place of the one before it.

        Args:
            image: The picture, or None for an empty canvas.
            partial: Whether more of it is still being drawn.
        """
        self._after.set_image(image)
        self._partial = partial
        shown = self._after.image
        if shown is not None:
            self._set_view(self._geometry.with_picture((shown.width(), shown.height())))
        self._describe()
        self.update()

    def set_before(self, image: QImage | None) -> None:
        """Set the picture that `set_compare` shows on the left; None ends comparing."""
        self._before.set_image(image)
        self.update()

    def set_compare(self, on: bool) -> None:
        """Show before and after with a divider, while both are there and of the same shape."""
        self._compare = on
        self.update()

    def set_divider(self, share: float) -> None:
        """Move the divider to a share (0 to 1) of the visible picture."""
        self._divider = min(max(share, 0.0), 1.0)
        self.update()

    def set_tiled(self, on: bool) -> None:
        """Show the picture three by three times, as a texture repeats."""
        self._set_view(self._geometry.with_tiles(3 if on else 1))

    def set_pixels_shown(self, on: bool) -> None:
        """Show crisp pixels and their grid at every zoom."""
        self._pixels_shown = on
        self.update()

    def set_progress(self, fraction: float | None) -> None:
        """Show a thin line while a picture is being made; None takes it away."""
        self._progress = None if fraction is None else min(max(fraction, 0.0), 1.0)
        self.update(0, 0, self.width(), PROGRESS_HEIGHT)

    def fit(self) -> None:
        """Show the whole picture, and keep it fitted when the widget's size changes."""
        self._set_view(self._geometry.fitted())

    def actual_size(self) -> None:
        """Show one picture pixel on one pixel of the screen."""
        self._move_view(self._geometry.zoomed_to(1.0))

    def zoom_to(self, scale: float) -> None:
        """Show so many device pixels a picture pixel, around the middle of the view."""
        self._move_view(self._geometry.zoomed_to(scale))

    def zoom_in(self) -> None:
        """Go to the next round zoom above, around the middle of the view."""
        self._move_view(self._geometry.stepped(up=True))

    def zoom_out(self) -> None:
        """Go to the next round zoom below, around the middle of the view."""
        self._move_view(self._geometry.stepped(up=False))

    def _move_view(self, geometry: ViewGeometry) -> None:
        # On an empty canvas a person sees nothing to move, and the next picture comes fitted.
        if self._after.image is not None:
            self._set_view(geometry)

    def _set_view(self, geometry: ViewGeometry) -> None:
        if geometry == self._geometry:
            return
        before, self._geometry = self._geometry.scale, geometry
        self.update()
        if geometry.scale != before:
            self._describe()
            self.zoom_changed.emit(geometry.scale)

    def _describe(self) -> None:
        if self._after.image is None:
            self.setAccessibleDescription(translate("Canvas", "No picture yet"))
            return
        if self._partial:
            text = translate(
                "Canvas",
                "Picture, {width} by {height} pixels, shown at {zoom} %, still being drawn",
            )
        else:
            text = translate("Canvas", "Picture, {width} by {height} pixels, shown at {zoom} %")
        width, height = self._geometry.picture
        self.setAccessibleDescription(
            text.format(width=width, height=height, zoom=round(self.zoom * 100))
        )

    def _to_device(self, point: QPointF) -> QPointF:
        return point * self.devicePixelRatioF()

    def _to_logical(self, rect: QRect) -> QRectF:
        ratio = self.devicePixelRatioF()
        return QRectF(
            rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio
        )

    @property
    def _shown_rect(self) -> QRectF:
        """The visible part of the picture and its repeats, in logical pixels."""
        return self._to_logical(self._geometry.visible_rect)

    @property
    def _divider_x(self) -> float:
        shown = self._shown_rect
        return shown.x() + self._divider * shown.width()

    def _measure(self) -> None:
        ratio = self.devicePixelRatioF()
        size = (round(self.width() * ratio), round(self.height() * ratio))
        self._set_view(self._geometry.with_viewport(size, round(MARGIN * ratio)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the view in the new size."""
        super().resizeEvent(event)
        self._measure()

    def event(self, event: QEvent) -> bool:
        """Measure again on a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Paint in a new palette's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint from the background up."""
        painter = QPainter(self)
        self._paint_background(painter)
        if self._after.image is not None and not self._geometry.visible_rect.isEmpty():
            self._paint_picture(painter)
            if self.is_comparing:
                self._paint_comparison(painter)
            if self.is_tiled and self._hovered:
                self._paint_tile_outline(painter)
        if self._progress is not None:
            paint_progress(painter, self.palette(), self.width(), self._progress)
        if self._focus_shown and self.hasFocus():
            paint_frame(painter, self.palette(), QRectF(self.rect()))
        painter.end()

    def _look(self) -> Look:
        palette = self.palette()
        return Look(
            self._geometry,
            self.devicePixelRatioF(),
            self._pixels_shown,
            (muted(palette, 0.12).rgb(), muted(palette, 0.28).rgb()),
            faded(palette.color(QPalette.ColorRole.Mid), 0.25).rgba(),
        )

    def _paint_background(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.palette().color(self.backgroundRole()))

    def _paint_picture(self, painter: QPainter) -> None:
        painter.drawPixmap(self._shown_rect.topLeft(), self._after.drawing(self._look()))

    def _paint_comparison(self, painter: QPainter) -> None:
        shown, divider = self._shown_rect, self._divider_x
        left, right = QRectF(shown), QRectF(shown)
        left.setRight(divider)
        right.setLeft(divider)
        painter.save()
        painter.setClipRect(left)
        painter.drawPixmap(shown.topLeft(), self._before.drawing(self._look()))
        painter.restore()
        palette = self.palette()
        paint_label(painter, palette, left, translate("Canvas", "Before"), at_right=False)
        paint_label(painter, palette, right, translate("Canvas", "After"), at_right=True)
        paint_divider(painter, palette, shown, divider)

    def _paint_tile_outline(self, painter: QPainter) -> None:
        rect = self._to_logical(self._geometry.picture_rect)
        paint_frame(painter, self.palette(), rect)
