"""Shades between two of the palette's colours, so that the canvas follows every theme."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """The colour that lies `share` (0 to 1) of the way from `first` to `second`."""
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour with an opacity of `alpha` (0 to 1)."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def muted(palette: QPalette, share: float) -> QColor:
    """The window's colour, `share` of the way to its text: a calm surface in either theme."""
    return mix(
        palette.color(QPalette.ColorRole.Window),
        palette.color(QPalette.ColorRole.WindowText),
        share,
    )
