"""Held pictures, a slider between two of them, and a square between more."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.blend import CORNERS, End
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.pad import Pad
from genstudio.ui.widgets.picture_slot import PictureSlot
from genstudio.ui.widgets.section import Section
from genstudio.ui.widgets.value_slider import ValueSlider


class BlendPanel(QWidget):
    """A section that unfolds when the first picture is held."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blend = studio.blend
        self.setObjectName("blend-panel")
        self._pictured: list[int] = []
        self._section = Section(
            translate("BlendPanel", "Between pictures"), "blend", is_open=False, parent=self
        )
        off = self._section.add_button("x", translate("BlendPanel", "Hold none"), "blend-off")
        off.clicked.connect(self._blend.let_go)
        self._ends = {end: self._make_end(end) for end in CORNERS}
        self._slider = ValueSlider(
            translate("BlendPanel", "From A to B"),
            0,
            100,
            0,
            unit="%",
            step=1,
            name="blend-slider",
            parent=self._section,
        )
        self._slider.changed.connect(lambda share: self._blend.slide(share / 100, dragging=True))
        self._slider.finished.connect(lambda _: studio.editor.finish())
        self._past = QCheckBox(translate("BlendPanel", "Past learned pictures"), self._section)
        self._past.setObjectName("blend-past-learned")
        self._past.setToolTip(
            translate(
                "BlendPanel",
                "From like to like by way of pictures that the model has learned, in place of "
                "straight ahead through what no picture is",
            )
        )
        self._past.clicked.connect(self._blend.pass_learned)
        name = translate("BlendPanel", "Between the corners")
        self._square = Pad("blend-square", name, self._section)
        self._square.changed.connect(lambda place: self._go(*place))
        self._square.finished.connect(lambda _: studio.editor.finish())
        self._lay_out()
        leave = self._blend.changed.connect(lambda _: self._show())
        leave_editor = studio.editor.changed.connect(lambda _: self._show_reach())
        self.destroyed.connect(leave)
        self.destroyed.connect(leave_editor)
        self._show()

    def _make_end(self, end: End) -> PictureSlot:
        told = translate("BlendPanel", "Hold this picture as {end}").format(end=end.upper())
        button = PictureSlot(f"blend-{end}", end.upper(), told, self._section)
        button.clicked.connect(lambda: self._blend.hold(end))
        return button

    def _lay_out(self) -> None:
        told = translate(
            "BlendPanel",
            "Hold one picture as A and another as B, then slide; C and D make a square.",
        )
        self._said = QLabel(told, self)
        self._said.setProperty("role", "muted")
        self._said.setWordWrap(True)
        row = QHBoxLayout()
        for button in self._ends.values():
            row.addWidget(button)
        row.addStretch()
        self._section.body.addWidget(self._said)
        self._section.body.addLayout(row)
        self._section.body.addWidget(self._slider)
        self._section.body.addWidget(self._past)
        self._section.body.addWidget(self._square)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        column.addWidget(self._section)

    def _show(self) -> None:
        held = any(self._blend.holds(end) for end in CORNERS)
        if held and not self._section.is_open():
            self._section.set_open(True)
        for end, button in self._ends.items():
            pixels = self._blend.thumbnail(end)
            button.set_image(to_qimage(pixels) if pixels is not None else None)
        self._said.setVisible(not self._blend.can_slide)
        right, down = self._blend.place
        self._slider.setEnabled(self._blend.can_slide)
        self._slider.setVisible(not self._blend.is_square)
        self._slider.set_value(100 * right)
        self._past.setVisible(self._blend.can_pass_learned)
        self._past.setChecked(self._blend.passes_learned)
        self._square.setVisible(self._blend.is_square)
        self._square.setEnabled(self._blend.can_slide)
        self._square.set_place((2 * right - 1, 1 - 2 * down))
        self._show_corners()
        self._show_reach()

    def _go(self, x: float, y: float) -> None:
        """To a place of the square, each from -1 to 1 with y upwards."""
        self._blend.slide((x + 1) / 2, (1 - y) / 2, dragging=True)

    def _show_corners(self) -> None:
        small = {end: self._blend.thumbnail(end) for end in CORNERS}
        # A drag comes here sixty times a second; the corners stay.
        if [id(pixels) for pixels in small.values()] == self._pictured:
            return
        self._pictured = [id(pixels) for pixels in small.values()]
        if self._section.is_open():
            self._section.reveal()
        self._square.set_pictures(
            {
                (round(2 * right - 1), round(1 - 2 * down)): to_qimage(pixels)
                for end, (right, down) in CORNERS.items()
                if (pixels := small[end]) is not None
            }
        )

    def _show_reach(self) -> None:
        """Without a picture that can be held there is nothing to do here."""
        self.setVisible(self._blend.can_hold or self._blend.can_slide)
        for button in self._ends.values():
            button.setEnabled(self._blend.can_hold)
