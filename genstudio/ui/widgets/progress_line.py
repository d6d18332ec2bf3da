"""A thin line that fills as work goes on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

_HEIGHT: Final = 3


class ProgressLine(QWidget):
    """Shows a fraction from 0 to 1; None hides it, without moving what is around."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fraction: float | None = None

    def fraction(self) -> float | None:
        """What is shown."""
        return self._fraction

    def set_fraction(self, fraction: float | None) -> None:
        """Show how far it is."""
        if fraction != self._fraction:
            self._fraction = fraction
            self.setAccessibleDescription("" if fraction is None else f"{fraction:.0%}")
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as there is room."""
        return QSize(80, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The line and the part that is done."""
        if self._fraction is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(whole, 1.5, 1.5)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        whole.setWidth(max(3.0, whole.width() * min(1.0, self._fraction)))
        painter.drawRoundedRect(whole, 1.5, 1.5)
