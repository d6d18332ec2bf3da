"""Taking a picture out of the window by mouse: the drag and the thumbnail under the cursor."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QImage, QPixmap
from PySide6.QtWidgets import QWidget

THUMBNAIL = 112
"""The longer side of what hangs on the cursor, in logical pixels."""


def picture_drag(source: QWidget, data: QMimeData, image: QImage) -> QDrag:
    """A drag that carries `data` and shows a small `image`."""
    ratio = source.devicePixelRatioF()
    side = round(THUMBNAIL * ratio)
    small = image.scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap = QPixmap.fromImage(small)
    pixmap.setDevicePixelRatio(ratio)
    drag = QDrag(source)
    drag.setMimeData(data)
    drag.setPixmap(pixmap)
    drag.setHotSpot(QPoint(round(small.width() / ratio / 2), round(small.height() / ratio / 2)))
    return drag


def run_copy_drag(drag: QDrag) -> Qt.DropAction:
    """Let the person drag until they let go; the other side gets a copy."""
    return drag.exec(Qt.DropAction.CopyAction)
