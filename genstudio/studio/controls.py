"""The controls of a model with their present values, in groups, for whoever shows them.

Everything comes from the pack's declaration; nothing here knows a control by its meaning, but for
the heading under which the family's own ones stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from genstudio.base.errors import RecipeError
from genstudio.packs.controls import AnyControl, controls_of, family_controls
from genstudio.packs.manifest import Manifest, Pack, Slider
from genstudio.packs.settings import setting_of, with_setting
from genstudio.recipe.values import SEED_LIMIT, LayerRange, Recipe, UpscaleRecipe

Group = Literal["picture", "sampling", "mixing", "noise", "model"]
GROUPS: Final[tuple[Group, ...]] = ("picture", "sampling", "mixing", "noise", "model")

_GROUP_OF: Final[dict[str, Group]] = {
    "temperature": "sampling",
    "top-k": "sampling",
    "top-p": "sampling",
    "guidance": "sampling",
    "mix-seed": "mixing",
    "mix-layers": "mixing",
    "noise-seed": "noise",
    "noise-strength": "noise",
}


@dataclass(frozen=True)
class ControlRow:
    """A control and what it is set to; None where it says nothing about this picture yet.

    `can_set`: setting it is not refused, though it may say nothing yet.
    """

    control: AnyControl
    value: float | str | LayerRange | None
    group: Group
    can_set: bool = True

    @property
    def is_moved(self) -> bool:
        """Whether it is set to something else than its default."""
        return self.value is not None and self.value != self.control.default

    @property
    def is_seed(self) -> bool:
        """Whether the number is a seed: dice and a typed value suit it, a track does not."""
        return isinstance(self.control, Slider) and self.control.high == SEED_LIMIT - 1


def rows_of(pack: Pack, recipe: Recipe) -> tuple[ControlRow, ...]:
    """The rows in the order to show them."""
    if isinstance(recipe, UpscaleRecipe):
        return ()
    own = family_controls(pack.manifest)
    rows = []
    for control in controls_of(pack.manifest):
        value = setting_of(recipe, pack.manifest, control.name)
        group = _GROUP_OF.get(control.name, "picture") if control.name in own else "model"
        can_set = value is not None or _takes(recipe, pack.manifest, control)
        rows.append(ControlRow(control, value, group, can_set))
    return tuple(sorted(rows, key=lambda row: GROUPS.index(row.group)))


def _takes(recipe: Recipe, manifest: Manifest, control: AnyControl) -> bool:
    try:
        with_setting(recipe, manifest, control.name, control.default)
    except RecipeError:
        return False
    return True
