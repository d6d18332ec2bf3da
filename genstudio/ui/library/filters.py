"""What the library is sought by: words, and what each list allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.library.entries import MOST_STARS, Query
from genstudio.library.query import words_and_seed
from genstudio.studio.gallery import Facets
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.search_field import SearchField

_PAUSE_MS: Final = 120
"""How long typing rests before it is sought for."""
_DAYS: Final = {"day": 1, "week": 7, "month": 31, "year": 366}


class LibraryFilters(QWidget):
    """A search line over a row of lists.

    Signals:
        changed: Something else is wanted; a Query.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField(
            translate("LibraryPage", "Search prompts, notes, models; seed:7"),
            "library-search",
            self,
        )
        self._favourites = self._toggle(
            "heart", "favourites", translate("LibraryPage", "Favourites")
        )
        self._bin = self._toggle("trash-2", "bin", translate("LibraryPage", "Bin"))
        any_of = translate("LibraryPage", "All models")
        self._model = self._list("model", [(any_of, "")])
        self._family = self._list("family", self._families())
        self._licence = self._list("licence", [(translate("LibraryPage", "All licences"), "")])
        self._time = self._list("time", self._times())
        self._stars = self._list("stars", self._star_options())
        self._collection = self._list(
            "collection", [(translate("LibraryPage", "All collections"), "")]
        )
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._tell)
        self.field.textChanged.connect(lambda _: self._due.start(_PAUSE_MS))
        self._lay_out()

    def query(self) -> Query:
        """What is wanted."""
        words, seed = words_and_seed(self.field.text())
        days = _DAYS.get(str(self._time.currentData()))
        since = None
        if days is not None:
            today = dt.datetime.now().astimezone().replace(hour=0, minute=0, second=0)
            since = (today - dt.timedelta(days=days - 1)).timestamp()
        return Query(
            words=words,
            seed=seed,
            model=str(self._model.currentData() or ""),
            family=str(self._family.currentData() or ""),
            licence=str(self._licence.currentData() or ""),
            since=since,
            stars=int(self._stars.currentData() or 0),
            collection=str(self._collection.currentData() or ""),
            favourites=self._favourites.isChecked(),
            binned=self._bin.isChecked(),
        )

    def show_facets(self, facets: Facets, names: dict[str, str]) -> None:
        """Offer what there is; `names` are those of models by id."""
        _fill(self._model, [(names.get(model, model), model) for model in facets.models])
        _fill(self._licence, [(licence, licence) for licence in facets.licences])
        _fill(self._collection, [(name, name) for name in facets.collections])

    def clear(self) -> None:
        """Want everything again."""
        with QSignalBlocker(self.field):
            self.field.clear()
        for box in (
            self._model, self._family, self._licence, self._time, self._stars, self._collection,
        ):  # fmt: skip
            box.setCurrentIndex(0)
        for button in (self._favourites, self._bin):
            with QSignalBlocker(button):
                button.setChecked(False)
        self._tell()

    def _toggle(self, picture: str, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"library-{name}")
        button.setIcon(icon(picture))
        button.setCheckable(True)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.toggled.connect(self._tell)
        return button

    def _list(self, name: str, options: Sequence[tuple[str, object]]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"library-{name}")
        box.setMinimumContentsLength(7)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, value in options:
            box.addItem(text, value)
        box.setAccessibleName(options[0][0])
        box.setToolTip(options[0][0])
        box.activated.connect(self._tell)
        return box

    def _families(self) -> list[tuple[str, str]]:
        return [
            (translate("LibraryPage", "All kinds"), ""),
            (translate("LibraryPage", "VAE"), "vae"),
            (translate("LibraryPage", "GAN"), "gan"),
            (translate("LibraryPage", "Tokens"), "autoregressive"),
            (translate("LibraryPage", "Enlarged"), "upscaler"),
        ]

    def _times(self) -> list[tuple[str, str]]:
        return [
            (translate("LibraryPage", "Any time"), ""),
            (translate("LibraryPage", "Today"), "day"),
            (translate("LibraryPage", "Last 7 days"), "week"),
            (translate("LibraryPage", "Last month"), "month"),
            (translate("LibraryPage", "Last year"), "year"),
        ]

    def _star_options(self) -> list[tuple[str, int]]:
        some = [("★" * count, count) for count in range(1, MOST_STARS + 1)]
        return [(translate("LibraryPage", "Any stars"), 0), *some]

    def _lay_out(self) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.field, 1)
        above.addWidget(self._favourites)
        above.addWidget(self._bin)
        for box in (
            self._model, self._family, self._time, self._stars, self._collection, self._licence,
        ):  # fmt: skip
            below.addWidget(box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(above)
        column.addLayout(below)

    def _tell(self, *_: object) -> None:
        self._due.stop()
        self.changed.emit(self.query())


def _fill(box: QComboBox, options: Sequence[tuple[str, str]]) -> None:
    """The options after the first one, which leaves all in; what was chosen stays chosen."""
    wanted = [str(box.itemData(index)) for index in range(1, box.count())]
    if wanted == [value for _, value in options]:
        return
    chosen = box.currentData()
    while box.count() > 1:
        box.removeItem(1)
    for text, value in options:
        box.addItem(text, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
