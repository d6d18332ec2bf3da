"""A place that a small picture is held at: the picture, or a frame that says that one may come."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from genstudio.ui.theme.style import colours_of
from genstudio.ui.theme.tokens import RADIUS_SMALL

SIDE: Final = 48


class PictureSlot(QToolButton):
    """A button over words; `told` says what a click does."""

    def __init__(self, name: str, text: str, told: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setObjectName(name)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setText(text)
        self.setToolTip(told)
        self.setAccessibleName(told)
        self._show()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held here."""
        return self._image is None

    def set_image(self, image: QImage | None) -> None:
        """Show a held picture, or that there is none."""
        self._image = image
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """The empty frame follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show()

    def _show(self) -> None:
        picture = self._empty() if self._image is None else QPixmap.fromImage(self._image)
        self.setIcon(QIcon(picture))

    def _empty(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(SIDE, SIDE) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours_of(self.palette()).muted), 1, Qt.PenStyle.DashLine))
        frame = QRectF(0, 0, SIDE, SIDE).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, RADIUS_SMALL, RADIUS_SMALL)
        painter.end()
        return pixmap
