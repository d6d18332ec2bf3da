"""A picture on its way to the clipboard or to another program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage


def picture_mime(image: QImage, png: bytes | None, file: Path | None) -> QMimeData:
    """The picture in every form that another program may ask for.

    Args:
        image: The pixels.
        png: The picture as a PNG file's bytes, given as they are to those who ask for PNG, so
            that the recipe inside survives.
        file: The same as a file, for programs that take only files.
    """
    data = QMimeData()
    data.setImageData(image)
    if png is not None:
        data.setData("image/png", png)
    if file is not None:
        data.setUrls([QUrl.fromLocalFile(str(file))])
    return data
