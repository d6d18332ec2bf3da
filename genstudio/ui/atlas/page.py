"""The map of a model as a page of the stage."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.recipe.values import Recipe
from genstudio.studio.studio import Studio
from genstudio.ui.atlas.plane import Plane
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S
from genstudio.ui.widgets.progress_line import ProgressLine


class AtlasPage(QWidget):
    """A plane of samples, and above it what it is and how far it is."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._atlas = studio, studio.atlas
        self._of: Recipe | None = None
        self.setObjectName("map-page")
        self.plane = Plane("map-plane", translate("Map", "Map of the model"), self)
        self.setFocusProxy(self.plane)
        self._title = QLabel(self)
        self._title.setObjectName("map-title")
        self._line = ProgressLine("map-progress", self)
        self._stop = self._named("stop", translate("Map", "Stop"))
        self._go_on = self._named("go-on", translate("Map", "Go on"))
        self._whole = self._named("whole", translate("Map", "Whole map"))
        self._back = self._named("back", translate("Map", "Back to the picture"))
        self._lay_out()
        self._connect()
        self._show()

    def _named(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"map-{name}")
        button.setProperty("flat", True)
        return button

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self._title, 1)
        for button in (self._stop, self._go_on, self._whole, self._back):
            above.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        column.setSpacing(SPACE_S)
        column.addLayout(above)
        column.addWidget(self._line)
        column.addWidget(self.plane, 1)

    def _connect(self) -> None:
        atlas = self._atlas
        self.plane.chosen.connect(atlas.go_to)
        self.plane.left.connect(lambda: atlas.show(False))
        self._stop.clicked.connect(atlas.stop)
        self._go_on.clicked.connect(atlas.go_on)
        self._whole.clicked.connect(self.plane.fit)
        self._back.clicked.connect(lambda: atlas.show(False))
        self.destroyed.connect(atlas.changed.connect(lambda _: self._show()))

    def _show(self) -> None:
        atlas = self._atlas
        recipe, count = atlas.recipe, len(atlas.samples)
        pack = self._studio.models.find(recipe.model.id) if recipe else None
        words = translate("Map", "{model}: {count} of {all} pictures, by likeness. Click one.")
        name = pack.manifest.name if pack else ""
        self._title.setText(words.format(model=name, count=count, all=atlas.total))
        self._line.set_fraction(count / atlas.total if atlas.is_drawing else None)
        self._stop.setVisible(atlas.is_drawing)
        self._go_on.setVisible(not atlas.is_drawing and count < atlas.total)
        if recipe != self._of:
            self._of = recipe
            self.plane.clear()
        self.plane.add([to_qimage(sample) for sample in atlas.samples[self.plane.count :]])
        self.plane.lay_out(atlas.places)
