"""A titled group that can be folded away."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.style import font
from genstudio.ui.theme.tokens import BODY, SPACE_S, SPACE_XS


class Section(QWidget):
    """A header that opens and closes what is below it.

    Attributes:
        body: The layout for what is in it.

    Signals:
        toggled: It was opened or closed.
    """

    toggled = Signal(bool)

    def __init__(
        self, title: str, name: str, *, is_open: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._header = QToolButton(self)
        self._header.setObjectName(f"{name}-header")
        self._header.setText(title)
        self._header.setAccessibleName(title)
        self._header.setFont(font(BODY, QFont.Weight.DemiBold))
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setIconSize(QSize(14, 14))
        self._header.setCheckable(True)
        self._header.setAutoRaise(True)
        self._header.setProperty("role", "header")
        self._header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._header.toggled.connect(self._turn)
        self._header.clicked.connect(self.reveal)
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(self._header)
        head.addWidget(self._count)
        head.addStretch()
        head.addLayout(self._buttons)
        self._inside = QWidget(self)
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(SPACE_S, 0, 0, SPACE_S)
        self.body.setSpacing(SPACE_XS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addLayout(head)
        column.addWidget(self._inside)
        self._header.setChecked(is_open)
        self._look(is_open)

    def is_open(self) -> bool:
        """Whether what is in it can be seen."""
        return self._header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        self._header.setChecked(is_open)

    def reveal(self) -> None:
        """Scroll what it stands in, once it is laid out, until it is in view; at least its top."""
        QTimer.singleShot(0, self, self._come_into_view)

    def set_count_text(self, text: str) -> None:
        """A few muted words beside the title."""
        self._count.setText(text)

    def add_button(self, icon_name: str, tooltip: str, name: str) -> QToolButton:
        """Add a small button to the header and return it."""
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icon(icon_name))
        button.setIconSize(QSize(14, 14))
        button.setToolTip(tooltip)
        button.setAccessibleName(tooltip)
        self._buttons.addWidget(button)
        return button

    def _turn(self, is_open: bool) -> None:
        self._look(is_open)
        self.toggled.emit(is_open)

    def _come_into_view(self) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        inside = above.widget() if above is not None else None
        if above is None or inside is None:
            return
        top = self.mapTo(inside, QPoint()).y()
        bar, height = above.verticalScrollBar(), above.viewport().height()
        bar.setValue(min(max(bar.value(), top + self.height() + SPACE_S - height), top))

    def _look(self, is_open: bool) -> None:
        self._header.setIcon(icon("chevron-down" if is_open else "chevron-right"))
        self._inside.setVisible(is_open)
