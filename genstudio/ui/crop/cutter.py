"""A picture with a frame over it, to move and to resize."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from genstudio.base.texts import translate
from genstudio.studio.cropping import Cropping
from genstudio.ui.images import to_qimage

_MARGIN: Final = 20.0
_STEP: Final = 1.1
_FAR: Final = 10
"""How much further the arrows go with Shift."""
_SHADE: Final = QColor(0, 0, 0, 150)
_ARROWS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class Cutter(QWidget):
    """Drag moves the frame, the wheel or + and - resize it, the arrows move it by a pixel.

    Enter uses what is inside, Esc leaves.
    """

    def __init__(self, cropping: Cropping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cropping = cropping
        self._image = QImage()
        self._held: QPointF | None = None
        self.setObjectName("crop-cutter")
        self.setAccessibleName(translate("Crop", "What is cut out of the picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        for event in (cropping.opened, cropping.changed):
            self.destroyed.connect(event.connect(lambda _: self._follow()))

    def frame_rect(self) -> QRectF:
        """Where the frame is, in the widget."""
        whole, frame, scale = self._picture_rect(), self._cropping.frame, self._scale()
        return QRectF(
            whole.x() + frame.x * scale, whole.y() + frame.y * scale,
            frame.width * scale, frame.height * scale,
        )  # fmt: skip

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the frame; a press beside it brings its middle there."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = event.position()
        if not self.frame_rect().contains(event.position()):
            self._move(event.position() - self.frame_rect().center())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the frame."""
        if self._held is not None:
            moved, self._held = event.position() - self._held, event.position()
            self._move(moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        """Let go."""
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        """Use what is inside."""
        self._cropping.use()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Resize the frame."""
        self._cropping.resize(_STEP ** (-event.angleDelta().y() / 120))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """See the class."""
        key = event.key()
        if key in _ARROWS:
            far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            right, down = _ARROWS[key]
            self._cropping.move(right * far, down * far)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._cropping.resize(_STEP)
        elif key == Qt.Key.Key_Minus:
            self._cropping.resize(1 / _STEP)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._cropping.use()
        elif key == Qt.Key.Key_Escape:
            self._cropping.leave()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The picture, dark beside the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        if not self._image.isNull():
            whole, frame = self._picture_rect(), self.frame_rect()
            painter.drawImage(whole, self._image)
            for shaded in _around(whole, frame):
                painter.fillRect(shaded, _SHADE)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(frame)
        painter.end()

    def _follow(self) -> None:
        pixels = self._cropping.pixels
        if pixels is None:
            self._image = QImage()
        elif self._image.isNull():
            self._image = to_qimage(pixels)
        frame = self._cropping.frame
        words = translate("Crop", "{width} × {height} pixels from {x}, {y}")
        self.setAccessibleDescription(
            words.format(
                width=round(frame.width), height=round(frame.height),
                x=round(frame.x), y=round(frame.y),
            )
        )  # fmt: skip
        self.update()

    def _move(self, way: QPointF) -> None:
        self._cropping.move(way.x() / self._scale(), way.y() / self._scale())

    def _scale(self) -> float:
        """Widget pixels a pixel of the picture."""
        if self._image.isNull():
            return 1.0
        across = (self.width() - 2 * _MARGIN) / self._image.width()
        return max(min(across, (self.height() - 2 * _MARGIN) / self._image.height()), 1e-3)

    def _picture_rect(self) -> QRectF:
        scale = self._scale()
        rect = QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)
        rect.moveCenter(QRectF(self.rect()).center())
        return rect


def _around(whole: QRectF, frame: QRectF) -> tuple[QRectF, ...]:
    """What is left of `whole` without `frame`: above, below, left and right of it."""
    return (
        QRectF(whole.topLeft(), QPointF(whole.right(), frame.top())),
        QRectF(QPointF(whole.left(), frame.bottom()), whole.bottomRight()),
        QRectF(QPointF(whole.left(), frame.top()), QPointF(frame.left(), frame.bottom())),
        QRectF(QPointF(frame.right(), frame.top()), QPointF(whole.right(), frame.bottom())),
    )
