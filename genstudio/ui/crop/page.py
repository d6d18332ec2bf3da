"""Cutting an own picture, as a page of the stage."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from genstudio.base.texts import translate
from genstudio.studio.cropping import Cropping
from genstudio.ui.crop.cutter import Cutter
from genstudio.ui.theme.tokens import SPACE_M, SPACE_S


class CropPage(QWidget):
    """The cutter, and above it what to do."""

    def __init__(self, cropping: Cropping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crop-page")
        self.cutter = Cutter(cropping, self)
        self.setFocusProxy(self.cutter)
        told = QLabel(
            translate(
                "Crop", "Drag the frame over what the model is to see; turn the wheel to resize it."
            ),
            self,
        )
        told.setWordWrap(True)
        use = QPushButton(translate("Crop", "Use this part"), self)
        use.setObjectName("crop-use")
        use.clicked.connect(cropping.use)
        leave = QPushButton(translate("Crop", "Cancel"), self)
        leave.setObjectName("crop-leave")
        leave.setProperty("flat", True)
        leave.clicked.connect(cropping.leave)
        above = QHBoxLayout()
        above.addWidget(told, 1)
        above.addWidget(leave)
        above.addWidget(use)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        column.setSpacing(SPACE_S)
        column.addLayout(above)
        column.addWidget(self.cutter, 1)
