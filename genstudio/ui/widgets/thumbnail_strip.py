"""A row of small pictures, of which one is the current one; as quick with thousands."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from genstudio.ui.theme.tokens import RADIUS_SMALL, SPACE_XS

Index = QModelIndex | QPersistentModelIndex
Item = tuple[Hashable, QImage | None, str]
_CURRENT: Final = int(Qt.ItemDataRole.UserRole) + 1
_DIMMED: Final = int(Qt.ItemDataRole.UserRole) + 2


class ThumbnailStrip(QListView):
    """Keys, pictures and captions; click or Enter chooses.

    Signals:
        chosen: The key of a thumbnail.
    """

    chosen = Signal(object)

    def __init__(self, name: str, side: int = 64, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._model = _Thumbnails(self)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(side, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setMinimumHeight(side + 2 * SPACE_XS + 12)
        self.clicked.connect(self._choose)

    def keys(self) -> tuple[Hashable, ...]:
        """The keys in order."""
        return tuple(item[0] for item in self._model.items)

    def picture(self, key: Hashable) -> QImage | None:
        """The picture that is shown for a key, if there is one."""
        return self._model.picture(key)

    def set_items(self, items: Sequence[Item]) -> None:
        """Show these; what stays the same at the start of the row is left alone."""
        self._model.replace(list(items))

    def set_picture(self, key: Hashable, picture: QImage) -> None:
        """Another picture for one of them."""
        self._model.set_picture(key, picture)

    def set_caption(self, key: Hashable, caption: str) -> None:
        """Other words for one of them."""
        self._model.set_caption(key, caption)

    def set_current(self, key: Hashable, *, dim_after: bool = False, follow: bool = True) -> None:
        """Mark one, and bring it into view if the strip is to `follow`.

        `dim_after` shows those behind it as undone. A key that none of them has marks nothing.
        """
        was_marked = self._model.is_marked(key)
        row = self._model.mark(key, dim_after=dim_after)
        if row is None or not follow:
            return
        index = self._model.index(row)
        # Scrolling lays all rows out anew, which a drag that changes the marked one can do without.
        if not was_marked or self.currentIndex() != index:
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter or Space chooses the one with the focus."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._model.items[index.row()][0])


class _Thumbnails(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[Item] = []
        self._pictures: dict[Hashable, QImage | None] = {}
        self._current: Hashable = None
        self._dim_from = 1 << 30

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        key, picture, caption = self.items[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return picture
        if role in (
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.DisplayRole,
        ):
            return caption
        if role == _CURRENT:
            return key == self._current
        if role == _DIMMED:
            return index.row() >= self._dim_from
        return None

    def picture(self, key: Hashable) -> QImage | None:
        return self._pictures.get(key)

    def replace(self, items: list[Item]) -> None:
        """Take other items; rows that come or go at the ends leave the others in place."""
        self._pictures = {key: picture for key, picture, _ in items}
        first = self._row_of(items[0][0]) or 0 if items else 0
        if first:
            self.beginRemoveRows(QModelIndex(), 0, first - 1)
            del self.items[:first]
            self.endRemoveRows()
        same = 0
        while same < min(len(items), len(self.items)) and items[same][0] == self.items[same][0]:
            same += 1
        if same < len(self.items):
            self.beginRemoveRows(QModelIndex(), same, len(self.items) - 1)
            del self.items[same:]
            self.endRemoveRows()
        changed = [row for row in range(same) if self.items[row][1:] != items[row][1:]]
        for row in changed:
            self._change(row, items[row])
        if same < len(items):
            self.beginInsertRows(QModelIndex(), same, len(items) - 1)
            self.items += items[same:]
            self.endInsertRows()

    def set_picture(self, key: Hashable, picture: QImage) -> None:
        self._pictures[key] = picture
        row = self._row_of(key)
        if row is not None:
            self._change(row, (key, picture, self.items[row][2]))

    def set_caption(self, key: Hashable, caption: str) -> None:
        row = self._row_of(key)
        if row is not None and self.items[row][2] != caption:
            self._change(row, (key, self.items[row][1], caption))

    def is_marked(self, key: Hashable) -> bool:
        return bool(self.items) and key == self._current

    def mark(self, key: Hashable, *, dim_after: bool) -> int | None:
        self._current = key
        row = self._row_of(key)
        self._dim_from = row + 1 if dim_after and row is not None else 1 << 30
        if self.items:
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1))
        return row

    def _change(self, row: int, item: Item) -> None:
        self.items[row] = item
        self.dataChanged.emit(self.index(row), self.index(row))

    def _row_of(self, key: Hashable) -> int | None:
        return next((row for row, item in enumerate(self.items) if item[0] == key), None)


class _Painter(QStyledItemDelegate):
    def __init__(self, side: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._side = side

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        return QSize(self._side + 2 * SPACE_XS, self._side + 2 * SPACE_XS)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, view = option.rect, self.parent()
        assert isinstance(view, QListView)
        place = QRectF(0, 0, self._side, self._side)
        place.moveCenter(QRectF(rect).center())
        shape = QPainterPath()
        shape.addRoundedRect(place, RADIUS_SMALL, RADIUS_SMALL)
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if index.data(_DIMMED):
            painter.setOpacity(0.4)
        painter.fillPath(shape, view.palette().color(QPalette.ColorRole.Mid))
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QImage) and not picture.isNull():
            scaled = picture.size().scaled(
                place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            inside = QRectF(0, 0, scaled.width(), scaled.height())
            inside.moveCenter(place.center())
            painter.setClipPath(shape)
            painter.drawImage(inside, picture)
            painter.setClipping(False)
        painter.setOpacity(1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if index.data(_CURRENT):
            painter.setPen(QPen(view.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRoundedRect(place.adjusted(-1, -1, 1, 1), RADIUS_SMALL, RADIUS_SMALL)
        if view.hasFocus() and view.currentIndex() == index:
            # Inside the mark, since the thumbnail with the focus may be the marked one.
            painter.setPen(QPen(view.palette().color(QPalette.ColorRole.WindowText), 2))
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), RADIUS_SMALL, RADIUS_SMALL)
        painter.restore()
