"""The middle of the window as a stack of pages, and the place where things are dropped."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from genstudio.ui.canvas.drops import DropNotice, dropped_image, local_files
from genstudio.ui.canvas.sheet import Sheet
from genstudio.ui.canvas.view import Canvas


class Stage(QWidget):
    """Pages by name, one of them on show: "picture", "sheet" and what the window adds.

    Signals:
        files_dropped: Files of this machine were dropped or pasted, as a tuple of paths.
        image_dropped: A picture without a file was dropped or pasted, as a QImage.
        page_changed: Another page is on show, by its name.

    Attributes:
        canvas: The page "picture".
        sheet: The page "sheet".
    """

    files_dropped = Signal(object)
    image_dropped = Signal(object)
    page_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setAcceptDrops(True)
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.canvas = Canvas(self)
        self.sheet = Sheet(self)
        self.add_page("picture", self.canvas)
        self.add_page("sheet", self.sheet)
        self._notice = DropNotice(self)

    @property
    def page(self) -> str:
        """The name of the page on show."""
        shown = self._stack.currentWidget()
        return next(name for name, widget in self._pages.items() if widget is shown)

    def add_page(self, name: str, widget: QWidget) -> None:
        """Add a page, in place of one that had the name."""
        old = self._pages.get(name)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._pages[name] = widget
        self._stack.addWidget(widget)

    def show_page(self, name: str) -> None:
        """Show a page that was added; the focus goes along when it was on the page before."""
        if name == self.page:
            return
        had_focus = self._has_focus()
        self._stack.setCurrentWidget(self._pages[name])
        if had_focus:
            self._pages[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_changed.emit(name)

    def focus_page(self) -> None:
        """Give the page on show the focus."""
        self._pages[self.page].setFocus(Qt.FocusReason.OtherFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Offer to take what can be opened."""
        if self._can_take(event):
            self._notice.setGeometry(self.rect())
            self._notice.raise_()
            self._notice.show()
            _accept(event)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Go on offering, everywhere on the stage."""
        _accept(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Take the offer back."""
        super().dragLeaveEvent(event)
        self._notice.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell what was dropped: the files, else the picture."""
        self._notice.hide()
        _accept(event)
        self.take(event.mimeData())

    def take(self, data: QMimeData) -> bool:
        """Tell what was dropped or pasted: the files, else the picture; False for neither."""
        files = local_files(data)
        if files:
            self.files_dropped.emit(files)
            return True
        image = dropped_image(data)
        if image is not None:
            self.image_dropped.emit(image)
        return image is not None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the notice over the whole stage."""
        super().resizeEvent(event)
        self._notice.setGeometry(self.rect())

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self._stack.isAncestorOf(focused)

    def _can_take(self, event: QDropEvent) -> bool:
        source = event.source()
        if isinstance(source, QWidget) and (source is self or self.isAncestorOf(source)):
            # The canvas's own picture on its way out is nothing to open here.
            return False
        data = event.mimeData()
        return bool(local_files(data)) or data.hasImage()


def _accept(event: QDropEvent) -> None:
    # A file manager that means to move must not delete what was only looked at.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
