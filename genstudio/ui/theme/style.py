"""Putting the look on the application: font, palette and one style sheet, for a theme."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from genstudio.base.paths import resources_folder
from genstudio.ui.theme.sheet import style_sheet
from genstudio.ui.theme.tokens import BODY, DARK, FAMILY, LIGHT, Colours

Theme = Literal["system", "dark", "light"]
_WEIGHTS: Final = ("Regular", "Medium", "SemiBold")


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the application its look; "system" follows the desktop's setting as it changes."""
    follower = app.findChild(_Follower) or _Follower(app)
    follower.follow(theme)


def colours_of(widget_palette: QPalette) -> Colours:
    """The theme that a palette belongs to."""
    dark = widget_palette.color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if dark else LIGHT


def font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The window's type in a size of the scale."""
    made = QFont(QGuiApplication.font())
    made.setPixelSize(size)
    made.setWeight(weight)
    return made


class _Follower(QObject):
    """Lives as long as the application and hears when the desktop turns dark or light."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._theme: Theme = "system"
        self._shown: Colours | None = None
        app.setStyle("Fusion")
        for weight in _WEIGHTS:
            QFontDatabase.addApplicationFont(
                str(resources_folder() / "fonts" / f"Inter-{weight}.otf")
            )
        text = QFont(FAMILY)
        text.setPixelSize(BODY)
        # Figures of one width, so that values do not dance while a slider moves.
        text.setFeature(QFont.Tag("tnum"), 1)
        app.setFont(text)
        app.styleHints().colorSchemeChanged.connect(self._turn)

    def follow(self, theme: Theme) -> None:
        self._theme = theme
        self._turn()

    def _turn(self, *_: object) -> None:
        scheme = self._app.styleHints().colorScheme()
        dark = self._theme == "dark" or (self._theme == "system" and scheme != Qt.ColorScheme.Light)
        colours = DARK if dark else LIGHT
        if colours is self._shown:
            return
        self._shown = colours
        self._app.setPalette(_palette(colours))
        self._app.setStyleSheet(style_sheet(colours))


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    shades = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.raised,
        role.AlternateBase: colours.surface,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.Accent: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.Light: colours.hover,
        role.Midlight: colours.raised,
        role.Mid: colours.line,
        role.Dark: colours.canvas,
        role.Shadow: "#000000",
    }
    palette = QPalette()
    for which, shade in shades.items():
        palette.setColor(which, QColor(shade))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.disabled))
    return palette
