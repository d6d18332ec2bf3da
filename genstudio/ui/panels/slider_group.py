"""One kind of latent sliders in a section: built when it is opened, a page at a time."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.studio.sliders import SliderRow
from genstudio.studio.studio import Studio
from genstudio.ui.panels.latent_slider import LatentSlider
from genstudio.ui.panels.tab_order import tab_through
from genstudio.ui.widgets.section import Section

PAGE: Final = 24
"""Sliders that are built at a time."""
_AT_ONCE: Final = 8
"""Sliders that are built before the window's other events have their turn."""
_Key = tuple[str, float]


class SliderGroup(Section):
    """The sliders of a kind that fit the search."""

    def __init__(
        self, studio: Studio, kind: str, title: str, *, is_open: bool, parent: QWidget
    ) -> None:
        super().__init__(title, f"sliders-{kind}", is_open=is_open, parent=parent)
        self._studio, self._state, self._kind = studio, studio.sliders, kind
        self._wanted: dict[_Key, SliderRow] = {}
        self._sliders: dict[_Key, LatentSlider] = {}
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._build_some)
        self._search = ""
        self._most = PAGE
        self._opened_to_search = False
        # All single latents at random are another seed, and thousands of moves to undo.
        self._before: QWidget = self._header if kind == "raw" else self._add_dice()
        self._more = QPushButton(translate("SlidersPanel", "Show more"), self)
        self._more.setObjectName(f"more-{kind}")
        self._more.setProperty("flat", True)
        self._more.clicked.connect(self._show_more)
        self.body.addWidget(self._more)
        self.toggled.connect(lambda _: self.rebuild())

    def search(self, words: str) -> bool:
        """Show the sliders that hold these words; True where there are any.

        A closed group opens for what was found in it, and closes again when the search ends.
        """
        self._search, self._most = words, PAGE
        found = bool(self._state.rows(self._kind, words, 1))
        opens = bool(words) and found and not self.is_open()
        closes = not words and self._opened_to_search
        if opens or closes:
            self._opened_to_search = opens
            self.set_open(opens)
        else:
            self.rebuild()
        return found

    def rebuild(self) -> None:
        """Build the sliders that are to be seen, and let others go; a folded group waits."""
        rows: tuple[SliderRow, ...] = ()
        if self.is_open() or self._search:
            rows = self._state.rows(self._kind, self._search, self._most + 1)
        self.setVisible(bool(rows) if self._search else self._state.count(self._kind) > 0)
        if self.is_open():
            self._more.setVisible(len(rows) > self._most)
            self._want(rows[: self._most])
        self.show_values()

    def show_values(self) -> None:
        """Bring the sliders to where the recipe has them."""
        amounts = self._state.amounts()
        for (name, _share), slider in self._sliders.items():
            slider.show_state(amounts.get(name, 0.0), is_locked=self._state.is_locked(name))
        count, moved = self._state.count(self._kind), self._state.moved(self._kind)
        self.set_count_text(f"{moved} / {count}" if moved else str(count))

    def _want(self, rows: tuple[SliderRow, ...]) -> None:
        # Another model may have a slider of the same name that explains another share.
        wanted = {(row.name, row.share): row for row in rows}
        if list(wanted) == list(self._wanted):
            return
        self._wanted = wanted
        for key in self._sliders.keys() - wanted.keys():
            gone = self._sliders.pop(key)
            self.body.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._build_some()

    def _build_some(self) -> None:
        """A few at a time, so that the window answers between them."""
        scale = self._full_share()
        missing = [key for key in self._wanted if key not in self._sliders]
        for key in missing[:_AT_ONCE]:
            slider = LatentSlider(self._studio, self._wanted[key], scale, self)
            self.body.insertWidget(list(self._wanted).index(key), slider)
            self._sliders[key] = slider
        built = [self._sliders[key] for key in self._wanted if key in self._sliders]
        tab_through(self._before, [*built, self._more])
        self.show_values()
        if len(missing) > _AT_ONCE:
            self._next.start()

    def _full_share(self) -> float:
        """The share at which a mark is full: of a named slider all, of the others the largest."""
        if self._kind == "named":
            return 1.0
        return max((row.share for row in self._state.rows(self._kind, limit=PAGE)), default=1.0)

    def _add_dice(self) -> QToolButton:
        dice = self.add_button(
            "shuffle",
            translate("SlidersPanel", "Randomise those that are not locked"),
            f"randomise-{self._kind}",
        )
        dice.clicked.connect(lambda: self._state.randomise(self._kind))
        return dice

    def _show_more(self) -> None:
        self._most += PAGE
        self.rebuild()
