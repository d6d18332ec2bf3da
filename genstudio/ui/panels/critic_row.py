"""What the model's critic says of the picture, and the search for a seed that it likes best."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QWidget

from genstudio.base.texts import translate
from genstudio.recipe.values import FromSeed, LatentRecipe
from genstudio.studio.studio import Studio
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.elided_label import ElidedLabel

_LEAST: Final = 2
_MOST: Final = 64
_USUAL: Final = 16


class CriticRow(QWidget):
    """Seen only where the model has a critic."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("critic")
        self._score = ElidedLabel("", self)
        self._score.setObjectName("critic-score")
        self._score.setProperty("role", "muted")
        self._score.setToolTip(
            translate(
                "ControlsPanel",
                "How real the model's own critic finds the picture: more is better. It compares "
                "pictures of one model only.",
            )
        )
        self._best = QPushButton(translate("ControlsPanel", "Best of"), self)
        self._best.setObjectName("best-of")
        self._best.setAccessibleName(self._best.text())
        self._best.clicked.connect(self._find_best)
        self._count = QSpinBox(self)
        self._count.setObjectName("best-of-count")
        self._count.setAccessibleName(translate("ControlsPanel", "How many seeds to try"))
        self._count.setToolTip(self._count.accessibleName())
        self._count.setRange(_LEAST, _MOST)
        self._count.setValue(_USUAL)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self._score, 1)
        row.addWidget(self._best)
        row.addWidget(self._count)
        studio.editor.changed.connect(lambda _: self._follow())
        studio.picture.changed.connect(lambda _: self._show_score())
        self._follow()

    def _find_best(self) -> None:
        self._studio.best_of(self._count.value())

    def _follow(self) -> None:
        pack, recipe = self._studio.editor.pack, self._studio.editor.recipe
        is_drawn = isinstance(recipe, LatentRecipe)
        self.setVisible(is_drawn and pack is not None and pack.manifest.has_critic)
        can_try = isinstance(recipe, LatentRecipe) and isinstance(recipe.source, FromSeed)
        self._best.setEnabled(can_try)
        self._best.setToolTip(
            translate("ControlsPanel", "Try so many seeds and keep the one the critic likes best.")
            if can_try
            else translate("ControlsPanel", "This picture was not drawn by a seed.")
        )
        self._show_score()

    def _show_score(self) -> None:
        score = self._studio.picture.score
        words = translate("ControlsPanel", "Critic {score}")
        self._score.setText(words.format(score="–" if score is None else _signed(score)))


def _signed(number: float) -> str:
    """With its sign, in the person's own way of writing."""
    return ("+" if number >= 0 else "−") + QLocale().toString(abs(number), "f", 2)
