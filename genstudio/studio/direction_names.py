"""Directions as a person reads them."""

from __future__ import annotations

from genstudio.base.texts import translate
from genstudio.latent.phrases import phrases_in


def label_of(name: str) -> str:
    """A direction's label: its own word where it was named, a number where it was counted."""
    if phrases := phrases_in(name):
        return f"{phrases[0]} → {phrases[1]}"
    kind, _, number = name.rpartition(" ")
    if number.isdecimal():
        if kind == "principal":
            return translate("Directions", "Principal {number}").format(number=number)
        if kind == "closed-form":
            return translate("Directions", "Closed-form {number}").format(number=number)
        if kind == "latent":
            return translate("Directions", "Latent {number}").format(number=number)
    return {
        "brightness": translate("Directions", "Brightness"),
        "contrast": translate("Directions", "Contrast"),
        "warmth": translate("Directions", "Warmth"),
        "saturation": translate("Directions", "Saturation"),
        "detail": translate("Directions", "Detail"),
        "horizontal_balance": translate("Directions", "Light to the right"),
        "vertical_balance": translate("Directions", "Light from above"),
    }.get(name, name)
