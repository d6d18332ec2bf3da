"""One latent slider with its lock, and beside it how much it explains."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from genstudio.base.texts import translate
from genstudio.studio.sliders import REACH, SliderRow
from genstudio.studio.studio import Studio
from genstudio.ui.panels.share_mark import ShareMark
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S
from genstudio.ui.widgets.value_slider import ValueSlider


class LatentSlider(QWidget):
    """Moves along one direction."""

    def __init__(self, studio: Studio, row: SliderRow, scale: float, parent: QWidget) -> None:
        """Take the slider's row, and the share at which the mark is full."""
        super().__init__(parent)
        self._slider = ValueSlider(
            row.label,
            -REACH,
            REACH,
            0.0,
            tooltip=_told(row),
            name=f"slider-{row.name}",
            lockable=True,
            parent=self,
        )
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_S)
        state, name = studio.sliders, row.name
        if row.kind not in ("raw", "phrases"):
            mark = ShareMark(row.share / scale if scale else 0.0, self)
            mark.setToolTip(_told(row))
            line.addWidget(mark)
        line.addWidget(self._slider, 1)
        if row.kind == "phrases":
            line.addWidget(_remove_button(self, row, lambda: state.remove_phrases(name)))
        self._slider.changed.connect(lambda to: state.move(name, to, dragging=True))
        self._slider.finished.connect(lambda _: studio.editor.finish())
        self._slider.lock_toggled.connect(lambda on: state.set_locked(name, on))

    def show_state(self, amount: float, *, is_locked: bool) -> None:
        """Stand where the recipe has it; what stays as it was costs nothing."""
        if self._slider.value() != amount:
            self._slider.set_value(amount)
        if self._slider.is_locked() != is_locked:
            self._slider.set_locked(is_locked)


def _remove_button(parent: QWidget, row: SliderRow, remove: Callable[[], None]) -> QToolButton:
    button = QToolButton(parent)
    button.setObjectName(f"remove-{row.name}")
    button.setIcon(icon("x"))
    button.setToolTip(translate("SlidersPanel", "Take this slider away"))
    button.setAccessibleName(button.toolTip())
    button.clicked.connect(remove)
    return button


def _told(row: SliderRow) -> str:
    share = f"{row.share:.0%}" if row.share >= 0.01 else f"{row.share:.1%}"
    sentence = {
        "named": translate("SlidersPanel", "Explains {share} of it on held-out pictures."),
        "principal": translate("SlidersPanel", "Explains {share} of how the pictures vary."),
        "closed-form": translate("SlidersPanel", "Holds {share} of what the model's weights do."),
        "phrases": translate("SlidersPanel", "From what the first words mean to the second."),
    }.get(row.kind, "")
    unit = translate("SlidersPanel", "In standard deviations.")
    return "\n".join(part for part in (sentence.format(share=share), unit) if part)
