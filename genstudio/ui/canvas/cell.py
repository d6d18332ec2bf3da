"""One picture of the sheet: a button to pick it, with a mark that says "this one, too"."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from genstudio.base.texts import translate
from genstudio.ui.canvas.marks import paint_frame
from genstudio.ui.canvas.shades import faded, muted

RADIUS = 4.0
_BADGE = 20


class SheetCell(QAbstractButton):
    """A variation, empty until its picture comes. Checked means marked.

    Signals:
        chosen: It is to become the picture on the canvas; its index.
        marked: Its mark has changed.
        reached: It has got the focus; its index.
    """

    chosen = Signal(object)
    marked = Signal()
    reached = Signal(object)

    def __init__(self, index: int, count: int, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._index = index
        self._count = count
        self._image: QImage | None = None
        self._scaled: QPixmap | None = None
        self._is_picked = False
        self.setObjectName(f"variation {index + 1}")
        self.setCheckable(True)
        self.setMouseTracking(True)
        self.setToolTip(label)
        self.setAccessibleDescription(label)
        self._name()

    @property
    def image(self) -> QImage | None:
        """Its picture, once it has come."""
        return self._image

    @property
    def is_picked(self) -> bool:
        """Whether it was the last one picked."""
        return self._is_picked

    def set_image(self, image: QImage) -> None:
        """Show its picture."""
        self._image, self._scaled = image, None
        self._name()
        self.update()

    def set_picked(self, picked: bool) -> None:
        """Show whether it is the one that was picked."""
        self._is_picked = picked
        self._name()
        self.update()

    def toggle_mark(self) -> None:
        """Mark it, or take its mark away."""
        self.setChecked(not self.isChecked())
        self.marked.emit()

    def _name(self) -> None:
        if self._is_picked:
            text = translate("Sheet", "Variation {number} of {count}, picked")
        elif self._image is None:
            text = translate("Sheet", "Variation {number} of {count}, still to come")
        else:
            text = translate("Sheet", "Variation {number} of {count}")
        self.setAccessibleName(text.format(number=self._index + 1, count=self._count))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Any size; the sheet decides."""
        return QSize(96, 96)

    def nextCheckState(self) -> None:  # noqa: N802
        """A plain click picks and leaves the mark alone."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick with a click, mark with Ctrl and a click."""
        inside = self.isDown() and self.hitButton(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or not inside:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggle_mark()
        else:
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pick with Enter, mark with space; arrows and Escape are the sheet's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.toggle_mark()
        else:
            event.ignore()

    def _choose(self) -> None:
        # An empty cell has nothing that could go to the canvas.
        if self._image is not None:
            self.chosen.emit(self._index)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Show the outline under the cursor."""
        super().enterEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show and tell the focus."""
        super().focusInEvent(event)
        self.update()
        self.reached.emit(self._index)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint the tile or the picture, then what is true of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.fillPath(outline, muted(self.palette(), 0.08))
        self._paint_image(painter, outline)
        self._paint_outline(painter)
        if self.isChecked():
            self._paint_mark(painter)
        painter.end()

    def _paint_image(self, painter: QPainter, outline: QPainterPath) -> None:
        if self._image is None:
            return
        pixmap = self._fitting(self._image)
        ratio = pixmap.devicePixelRatio()
        left = (self.width() - pixmap.width() / ratio) / 2
        top = (self.height() - pixmap.height() / ratio) / 2
        painter.save()
        painter.setClipPath(outline)
        painter.drawPixmap(QPointF(left, top), pixmap)
        painter.restore()

    def _fitting(self, image: QImage) -> QPixmap:
        ratio = self.devicePixelRatioF()
        box = self.size() * ratio
        size = image.size().scaled(box, Qt.AspectRatioMode.KeepAspectRatio)
        if self._scaled is None or self._scaled.size() != size:
            self._scaled = QPixmap.fromImage(
                image.scaled(
                    size,
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _paint_outline(self, painter: QPainter) -> None:
        palette, rect = self.palette(), QRectF(self.rect())
        if self._is_picked:
            paint_frame(painter, palette, rect, width=3.0, radius=RADIUS)
        if self.hasFocus():
            # Two lines, of which one is seen on any picture; the accent means "picked".
            text = palette.color(QPalette.ColorRole.WindowText)
            _paint_ring(painter, rect, 4, QPen(text, 2))
            _paint_ring(painter, rect, 5.5, QPen(palette.color(QPalette.ColorRole.Window), 1))
        elif self.underMouse():
            text = palette.color(QPalette.ColorRole.WindowText)
            _paint_ring(painter, rect, 1, QPen(faded(text, 0.55), 2))

    def _paint_mark(self, painter: QPainter) -> None:
        side = min(_BADGE, self.width() // 2, self.height() // 2)
        badge = QRectF(self.width() - side - 6, 6, side, side)
        palette = self.palette()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Window), 1.5))
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(badge)
        pen = QPen(palette.color(QPalette.ColorRole.HighlightedText), side / 10)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        tick = [QPointF(0.28, 0.52), QPointF(0.44, 0.68), QPointF(0.72, 0.36)]
        painter.drawPolyline(QPolygonF([badge.topLeft() + point * side for point in tick]))


def _paint_ring(painter: QPainter, rect: QRectF, inset: float, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
