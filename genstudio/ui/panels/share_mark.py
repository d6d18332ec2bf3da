"""A thin bar beside a slider: how much of what it moves is explained by it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

_WIDTH: Final = 3
_HEIGHT: Final = 24


class ShareMark(QWidget):
    """Filled from below; quiet, for it only helps to choose among sliders."""

    def __init__(self, share: float, parent: QWidget) -> None:
        """Take the share to show, 0 to 1."""
        super().__init__(parent)
        self._share = min(max(share, 0.0), 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Narrow and as high as a slider without its margins."""
        return QSize(_WIDTH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The whole in a line's colour, the share in that of muted text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(whole, 1.5, 1.5)
        painter.setBrush(self.palette().color(QPalette.ColorRole.PlaceholderText))
        whole.setTop(whole.bottom() - whole.height() * self._share)
        painter.drawRoundedRect(whole, 1.5, 1.5)
