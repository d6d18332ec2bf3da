"""One kind of latent sliders in a section: built when it is opened, a page at a time."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QPushButton, QWidget

from genstudio.base.texts import translate
from genstudio.studio.sliders import REACH, SliderRow, Sliders
from genstudio.studio.studio import Studio
from genstudio.ui.widgets.section import Section
from genstudio.ui.widgets.value_slider import ValueSlider

PAGE: Final = 24
"""Sliders that are built at a time."""


class SliderGroup(Section):
    """The sliders of a kind that fit the search."""

    def __init__(
        self, studio: Studio, kind: str, title: str, *, is_open: bool, parent: QWidget
    ) -> None:
        super().__init__(title, f"sliders-{kind}", is_open=is_open, parent=parent)
        self._studio, self._kind = studio, kind
        self._sliders: dict[str, ValueSlider] = {}
        self._search = ""
        self._most = PAGE
        dice = self.add_button(
            "shuffle",
            translate("SlidersPanel", "Randomise those that are not locked"),
            f"randomise-{kind}",
        )
        dice.clicked.connect(lambda: self._state.randomise(kind))
        self._more = QPushButton(translate("SlidersPanel", "Show more"), self)
        self._more.setObjectName(f"more-{kind}")
        self._more.setProperty("flat", True)
        self._more.clicked.connect(self._show_more)
        self.body.addWidget(self._more)
        self.toggled.connect(lambda _: self.rebuild())

    @property
    def _state(self) -> Sliders:
        return self._studio.sliders

    def search(self, words: str) -> None:
        """Show the sliders that hold these words; a closed group opens for them."""
        self._search, self._most = words, PAGE
        if words and not self.is_open() and self._state.rows(self._kind, words, 1):
            self.set_open(True)
        self.rebuild()

    def rebuild(self) -> None:
        """Build the sliders that are to be seen, and let the others go."""
        count = self._state.count(self._kind)
        self.setVisible(count > 0)
        self.set_count_text(str(count))
        rows: tuple[SliderRow, ...] = ()
        if self.is_open():
            rows = self._state.rows(self._kind, self._search, self._most + 1)
        self._more.setVisible(len(rows) > self._most)
        shown = rows[: self._most]
        if [row.name for row in shown] != list(self._sliders):
            self._replace(shown)
        self.show_values()

    def show_values(self) -> None:
        """Bring the sliders to where the recipe has them."""
        amounts = self._state.amounts()
        for name, slider in self._sliders.items():
            slider.set_value(amounts.get(name, 0.0))
            slider.set_locked(self._state.is_locked(name))

    def _replace(self, rows: tuple[SliderRow, ...]) -> None:
        for slider in self._sliders.values():
            self.body.removeWidget(slider)
            slider.hide()
            slider.deleteLater()
        self._sliders = {row.name: self._new_slider(row) for row in rows}

    def _new_slider(self, row: SliderRow) -> ValueSlider:
        slider = ValueSlider(
            row.label,
            -REACH,
            REACH,
            0.0,
            tooltip=_told(row),
            name=f"slider-{row.name}",
            lockable=True,
            parent=self,
        )
        slider.changed.connect(lambda to: self._state.move(row.name, to, dragging=True))
        slider.finished.connect(lambda _: self._studio.editor.finish())
        slider.lock_toggled.connect(lambda on: self._state.set_locked(row.name, on))
        self.body.insertWidget(self.body.count() - 1, slider)
        return slider

    def _show_more(self) -> None:
        self._most += PAGE
        self.rebuild()


def _told(row: SliderRow) -> str:
    share = f"{row.share:.0%}"
    if row.kind == "named":
        return translate(
            "SlidersPanel", "In standard deviations; explains {share} of it on other pictures."
        ).format(share=share)
    if row.kind == "principal":
        return translate(
            "SlidersPanel", "In standard deviations; {share} of how the pictures vary."
        ).format(share=share)
    return translate("SlidersPanel", "In standard deviations.")
