"""One group of a model's controls in a section, with what resets the group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.recipe.values import LatentRecipe
from genstudio.studio.controls import ControlRow, Group
from genstudio.studio.studio import Studio
from genstudio.ui.panels.control_widgets import widget_for
from genstudio.ui.panels.mixing_menu import show_parents
from genstudio.ui.widgets.section import Section


class ControlSection(Section):
    """Built for the rows of a group; their values follow."""

    def __init__(
        self,
        studio: Studio,
        group: Group,
        rows: Sequence[ControlRow],
        *,
        is_open: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(_title(group), f"controls-{group}", is_open=is_open, parent=parent)
        self._studio, self._group = studio, group
        self._names = tuple(row.control.name for row in rows)
        self.stops: list[QWidget] = [self._header]
        """What Tab goes through, from top to bottom."""
        self._back = self._add_mixing_buttons() if group == "mixing" else self._add_reset()
        self._shows = {}
        for row in rows:
            widget, self._shows[row.control.name] = widget_for(row, studio.editor, self)
            self.body.addWidget(widget)
            self.stops.append(widget)

    def show_rows(self, rows: Sequence[ControlRow]) -> None:
        """Bring the group's widgets to where the recipe has them."""
        for row in rows:
            self._shows[row.control.name](row)
        recipe = self._studio.editor.recipe
        is_mixed = isinstance(recipe, LatentRecipe) and bool(recipe.mixing)
        is_moved = any(row.is_moved for row in rows)
        self._back.setEnabled(is_mixed if self._group == "mixing" else is_moved)

    def _add_reset(self) -> QToolButton:
        told = translate("ControlsPanel", "Reset these controls")
        reset = self.add_button("rotate-ccw", told, f"reset-{self._group}")
        reset.clicked.connect(lambda: self._studio.editor.reset_controls(self._names))
        self.stops.append(reset)
        return reset

    def _add_mixing_buttons(self) -> QToolButton:
        """A seed has no resting place, so what resets a mixing is to have none."""
        parents = self.add_button(
            "history",
            translate("ControlsPanel", "Mix with an earlier picture …"),
            "mix-from-history",
        )
        parents.clicked.connect(lambda: show_parents(self._studio, parents))
        off = self.add_button("x", translate("ControlsPanel", "No mixing"), "mix-off")
        off.clicked.connect(lambda: self._studio.editor.mix_with(None))
        self.stops += parents, off
        return off


def _title(group: Group) -> str:
    return {
        "picture": translate("ControlsPanel", "Picture"),
        "sampling": translate("ControlsPanel", "Sampling"),
        "mixing": translate("ControlsPanel", "Style mixing"),
        "noise": translate("ControlsPanel", "Noise"),
        "model": translate("ControlsPanel", "This model"),
    }[group]
