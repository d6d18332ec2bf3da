"""Numbers, names and ranges as they stand in the words of a step: short, on one line, exact enough.

The words are texts for people, so each comes whole out of `translate`, with places for the values.
"""

from __future__ import annotations

from typing import Final

from genstudio.base.texts import translate
from genstudio.packs.controls import AnyControl, controls_of
from genstudio.packs.manifest import Manifest
from genstudio.recipe.values import LayerRange

_SHORT: Final = 24
_DECIMALS: Final = range(2, 7)
_LONG: Final = 1e12


def short(text: str) -> str:
    """A name on one line, the end of a long one left out; a dash where there is none."""
    return _line(text) or "–"


def quoted(text: str) -> str:
    """A text of the person's in quotation marks."""
    return translate("History", "“{text}”").format(text=_line(text))


def _line(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rstrip() + "…"


def changed(label: str, old: str, new: str) -> str:
    """What a value was and is, "truncation 0.7 → 0.5"."""
    return translate("History", "{label} {old} → {new}").format(label=label, old=old, new=new)


def is_now(label: str, new: str) -> str:
    """What a value is, where it was not there before, "seed 12"."""
    return translate("History", "{label} {new}").format(label=label, new=new)


def is_reset(label: str) -> str:
    """That a value is again what it is without being set."""
    return translate("History", "{label} reset").format(label=label)


def number_changed(label: str, old: float, new: float, *, signed: bool = False) -> str:
    """As `changed`, with as few decimals as tell the two numbers apart, from two on."""
    for decimals in _DECIMALS:
        first, second = (_written(number, decimals) for number in (old, new))
        if first != second and "0" not in (first if old else "", second if new else ""):
            break
    else:
        first, second = f"{old:.17g}", f"{new:.17g}"
    return changed(label, _signed(first, old, signed), _signed(second, new, signed))


def number(value: float) -> str:
    """A number that stands alone, with three digits where it is no whole one."""
    whole = float(value).is_integer() and abs(value) < _LONG
    return _signed(str(int(value)) if whole else f"{value:.3g}", value, signed=False)


def _written(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if abs(value) < _LONG else f"{value:.3g}"
    return "0" if text == "-0" else text


def _signed(text: str, value: float, signed: bool) -> str:
    return ("+" if signed and value > 0 else "") + text.replace("-", "−")


def layers(value: LayerRange) -> str:
    """A range of layers as the panels write it, the last one included."""
    first, last = value[0], value[1] - 1
    if first > last:
        return translate("History", "no layers")
    if first == last:
        return translate("History", "layer {layer}").format(layer=first)
    return translate("History", "layers {first}-{last}").format(first=first, last=last)


class Labels:
    """What a model's controls are called within a sentence.

    A label that the pack's author wrote stands as it is; the family's own names are translated.
    """

    def __init__(self, manifest: Manifest | None) -> None:
        """Take the labels of a model; without a manifest controls go by their names."""
        self.controls: dict[str, AnyControl] = (
            {control.name: control for control in controls_of(manifest)} if manifest else {}
        )

    def __getitem__(self, name: str) -> str:
        """The label of a control, or the name itself where there is no such control."""
        control = self.controls.get(name)
        if control and control.label not in ("", name.replace("-", " ").capitalize()):
            return short(control.label)
        return _family_labels().get(name) or short(name)


def _family_labels() -> dict[str, str]:
    return {
        "truncation": translate("History", "truncation"),
        "truncation-cutoff": translate("History", "truncation cutoff"),
        "variation": translate("History", "variation"),
        "class": translate("History", "class"),
        "noise-seed": translate("History", "noise seed"),
        "noise-strength": translate("History", "noise strength"),
        "temperature": translate("History", "temperature"),
        "top-k": translate("History", "top k"),
        "top-p": translate("History", "top p"),
        "guidance": translate("History", "guidance"),
        "style": translate("History", "style"),
        "size": translate("History", "size"),
        "seed": translate("History", "seed"),
        "model": translate("History", "model"),
        "blend": translate("History", "blend"),
    }
