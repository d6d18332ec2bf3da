"""A plane of small pictures: zoom in, drag it about, choose one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from genstudio.base.texts import translate

_MARGIN: Final = 40.0
_MOST_ZOOM: Final = 40.0
_STEP: Final = 1.25
_SHARE: Final = 1.5
"""A picture's side, in distances between pictures that lie evenly."""
_GROWTH: Final = 0.6
"""Zooming parts pictures faster than it enlarges them."""
_SIDES: Final = (14.0, 160.0)
_LARGE: Final = 128.0
"""The side of the picture under the pointer, at least."""
_ARROWS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class Plane(QWidget):
    """Pictures at places; the wheel or + and - zoom, a drag moves, a click chooses.

    The arrows go from picture to picture, Enter chooses, Home shows the whole plane, Esc leaves.

    Signals:
        chosen: The number of the picture that was clicked.
        left: Escape was pressed.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._pictures: list[QPixmap] = []
        self._places: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self._zoom = 1.0
        self._middle = QPointF(0.5, 0.5)
        self._current: int | None = None
        self._pressed: QPointF | None = None
        self._dragged = False

    @property
    def zoom(self) -> float:
        """1 shows the whole plane."""
        return self._zoom

    @property
    def current(self) -> int | None:
        """The picture under the pointer, or the one that the arrows went to."""
        return self._current

    @property
    def count(self) -> int:
        """How many pictures it was given."""
        return len(self._pictures)

    def clear(self) -> None:
        """Begin with an empty plane."""
        self._pictures, self._places = [], np.zeros((0, 2), np.float32)
        self._current = None
        self.fit()

    def add(self, images: Sequence[QImage]) -> None:
        """Take more pictures, to be laid out."""
        self._pictures += [QPixmap.fromImage(image) for image in images]

    def lay_out(self, places: NDArray[np.float32]) -> None:
        """Show the first pictures at places [N, 2], each 0 to 1."""
        self._places = places
        self._describe()
        self.update()

    def fit(self) -> None:
        """Show the whole plane."""
        self._zoom, self._middle = 1.0, QPointF(0.5, 0.5)
        self.update()

    def zoom_by(self, factor: float, around: QPointF) -> None:
        """Zoom; what lies at `around` (in the widget) stays there."""
        before = self._on_plane(around)
        self._zoom = min(max(self._zoom * factor, 1.0), _MOST_ZOOM)
        self._middle += before - self._on_plane(around)
        self._hold_in_view()

    def place_of(self, index: int) -> QPointF:
        """Where the middle of a picture is in the widget."""
        away = QPointF(*map(float, self._places[index])) - self._middle
        across, down = self._scale()
        return QRectF(self.rect()).center() + QPointF(away.x() * across, away.y() * down)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom around the pointer."""
        self.zoom_by(_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the plane."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the plane, or look at what lies under the pointer."""
        if self._pressed is None:
            self._make_current(self._at(event.position()))
            return
        moved = event.position() - self._pressed
        if self._dragged or moved.manhattanLength() > QApplication.startDragDistance():
            self._dragged, self._pressed = True, event.position()
            across, down = self._scale()
            self._middle -= QPointF(moved.x() / across, moved.y() / down)
            self._hold_in_view()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click chooses; after a drag the plane rests."""
        if self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = None
        at = self._at(event.position())
        if not self._dragged and at is not None:
            self.chosen.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """See the class."""
        key = event.key()
        if key in _ARROWS:
            self._step(*_ARROWS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1 / _STEP if key == Qt.Key.Key_Minus else _STEP
            middle = QRectF(self.rect()).center()
            self.zoom_by(factor, middle if self._current is None else self.place_of(self._current))
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.chosen.emit(self._current)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the keys would go from."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """All pictures in view, the current one last and large."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        seen, side = QRectF(self.rect()), self._side()
        for index in range(len(self._places)):
            box = self._box(index, side)
            if box.intersects(seen):
                painter.drawPixmap(box, self._pictures[index], QRectF())
        if self._current is not None:
            box = self._box(self._current, max(side, _LARGE))
            painter.drawPixmap(box, self._pictures[self._current], QRectF())
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(box)
        painter.end()

    def _scale(self) -> tuple[float, float]:
        """Widget pixels from one edge of the plane to the other: across and down."""
        sides = (self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN)
        return self._zoom * max(sides[0], 1.0), self._zoom * max(sides[1], 1.0)

    def _side(self) -> float:
        area = math.prod(self._scale()) / self._zoom**2
        apart = math.sqrt(area / max(len(self._places), 1))
        return min(max(_SHARE * apart * math.pow(self._zoom, _GROWTH), _SIDES[0]), _SIDES[1])

    def _box(self, index: int, side: float) -> QRectF:
        picture = self._pictures[index]
        longer = max(picture.width(), picture.height(), 1)
        box = QRectF(0, 0, side * picture.width() / longer, side * picture.height() / longer)
        box.moveCenter(self.place_of(index))
        return box

    def _on_plane(self, place: QPointF) -> QPointF:
        away, (across, down) = place - QRectF(self.rect()).center(), self._scale()
        return self._middle + QPointF(away.x() / across, away.y() / down)

    def _at(self, place: QPointF) -> int | None:
        """The picture whose middle is nearest, if it reaches so far."""
        if not len(self._places):
            return None
        on_plane = self._on_plane(place)
        away = (self._places - np.array([on_plane.x(), on_plane.y()])) * self._scale()
        nearest = int(np.argmin(np.square(away).sum(axis=1)))
        return nearest if np.abs(away[nearest]).max() <= self._side() / 2 else None

    def _step(self, right: int, down: int) -> None:
        """To the nearest picture in a direction."""
        if not len(self._places):
            return
        if self._current is None:
            middle = np.array([self._middle.x(), self._middle.y()])
            self._make_current(int(np.argmin(np.square(self._places - middle).sum(axis=1))))
            return
        away = self._places - self._places[self._current]
        ahead = away @ np.array([right, down], np.float32)
        aside = np.abs(away @ np.array([down, right], np.float32))
        cost = np.where(ahead > 0, ahead + 2 * aside, np.inf)
        if np.isfinite(cost.min()):
            self._make_current(int(np.argmin(cost)))
            self._bring_into_view()

    def _make_current(self, index: int | None) -> None:
        if index != self._current:
            self._current = index
            self._describe()
            self.update()

    def _bring_into_view(self) -> None:
        assert self._current is not None
        inner = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if not inner.contains(self.place_of(self._current)):
            self._middle = QPointF(*map(float, self._places[self._current]))
            self._hold_in_view()

    def _hold_in_view(self) -> None:
        """The middle of the widget stays on the plane."""
        x, y = (min(max(part, 0.0), 1.0) for part in (self._middle.x(), self._middle.y()))
        self._middle = QPointF(0.5, 0.5) if self._zoom == 1.0 else QPointF(x, y)
        self.update()

    def _describe(self) -> None:
        if self._current is None:
            words = translate("Map", "{count} pictures").format(count=len(self._places))
        else:
            words = translate("Map", "seed {seed}").format(seed=self._current)
        self.setAccessibleDescription(words)
        self.setToolTip(words if self._current is not None else "")
