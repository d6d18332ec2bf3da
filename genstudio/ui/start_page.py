"""The page of the first start: one click on a model, and there is a picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.packs.examples import example_prompts
from genstudio.recipe.values import WeightedPrompt
from genstudio.studio.models import ModelCard
from genstudio.studio.studio import Studio
from genstudio.ui.panels.model_card import ABOVE, ModelCardButton
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_L, SPACE_S, SPACE_XL, SPACE_XS

_MOST_ACROSS: Final = 4
_NARROWEST, _WIDEST = 168, 360
_LOWEST: Final = 112
_WORDS_HEIGHT: Final = 372
"""What stands above and below the previews, roughly: the rest of the height is theirs."""
_SENTENCE_WIDTH: Final = 560


class StartPage(QWidget):
    """Shown while no recipe is open.

    Signals:
        open_wanted: The person wants to open a file.
    """

    open_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._shown: tuple[ModelCard, ...] | None = None
        self._tiles: list[_Tile] = []
        self.setObjectName("start-page")
        self._note = QLabel(self)
        self._note.setObjectName("start-note")
        self._note.setProperty("role", "muted")
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_L)
        self._grid.setVerticalSpacing(SPACE_S)
        self._lay_out()
        studio.models.changed.connect(lambda _: self._show())
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Previews as large as the page has room for."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        headline = QLabel(translate("StartPage", "What shall we draw?"), self)
        headline.setObjectName("start-headline")
        headline.setProperty("role", "display")
        headline.setAlignment(Qt.AlignmentFlag.AlignCenter)
        headline.setWordWrap(True)
        promise = QLabel(
            translate(
                "StartPage",
                "Everything is computed on this machine; nothing is sent anywhere.",
            ),
            self,
        )
        promise.setProperty("role", "muted")
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        promise.setWordWrap(True)
        promise.setMaximumWidth(_SENTENCE_WIDTH)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(promise, 1000)
        centred.addStretch(1)
        cards = QHBoxLayout()
        cards.addStretch(1)
        cards.addLayout(self._grid)
        cards.addStretch(1)
        self._inside = QWidget(self)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(headline)
        column.addSpacing(SPACE_S)
        column.addLayout(centred)
        column.addSpacing(SPACE_XL)
        column.addWidget(self._note)
        column.addLayout(cards)
        column.addSpacing(SPACE_XL)
        column.addLayout(self._make_foot())
        column.addStretch(3)
        self._area = QScrollArea(self)
        self._area.setObjectName("start-area")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)

    def _make_foot(self) -> QVBoxLayout:
        self._open = QPushButton(
            icon("folder-open"), translate("StartPage", "Open a picture or model ..."), self
        )
        self._open.setObjectName("start-open")
        self._open.setAccessibleName(self._open.text())
        self._open.clicked.connect(self.open_wanted)
        hint = QLabel(
            translate("StartPage", "or drop a picture, a project or a model anywhere here"), self
        )
        hint.setProperty("role", "caption")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setWordWrap(True)
        foot = QVBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addWidget(self._open, 0, Qt.AlignmentFlag.AlignHCenter)
        foot.addWidget(hint)
        return foot

    def _show(self) -> None:
        cards = self._studio.models.cards
        if cards != self._shown:
            self._rebuild(cards)
        if self._studio.is_starting:
            self._note.setText(translate("StartPage", "Reading the models ..."))
        else:
            self._note.setText(
                translate("StartPage", "There is no model here yet; open one to begin.")
            )
        self._note.setVisible(not cards)

    def _rebuild(self, cards: tuple[ModelCard, ...]) -> None:
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        for part in (part for tile in self._tiles for part in (tile.card, tile.examples)):
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._shown = cards
        self._tiles = [_Tile(self._studio, card, self._inside) for card in cards]
        self._arrange()
        first = self._tiles[0].card if self._tiles else self._open
        self.setFocusProxy(first)
        self._keep_tab_order()
        if had_focus:
            first.setFocus()

    def _keep_tab_order(self) -> None:
        """Cards first, then the button below them."""
        if self._tiles:
            self.setTabOrder(self._tiles[-1].last, self._open)

    def _arrange(self) -> None:
        """Spread the tiles over as many columns as suit the width."""
        count = len(self._tiles)
        if not count:
            return
        room = self.width() - 2 * SPACE_XL
        fitting = (room + SPACE_L) // (_NARROWEST + SPACE_L)
        across = max(1, min(count, _MOST_ACROSS, fitting))
        width = min(max((room + SPACE_L) // across - SPACE_L, _NARROWEST), _WIDEST)
        picture = QSize(width - 2 * SPACE_S, width - 2 * SPACE_S)
        if count <= across:
            picture.setHeight(min(picture.height(), max(_LOWEST, self.height() - _WORDS_HEIGHT)))
        for index, tile in enumerate(self._tiles):
            tile.card.set_picture_size(picture)
            tile.fit(width)
            # Cards of one line of the page are equally high, whatever stands below them.
            row, column = 2 * (index // across), index % across
            self._grid.addWidget(tile.card, row, column)
            self._grid.addWidget(tile.examples, row + 1, column, Qt.AlignmentFlag.AlignTop)


class _Tile:
    """A model's card and, to stand below it, what to ask it for."""

    def __init__(self, studio: Studio, card: ModelCard, parent: QWidget) -> None:
        self._studio = studio
        pack = studio.models.find(card.id)
        self._prompts = example_prompts(pack.manifest) if pack else ()
        self.card = ModelCardButton(card, ABOVE, parent)
        self.card.clicked.connect(self._begin)
        self.examples = QWidget(parent)
        self._buttons = [self._example(text) for text in self._prompts]
        self._chips = QGridLayout(self.examples)
        self._chips.setContentsMargins(0, 0, 0, 0)
        self._chips.setSpacing(SPACE_XS)

    def fit(self, width: int) -> None:
        """Take this width; examples stand two in a line where both can be read."""
        self.card.setFixedWidth(width)
        self.examples.setFixedWidth(width)
        widest = max((button.sizeHint().width() for button in self._buttons), default=0)
        across = 2 if 2 * widest + SPACE_XS <= width else 1
        for index, button in enumerate(self._buttons):
            self._chips.addWidget(button, index // across, index % across)

    @property
    def last(self) -> QWidget:
        """Where Tab leaves the tile."""
        return self._buttons[-1] if self._buttons else self.card

    def _example(self, text: str) -> QPushButton:
        button = QPushButton(f"“{text}”", self.examples)
        button.setObjectName(f"example-{self.card.card.id}-{text.replace(' ', '-')}")
        button.setAccessibleName(
            translate("StartPage", "Draw {prompt} with {model}").format(
                prompt=text, model=self.card.card.name
            )
        )
        button.setToolTip(button.accessibleName())
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self._begin_with(text))
        return button

    def _begin(self) -> None:
        if self._prompts:
            self._begin_with(self._prompts[0])
        else:
            self._studio.editor.choose_model(self.card.card.id)

    def _begin_with(self, text: str) -> None:
        self._studio.editor.choose_model(self.card.card.id)
        self._studio.editor.set_prompts((WeightedPrompt(text=text),))
        self._studio.preferences.add_prompt(text)
