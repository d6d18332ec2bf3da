"""From a control's value into a recipe: the one way for panels, `--set` and prompts alike."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.latent.phrases import phrases_in
from genstudio.latent.raw import raw_index
from genstudio.packs.controls import (
    AnyControl,
    controls_of,
    digits,
    family_controls,
    listed,
    takes_prompt,
)
from genstudio.packs.fields import FIELDS, Value, suits
from genstudio.packs.manifest import Autoregressive, Choice, Gan, Manifest, Slider, Upscaler
from genstudio.recipe.values import (
    Between,
    FromPrompt,
    FromSeed,
    LatentRecipe,
    LatentSource,
    LayerRange,
    ModelRef,
    Move,
    Recipe,
    Setting,
    TokenRecipe,
    UpscaleRecipe,
    WeightedPrompt,
)

MOVE_LIMIT: Final = 100.0
"""The farthest a move along a direction may go, in standard deviations."""


def fresh_recipe(ref: ModelRef, manifest: Manifest, seed: int) -> LatentRecipe | TokenRecipe:
    """The recipe that a model starts from: the seed, and every control at its default.

    Raises:
        RecipeError: the model is an upscaler, which needs a picture.
    """
    model = manifest.model
    if isinstance(model, Upscaler):
        raise RecipeError(
            f"The model {manifest.id} enlarges pictures; give it one (--from PICTURE)."
        )
    recipe: LatentRecipe | TokenRecipe
    if isinstance(model, Autoregressive):
        recipe = TokenRecipe(model=ref, seed=seed)
    else:
        recipe = LatentRecipe(model=ref, source=FromSeed(seed=seed))
    declared = {control.name for control in manifest.controls} | {"class"}
    at_start = declared & family_controls(manifest)
    for control in controls_of(manifest):
        if control.name in at_start and not FIELDS[control.name].needs_more:
            recipe = FIELDS[control.name].write(recipe, manifest, control.default)
    return recipe


def setting_of(recipe: Recipe, manifest: Manifest, name: str) -> Value | None:
    """What a control is set to in a recipe: what `with_setting` would make the same recipe of.

    None where the control says nothing about the recipe yet (a mix-seed while nothing is mixed, a
    variation of no encoded picture), the recipe holds what the control does not take, or the model
    has no such control.
    """
    if isinstance(recipe, UpscaleRecipe) or not suits(recipe, manifest):
        return None
    if name in family_controls(manifest):
        return FIELDS[name].read(recipe, manifest)
    own = next((control for control in manifest.controls if control.name == name), None)
    return _present(recipe, own) if own else None


def with_setting(
    recipe: Recipe,
    manifest: Manifest,
    name: str,
    value: Value,
    directions: Callable[[], Collection[str]] = tuple,
) -> Recipe:
    """The recipe with one control set. `value` may be text as a person typed it.

    `directions` gives the names of found directions; it is asked only for a name that is neither
    a control nor a raw latent, since finding them takes time. "NAME@4-8" limits a direction to
    layers 4 to 8, and "sad -> happy" goes from one phrase to another where the model takes a
    prompt. How far "latent 1" and on go is known only to the engine, which refuses others.

    Raises:
        RecipeError: no such control or direction (the sentence lists those there are), or the
            value is out of range.
    """
    if isinstance(recipe, UpscaleRecipe):
        raise RecipeError(f"The model {manifest.id} has no controls; leave out {name}.")
    controls = {control.name: control for control in controls_of(manifest)}
    control = controls.get(name)
    if control is None:
        return _moved(recipe, manifest, name, value, directions)
    if name in family_controls(manifest):
        changed: Recipe = FIELDS[name].write(recipe, manifest, _checked(control, value))
        return changed
    return _own_setting(recipe, name, _checked(control, value))


def with_prompts(recipe: Recipe, manifest: Manifest, prompts: tuple[WeightedPrompt, ...]) -> Recipe:
    """The recipe for a prompt, or a blend of several.

    Raises:
        RecipeError: the model takes no prompt.
    """
    if isinstance(recipe, TokenRecipe) and takes_prompt(manifest):
        return replace(recipe, prompts=prompts)
    if isinstance(recipe, LatentRecipe) and takes_prompt(manifest) and prompts:
        source: LatentSource = FromPrompt(text=prompts[0].text)
        weight = prompts[0].weight
        for prompt in prompts[1:]:
            weight += prompt.weight
            source = Between(a=source, b=FromPrompt(text=prompt.text), t=prompt.weight / weight)
        return replace(recipe, source=source)
    classes = next((c for c in controls_of(manifest) if c.name == "class"), None)
    hint = "; choose a class with --set class=NAME" if classes else ""
    raise RecipeError(f"The model {manifest.id} takes no prompt{hint}.")


def _checked(control: AnyControl, value: Value) -> Any:
    """The value as the control takes it. Raises `RecipeError` where it does not."""
    if isinstance(control, Slider):
        return _number(control, value)
    if isinstance(control, Choice):
        return _option(control, value)
    text = f"{value[0]}-{value[1] - 1}" if isinstance(value, tuple) else str(value)
    return layer_range(text, control.count, control.name)


def layer_range(text: str, count: int, name: str) -> LayerRange:
    """Read "4-8" (the eighth included) or "4" for a model of `count` layers, counted from 0.

    Raises:
        RecipeError: not such a range, or beyond the model's layers.
    """
    first, dash, last = text.strip().partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()) or len(text) > 12:
        raise RecipeError(f"{name} is a range of layers such as 0-{count - 1}, not {text[:40]!r}.")
    start, end = int(first), int(last or first) + 1
    if start >= end or end > count:
        raise RecipeError(f"{name}={text} is out of range; the model's layers are 0-{count - 1}.")
    return start, end


def _number(control: Slider, value: Value) -> float:
    try:
        number = float(str(value))
    except ValueError:
        raise RecipeError(
            f"{control.name} is a number from {control.low:g} to {control.high:g}, "
            f"not {str(value)[:40]!r}."
        ) from None
    low, high = digits(control.low), digits(control.high)
    if not control.low <= number <= control.high:
        raise RecipeError(f"{control.name}={value} is out of range; it goes from {low} to {high}.")
    field = FIELDS.get(control.name)
    if field and field.is_whole and number % (control.step or 1):
        raise RecipeError(f"{control.name}={value} is not a multiple of {control.step or 1:g}.")
    return number


def _option(control: Choice, value: Value) -> str:
    options = {option.casefold(): option for option in control.options}
    chosen = options.get(str(value).strip().casefold())
    if chosen is None:
        raise RecipeError(
            f"{control.name} has no option {str(value)[:40]!r}; "
            f"it takes one of: {listed(control.options)}."
        )
    return chosen


def _moved(
    recipe: LatentRecipe | TokenRecipe,
    manifest: Manifest,
    name: str,
    value: Value,
    directions: Callable[[], Collection[str]],
) -> Recipe:
    direction, at, layers = name.partition("@")
    if not isinstance(recipe, LatentRecipe):
        raise _no_control(manifest, direction, ())
    known = raw_index(direction) is not None or (takes_prompt(manifest) and phrases_in(direction))
    if not known and direction not in (names := directions()):
        raise _no_control(manifest, direction, (*names, "latent 1 and on"))
    count = manifest.model.layers if isinstance(manifest.model, Gan) else 0
    if at and not count:
        raise RecipeError(f"The model {manifest.id} has no layers; write {direction}={value}.")
    slider = Slider(name=direction, low=-MOVE_LIMIT, high=MOVE_LIMIT, default=0)
    move = Move(
        direction=direction,
        amount=_number(slider, value),
        layers=layer_range(layers, count, name) if at else None,
    )
    kept = tuple(
        m for m in recipe.moves if (m.direction, m.layers) != (move.direction, move.layers)
    )
    return replace(recipe, moves=(*kept, move) if move.amount else kept)


def _no_control(manifest: Manifest, name: str, directions: Collection[str]) -> RecipeError:
    there = [*(control.name for control in controls_of(manifest)), *directions]
    return RecipeError(
        f"The model {manifest.id} has no control {name[:60]!r}; it has: {listed(there) or 'none'}."
    )


def _present(recipe: LatentRecipe | TokenRecipe, control: Slider | Choice) -> Value | None:
    """What a pack's own control is set to; None where that is text for a number or no option."""
    chosen = {setting.control: setting.value for setting in recipe.settings}
    value = chosen.get(control.name, control.default)
    if isinstance(control, Slider):
        return None if isinstance(value, str) else value
    return value if value in control.options else None


def _own_setting(
    recipe: LatentRecipe | TokenRecipe, name: str, value: float | str
) -> LatentRecipe | TokenRecipe:
    kept = tuple(setting for setting in recipe.settings if setting.control != name)
    return replace(recipe, settings=(*kept, Setting(control=name, value=value)))
