"""How sure the model was, as a heat map over the canvas; a click asks what might have been."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen

from genstudio.base.texts import translate
from genstudio.studio.token_sight import TokenSight
from genstudio.ui.canvas.surface import Surface
from genstudio.ui.canvas.token_layer import TokenLayer
from genstudio.ui.theme.tokens import RADIUS_SMALL, SPACE_S

_COLD: Final = (28, 38, 120)
_WARM: Final = (255, 214, 64)
_ALPHA: Final = 165


class OddsLayer(TokenLayer):
    """Cold where the model was sure, warm where much else could have come.

    Arrows move a cursor, Enter or a click shows the runners-up of the token under it, Esc leaves.
    """

    def __init__(self, sight: TokenSight, canvas: Surface) -> None:
        label = translate("OddsLayer", "How sure the model was of each token")
        super().__init__("odds-layer", label, canvas)
        self._sight = sight
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.destroyed.connect(sight.changed.connect(lambda _: self._turn(sight.is_on)))

    def grid(self) -> tuple[int, int]:
        """Columns and rows of tokens; none before the odds are there."""
        if self._sight.odds is None:
            return 0, 0
        rows, columns = self._sight.odds.entropy.shape
        return columns, rows

    def words(self) -> str:
        """What is said of the token under the cursor."""
        odds, (column, row) = self._sight.odds, self._cursor
        if odds is None:
            looking = translate("OddsLayer", "Looking into the picture ... {share} %")
            return looking.format(share=round(100 * self._sight.done))
        told = translate("OddsLayer", "{bits} bits; this token had {share} %. Click for others.")
        bits, chance = float(odds.entropy[row, column]), float(odds.chance[row, column])
        return told.format(bits=f"{bits:.1f}", share=f"{100 * chance:.3g}")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask for the runners-up of the token under the pointer."""
        cell = self._cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._sight.show_runners(*cell)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """See the class."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._sight.show_runners(*self._cursor)
        elif event.key() == Qt.Key.Key_Escape:
            self._sight.end()
        elif self._sight.odds is not None:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The heat, a frame around the token under the cursor, and what is said of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        odds = self._sight.odds
        if odds is not None:
            most = max(float(odds.entropy.max()), 1e-6)
            for (row, column), entropy in np.ndenumerate(odds.entropy):
                painter.fillRect(self._rect_of(column, row), heat(float(entropy) / most))
            painter.setPen(QPen(QColor(Qt.GlobalColor.white), 2))
            painter.drawRect(self._rect_of(*self._cursor))
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        palette, words = self.palette(), self.words()
        self.setAccessibleDescription(words)
        space = QPointF(SPACE_S, SPACE_S)
        size = painter.fontMetrics().size(0, words)
        box = QRectF(0, 0, size.width(), size.height())
        box.moveBottomLeft(QPointF(self.rect().bottomLeft()) + QPointF(2, -2) * SPACE_S)
        ground = QColor(palette.color(QPalette.ColorRole.Window))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(
            QRectF(box.topLeft() - space, box.bottomRight() + space), RADIUS_SMALL, RADIUS_SMALL
        )
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, words)


def heat(part: float) -> QColor:
    """From cold (0) to warm (1), half transparent."""
    red, green, blue = (round(c + (w - c) * part) for c, w in zip(_COLD, _WARM, strict=True))
    return QColor(red, green, blue, _ALPHA)
