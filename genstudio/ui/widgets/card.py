"""A picture with a title and a few lines, to choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from genstudio.ui.theme.style import colours_of, font
from genstudio.ui.theme.tokens import BODY, CAPTION, RADIUS, RADIUS_SMALL, SPACE_M, SPACE_S

_TITLE_GAP: Final = 2


class Card(QAbstractButton):
    """Checked is chosen. A wide card has its picture at the left, a tall one above."""

    def __init__(
        self,
        title: str,
        lines: Sequence[str],
        picture: QImage | None,
        name: str,
        *,
        tall: bool = False,
        side: int = 64,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(", ".join(lines))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        vertical = QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        self._lines = tuple(line for line in lines if line)
        self._picture = picture
        self._tall, self._side = tall, side
        self._title_font = font(BODY, QFont.Weight.DemiBold)
        self._line_font = font(CAPTION)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for the picture and the lines."""
        text = QFontMetrics(self._title_font).height() + _TITLE_GAP
        text += len(self._lines) * QFontMetrics(self._line_font).height()
        if self._tall:
            return QSize(self._side + 2 * SPACE_S, self._side + text + 3 * SPACE_S)
        return QSize(self._side + 160, max(self._side, text) + 2 * SPACE_S)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Narrow enough for a small panel."""
        return QSize(self._side + 2 * SPACE_S, self.sizeHint().height())

    def nextCheckState(self) -> None:  # noqa: N802
        """Whoever shows the card says what is chosen."""

    def event(self, event: QEvent) -> bool:
        """Enter presses it, as Space does."""
        if event.type() == QEvent.Type.KeyPress:
            key = getattr(event, "key", lambda: None)()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.click()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """A calm ground, the picture, and as much of the text as there is room for."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        colours = colours_of(self.palette())
        chosen, marked = self.isChecked(), self.underMouse() or self.isDown()
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(QColor(colours.hover if marked else colours.raised))
        edge = colours.accent if chosen or self.hasFocus() else colours.line
        painter.setPen(QPen(QColor(edge), 2 if chosen else 1))
        painter.drawRoundedRect(ground, RADIUS, RADIUS)
        self._paint_picture(painter)
        self._paint_text(painter)

    def _picture_place(self) -> QRectF:
        side = self.width() - 2 * SPACE_S if self._tall else self._side
        height = self._side if self._tall else side
        top = SPACE_S if self._tall else (self.height() - side) / 2
        return QRectF(SPACE_S, top, side, height)

    def _paint_picture(self, painter: QPainter) -> None:
        place = self._picture_place()
        shape = QPainterPath()
        shape.addRoundedRect(place, RADIUS_SMALL, RADIUS_SMALL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(shape, self.palette().color(QPalette.ColorRole.Mid))
        if self._picture is None or self._picture.isNull():
            return
        painter.save()
        painter.setClipPath(shape)
        painter.drawImage(place, self._picture, _filling(self._picture, place))
        painter.restore()

    def _paint_text(self, painter: QPainter) -> None:
        picture = self._picture_place()
        left = SPACE_S if self._tall else picture.right() + SPACE_M
        top = picture.bottom() + SPACE_S if self._tall else SPACE_S
        width = int(self.width() - left - SPACE_S)
        title = QFontMetrics(self._title_font)
        if not self._tall:
            text = title.height() + _TITLE_GAP
            text += len(self._lines) * QFontMetrics(self._line_font).height()
            top = (self.height() - text) / 2
        painter.setFont(self._title_font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = title.elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        painter.drawText(int(left), int(top + title.ascent()), shown)
        top += title.height() + _TITLE_GAP
        painter.setFont(self._line_font)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        metrics = QFontMetrics(self._line_font)
        for line in self._lines:
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
            painter.drawText(int(left), int(top + metrics.ascent()), shown)
            top += metrics.height()


def _filling(picture: QImage, place: QRectF) -> QRectF:
    """The middle part of a picture that has the shape of the place."""
    scale = min(picture.width() / place.width(), picture.height() / place.height())
    part = QRectF(0, 0, place.width() * scale, place.height() * scale)
    part.moveCenter(QRectF(picture.rect()).center())
    return part
