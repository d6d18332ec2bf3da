"""What a pack's own controls, and the chosen class, feed to its graphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import PackError, RecipeError
from genstudio.engine.graph import LoadedGraph
from genstudio.packs.controls import listed
from genstudio.packs.manifest import Choice, Pack, Role, Slider
from genstudio.recipe.values import Setting


def settings_feeds(
    pack: Pack, role: Role, graph: LoadedGraph, settings: Sequence[Setting], rows: int
) -> dict[str, NDArray[Any]]:
    """The inputs of a graph that the pack's own controls feed: the recipe's values or defaults.

    Raises:
        RecipeError: a control that the pack does not have, or a value that it does not take.
        PackError: the graph has no such input.
    """
    chosen = {setting.control: setting.value for setting in settings}
    own = tuple(control.name for control in pack.manifest.controls if control.input is not None)
    for name in chosen:
        if name not in own:
            raise RecipeError(
                f'The model {pack.id} has no control "{name}" of its own; it has '
                f"{listed(own) or 'none'}."
            )
    feeds: dict[str, NDArray[Any]] = {}
    for control in pack.manifest.controls:
        if control.graph != role or control.input is None:
            continue
        value = control_value(control, chosen.get(control.name, control.default))
        if control.input not in graph.inputs:
            raise PackError(
                f"The model {pack.id}'s {role} has no input {control.input}, which its control "
                f"{control.name} speaks of; mend controls in its pack.json."
            )
        tensor = graph.inputs[control.input]
        size = tuple(d if isinstance(d, int) else rows for d in tensor.shape)
        feeds[control.input] = np.full(size, value, tensor.dtype)
    return feeds


def control_value(control: Slider | Choice, value: float | str) -> float | int:
    """The number that a control's value feeds to a graph.

    Raises:
        RecipeError: an option that there is not, a number out of range, or text in its place.
    """
    if isinstance(control, Slider):
        if isinstance(value, str):
            raise RecipeError(f'{control.name} takes a number, not "{value}".')
        if not control.low <= value <= control.high:
            raise RecipeError(
                f"{control.name}={value:g} is out of range; it goes from {control.low:g} to "
                f"{control.high:g}."
            )
        return value
    if value not in control.options:
        raise RecipeError(
            f'{control.name} has no option "{value}"; it has {listed(control.options)}.'
        )
    return control.options.index(str(value))


def class_feed(
    pack: Pack, role: Role, graph: LoadedGraph, classes: Sequence[str], label: str | None
) -> dict[str, NDArray[Any]]:
    """The input `class` of a class-conditional VAE or GAN: an index [1] or a one-hot row [1, n].

    The first class where none was chosen; nothing where the model, or this graph, has no classes.

    Raises:
        RecipeError: a class that the model does not have.
    """
    if not classes:
        if label is not None:
            raise RecipeError(f"The model {pack.id} has no classes; leave the class out.")
        return {}
    name = pack.graph(role).input_name("class")
    if name not in graph.inputs:
        return {}
    if label is not None and label not in classes:
        raise RecipeError(
            f'The model {pack.id} has no class "{label}"; choose one of {listed(tuple(classes))}.'
        )
    index = classes.index(label) if label is not None else 0
    tensor = graph.inputs[name]
    if np.issubdtype(tensor.dtype, np.integer):
        return {name: np.array([index], tensor.dtype)}
    return {name: np.eye(len(classes), dtype=tensor.dtype)[index : index + 1]}
