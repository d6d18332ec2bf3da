"""Says that words and seeds draw only a part of the picture anew, and ends that."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from genstudio.base.texts import translate
from genstudio.recipe.values import TokenRecipe
from genstudio.studio.studio import Studio
from genstudio.ui.theme.tokens import SPACE_S


class KeptRow(QWidget):
    """Seen only where tokens of another picture are kept."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("kept")
        self._said = QLabel(self)
        self._said.setProperty("role", "muted")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        self.button = QPushButton(translate("PromptPanel", "Draw everything"), self)
        self.button.setObjectName("kept-let-go")
        self.button.setAccessibleName(self.button.text())
        self.button.setToolTip(
            translate("PromptPanel", "Keep nothing of the earlier picture; draw all tokens anew.")
        )
        self.button.clicked.connect(studio.editor.keep_nothing)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_S, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self._said, 1)
        row.addWidget(self.button)
        studio.editor.changed.connect(lambda _: self._follow())
        self._follow()

    def _follow(self) -> None:
        recipe = self._studio.editor.recipe
        kept = recipe.kept if isinstance(recipe, TokenRecipe) else None
        self.setVisible(kept is not None)
        if kept is not None:
            share = sum(map(bool, kept.kept)) / max(len(kept.kept), 1)
            words = translate("PromptPanel", "{percent} % stays as it is.")
            self._said.setText(words.format(percent=round(100 * share)))
