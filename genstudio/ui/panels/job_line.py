"""One batch as a row: what it makes, how far it is, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.queue import JobRow
from genstudio.ui.durations import time_left
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_XS
from genstudio.ui.widgets.elided_label import ElidedLabel
from genstudio.ui.widgets.progress_line import ProgressLine

_ICON = QSize(14, 14)


class JobLine(QWidget):
    """Shows a row of the queue.

    Signals:
        cancel_wanted: The number of the batch that is to stop.
        folder_wanted: The folder that is to be opened, a Path.
    """

    cancel_wanted = Signal(object)
    folder_wanted = Signal(object)

    def __init__(self, row: JobRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        name = f"job-{row.number}"
        self.setObjectName(name)
        self._line = ProgressLine(f"{name}-progress", self)
        self._said = QLabel(self)
        self._said.setObjectName(f"{name}-said")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        self._cancel = self._button("x", translate("JobLine", "Cancel"), f"{name}-cancel")
        self._cancel.clicked.connect(self._tell_cancel)
        folder = self._button(
            "folder-open", translate("JobLine", "Open the folder"), f"{name}-folder"
        )
        folder.clicked.connect(self._tell_folder)
        folder.setVisible(row.folder is not None)
        head = QHBoxLayout()
        head.setSpacing(SPACE_XS)
        head.addWidget(ElidedLabel(row.title, self), 1)
        head.addWidget(folder)
        head.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE_XS, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._line)
        column.addWidget(self._said)
        self.show_row(row)

    def show_row(self, row: JobRow) -> None:
        """Show how far it is by now."""
        self._row = row
        said = _said(row)
        role = "error" if row.state == "failed" else "caption"
        if role != self._said.property("role"):
            self._said.setProperty("role", role)
            self._said.style().polish(self._said)
        self._said.setText(said)
        self._line.set_fraction(row.done)
        self._line.setVisible(not row.is_over)
        self._cancel.setVisible(not row.is_over)
        self.setAccessibleName(f"{row.title}, {said}")

    def _button(self, icon_name: str, text: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icon(icon_name))
        button.setIconSize(_ICON)
        button.setToolTip(text)
        button.setAccessibleName(f"{text}: {self._row.title}")
        button.setAutoRaise(True)
        return button

    def _tell_cancel(self) -> None:
        self.cancel_wanted.emit(self._row.number)

    def _tell_folder(self) -> None:
        self.folder_wanted.emit(self._row.folder)


def _said(row: JobRow) -> str:
    if row.state == "failed":
        return row.sentence
    if row.state == "stopped":
        return translate("JobLine", "Stopped at {done} of {count}").format(
            done=row.finished, count=row.count
        )
    if row.state == "done":
        return translate("JobLine", "Done")
    if row.state == "waiting":
        return translate("JobLine", "Waiting")
    # One long task has no pictures to count.
    told = f"{row.done:.0%}"
    if row.count > 1:
        told = translate("JobLine", "{done} of {count}").format(done=row.finished, count=row.count)
    if row.seconds_left is None:
        return told
    return translate("JobLine", "{done}, {left}").format(
        done=told, left=time_left(row.seconds_left)
    )
