"""What a person can turn on a model: the family's own controls, then the pack's.

A control is declared once, as data; panels, `--set` and `models show` derive from the same
declaration. `genstudio.packs.settings` brings a control's value into a recipe.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, TypeVar

import msgspec
from msgspec.structs import replace

from genstudio.base.texts import translate
from genstudio.packs.manifest import (
    Autoregressive,
    Choice,
    ClassCondition,
    Gan,
    Image,
    Manifest,
    Slider,
    SpatialLatent,
    TextCondition,
    Unconditional,
    Vae,
)
from genstudio.recipe.values import SEED_LIMIT, LayerRange

ANY: Final = "any"
"""The option that leaves a style or a class open."""

_WIDEST: Final = 16_384
"""The most pixels that a side of a drawn picture may have."""


class Layers(msgspec.Struct, frozen=True, kw_only=True, tag="layers"):
    """A range of a GAN's layers, written "4-8" (the eighth included) or "4"."""

    name: str
    label: str
    count: int
    default: LayerRange
    tooltip: str = ""


AnyControl = Slider | Choice | Layers


def controls_of(manifest: Manifest) -> tuple[AnyControl, ...]:
    """The controls of a model, in the order to show them: the family's, then the pack's own.

    A control of the pack with the name of one of the family's gives it its range and default,
    within what a recipe can hold. The family's words are in the person's language, the pack's as
    its author wrote them.
    """
    declared = {control.name: control for control in manifest.controls}
    standard = {control.name: control for control in _standard(manifest)}
    fitted = [_fitted(control, declared.get(name)) for name, control in standard.items()]
    own = [control for name, control in declared.items() if name not in standard]
    return (*fitted, *own)


def family_controls(manifest: Manifest) -> frozenset[str]:
    """The names of the controls that the family brings."""
    return frozenset(control.name for control in _standard(manifest))


def takes_prompt(manifest: Manifest) -> bool:
    """Whether the model can be told what to draw in words."""
    if isinstance(manifest.model, Autoregressive):
        return isinstance(manifest.model.condition, TextCondition)
    return "prompt_to_latent" in manifest.graphs


def describe(control: AnyControl) -> str:
    """A control's range and default in a few words, for lists and refusals."""
    if isinstance(control, Slider):
        unit = f" {control.unit}" if control.unit else ""
        low, high, usual = (digits(n) for n in (control.low, control.high, control.default))
        return f"{low} to {high}{unit}, usually {usual}"
    if isinstance(control, Layers):
        return f"layers from 0-{control.count - 1}, usually {_range_text(control.default)}"
    shown = ", ".join(control.options[:12])
    more = f", ... ({len(control.options)} in all)" if len(control.options) > 12 else ""
    return f"{shown}{more}; usually {control.default}"


def _range_text(layers: LayerRange) -> str:
    return f"{layers[0]}-{layers[1] - 1}"


def _slider(
    name: str,
    label: str,
    low: float,
    high: float,
    default: float,
    tooltip: str,
    step: float | None = None,
) -> Slider:
    return Slider(
        name=name, label=label, low=low, high=high, default=default, step=step, tooltip=tooltip
    )


def _standard(manifest: Manifest) -> list[AnyControl]:
    """The family's controls with the ranges that most models want."""
    model = manifest.model
    if isinstance(model, Vae):
        return _vae_controls(model, manifest)
    if isinstance(model, Gan):
        return _gan_controls(model, manifest.image)
    if isinstance(model, Autoregressive):
        return _token_controls(model)
    return []


def _vae_controls(model: Vae, manifest: Manifest) -> list[AnyControl]:
    controls: list[AnyControl] = [
        _slider(
            "truncation",
            translate("Controls", "Truncation"),
            0,
            2,
            1,
            translate("Controls", "How far from the most ordinary picture: 0 is the middle."),
        )
    ]
    if "encoder" in manifest.graphs and model.encoder_gives != "latent":
        controls.append(
            _slider(
                "variation",
                translate("Controls", "Variation"),
                0,
                5,
                1,
                translate("Controls", "How far a variation may go from the encoded picture."),
            )
        )
    if isinstance(model.latent, SpatialLatent):
        controls += _size_controls(model.latent.factor, manifest.image)
    return controls + _class_choice(model.classes, open_too=False)


def _size_controls(factor: int, image: Image) -> list[AnyControl]:
    told = translate("Controls", "Pixels of the drawn picture.")
    width, height = translate("Controls", "Width"), translate("Controls", "Height")
    return [
        _slider("width", width, factor, _WIDEST, image.width, told, factor),
        _slider("height", height, factor, _WIDEST, image.height, told, factor),
    ]


def _gan_controls(model: Gan, image: Image) -> list[AnyControl]:
    controls: list[AnyControl] = [
        _slider(
            "truncation",
            translate("Controls", "Truncation"),
            -2,
            2,
            1,
            translate("Controls", "Psi: 0 is the average picture, 1 the model as trained."),
        )
    ]
    if model.layers:
        controls += _layer_controls(model.layers)
    if model.noise:
        controls += [
            _slider(
                "noise-seed",
                translate("Controls", "Noise seed"),
                0,
                SEED_LIMIT - 1,
                0,
                translate("Controls", "The seed of the fine grain.")
                if not model.factor
                else translate("Controls", "The seed of where things lie, and of the fine grain."),
                1,
            ),
            _slider(
                "noise-strength",
                translate("Controls", "Noise strength"),
                0,
                5,
                1,
                translate("Controls", "How strong the fine grain is."),
            ),
        ]
    if model.factor:
        controls += _size_controls(model.factor, image)
    return controls + _class_choice(model.classes, open_too=False)


def _layer_controls(count: int) -> list[AnyControl]:
    return [
        _slider(
            "truncation-cutoff",
            translate("Controls", "Truncation cutoff"),
            0,
            count,
            count,
            translate("Controls", "How many layers truncation reaches."),
            1,
        ),
        _slider(
            "mix-seed",
            translate("Controls", "Mix seed"),
            0,
            SEED_LIMIT - 1,
            0,
            translate("Controls", "The seed of a second picture to take layers from."),
            1,
        ),
        Layers(
            name="mix-layers",
            label=translate("Controls", "Mix layers"),
            count=count,
            default=default_mix(count),
            tooltip=translate(
                "Controls",
                "The layers of the second picture: low ones give form, high ones colour.",
            ),
        ),
    ]


def _token_controls(model: Autoregressive) -> list[AnyControl]:
    controls: list[AnyControl] = [
        _slider(
            "temperature",
            translate("Controls", "Temperature"),
            0,
            3,
            1,
            translate("Controls", "How daring each token is: 0 always takes the likeliest."),
        ),
        _slider(
            "top-k",
            translate("Controls", "Top-k"),
            0,
            model.tokens.size,
            0,
            translate("Controls", "Draw among the K likeliest; 0 is all."),
            1,
        ),
        _slider(
            "top-p",
            translate("Controls", "Top-p"),
            0.01,
            1,
            1,
            translate("Controls", "Draw among the likeliest that make up this share."),
        ),
    ]
    condition = model.condition
    if not isinstance(condition, Unconditional):
        controls.append(
            _slider(
                "guidance",
                translate("Controls", "Guidance"),
                0,
                20,
                1,
                translate("Controls", "How closely to follow what is asked: 1 is the model alone."),
            )
        )
    if model.styles:
        names = (ANY, *(name for name in model.styles.names if name != ANY))
        label = translate("Controls", "Style")
        told = translate("Controls", "How it is drawn.")
        controls.append(Choice(name="style", label=label, options=names, default=ANY, tooltip=told))
    if isinstance(condition, ClassCondition):
        controls += _class_choice(condition.classes, open_too=condition.null is not None)
    return controls


def _class_choice(classes: tuple[str, ...], *, open_too: bool) -> list[AnyControl]:
    if not classes:
        return []
    options = (ANY, *(name for name in classes if name != ANY)) if open_too else classes
    label, told = translate("Controls", "Class"), translate("Controls", "What is drawn.")
    return [Choice(name="class", label=label, options=options, default=options[0], tooltip=told)]


def default_mix(count: int) -> LayerRange:
    """The finer half: colour and texture of the second picture on the form of the first."""
    return count // 2, count


def _fitted(control: AnyControl, declared: Slider | Choice | None) -> AnyControl:
    """The family's control with the pack's range, default and words."""
    if isinstance(control, Slider) and isinstance(declared, Slider):
        hard_low, hard_high = _HARD_LIMITS.get(control.name, (control.low, control.high))
        low, high = max(declared.low, hard_low), min(declared.high, hard_high)
        default = min(max(declared.default, low), high)
        step = declared.step or control.step
        return _worded(
            replace(control, low=low, high=high, default=default, step=step, unit=declared.unit),
            declared,
        )
    if isinstance(control, Choice) and isinstance(declared, Choice):
        default_option = declared.default if declared.default in control.options else None
        return _worded(replace(control, default=default_option or control.default), declared)
    return control


_C = TypeVar("_C", Slider, Choice)


def _worded(control: _C, declared: _C) -> _C:
    return replace(
        control,
        label=declared.label or control.label,
        tooltip=declared.tooltip or control.tooltip,
    )


_HARD_LIMITS: Final = {
    "truncation": (-5.0, 5.0),
    "variation": (0.0, 20.0),
    "noise-strength": (0.0, 10.0),
    "temperature": (0.0, 10.0),
    "guidance": (0.0, 100.0),
}
"""What a recipe holds, where that is more than the usual range."""


def digits(number: float) -> str:
    """A number without needless digits; seeds in full."""
    return str(int(number)) if number == int(number) else f"{number:g}"


def listed(names: Collection[str]) -> str:
    """Names for a sentence, the first sixty of very many."""
    shown = list(names)[:60]
    more = f" and {len(names) - 60} more" if len(names) > 60 else ""
    return ", ".join(shown) + more
