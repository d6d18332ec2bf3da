"""The latent pad in a section of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.direction_names import label_of
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.choice_box import ChoiceBox
from genstudio.ui.widgets.pad import Pad
from genstudio.ui.widgets.section import Section


class PadPanel(QWidget):
    """Two choices of directions and the square; there for models with directions only."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._pad = studio, studio.pad
        self._names: tuple[str, ...] = ()
        self._boxes: list[ChoiceBox] = []
        self._pictured: list[int] = []
        self.setObjectName("pad-panel")
        self._section = Section(
            translate("PadPanel", "Latent pad"), "pad", is_open=False, parent=self
        )
        self._section.toggled.connect(self._look)
        self._square = Pad("pad-square", translate("PadPanel", "Latent pad"), self._section)
        self._square.changed.connect(lambda place: self._pad.move_to(*place, dragging=True))
        self._square.finished.connect(lambda _: studio.editor.finish())
        self._choices = QVBoxLayout()
        self._section.body.addLayout(self._choices)
        self._section.body.addWidget(self._square)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        column.addWidget(self._section)
        self.destroyed.connect(self._pad.changed.connect(lambda _: self._show()))
        self._show()

    def _look(self, is_open: bool) -> None:
        self._pad.wants_pictures = is_open
        self._pad.look_around()
        self._show()

    def _show(self) -> None:
        axes = self._pad.axes
        self.setVisible(axes is not None)
        if axes is None or not self._section.is_open():
            return
        if self._pad.names != self._names:
            self._names = self._pad.names
            self._build_choices()
        for box, name in zip(self._boxes, axes, strict=True):
            box.set_value(name)
        self._square.set_place(self._pad.position)
        small = self._pad.thumbnails
        # A drag comes here sixty times a second; the pictures around it stay.
        if [id(pixels) for pixels in small.values()] != self._pictured:
            self._pictured = [id(pixels) for pixels in small.values()]
            self._square.set_pictures({place: to_qimage(made) for place, made in small.items()})

    def _build_choices(self) -> None:
        for box in self._boxes:
            self._choices.removeWidget(box)
            box.hide()
            box.deleteLater()
        options = [(name, label_of(name)) for name in self._names]
        labels = (translate("PadPanel", "To the right"), translate("PadPanel", "Upwards"))
        self._boxes = [
            ChoiceBox(label, options, f"pad-{axis}", parent=self._section)
            for axis, label in zip(("right", "up"), labels, strict=True)
        ]
        for box in self._boxes:
            self._choices.addWidget(box)
            box.changed.connect(lambda _: self._choose())

    def _choose(self) -> None:
        right, up = self._boxes
        self._pad.choose(right.value(), up.value())
