"""The family: who was bred from whom, a row a generation; and what the next children are like."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.document.family import Member
from genstudio.studio.breeding import SPREADS
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.picture_slot import SIDE, PictureSlot
from genstudio.ui.widgets.value_slider import ValueSlider


class FamilyPanel(QWidget):
    """A tree of the members; a double click, or Enter, makes one the picture."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._breeding = studio.breeding
        self.setObjectName("family-panel")
        self._tree = QTreeWidget(self)
        self._tree.setObjectName("family-tree")
        self._tree.setAccessibleName(translate("FamilyPanel", "Family"))
        self._tree.setHeaderHidden(True)
        self._tree.setIconSize(QSize(SIDE, SIDE))
        self._tree.itemActivated.connect(self._go)
        self._hint = QLabel(
            translate(
                "FamilyPanel", "Breed from a picture; the children you pick grow into a tree."
            ),
            self,
        )
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._second = PictureSlot(
            "family-second",
            translate("FamilyPanel", "2nd parent"),
            translate("FamilyPanel", "Hold this picture as second parent"),
            self,
        )
        self._alone = QToolButton(self)
        self._alone.setObjectName("family-alone")
        self._alone.setIcon(icon("x"))
        self._alone.setToolTip(translate("FamilyPanel", "One parent again"))
        self._alone.setAccessibleName(translate("FamilyPanel", "One parent again"))
        self._breed = QPushButton(translate("FamilyPanel", "Breed"), self)
        self._breed.setObjectName("family-breed")
        self._breed.setProperty("primary", True)
        self._spread = ValueSlider(
            translate("FamilyPanel", "Spread"),
            100 * SPREADS[0],
            100 * SPREADS[1],
            40,
            name="family-spread",
            step=5,
            unit="%",
            parent=self,
        )
        self._spread.changed.connect(lambda value: self._breeding.set_spread(value / 100))
        self._second.clicked.connect(lambda: self._breeding.choose_partner())
        self._alone.clicked.connect(self._breeding.leave_partner)
        self._breed.clicked.connect(lambda: self._breeding.breed())
        self._shown: tuple[Member, ...] = ()
        self._lay_out()
        for leave in (
            self._breeding.changed.connect(lambda _: self._show()),
            studio.editor.changed.connect(lambda _: self._show_reach()),
            self._breeding.portraits.changed.connect(lambda _: self._show_pictures()),
        ):
            self.destroyed.connect(leave)
        self._show()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self._breed)
        left.addWidget(self._spread)
        left.addStretch(1)
        top = Qt.AlignmentFlag.AlignTop
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_S, 0, SPACE_S, SPACE_XS)
        row.setSpacing(SPACE_S)
        row.addLayout(left, 2)
        row.addWidget(self._second, 0, top)
        row.addWidget(self._alone, 0, top)
        row.addWidget(self._hint, 3, top)
        row.addWidget(self._tree, 3)

    def _show(self) -> None:
        members = self._breeding.family.members
        if members != self._shown:
            self._shown = members
            self._fill()
        with QSignalBlocker(self._spread):
            self._spread.set_value(100 * self._breeding.spread)
        self._show_partner()
        self._hint.setVisible(not members)
        self._tree.setVisible(bool(members))
        self._show_reach()

    def _show_partner(self) -> None:
        partner = self._breeding.partner
        small = self._breeding.portraits.of(partner) if partner is not None else None
        self._second.set_image(to_qimage(small) if small is not None else None)

    def _fill(self) -> None:
        self._tree.clear()
        items: dict[int, QTreeWidgetItem] = {}
        for member in self._shown:
            item = QTreeWidgetItem([self._words(member)])
            item.setData(0, Qt.ItemDataRole.UserRole, member.number)
            above = items.get(member.parents[0]) if member.parents else None
            if above is None:
                self._tree.addTopLevelItem(item)
            else:
                above.addChild(item)
            items[member.number] = item
        self._tree.expandAll()
        self._show_pictures()
        if self._shown:
            newest = items[self._shown[-1].number]
            self._tree.setCurrentItem(newest)
            self._tree.scrollToItem(newest)

    def _words(self, member: Member) -> str:
        number = str(member.number + 1)
        if not member.parents:
            return number
        text = translate("FamilyPanel", "{number}, child of {parents}")
        parents = " + ".join(str(parent + 1) for parent in member.parents)
        return text.format(number=number, parents=parents)

    def _show_pictures(self) -> None:
        self._show_partner()
        by_number = {member.number: member for member in self._shown}
        waiting = [self._tree.topLevelItem(i) for i in range(self._tree.topLevelItemCount())]
        while waiting:
            item = waiting.pop()
            if item is None:
                continue
            waiting += [item.child(i) for i in range(item.childCount())]
            member = by_number.get(item.data(0, Qt.ItemDataRole.UserRole))
            small = self._breeding.portraits.of(member.recipe) if member else None
            if small is not None and item.icon(0).isNull():
                item.setIcon(0, _untinted(to_qimage(small)))

    def _show_reach(self) -> None:
        can = self._breeding.can_breed
        self._breed.setEnabled(can)
        self._second.setEnabled(can)
        self._alone.setEnabled(self._breeding.partner is not None)

    def _go(self, item: QTreeWidgetItem, _column: int) -> None:
        number = item.data(0, Qt.ItemDataRole.UserRole)
        for member in self._shown:
            if member.number == number:
                self._breeding.go_to(member)


def _untinted(image: QImage) -> QIcon:
    """An icon that a selection does not tint."""
    made, picture = QIcon(), QPixmap.fromImage(image)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        made.addPixmap(picture, mode)
    return made
