"""A widget for a control that a pack declares: chosen by the kind of the declaration alone."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QWidget

from genstudio.packs.controls import Layers
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
        return _choice(control, editor, parent)
    if isinstance(control, Layers):
        return _layers(control, editor, parent)
    if row.is_seed:
        return _seed(row, editor, parent)
    return _slider(row, editor, parent)


def _name(row_name: str) -> str:
    return f"control-{row_name}"


def _choice(control: Choice, editor: Editor, parent: QWidget) -> tuple[QWidget, Show]:
    box = ChoiceBox(
        control.label or control.name,
        [(option, option) for option in control.options],
        _name(control.name),
        tooltip=control.tooltip,
        parent=parent,
    )
    box.changed.connect(lambda value: editor.set_control(control.name, value))

    def show(row: ControlRow) -> None:
        box.setEnabled(row.value is not None)
        box.set_value(str(row.value if row.value is not None else control.default))

    return box, show


def _layers(control: Layers, editor: Editor, parent: QWidget) -> tuple[QWidget, Show]:
    box = LayersBox(control.label or control.name, control.count, _name(control.name), parent)
    box.setToolTip(control.tooltip)

    def change(chosen: tuple[int, int]) -> None:
        text = f"{chosen[0]}-{chosen[1] - 1}"
        editor.set_control(control.name, text, dragging=True)

    box.changed.connect(change)
    box.finished.connect(lambda _: editor.finish())

    def show(row: ControlRow) -> None:
        box.setEnabled(row.value is not None)
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
        box.set_seed(int(row.value) if isinstance(row.value, float | int) else None, can_roll=True)

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
        slider.setEnabled(row.value is not None)
        value = row.value if isinstance(row.value, float | int) else control.default
        slider.set_value(float(value))

    return slider, show
