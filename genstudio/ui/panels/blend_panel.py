"""Two held pictures, and a slider between them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.blend import End
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.section import Section
from genstudio.ui.widgets.value_slider import ValueSlider

_SIDE: Final = 56
_ENDS: Final[tuple[End, End]] = ("a", "b")


class BlendPanel(QWidget):
    """A section that unfolds when the first picture is held."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blend = studio.blend
        self.setObjectName("blend-panel")
        self._section = Section(
            translate("BlendPanel", "Between two pictures"), "blend", is_open=False, parent=self
        )
        off = self._section.add_button("x", translate("BlendPanel", "Hold neither"), "blend-off")
        off.clicked.connect(self._blend.let_go)
        self._ends = {end: self._make_end(end) for end in _ENDS}
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
        self._lay_out()
        leave = self._blend.changed.connect(lambda _: self._show())
        leave_editor = studio.editor.changed.connect(lambda _: self._show_reach())
        self.destroyed.connect(leave)
        self.destroyed.connect(leave_editor)
        self._show()

    def _make_end(self, end: End) -> QToolButton:
        button = QToolButton(self._section)
        button.setObjectName(f"blend-{end}")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(_SIDE, _SIDE))
        button.setText(end.upper())
        told = translate("BlendPanel", "Hold this picture as {end}").format(end=end.upper())
        button.setToolTip(told)
        button.setAccessibleName(told)
        button.clicked.connect(lambda: self._blend.hold(end))
        return button

    def _lay_out(self) -> None:
        self._said = QLabel(
            translate("BlendPanel", "Hold one picture as A and another as B, then slide."), self
        )
        self._said.setProperty("role", "muted")
        self._said.setWordWrap(True)
        row = QHBoxLayout()
        for end in _ENDS:
            row.addWidget(self._ends[end])
        row.addStretch()
        self._section.body.addWidget(self._said)
        self._section.body.addLayout(row)
        self._section.body.addWidget(self._slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        column.addWidget(self._section)

    def _show(self) -> None:
        held = [end for end in _ENDS if self._blend.holds(end)]
        if held and not self._section.is_open():
            self._section.set_open(True)
        for end, button in self._ends.items():
            pixels = self._blend.thumbnail(end)
            picture = QPixmap.fromImage(to_qimage(pixels)) if pixels is not None else _empty()
            button.setIcon(QIcon(picture))
        self._said.setVisible(not self._blend.can_slide)
        self._slider.setEnabled(self._blend.can_slide)
        self._slider.set_value(100 * self._blend.position)
        self._show_reach()

    def _show_reach(self) -> None:
        """Without a picture that can be held there is nothing to do here."""
        self.setVisible(self._blend.can_hold or self._blend.can_slide)
        for button in self._ends.values():
            button.setEnabled(self._blend.can_hold)


def _empty() -> QPixmap:
    pixmap = QPixmap(_SIDE, _SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
