"""The seed, the controls that the model declares, enlarging, and the critic."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import LatentRecipe, UpscaleRecipe
from genstudio.studio.controls import Group, rows_of
from genstudio.studio.studio import Studio
from genstudio.ui.panels.control_widgets import Show, widget_for
from genstudio.ui.panels.mixing_menu import show_parents
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.choice_box import ChoiceBox
from genstudio.ui.widgets.section import Section
from genstudio.ui.widgets.seed_box import SeedBox

_BEST_OF = (2, 64, 16)
_CLOSED: frozenset[Group] = frozenset({"noise"})


class ControlsPanel(QWidget):
    """Built anew for each model from what it declares; values follow the recipe."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._pack: Pack | None = None
        self._shows: dict[str, Show] = {}
        self._sections: dict[Group, Section] = {}
        self._scales: tuple[str, ...] = ()
        self._enlarge: ChoiceBox | None = None
        self.setObjectName("controls-panel")
        self._seed = SeedBox(translate("ControlsPanel", "Seed"), "seed", parent=self)
        self._seed.changed.connect(studio.editor.set_seed)
        self._seed.dice_rolled.connect(studio.editor.roll_seed)
        self._seed.lock_toggled.connect(studio.editor.lock_seed)
        self._critic = self._make_critic()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_S)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_S)
        column.setSpacing(SPACE_S)
        column.addWidget(self._seed)
        column.addLayout(self._rows)
        column.addWidget(self._critic)
        column.addStretch()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        studio.editor.changed.connect(lambda _: self._follow())
        studio.editor.seed_lock_changed.connect(self._seed.set_locked)
        studio.models.changed.connect(lambda _: self._follow())
        studio.picture.changed.connect(lambda _: self._show_score())
        self._follow()

    def _follow(self) -> None:
        pack, recipe = self._studio.editor.pack, self._studio.editor.recipe
        scales = tuple(pack.id for pack in self._studio.models.upscalers)
        if pack != self._pack or scales != self._scales:
            self._pack, self._scales = pack, scales
            self._build()
        self._seed.set_seed(
            seed_of(recipe) if recipe is not None else None,
            can_roll=isinstance(recipe, LatentRecipe),
        )
        self._show_score()
        if pack is None or recipe is None:
            return
        for row in rows_of(pack, recipe):
            show = self._shows.get(row.control.name)
            if show is not None:
                show(row)
        if self._enlarge is not None and not isinstance(recipe, UpscaleRecipe):
            self._enlarge.set_value(recipe.upscaling.model.id if recipe.upscaling else "")

    # Building

    def _build(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            assert widget is not None
            widget.hide()
            widget.deleteLater()
        self._shows, self._sections, self._enlarge = {}, {}, None
        pack, recipe = self._pack, self._studio.editor.recipe
        if pack is None or recipe is None or isinstance(recipe, UpscaleRecipe):
            return
        for row in rows_of(pack, recipe):
            section = self._section(row.group)
            widget, show = widget_for(row, self._studio.editor, section)
            section.body.addWidget(widget)
            self._shows[row.control.name] = show
        if self._scales:
            self._enlarge = self._make_enlarge()
            self._section("picture").body.addWidget(self._enlarge)

    def _section(self, group: Group) -> Section:
        known = self._sections.get(group)
        if known is not None:
            return known
        section = Section(
            _title(group), f"controls-{group}", is_open=group not in _CLOSED, parent=self
        )
        self._rows.addWidget(section)
        self._sections[group] = section
        if group == "mixing":
            self._add_mixing_buttons(section)
        return section

    def _add_mixing_buttons(self, section: Section) -> None:
        parents = section.add_button(
            "history",
            translate("ControlsPanel", "Mix with an earlier picture"),
            "mix-from-history",
        )
        parents.clicked.connect(lambda: show_parents(self._studio, parents))
        off = section.add_button("x", translate("ControlsPanel", "No mixing"), "mix-off")
        off.clicked.connect(lambda: self._studio.editor.mix_with(None))

    def _make_enlarge(self) -> ChoiceBox:
        options = [("", translate("ControlsPanel", "as it is"))]
        for pack in self._studio.models.upscalers:
            assert isinstance(pack.manifest.model, Upscaler)
            scale = pack.manifest.model.scale
            text = translate("ControlsPanel", "{scale} times").format(scale=scale)
            options.append((pack.id, text))
        label = translate("ControlsPanel", "Enlarge")
        told = translate("ControlsPanel", "After the picture is made, by a model for it.")
        box = ChoiceBox(label, options, "control-enlarge", tooltip=told, parent=self)
        box.changed.connect(self._take_scale)
        return box

    def _take_scale(self, pack_id: str) -> None:
        pack = self._studio.models.find(pack_id)
        self._studio.editor.enlarge(pack.ref if pack else None)

    def _make_critic(self) -> QWidget:
        critic = QWidget(self)
        critic.setObjectName("critic")
        self._score = QLabel(critic)
        self._score.setObjectName("critic-score")
        self._score.setToolTip(
            translate(
                "ControlsPanel",
                "How real the model's own critic finds the picture: more is better. It compares "
                "pictures of one model only.",
            )
        )
        low, high, usual = _BEST_OF
        self._count = QSpinBox(critic)
        self._count.setObjectName("best-of-count")
        self._count.setAccessibleName(translate("ControlsPanel", "How many seeds to try"))
        self._count.setRange(low, high)
        self._count.setValue(usual)
        best = QPushButton(translate("ControlsPanel", "Best of"), critic)
        best.setObjectName("best-of")
        best.setToolTip(
            translate("ControlsPanel", "Try so many seeds and keep the one the critic likes best.")
        )
        best.clicked.connect(lambda: self._studio.best_of(self._count.value()))
        row = QHBoxLayout(critic)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._score, 1)
        row.addWidget(best)
        row.addWidget(self._count)
        return critic

    def _show_score(self) -> None:
        pack, recipe = self._pack, self._studio.editor.recipe
        has_critic = pack is not None and "critic" in pack.manifest.graphs
        self._critic.setVisible(has_critic and isinstance(recipe, LatentRecipe))
        score = self._studio.picture.score
        told = f"{score:+.2f}" if score is not None else "..."
        self._score.setText(translate("ControlsPanel", "Critic {score}").format(score=told))


def _title(group: Group) -> str:
    return {
        "picture": translate("ControlsPanel", "Picture"),
        "sampling": translate("ControlsPanel", "Sampling"),
        "mixing": translate("ControlsPanel", "Style mixing"),
        "noise": translate("ControlsPanel", "Noise"),
        "model": translate("ControlsPanel", "This model"),
    }[group]
