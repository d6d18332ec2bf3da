"""One prompt of a blend: its text, how much it weighs, and a way to take it out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.recipe.prompts import PROMPT_LIMIT
from genstudio.recipe.values import WeightedPrompt
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.style import colours_of
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.prompt_edit import PromptEdit
from genstudio.ui.widgets.value_slider import ValueSlider

LIGHTEST: Final = 0.1
HEAVIEST: Final = 4.0
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MARK: Final = 3


class PromptRow(QWidget):
    """The first row stands alone until another is blended in; then each has a weight.

    Signals:
        edited: The text or the weight is another one.
        submitted: Enter was pressed in it, with Ctrl or without.
        weighed: The weight was let go.
        remove_wanted: It is to go.
        shortened: What was typed was longer than a prompt may be.
    """

    edited = Signal()
    submitted = Signal()
    weighed = Signal()
    remove_wanted = Signal()
    shortened = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = f"prompt-{number}"
        self.setObjectName(f"{name}-row")
        more = translate("PromptPanel", "... and what else?")
        self.edit = PromptEdit("" if number == 1 else more, name, self)
        self.edit.setAccessibleName(
            translate("PromptPanel", "Prompt {number}").format(number=number)
        )
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self.edited)
        self.edit.submitted.connect(lambda _text: self.submitted.emit())
        self.edit.shortened.connect(self.shortened)
        self._remove = QToolButton(self)
        self._remove.setObjectName(f"{name}-remove")
        self._remove.setIcon(icon("x"))
        self._remove.setIconSize(QSize(14, 14))
        self._remove.setToolTip(translate("PromptPanel", "Take this prompt out"))
        self._remove.setAccessibleName(self._remove.toolTip())
        self._remove.clicked.connect(self.remove_wanted)
        self._weight = ValueSlider(
            translate("PromptPanel", "Weight"),
            LIGHTEST,
            HEAVIEST,
            1.0,
            step=0.1,
            tooltip=translate("PromptPanel", "How much this prompt counts beside the others."),
            name=f"{name}-weight",
            parent=self,
        )
        self._weight.changed.connect(lambda _value: self.edited.emit())
        self._weight.finished.connect(lambda _value: self.weighed.emit())
        self._is_pending = False
        self._lay_out()
        self.set_blended(False)

    def prompt(self) -> WeightedPrompt:
        """What is asked for in this row; the text may be empty."""
        # A slider's tenths are not quite tenths; the history tells weights in words.
        weight = round(self._weight.value(), 3)
        return WeightedPrompt(text=self.edit.toPlainText().strip()[:PROMPT_LIMIT], weight=weight)

    def show_prompt(self, text: str, weight: float) -> None:
        """Show another prompt."""
        self.edit.set_text(text)
        self._weight.set_value(min(max(weight, LIGHTEST), HEAVIEST))

    def set_blended(self, blended: bool) -> None:
        """Show that there are others beside it, or that it is alone, which weighs 1."""
        self._weight.setVisible(blended)
        self._remove.setVisible(blended)
        if not blended:
            self._weight.set_value(1.0)

    def set_pending(self, pending: bool) -> None:
        """Mark that what stands here is not in the picture yet."""
        if pending != self._is_pending:
            self._is_pending = pending
            told = translate("PromptPanel", "Not drawn yet; Enter draws it.")
            self.edit.setAccessibleDescription(told if pending else "")
            self.edit.setToolTip(told if pending else "")
            self.update()

    @property
    def is_pending(self) -> bool:
        """Whether it is marked so."""
        return self._is_pending

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Ctrl+Enter in the text draws this text; else the window would draw the one before.

        Undo belongs to the text while it is not drawn, and to the picture from then on.
        """
        if watched is self.edit and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._is_for_picture(event):
                event.ignore()
                return True
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in _ENTER:
                if event.type() == QEvent.Type.ShortcutOverride:
                    event.accept()
                elif event.type() == QEvent.Type.KeyPress:
                    self.submitted.emit()
                return True
        return super().eventFilter(watched, event)

    def _is_for_picture(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo):
            return not self._is_pending
        redo = event.matches(QKeySequence.StandardKey.Redo)
        return redo and not self.edit.document().isRedoAvailable()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """A thin line of the accent beside a text that is not drawn yet."""
        if self._is_pending:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours_of(self.palette()).accent))
            place = self.edit.geometry()
            painter.drawRoundedRect(0, place.top() + 2, _MARK, place.height() - 4, 1.5, 1.5)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(_MARK + SPACE_XS, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_XS)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.edit, 0, 0)
        grid.addWidget(self._remove, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._weight, 1, 0)
        grid.setColumnStretch(0, 1)
        self._weight.setContentsMargins(0, 0, 0, SPACE_S)
