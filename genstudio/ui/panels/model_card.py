"""A model as something to press: its preview and what there is to know before choosing it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.models import ModelCard
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.icons import paint_icon
from genstudio.ui.theme.style import colours_of, font
from genstudio.ui.theme.tokens import BODY, RADIUS, RADIUS_SMALL, SPACE_S, SPACE_XS, TITLE

BESIDE: Final = QBoxLayout.Direction.LeftToRight
ABOVE: Final = QBoxLayout.Direction.TopToBottom
_SIDE: Final = 72
_PICTURES: Final = {BESIDE: 3, ABOVE: 4}
"""How many pictures of a preview's sheet are shown each way: a card is no contact sheet."""


class ModelCardButton(QAbstractButton):
    """A card to click, or to press Enter on. Checked is the model that is open.

    Signals:
        remove_wanted: Delete was pressed on it.
        menu_wanted: Its menu was asked for; the place on the screen, a QPoint.
    """

    remove_wanted = Signal()
    menu_wanted = Signal(object)

    def __init__(
        self,
        card: ModelCard,
        direction: QBoxLayout.Direction = BESIDE,
        parent: QWidget | None = None,
    ) -> None:
        """Take the model, and whether the preview stands beside the words or above them."""
        super().__init__(parent)
        self.card = card
        self.setObjectName(f"model-{card.id}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        megabytes = QLocale().toString(card.megabytes, "f", 0 if card.megabytes >= 10 else 1)
        size = translate("ModelCard", "{megabytes} MB").format(megabytes=megabytes)
        self.setAccessibleName(", ".join((card.name, card.family, card.size, size, card.licence)))
        self.setAccessibleDescription(card.summary)
        self.setToolTip(card.summary)
        self._picture = _Preview(card, _PICTURES[direction], self)
        facts = [card.family, f"{card.size} · {size}", card.licence]
        if direction == ABOVE:
            facts = [card.family, f"{card.size} · {size} · {card.licence}"]
        self._box = QBoxLayout(direction, self)
        self._lay_out(direction, facts)
        self.set_picture_size(QSize(_SIDE, _SIDE))

    def set_picture_size(self, size: QSize) -> None:
        """Make the preview so large."""
        self._picture.setFixedSize(size)

    def nextCheckState(self) -> None:  # noqa: N802
        """A click chooses; what is open is for the studio to say."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter is a click, Delete asks for it to go; arrows go on to the next card."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Tell where the menu is wanted: at the mouse, or on the card for the menu key."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        inside = QPoint(self._picture.geometry().center())
        self.menu_wanted.emit(self.mapToGlobal(inside) if by_key else event.globalPos())

    def sizeHint(self) -> QSize:  # noqa: N802
        """What the picture and the words take."""
        return self._box.totalSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """A calm surface; brighter under the mouse, framed when open or focused."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lifted = self.underMouse() or self.isDown()
        ground = (
            colours.hover if lifted else colours.raised if self.isChecked() else colours.surface
        )
        painter.setBrush(QColor(ground))
        framed = self.hasFocus() or self.isChecked()
        painter.setPen(QPen(QColor(colours.accent), 2) if framed else Qt.PenStyle.NoPen)
        inset = 1.0
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        if self.hasFocus() and self.isChecked():
            # Focus on the open model still shows: a second line inside the first.
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.text), 1))
            painter.drawRoundedRect(frame.adjusted(2, 2, -2, -2), RADIUS_SMALL, RADIUS_SMALL)

    def _lay_out(self, direction: QBoxLayout.Direction, facts: list[str]) -> None:
        name = _label(self.card.name, self)
        name.setFont(font(TITLE if direction == ABOVE else BODY, name.font().Weight.DemiBold))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        for fact in facts:
            label = _label(fact, self)
            label.setProperty("role", "caption")
            words.addWidget(label)
        words.addStretch(1)
        box = self._box
        margin = SPACE_S
        box.setContentsMargins(margin, margin, margin, margin)
        box.setSpacing(SPACE_S if direction == ABOVE else SPACE_S + SPACE_XS)
        box.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        box.addLayout(words, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Words take more lines where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As high as the words need."""
        return self._box.totalHeightForWidth(width)


class _Preview(QWidget):
    """The first pictures of a model's preview, as many as suit the place."""

    def __init__(self, card: ModelCard, across: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._image = None if card.preview is None else to_qimage(card.preview)
        self._cells, self._across = card.cells, across
        self._scaled: QPixmap | None = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(whole, RADIUS_SMALL, RADIUS_SMALL)
        painter.setClipPath(shape)
        if self._image is None:
            painter.fillRect(whole, QColor(colours.raised))
            side = min(32.0, whole.width() / 2)
            place = QRectF(0, 0, side, side)
            place.moveCenter(whole.center())
            paint_icon(painter, "image", place, QColor(colours.muted))
            return
        painter.drawPixmap(self.rect(), self._fitted(self._image))

    def _fitted(self, image: QImage) -> QPixmap:
        ratio = self.devicePixelRatio()
        size = self.size() * ratio
        if self._scaled is None or self._scaled.size() != size:
            # Scaled once for the size on the screen: painting scales roughly.
            scaled = self._first_of(image).scaled(
                size,
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            place = QRect(QPoint(), size)
            place.moveCenter(scaled.rect().center())
            self._scaled = QPixmap.fromImage(scaled.copy(place))
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _first_of(self, image: QImage) -> QImage:
        """The upper left pictures of a sheet, in about the shape of the place."""
        columns = min(self._cells[0], self._across)
        rows = min(self._cells[1], max(1, round(columns * self.height() / self.width())))
        width, height = image.width() // self._cells[0], image.height() // self._cells[1]
        return image.copy(QRect(0, 0, max(1, columns * width), max(1, rows * height)))


def _label(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
