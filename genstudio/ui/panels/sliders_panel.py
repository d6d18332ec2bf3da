"""The latent sliders: found directions first, single latents on demand."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.sliders import KINDS
from genstudio.studio.studio import Studio
from genstudio.ui.panels.phrase_row import PhraseRow
from genstudio.ui.panels.slider_group import SliderGroup
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from genstudio.ui.widgets.progress_line import ProgressLine
from genstudio.ui.widgets.search_field import SearchField

_OPEN: Final = ("phrases", "named")


class SlidersPanel(QWidget):
    """Groups of sliders that follow the current model."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("sliders-panel")
        self._title = QLabel(translate("SlidersPanel", "Latent sliders"), self)
        self._title.setProperty("role", "heading")
        self._title.setContentsMargins(SPACE_M, 0, 0, 0)
        self._search = SearchField(
            translate("SlidersPanel", "Search sliders"), "sliders-search", self
        )
        self._search.textChanged.connect(self._look_for)
        self._reset = QToolButton(self)
        self._reset.setObjectName("sliders-reset")
        self._reset.setIcon(icon("rotate-ccw"))
        self._reset.setToolTip(translate("SlidersPanel", "Reset those that are not locked"))
        self._reset.setAccessibleName(self._reset.toolTip())
        self._reset.clicked.connect(studio.sliders.reset)
        self._said = QLabel(self)
        self._said.setObjectName("sliders-said")
        self._said.setProperty("role", "muted")
        self._said.setWordWrap(True)
        self._progress = ProgressLine("sliders-progress", self)
        self._phrases = PhraseRow(studio.sliders, self)
        groups = QVBoxLayout()
        groups.setContentsMargins(SPACE_S, 0, SPACE_S, SPACE_S)
        groups.setSpacing(SPACE_S)
        self._groups = {
            kind: SliderGroup(studio, kind, _title(kind), is_open=kind in _OPEN, parent=self)
            for kind in KINDS
        }
        for group in self._groups.values():
            groups.addWidget(group)
        self._lay_out(groups)
        studio.sliders.changed.connect(lambda _: self._follow())
        studio.editor.changed.connect(lambda _: self._show_values())
        self._follow()

    def _lay_out(self, groups: QVBoxLayout) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        head.setSpacing(SPACE_S)
        head.addWidget(self._search)
        head.addWidget(self._reset)
        told = QVBoxLayout()
        told.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        told.addWidget(self._said)
        told.addWidget(self._progress)
        told.addWidget(self._phrases)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_XS, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self._title)
        column.addLayout(head)
        column.addLayout(told)
        column.addLayout(groups)
        column.addStretch()

    def _follow(self) -> None:
        state = self._studio.sliders
        found = state.directions is not None
        self._search.setVisible(found)
        self._reset.setVisible(found)
        self._phrases.setVisible(found and state.takes_phrases)
        self._progress.set_fraction(state.finding)
        self._progress.setVisible(state.finding is not None)
        for group in self._groups.values():
            group.rebuild()
        self._say(self._words())

    def _show_values(self) -> None:
        for group in self._groups.values():
            group.show_values()

    def _look_for(self, words: str) -> None:
        found = [group.search(words.strip()) for group in self._groups.values()]
        none = translate("SlidersPanel", "No slider is called that.")
        self._say("" if any(found) else none)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _words(self) -> str:
        state = self._studio.sliders
        if self._studio.editor.recipe is None:
            return translate("SlidersPanel", "Choose a model to see what can be moved in it.")
        if self._studio.editor.pack is None:
            return translate("SlidersPanel", "The model of this picture is not here.")
        if not state.has_latent:
            return translate(
                "SlidersPanel", "This model has no latent space; its controls steer it."
            )
        if state.finding is not None:
            return translate(
                "SlidersPanel",
                "Finding out what can be moved in this model. It is done once; you can go on.",
            )
        if state.directions is None:
            return translate("SlidersPanel", "What can be moved in this model was not found out.")
        return ""


def _title(kind: str) -> str:
    return {
        "phrases": translate("SlidersPanel", "From words"),
        "named": translate("SlidersPanel", "Named"),
        "principal": translate("SlidersPanel", "Principal"),
        "closed-form": translate("SlidersPanel", "Closed-form"),
        "raw": translate("SlidersPanel", "Single latents"),
    }[kind]
