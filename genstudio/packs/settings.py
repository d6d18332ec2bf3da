"""From a control's value into a recipe: the one way for panels, `--set` and prompts alike."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.latent.raw import raw_index
from genstudio.packs.controls import (
    ANY,
    Layers,
    controls_of,
    default_mix,
    digits,
    family_controls,
    listed,
    takes_prompt,
)
from genstudio.packs.manifest import Autoregressive, Choice, Gan, Manifest, Slider, Upscaler
from genstudio.recipe.values import (
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    LatentRecipe,
    LatentSource,
    LayerRange,
    Mixing,
    ModelRef,
    Move,
    Recipe,
    Setting,
    TokenRecipe,
    UpscaleRecipe,
    Varied,
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
    declared = {control.name for control in manifest.controls} - _NEEDS_MORE | {"class"}
    at_start = declared & family_controls(manifest)
    for control in controls_of(manifest):
        if control.name in at_start and not isinstance(control, Layers):
            recipe = _SETTERS[control.name](recipe, manifest, control.default)
    return recipe


def with_setting(
    recipe: Recipe,
    manifest: Manifest,
    name: str,
    value: float | str,
    directions: Callable[[], Collection[str]] = tuple,
) -> Recipe:
    """The recipe with one control set. `value` may be text as a person typed it.

    `directions` gives the names of found directions; it is asked only for a name that is neither
    a control nor a raw latent, since finding them takes time. "NAME@4-8" limits a direction to
    layers 4 to 8. How far "latent 1" and on go is known only to the engine, which refuses others.

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
    if isinstance(control, Layers):
        return _mixed_layers(recipe, layer_range(str(value), control.count, name))
    checked = _number(control, value) if isinstance(control, Slider) else _option(control, value)
    if name in family_controls(manifest):
        changed: LatentRecipe | TokenRecipe = _SETTERS[name](recipe, manifest, checked)
        return changed
    return _own_setting(recipe, name, checked)


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


def _number(control: Slider, value: float | str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise RecipeError(
            f"{control.name} is a number from {control.low:g} to {control.high:g}, "
            f"not {str(value)[:40]!r}."
        ) from None
    low, high = digits(control.low), digits(control.high)
    if not control.low <= number <= control.high:
        raise RecipeError(f"{control.name}={value} is out of range; it goes from {low} to {high}.")
    if control.name in _WHOLE and number % (control.step or 1):
        raise RecipeError(f"{control.name}={value} is not a multiple of {control.step or 1:g}.")
    return number


def _option(control: Choice, value: float | str) -> str:
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
    value: float | str,
    directions: Callable[[], Collection[str]],
) -> Recipe:
    direction, at, layers = name.partition("@")
    if not isinstance(recipe, LatentRecipe):
        raise _no_control(manifest, direction, ())
    if raw_index(direction) is None and direction not in (names := directions()):
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


def _own_setting(
    recipe: LatentRecipe | TokenRecipe, name: str, value: float | str
) -> LatentRecipe | TokenRecipe:
    kept = tuple(setting for setting in recipe.settings if setting.control != name)
    return replace(recipe, settings=(*kept, Setting(control=name, value=value)))


def _mixed_layers(recipe: LatentRecipe | TokenRecipe, layers: LayerRange) -> LatentRecipe:
    assert isinstance(recipe, LatentRecipe)
    if not recipe.mixing:
        raise RecipeError("mix-layers needs a second picture; set mix-seed too.")
    return replace(recipe, mixing=(*recipe.mixing[:-1], replace(recipe.mixing[-1], layers=layers)))


def _field(name: str, convert: Callable[[Any], Any] = float) -> Callable[..., Any]:
    def set_field(recipe: Any, manifest: Manifest, value: Any) -> Any:  # noqa: ARG001
        return replace(recipe, **{name: convert(value)})

    return set_field


def _set_variation(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
    source = recipe.source
    if isinstance(source, Exact) and source.log_variance is not None:
        source = Varied(around=source, seed=0)
    if not isinstance(source, Varied):
        raise RecipeError(
            f"variation needs an encoded picture; give {manifest.id} one with --from PICTURE."
        )
    return replace(recipe, source=replace(source, strength=value))


def _set_mix_seed(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
    assert isinstance(manifest.model, Gan)
    layers = recipe.mixing[-1].layers if recipe.mixing else default_mix(manifest.model.layers)
    mixing = Mixing(source=FromSeed(seed=int(value)), layers=layers)
    return replace(recipe, mixing=(*recipe.mixing[:-1], mixing))


def _set_width(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
    _width, height = recipe.size or (manifest.image.width, manifest.image.height)
    return replace(recipe, size=(int(value), height))


def _set_height(recipe: LatentRecipe, manifest: Manifest, value: float) -> LatentRecipe:
    width, _height = recipe.size or (manifest.image.width, manifest.image.height)
    return replace(recipe, size=(width, int(value)))


def _or_any(value: str) -> str | None:
    return None if value == ANY else value


_SETTERS: Final[dict[str, Callable[[Any, Manifest, Any], Any]]] = {
    "truncation": _field("truncation"),
    "truncation-cutoff": _field("truncation_cutoff", int),
    "variation": _set_variation,
    "width": _set_width,
    "height": _set_height,
    "class": _field("class_label", _or_any),
    "mix-seed": _set_mix_seed,
    "noise-seed": _field("noise_seed", int),
    "noise-strength": _field("noise_strength"),
    "temperature": _field("temperature"),
    "top-k": _field("top_k", int),
    "top-p": _field("top_p"),
    "guidance": _field("guidance"),
    "style": _field("style", _or_any),
}
_WHOLE: Final = frozenset(
    {"truncation-cutoff", "width", "height", "mix-seed", "noise-seed", "top-k"}
)
"""Controls whose values are whole numbers, whatever step a pack gives them."""
_NEEDS_MORE: Final = frozenset({"variation", "mix-seed", "width", "height"})
"""Controls that a fresh recipe leaves alone: each needs a picture or makes another one."""
