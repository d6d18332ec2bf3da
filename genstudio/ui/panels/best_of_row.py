"""How the model itself scores the picture, and the search for a seed that it scores higher."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QWidget

from genstudio.base.texts import translate
from genstudio.packs.scores import Judge, Missing, judge_of, missing_for_best
from genstudio.studio.studio import Studio
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.elided_label import ElidedLabel

_LEAST: Final = 2
_MOST: Final = 64
_USUAL: Final = 16


class BestOfRow(QWidget):
    """Seen only where the model can score: a GAN with its critic, a token model that has words."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._judge: Judge | None = None
        self.setObjectName("best-of-row")
        self._score = ElidedLabel("", self)
        self._score.setObjectName("best-of-score")
        self._score.setProperty("role", "muted")
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
        self._judge = judge_of(pack.manifest) if pack else None
        self.setVisible(self._judge is not None)
        if pack is None or recipe is None or self._judge is None:
            return
        missing = missing_for_best(recipe, pack.manifest)
        self._best.setEnabled(missing is None)
        self._best.setToolTip(_refusal(missing) if missing else _offer(self._judge))
        self._score.setToolTip(_meaning(self._judge))
        self._show_score()

    def _show_score(self) -> None:
        score = self._studio.picture.score
        words = (
            translate("ControlsPanel", "Fit {score}")
            if self._judge == "words"
            else translate("ControlsPanel", "Critic {score}")
        )
        self._score.setText(words.format(score="–" if score is None else _signed(score)))


def _meaning(judge: Judge) -> str:
    """What the score says."""
    if judge == "words":
        return translate(
            "ControlsPanel",
            "How well the picture fits the words, in the model's own eyes: by so many bits a token "
            "they make it likelier. Best of tells it. It compares pictures of the same words only.",
        )
    return translate(
        "ControlsPanel",
        "How real the model's own critic finds the picture: more is better. It compares "
        "pictures of one model only.",
    )


def _offer(judge: Judge) -> str:
    """What the button does."""
    if judge == "words":
        return translate(
            "ControlsPanel", "Try so many seeds and keep the one that fits the words best."
        )
    return translate("ControlsPanel", "Try so many seeds and keep the one the critic likes best.")


def _refusal(missing: Missing) -> str:
    """Why the button does nothing, and what would change that."""
    if missing == "words":
        return translate("ControlsPanel", "Give a prompt first: the best is what fits it best.")
    if missing == "guidance":
        return translate(
            "ControlsPanel",
            "At this guidance the model does not compare with and without words; set another, "
            "such as 3.",
        )
    return translate("ControlsPanel", "This picture was not drawn by a seed.")


def _signed(number: float) -> str:
    """With its sign, in the person's own way of writing."""
    return ("+" if number >= 0 else "−") + QLocale().toString(abs(number), "f", 2)
