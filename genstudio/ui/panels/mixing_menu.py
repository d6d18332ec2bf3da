"""Taking the second parent of a style mixing from the history."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QProxyStyle, QStyle, QStyleOption, QWidget

from genstudio.base.texts import translate
from genstudio.recipe.values import LatentRecipe, LatentSource, Recipe
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage

_MOST: Final = 12
_SIDE: Final = 48


def show_parents(studio: Studio, at: QWidget) -> QMenu:
    """Open a menu of earlier pictures of the same model; the chosen one lends its layers."""
    menu = QMenu(at)
    menu.setObjectName("mix-parents")
    menu.setStyle(_LargePictures(menu))
    layers = _present_layers(studio)
    seen: set[LatentSource] = set()
    for step in reversed(studio.editor.history.steps):
        source = _other_source(studio.editor.recipe, step.recipe)
        if source is None or source in seen or len(seen) == _MOST:
            continue
        seen.add(source)
        action = menu.addAction(step.words.replace("&", "&&"))
        pixels = studio.editor.history.thumbnail(step.number)
        if pixels is not None:
            action.setIcon(QIcon(QPixmap.fromImage(to_qimage(pixels))))
        action.triggered.connect(
            lambda _=False, source=source: studio.editor.mix_with(source, layers)
        )
    if not seen:
        none = menu.addAction(translate("Mixing", "No other picture of this model yet"))
        none.setEnabled(False)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at.mapToGlobal(at.rect().bottomLeft()))
    return menu


class _LargePictures(QProxyStyle):
    """A menu's usual pictures are too small to tell one drawing from another."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__("Fusion")
        self.setParent(menu)

    def pixelMetric(  # noqa: N802
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric == QStyle.PixelMetric.PM_SmallIconSize:
            return _SIDE
        return super().pixelMetric(metric, option, widget)


def _other_source(now: Recipe | None, earlier: Recipe) -> LatentSource | None:
    """Where an earlier picture of the same model came from, if from elsewhere."""
    if not (isinstance(earlier, LatentRecipe) and isinstance(now, LatentRecipe)):
        return None
    same = earlier.model.id == now.model.id
    return earlier.source if same and earlier.source != now.source else None


def _present_layers(studio: Studio) -> tuple[int, int] | None:
    now = studio.editor.recipe
    return now.mixing[-1].layers if isinstance(now, LatentRecipe) and now.mixing else None
