"""Drawing from words: one prompt, or several that are blended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.packs.controls import controls_of, takes_prompt
from genstudio.packs.examples import example_prompts
from genstudio.packs.manifest import Pack
from genstudio.recipe.prompts import BLEND_LIMIT, PROMPT_LIMIT, prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import UpscaleRecipe, WeightedPrompt
from genstudio.studio.studio import Studio
from genstudio.ui.panels.kept_row import KeptRow
from genstudio.ui.panels.prompt_row import HEAVIEST, PromptRow
from genstudio.ui.panels.tab_order import tab_through
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS

LISTED: Final = 20
"""How many earlier prompts the list shows; Ctrl+Up reaches them all."""
_MENU_LETTERS: Final = 48
_LOWEST, _HIGHEST, _UNBOUNDED = 72, 420, 1 << 16
_Shares = tuple[tuple[str, float], ...]


class PromptPanel(QWidget):
    """Shows the prompts of the current recipe and draws others.

    What is typed and not drawn yet is marked, and stays until a recipe with other prompts comes in.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._rows: list[PromptRow] = []
        self._seen: _Shares = ()
        self._history: tuple[str, ...] = ()
        self._will_stop = False
        self.setObjectName("prompt-panel")
        self._note = QLabel(self)
        self._note.setObjectName("prompt-note")
        self._note.setProperty("role", "muted")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._body = self._make_body()
        self._draw = self._make_draw()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_S)
        column.setSpacing(0)
        column.addWidget(self._note)
        column.addWidget(self._body)
        self._kept = KeptRow(studio, self)
        column.addWidget(self._kept)
        column.addSpacing(SPACE_S)
        column.addWidget(self._draw)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._show_prompts(())
        studio.editor.changed.connect(lambda _: self._follow())
        studio.models.changed.connect(lambda _: self._follow())
        studio.picture.changed.connect(lambda _: self._show_button())
        studio.preferences.changed.connect(lambda _: self._take_history())
        self._take_history()
        self._follow()

    # Building

    def _make_body(self) -> QWidget:
        body = QWidget(self)
        inside = QWidget(body)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(SPACE_S)
        self._area = _PromptList(inside, body)
        self._more = QPushButton(icon("plus"), translate("PromptPanel", "Blend another"), body)
        self._more.setObjectName("prompt-blend")
        self._more.setProperty("flat", True)
        self._more.setToolTip(
            translate("PromptPanel", "Another prompt, blended with this one by weight.")
        )
        self._more.clicked.connect(self._blend_another)
        self._earlier = QPushButton(icon("history"), "", body)
        self._earlier.setObjectName("prompt-history")
        self._earlier.setProperty("flat", True)
        self._earlier.setToolTip(
            translate("PromptPanel", "Earlier prompts (Ctrl+Up and Ctrl+Down in the text)")
        )
        self._earlier.setAccessibleName(translate("PromptPanel", "Earlier prompts"))
        # A click leaves the focus in the text that the earlier prompt is meant for.
        self._earlier.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._earlier.clicked.connect(self._show_history)
        line = QHBoxLayout()
        line.addWidget(self._more)
        line.addStretch(1)
        line.addWidget(self._earlier)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self._area)
        column.addLayout(line)
        return body

    def _make_draw(self) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("prompt-draw")
        button.setProperty("primary", True)
        button.pressed.connect(self._note_intention)
        button.clicked.connect(self._draw_or_stop)
        return button

    def _add_row(self) -> PromptRow:
        row = PromptRow(len(self._rows) + 1, self._area.widget())
        row.edited.connect(self._mark)
        row.submitted.connect(self._draw_prompts)
        row.weighed.connect(self._take_weights)
        row.remove_wanted.connect(lambda: self._remove(row))
        row.shortened.connect(self._tell_shortened)
        row.edit.set_history(self._history)
        self._rows.append(row)
        self._list.addWidget(row)
        # A layout would show it only in the next turn of the event loop.
        row.show()
        return row

    def _drop_row(self, row: PromptRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    # Showing

    def _follow(self) -> None:
        recipe, pack = self._studio.editor.recipe, self._studio.editor.pack
        takes = pack is not None and takes_prompt(pack.manifest)
        self._body.setVisible(takes)
        self._suggest()
        self._note.setVisible(not takes)
        self._draw.setVisible(recipe is not None and not isinstance(recipe, UpscaleRecipe))
        if not takes:
            self._note.setText(_why_no_words(pack, isinstance(recipe, UpscaleRecipe)))
        prompts = prompts_of(recipe)
        shares = _shares(prompts)
        if shares != self._seen:
            self._seen = shares
            if shares != _shares(self._prompts()):
                self._show_prompts(prompts)
        self._mark()

    def _show_prompts(self, prompts: Sequence[WeightedPrompt]) -> None:
        wanted = prompts or (WeightedPrompt(text=""),)
        while len(self._rows) > len(wanted):
            self._drop_row(self._rows[-1])
        while len(self._rows) < len(wanted):
            self._add_row()
        # Weights count beside each other, so heavier ones than the sliders reach are scaled down.
        scale = min(1.0, HEAVIEST / max(prompt.weight for prompt in wanted))
        for row, prompt in zip(self._rows, wanted, strict=True):
            row.show_prompt(prompt.text, prompt.weight * scale)
        self._arrange()

    def _arrange(self) -> None:
        """What depends on how many rows there are."""
        for row in self._rows:
            row.set_blended(len(self._rows) > 1)
        self._more.setEnabled(len(self._rows) < BLEND_LIMIT)
        # The rows come and go; a panel with a focus proxy would swallow what stands behind it.
        after = [self._more, self._earlier, self._kept.button, self._draw]
        tab_through(self._rows[0], [*self._rows[1:], *after])
        self._suggest()
        self._mark()

    def _suggest(self) -> None:
        """Say in the first row, while it is empty, what the model may be asked for."""
        pack = self._studio.editor.pack
        for example in example_prompts(pack.manifest)[:1] if pack else ():
            asked = translate("PromptPanel", "What shall it draw? For example: {prompt}")
            self._rows[0].edit.setPlaceholderText(asked.format(prompt=example))

    def _mark(self) -> None:
        """Mark the rows that are not in the picture; several are so when shares changed."""
        drawn = dict(self._seen)
        for row in self._rows:
            row.set_pending(row.prompt().text not in drawn and bool(row.prompt().text))
        if self._is_pending() and not any(row.is_pending for row in self._rows):
            for row in self._rows:
                row.set_pending(True)
        self._show_button()

    def _show_button(self) -> None:
        self._will_stop = self._will_stop and self._draw.isDown()
        if self._is_slow():
            text = translate("PromptPanel", "Stop")
            told = translate("PromptPanel", "Stop, and keep what is drawn so far.")
        elif self._is_pending():
            text = translate("PromptPanel", "Draw")
            told = translate("PromptPanel", "Draw what is written here, with the same seed.")
        else:
            text = translate("PromptPanel", "Draw another")
            told = translate("PromptPanel", "A new seed, unless it is locked.")
        if self._draw.text() != text:
            self._draw.setText(text)
            self._draw.setToolTip(told)
            self._draw.setAccessibleName(text)

    # Drawing

    def _prompts(self) -> tuple[WeightedPrompt, ...]:
        """What the rows ask for; empty ones ask for nothing."""
        return tuple(prompt for row in self._rows if (prompt := row.prompt()).text)

    def _is_pending(self) -> bool:
        return not self._body.isHidden() and _shares(self._prompts()) != self._seen

    def _is_slow(self) -> bool:
        return self._studio.picture.fraction is not None

    def _note_intention(self) -> None:
        # The picture may be ready between press and release; then a stop must not draw another.
        self._will_stop = self._is_slow()

    def _draw_or_stop(self) -> None:
        if self._will_stop:
            self._will_stop = False
            self._studio.picture.stop()
        else:
            self._draw_prompts()

    def _draw_prompts(self) -> None:
        """The words as they stand; where they are drawn already, another picture of them."""
        recipe = self._studio.editor.recipe
        if self._is_pending():
            self._apply()
        elif recipe is not None and prompts_of(recipe) and seed_of(recipe) is None:
            # A latent that the words give: another seed would draw without them.
            self._studio.picture.draw_again()
        else:
            self._studio.draw()

    def _apply(self) -> None:
        prompts = self._prompts()
        self._studio.editor.set_prompts(prompts)
        for prompt in reversed(prompts):
            self._studio.preferences.add_prompt(prompt.text)

    def _take_weights(self) -> None:
        """A weight that was let go is drawn at once, unless there are words that are not."""
        if [text for text, _ in _shares(self._prompts())] == [text for text, _ in self._seen]:
            self._apply()

    # Blending

    def _blend_another(self) -> None:
        row = self._add_row()
        self._arrange()
        row.edit.setFocus()

    def _remove(self, row: PromptRow) -> None:
        index = self._rows.index(row)
        self._drop_row(row)
        self._arrange()
        self._rows[min(index, len(self._rows) - 1)].edit.setFocus()

    # Earlier prompts

    def _take_history(self) -> None:
        prompts = self._studio.preferences.now.prompts
        if prompts != self._history:
            self._history = prompts
            for row in self._rows:
                row.edit.set_history(prompts)
        self._earlier.setEnabled(bool(prompts))

    def _show_history(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("prompt-history-menu")
        row = self._row_with_focus()
        for prompt in self._history[:LISTED]:
            line = " ".join(prompt.split())
            short = line if len(line) <= _MENU_LETTERS else f"{line[: _MENU_LETTERS - 1]}…"
            entry = menu.addAction(short.replace("&", "&&"))
            entry.triggered.connect(lambda _checked=False, text=prompt: self._take(row, text))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._earlier.mapToGlobal(self._earlier.rect().bottomLeft()))

    def _take(self, row: PromptRow, text: str) -> None:
        if row in self._rows:
            row.edit.set_text(text)
            row.edit.setFocus()

    def _row_with_focus(self) -> PromptRow:
        focused = QApplication.focusWidget()
        found = (r for r in self._rows if focused is not None and r.isAncestorOf(focused))
        return next(found, self._rows[-1])

    def _tell_shortened(self) -> None:
        self._studio.messages.tell(
            translate(
                "PromptPanel", "A prompt has up to {limit} characters; the rest was cut off."
            ).format(limit=PROMPT_LIMIT),
            "warning",
            key="prompt",
        )


class _PromptList(QScrollArea):
    """As high as the prompts in it, up to where it scrolls."""

    def __init__(self, inside: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._inside = inside
        self.setWidget(inside)
        self.setObjectName("prompt-list")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self._inside.sizeHint().boundedTo(QSize(_UNBOUNDED, _HIGHEST))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint().boundedTo(QSize(0, _LOWEST))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        # Qt's own scroll area asks for its height once and not again when there is more in it.
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def _shares(prompts: Sequence[WeightedPrompt]) -> _Shares:
    """Texts with their weights beside the first one's: equal for blends that draw the same."""
    return tuple((one.text.strip(), round(one.weight / prompts[0].weight, 2)) for one in prompts)


def _why_no_words(pack: Pack | None, is_enlarged: bool) -> str:
    """How a picture is steered that does not come from words."""
    if is_enlarged:
        return translate(
            "PromptPanel", "This picture was enlarged from another one; words do not change it."
        )
    if pack is None:
        return translate("PromptPanel", "Choose a model first.")
    if any(control.name == "class" for control in controls_of(pack.manifest)):
        return translate(
            "PromptPanel",
            "{model} takes no words. Choose its class, roll the seed, move the sliders.",
        ).format(model=pack.manifest.name)
    return translate(
        "PromptPanel", "{model} takes no words. Roll the seed, move the sliders."
    ).format(model=pack.manifest.name)
