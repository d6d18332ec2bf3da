"""A widget for a control that a pack declares: chosen by the kind of the declaration alone."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QWidget

from genstudio.base.texts import translate
from genstudio.packs.controls import ANY, Layers
from genstudio.packs.manifest import Choice
from genstudio.studio.controls import ControlRow
from genstudio.studio.editor import Editor
from genstudio.ui.widgets.choice_box import ChoiceBox
from genstudio.ui.widgets.layers_box import LayersBox
from genstudio.ui.widgets.seed_box import SeedBox
from genstudio.ui.widgets.value_slider import ValueSlider


class Show(Protocol):
    """Brings a widget to a row's present value, without telling anybody."""

    def __call__(self, row: ControlRow) -> None:
        """Show the row."""


def widget_for(row: ControlRow, editor: Editor, parent: QWidget) -> tuple[QWidget, Show]:
    """The widget of a control, connected to the editor, and what shows another value on it."""
    control = row.control
    if isinstance(control, Choice):
        widget, show = _choice(control, editor, parent)
    elif isinstance(control, Layers):
        widget, show = _layers(control, editor, parent)
    elif row.is_seed:
        widget, show = _seed(row, editor, parent)
    else:
        widget, show = _slider(row, editor, parent)
    told = widget.toolTip()

    def show_all(row: ControlRow) -> None:
        show(row)
        widget.setEnabled(row.can_set)
        reason = translate("ControlsPanel", "It has no meaning for this picture yet.")
        widget.setToolTip(
            told if row.can_set else "\n".join(part for part in (reason, told) if part)
        )

    return widget, show_all


def _name(row_name: str) -> str:
    return f"control-{row_name}"


def _choice(control: Choice, editor: Editor, parent: QWidget) -> tuple[QWidget, Show]:
    box = ChoiceBox(
        control.label or control.name,
        [(option, _option_text(option)) for option in control.options],
        _name(control.name),
        tooltip=control.tooltip,
        parent=parent,
    )
    box.changed.connect(lambda value: editor.set_control(control.name, value))

    def show(row: ControlRow) -> None:
        box.set_value(str(row.value if row.value is not None else control.default))

    return box, show


def _option_text(option: str) -> str:
    return translate("ControlsPanel", "any") if option == ANY else option


def _layers(control: Layers, editor: Editor, parent: QWidget) -> tuple[QWidget, Show]:
    box = LayersBox(control.label or control.name, control.count, _name(control.name), parent)
    box.setToolTip(control.tooltip)

    def change(chosen: tuple[int, int]) -> None:
        text = f"{chosen[0]}-{chosen[1] - 1}"
        editor.set_control(control.name, text, dragging=True)

    box.changed.connect(change)
    box.finished.connect(lambda _: editor.finish())

    def show(row: ControlRow) -> None:
        box.set_range(row.value if isinstance(row.value, tuple) else control.default)

    return box, show


def _seed(row: ControlRow, editor: Editor, parent: QWidget) -> tuple[QWidget, Show]:
    control = row.control
    label = control.label or control.name
    box = SeedBox(label, _name(control.name), lockable=False, parent=parent)
    box.setToolTip(control.tooltip)
    box.changed.connect(lambda seed: editor.set_control(control.name, seed))
    box.dice_rolled.connect(lambda: editor.set_control(control.name, editor.new_seed()))

    def show(row: ControlRow) -> None:
        seed = int(row.value) if isinstance(row.value, float | int) else None
        box.set_seed(seed, can_roll=row.can_set)

    return box, show


def _slider(row: ControlRow, editor: Editor, parent: QWidget) -> tuple[QWidget, Show]:
    control = row.control
    assert not isinstance(control, Choice | Layers)
    slider = ValueSlider(
        control.label or control.name,
        control.low,
        control.high,
        control.default,
        step=control.step,
        unit=control.unit,
        tooltip=control.tooltip,
        name=_name(control.name),
        parent=parent,
    )
    slider.changed.connect(lambda value: editor.set_control(control.name, value, dragging=True))
    slider.finished.connect(lambda _: editor.finish())

    def show(row: ControlRow) -> None:
        value = row.value if isinstance(row.value, float | int) else control.default
        slider.set_value(float(value))

    return slider, show
