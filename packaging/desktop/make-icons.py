"""Draws the icons of the desktop, in every usual size, from the three SVG files.

    python packaging/desktop/make-icons.py [FOLDER]

writes a `hicolor` tree into FOLDER, `packaging/desktop/icons` if none is named. Run it after a
change of one of the drawings.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
APP = HERE.parents[1] / "resources" / "icons" / "genstudio.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def draw(svg: Path, size: int) -> QImage:
    """The drawing as a square picture."""
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        sys.exit(f"{svg} is no SVG drawing that Qt can read.")
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def write(svg: Path, folder: Path, kind: str) -> None:
    """Write one drawing in all sizes and as itself, below `folder`/hicolor."""
    for size in SIZES:
        path = folder / "hicolor" / f"{size}x{size}" / kind / f"{svg.stem}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(svg, size).save(str(path))
    scalable = folder / "hicolor" / "scalable" / kind / svg.name
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(svg, scalable)


def main() -> None:
    """Draw all icons."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "icons"
    application = QGuiApplication([])
    write(APP, folder, "apps")
    for svg in sorted(HERE.glob("application-*.svg")):
        write(svg, folder, "mimetypes")
    del application


main()
