"""The marks that are painted over a picture: divider, labels, frame and the progress line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPen, QPolygonF

from genstudio.ui.canvas.shades import faded, muted
from genstudio.ui.theme.tokens import CAPTION

PROGRESS_HEIGHT = 3
"""The height of the progress line at the canvas's top, in logical pixels."""
_GRIP = 11.0
_INSET = 10.0
_LEAST_PROGRESS = 0.03


def paint_progress(painter: QPainter, palette: QPalette, width: int, fraction: float) -> None:
    """A thin line along the top; a short one at nothing, so that work is seen to have begun."""
    painter.fillRect(QRectF(0, 0, width, PROGRESS_HEIGHT), muted(palette, 0.15))
    done = width * max(fraction, _LEAST_PROGRESS)
    painter.fillRect(
        QRectF(0, 0, done, PROGRESS_HEIGHT), palette.color(QPalette.ColorRole.Highlight)
    )


def paint_frame(
    painter: QPainter, palette: QPalette, rect: QRectF, *, width: float = 2.0, radius: float = 0.0
) -> None:
    """A line in the accent colour just inside a rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, radius > 0)
    pen = QPen(palette.color(QPalette.ColorRole.Highlight), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def paint_label(
    painter: QPainter, palette: QPalette, rect: QRectF, text: str, *, at_right: bool
) -> None:
    """A small label in an upper corner; left out where the rectangle is too narrow for it."""
    font = painter.font()
    font.setPixelSize(CAPTION)
    metrics = QFontMetricsF(font)
    size = QRectF(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 6)
    if rect.width() < size.width() + 2 * _INSET or rect.height() < size.height() + 2 * _INSET:
        return
    x = rect.right() - _INSET - size.width() if at_right else rect.left() + _INSET
    size.moveTo(round(x), round(rect.top() + _INSET))
    painter.save()
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(palette.color(QPalette.ColorRole.Window), 0.82))
    painter.drawRoundedRect(size, size.height() / 2, size.height() / 2)
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    painter.drawText(size, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_divider(painter: QPainter, palette: QPalette, rect: QRectF, x: float) -> None:
    """A line from top to bottom with a round grip that shows both ways."""
    light = palette.color(QPalette.ColorRole.Window)
    dark = palette.color(QPalette.ColorRole.WindowText)
    painter.save()
    # One colour alone would vanish on pictures of that colour.
    painter.fillRect(QRectF(x - 2, rect.top(), 4, rect.height()), faded(light, 0.55))
    painter.fillRect(QRectF(x - 1, rect.top(), 2, rect.height()), dark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QPointF(x, rect.center().y())
    painter.setPen(QPen(dark, 2))
    painter.setBrush(light)
    painter.drawEllipse(centre, _GRIP, _GRIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(dark)
    for side in (-1, 1):
        painter.drawPolygon(
            QPolygonF(
                [
                    centre + QPointF(side * 7, 0),
                    centre + QPointF(side * 3, -4),
                    centre + QPointF(side * 3, 4),
                ]
            )
        )
    painter.restore()
