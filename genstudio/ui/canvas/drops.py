"""What was dropped, and the calm notice while something hangs over the stage."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from genstudio.base.texts import translate
from genstudio.ui.canvas.shades import faded, mix
from genstudio.ui.theme.tokens import TITLE


def local_files(data: QMimeData) -> tuple[Path, ...]:
    """The files and folders of this machine among what is dragged."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


def dropped_image(data: QMimeData) -> QImage | None:
    """The picture that is dragged as pixels, where there is one."""
    if not data.hasImage():
        return None
    image = data.imageData()
    return image if isinstance(image, QImage) and not image.isNull() else None


class DropNotice(QWidget):
    """A veil with a frame and one sentence, above a page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        # The drag must go on seeing the stage below.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("drop notice")
        self._sentence = translate("Stage", "Drop to open a picture, a project or a model pack")
        self.setAccessibleName(self._sentence)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint the veil, the frame and the sentence."""
        palette = self.palette()
        window = palette.color(QPalette.ColorRole.Window)
        accent = palette.color(QPalette.ColorRole.Highlight)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), faded(mix(window, accent, 0.12), 0.88))
        frame = QRectF(self.rect()).adjusted(12, 12, -12, -12)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 8, 8)
        font = painter.font()
        font.setPixelSize(TITLE)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(
            frame.adjusted(16, 16, -16, -16),
            int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap),
            self._sentence,
        )
        painter.end()
