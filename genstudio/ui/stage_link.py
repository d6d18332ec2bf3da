"""What the stage shows of the studio: the picture, variations, the library, or the first page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QImage

from genstudio.base.texts import translate
from genstudio.studio.studio import Studio
from genstudio.ui.canvas.mime import picture_mime
from genstudio.ui.canvas.stage import Stage
from genstudio.ui.images import to_pixels, to_qimage

START = "start"
PICTURE = "picture"
SHEET = "sheet"
LIBRARY = "library"
MAP = "map"
CROP = "crop"


class StageLink(QObject):
    """Keeps a stage in step with a studio, and brings back what is done on it."""

    def __init__(self, studio: Studio, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._stage = studio, stage
        self._on_canvas: NDArray[np.uint8] | None = None
        studio.picture.changed.connect(self._show_picture)
        studio.compare.changed.connect(self._show_comparison)
        studio.variations.changed.connect(self._show_sheet)
        studio.variations.arrived.connect(self._show_variation)
        studio.editor.changed.connect(lambda _: self._choose_page())
        studio.gallery.opened.connect(self._show_library)
        studio.atlas.opened.connect(self._show_library)
        studio.files.cropping.opened.connect(self._show_crop)
        stage.files_dropped.connect(self._open_files)
        stage.image_dropped.connect(self._take_image)
        stage.sheet.picked.connect(studio.variations.pick)
        stage.sheet.left.connect(studio.variations.close)
        stage.canvas.drag_data = self.mime
        self._choose_page()

    def mime(self) -> QMimeData | None:
        """The current picture for the clipboard or a drag; None before there is one."""
        picture = self._stage.canvas.picture
        if picture is None:
            return None
        ready = self._studio.files.ready
        return picture_mime(picture, ready.png if ready else None, ready.path if ready else None)

    def _take_image(self, image: QImage) -> None:
        self._studio.files.take_picture(to_pixels(image), translate("Stage", "This picture"))

    def _open_files(self, paths: tuple[Path, ...]) -> None:
        self._studio.open_files(paths)

    def _choose_page(self) -> None:
        if self._studio.files.cropping.pixels is not None:
            page = CROP
        elif self._studio.gallery.is_open:
            page = LIBRARY
        elif self._studio.variations.is_open:
            page = SHEET
        elif self._studio.atlas.is_open:
            page = MAP
        elif self._studio.editor.recipe is None:
            page = START
        else:
            page = PICTURE
        self._stage.show_page(page)

    def _show_picture(self, _: None) -> None:
        picture, canvas = self._studio.picture, self._stage.canvas
        rendering = picture.rendering
        partial = picture.partial
        pixels = partial if partial is not None else rendering.pixels if rendering else None
        if pixels is not None and pixels is not self._on_canvas:
            canvas.show_picture(to_qimage(pixels), partial=partial is not None)
            self._on_canvas = pixels
        canvas.set_progress(picture.fraction)

    def _show_comparison(self, _: None) -> None:
        compare, canvas = self._studio.compare, self._stage.canvas
        canvas.set_before(to_qimage(compare.pixels) if compare.pixels is not None else None)
        canvas.set_compare(compare.is_on)

    def _show_sheet(self, _: None) -> None:
        variations, sheet = self._studio.variations, self._stage.sheet
        if variations.is_open:
            sheet.begin(len(variations.recipes), variations.labels, self._aspect())
        self._choose_page()
        if variations.is_open:
            sheet.setFocus()
        else:
            self._stage.canvas.setFocus()

    def _show_library(self, shown: bool) -> None:
        """The library or the map came, or went."""
        self._choose_page()
        if not shown:
            self._stage.canvas.setFocus()

    def _show_crop(self, shown: bool) -> None:
        self._choose_page()
        if shown:
            self._stage.focus_page()
        else:
            self._stage.canvas.setFocus()

    def _show_variation(self, index: int) -> None:
        self._stage.sheet.set_picture(index, to_qimage(self._studio.variations.pictures[index]))

    def _aspect(self) -> float:
        pixels = self._on_canvas
        return pixels.shape[1] / pixels.shape[0] if pixels is not None else 1.0
