"""The models there are, as cards: choose one, add one, take one away."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.studio.models import ModelCard
from genstudio.studio.studio import Studio
from genstudio.ui.panels.model_card import ModelCardButton
from genstudio.ui.panels.tab_order import tab_through
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.search_field import SearchField

MANY: Final = 8
"""With more models than this there is a field to search them by."""


class ModelsPanel(QWidget):
    """Shows `studio.models`, the open one marked.

    Signals:
        add_wanted: The person wants to add a model from a file.
    """

    add_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._shown: tuple[ModelCard, ...] = ()
        self._buttons: list[ModelCardButton] = []
        self.setObjectName("models-panel")
        self._search = SearchField(
            translate("ModelsPanel", "Search the models"), "models-search", self
        )
        self._search.textChanged.connect(self._filter)
        self._note = _line("models-note", self)
        self._adding = _line("models-adding", self)
        self._add = QPushButton(
            icon("package-plus"), translate("ModelsPanel", "Add a model ..."), self
        )
        self._add.setObjectName("add-model")
        self._add.setAccessibleName(self._add.text())
        self._add.setToolTip(translate("ModelsPanel", "From a .gspack file; it is checked first."))
        self._add.clicked.connect(self.add_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_S)
        column.setSpacing(SPACE_S)
        column.addWidget(self._search)
        column.addWidget(self._note)
        column.addWidget(self._make_list(), 1)
        column.addWidget(self._adding)
        column.addWidget(self._add)
        studio.models.changed.connect(lambda _: self._show())
        studio.editor.changed.connect(lambda _: self._mark())
        self._show()

    def _make_list(self) -> QWidget:
        inside = QWidget(self)
        self._cards = QVBoxLayout(inside)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(SPACE_XS)
        self._cards.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setObjectName("models-list")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        return self._area

    # Showing

    def _show(self) -> None:
        models = self._studio.models
        self._adding.setText(models.adding or "")
        self._adding.setVisible(models.adding is not None)
        cards = models.cards
        # Cards are made anew when the folders are read again, so each is asked for itself.
        if len(cards) != len(self._shown) or any(
            new is not old for new, old in zip(cards, self._shown, strict=True)
        ):
            self._rebuild(cards)
        self._filter()
        self._mark()

    def _rebuild(self, cards: tuple[ModelCard, ...]) -> None:
        focused = next((button.card.id for button in self._buttons if button.hasFocus()), None)
        for button in self._buttons:
            self._cards.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._shown = cards
        self._buttons = [self._make_card(card) for card in cards]
        for index, button in enumerate(self._buttons):
            self._cards.insertWidget(index, button)
            if button.card.id == focused:
                button.setFocus()
        tab_through(self._search, [*self._buttons, self._add])
        self._search.setVisible(len(cards) > MANY)

    def _make_card(self, card: ModelCard) -> ModelCardButton:
        button = ModelCardButton(card, parent=self._area.widget())
        button.clicked.connect(lambda: self._studio.editor.choose_model(card.id))
        button.remove_wanted.connect(lambda: self._ask_to_remove(card))
        button.menu_wanted.connect(lambda place: self._show_menu(card, place))
        return button

    def _mark(self) -> None:
        recipe = self._studio.editor.recipe
        for button in self._buttons:
            button.setChecked(recipe is not None and recipe.model.id == button.card.id)

    def _filter(self) -> None:
        words = self._search.text().casefold().split() if len(self._shown) > MANY else []
        found = 0
        for button in self._buttons:
            card = button.card
            text = f"{card.name} {card.family} {card.licence} {card.summary}".casefold()
            fits = all(word in text for word in words)
            button.setVisible(fits)
            found += fits
        self._tell(found)

    def _tell(self, found: int) -> None:
        if not self._shown:
            note = (
                translate("ModelsPanel", "Reading the models ...")
                if self._studio.is_starting
                else translate("ModelsPanel", "There is no model here yet.")
            )
        else:
            note = "" if found else translate("ModelsPanel", "No model fits these words.")
        self._note.setText(note)
        self._note.setVisible(bool(note))

    # Taking away

    def _show_menu(self, card: ModelCard, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("model-menu")
        choose = menu.addAction(translate("ModelsPanel", "Choose"))
        choose.triggered.connect(lambda: self._studio.editor.choose_model(card.id))
        remove = menu.addAction(icon("trash-2"), translate("ModelsPanel", "Remove ..."))
        remove.setEnabled(card.removable)
        remove.triggered.connect(lambda: self._ask_to_remove(card))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _ask_to_remove(self, card: ModelCard) -> None:
        if not card.removable:
            # The store says why it stays.
            self._studio.models.remove(card.id)
            return
        question = QMessageBox(self)
        question.setObjectName("remove-question")
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(translate("ModelsPanel", "Remove a model"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(translate("ModelsPanel", "Remove {name}?").format(name=card.name))
        question.setInformativeText(
            translate(
                "ModelsPanel",
                "Its files are deleted. Pictures that were made with it stay, and can be made "
                "again once it is added again.",
            )
        )
        remove = question.addButton(
            translate("ModelsPanel", "Remove"), QMessageBox.ButtonRole.DestructiveRole
        )
        remove.setObjectName("remove-yes")
        keep = question.addButton(
            translate("ModelsPanel", "Keep it"), QMessageBox.ButtonRole.RejectRole
        )
        keep.setObjectName("remove-no")
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        remove.clicked.connect(lambda: self._studio.models.remove(card.id))
        question.finished.connect(question.deleteLater)
        question.open()


def _line(name: str, parent: QWidget) -> QLabel:
    """A muted line of words, as long as there is something to say."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setProperty("role", "muted")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.hide()
    return label
