"""Two phrases that make a slider: from what the first means to what the second does."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.studio.sliders import Sliders
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S


class PhraseRow(QWidget):
    """Two fields and a button; Return in either field adds the slider too."""

    def __init__(self, sliders: Sliders, parent: QWidget) -> None:
        super().__init__(parent)
        self._sliders = sliders
        self._start = self._field(
            "phrase-start", translate("PhraseRow", "From: sad"),
            translate("PhraseRow", "What the slider goes away from"),
        )  # fmt: skip
        self._end = self._field(
            "phrase-end", translate("PhraseRow", "To: happy"),
            translate("PhraseRow", "What the slider goes towards"),
        )  # fmt: skip
        self._add = QToolButton(self)
        self._add.setObjectName("phrase-add")
        self._add.setIcon(icon("plus"))
        self._add.setToolTip(translate("PhraseRow", "Add a slider from one phrase to the other"))
        self._add.setAccessibleName(self._add.toolTip())
        self._add.clicked.connect(self._take)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_S)
        line.addWidget(self._start, 1)
        line.addWidget(QLabel("→", self))
        line.addWidget(self._end, 1)
        line.addWidget(self._add)
        self._follow()

    def _field(self, name: str, placeholder: str, tooltip: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setPlaceholderText(placeholder)
        field.setToolTip(tooltip)
        field.setAccessibleName(tooltip)
        field.textChanged.connect(self._follow)
        field.returnPressed.connect(self._take)
        return field

    def _follow(self) -> None:
        self._add.setEnabled(bool(self._start.text().strip() and self._end.text().strip()))

    def _take(self) -> None:
        if self._sliders.add_phrases(self._start.text(), self._end.text()):
            self._start.clear()
            self._end.clear()
            self._start.setFocus()
