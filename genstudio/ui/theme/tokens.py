"""The measures and colours of the whole window: one spacing scale, one type scale, one accent.

Greys are neutral, without a cast, so that the colours of a picture are judged rightly, and the
picture is the brightest thing on the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SPACE_XS: Final = 4
SPACE_S: Final = 8
SPACE_M: Final = 12
SPACE_L: Final = 16
SPACE_XL: Final = 24
SPACE_XXL: Final = 32

RADIUS: Final = 6
RADIUS_SMALL: Final = 4
ROW: Final = 28
"""The height of a control."""

FAMILY: Final = "Inter"
CAPTION: Final = 11
BODY: Final = 13
TITLE: Final = 16
DISPLAY: Final = 26
"""Type sizes in logical pixels."""


@dataclass(frozen=True)
class Colours:
    """One theme's colours, each "#rrggbb"."""

    window: str
    surface: str
    raised: str
    hover: str
    line: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    danger: str
    warning: str
    ok: str
    canvas: str


DARK: Final = Colours(
    window="#1d1d1d",
    surface="#252525",
    raised="#313131",
    hover="#3b3b3b",
    line="#3d3d3d",
    text="#e9e9e9",
    muted="#a6a6a6",
    disabled="#6c6c6c",
    accent="#e8845c",
    accent_hover="#f09a76",
    on_accent="#1d1210",
    danger="#f07c74",
    warning="#e6b450",
    ok="#79c48f",
    canvas="#141414",
)
LIGHT: Final = Colours(
    window="#ececec",
    surface="#f6f6f6",
    raised="#ffffff",
    hover="#e4e4e4",
    line="#cfcfcf",
    text="#1e1e1e",
    muted="#5c5c5c",
    disabled="#a0a0a0",
    accent="#b3471d",
    accent_hover="#9a3b16",
    on_accent="#ffffff",
    danger="#b3261e",
    warning="#8a5a00",
    ok="#1e6b3a",
    canvas="#d6d6d6",
)
