"""The seed, the best of several, the controls that the model declares, and enlarging."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Final

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import LatentRecipe, UpscaleRecipe
from genstudio.studio.controls import Group, rows_of
from genstudio.studio.studio import Studio
from genstudio.ui.panels.best_of_row import BestOfRow
from genstudio.ui.panels.control_section import ControlSection
from genstudio.ui.panels.tab_order import tab_through
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.choice_box import ChoiceBox
from genstudio.ui.widgets.seed_box import SeedBox

_CLOSED: Final[frozenset[Group]] = frozenset({"noise"})
"""The groups that are folded away at first."""


class ControlsPanel(QWidget):
    """Built anew for each model from what it declares; values follow the recipe."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._pack: Pack | None = None
        self._upscalers: tuple[Pack, ...] = ()
        self._sections: dict[Group, ControlSection] = {}
        self._is_open: dict[Group, bool] = {}
        self._enlarge: ChoiceBox | None = None
        self.setObjectName("controls-panel")
        self._seed = SeedBox(translate("ControlsPanel", "Seed"), "seed", parent=self)
        self._seed.changed.connect(studio.editor.set_seed)
        self._seed.dice_rolled.connect(studio.editor.roll_seed)
        self._seed.lock_toggled.connect(studio.editor.lock_seed)
        self._seed.set_locked(studio.editor.seed_locked)
        self._best_of = BestOfRow(studio, self)
        self._said = QLabel(self)
        self._said.setObjectName("controls-said")
        self._said.setProperty("role", "muted")
        self._said.setWordWrap(True)
        self._groups, self._last = QVBoxLayout(), QVBoxLayout()
        self._lay_out()
        studio.editor.changed.connect(lambda _: self._follow())
        studio.editor.seed_lock_changed.connect(self._seed.set_locked)
        studio.models.changed.connect(lambda _: self._follow())
        self._follow()

    def _lay_out(self) -> None:
        self._groups.setSpacing(SPACE_S)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_S)
        column.setSpacing(SPACE_S)
        column.addWidget(self._seed)
        column.addWidget(self._best_of)
        column.addWidget(self._said)
        column.addLayout(self._groups)
        column.addLayout(self._last)
        column.addStretch()

    def _follow(self) -> None:
        pack, recipe = self._studio.editor.pack, self._studio.editor.recipe
        upscalers = self._studio.models.upscalers
        if pack != self._pack or upscalers != self._upscalers:
            self._pack, self._upscalers = pack, upscalers
            self._build()
        self._seed.set_seed(
            seed_of(recipe) if recipe is not None else None,
            can_roll=isinstance(recipe, LatentRecipe),
        )
        self._said.setText(self._words())
        self._said.setVisible(bool(self._said.text()))
        if pack is None or recipe is None:
            return
        for group, rows in itertools.groupby(rows_of(pack, recipe), lambda row: row.group):
            self._sections[group].show_rows(tuple(rows))
        if self._enlarge is not None and not isinstance(recipe, UpscaleRecipe):
            self._enlarge.set_value(recipe.upscaling.model.id if recipe.upscaling else "")

    def _words(self) -> str:
        recipe = self._studio.editor.recipe
        if recipe is None:
            return translate("ControlsPanel", "Choose a model to see its controls.")
        if self._pack is None:
            return translate("ControlsPanel", "The model of this picture is not here.")
        if isinstance(recipe, UpscaleRecipe):
            return translate("ControlsPanel", "A picture that is enlarged has nothing to set.")
        return ""

    def _build(self) -> None:
        for group, section in self._sections.items():
            self._is_open[group] = section.is_open()
            _remove(self._groups, section)
        if self._enlarge is not None:
            _remove(self._last, self._enlarge)
        self._sections, self._enlarge = {}, None
        pack, recipe = self._pack, self._studio.editor.recipe
        if pack is None or recipe is None or isinstance(recipe, UpscaleRecipe):
            return
        for group, rows in itertools.groupby(rows_of(pack, recipe), lambda row: row.group):
            is_open = self._is_open.get(group, group not in _CLOSED)
            section = ControlSection(self._studio, group, tuple(rows), is_open=is_open, parent=self)
            self._groups.addWidget(section)
            self._sections[group] = section
        if self._upscalers:
            self._enlarge = self._make_enlarge()
            self._last.addWidget(self._enlarge)
        stops = [stop for section in self._sections.values() for stop in section.stops]
        tab_through(self._best_of, [*stops, self._enlarge] if self._enlarge else stops)

    def _make_enlarge(self) -> ChoiceBox:
        box = ChoiceBox(
            translate("ControlsPanel", "Enlarge"),
            [("", translate("ControlsPanel", "off")), *_scales(self._upscalers)],
            "control-enlarge",
            tooltip=translate("ControlsPanel", "After the picture is made, by a model for it."),
            parent=self,
        )
        box.changed.connect(self._take_scale)
        return box

    def _take_scale(self, pack_id: str) -> None:
        pack = self._studio.models.find(pack_id)
        self._studio.editor.enlarge(pack.ref if pack else None)


def _scales(upscalers: tuple[Pack, ...]) -> list[tuple[str, str]]:
    """Ids and texts: the scale alone tells it, unless two models have the same."""
    scales = {
        pack.id: pack.manifest.model.scale
        for pack in upscalers
        if isinstance(pack.manifest.model, Upscaler)
    }
    alike = Counter(scales.values())
    return [
        (
            pack.id,
            f"{scales[pack.id]} ×"
            if alike[scales[pack.id]] == 1
            else f"{scales[pack.id]} × · {pack.manifest.name}",
        )
        for pack in upscalers
    ]


def _remove(layout: QVBoxLayout, widget: QWidget) -> None:
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()
