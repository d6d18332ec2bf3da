"""A walk: keyframes on a strip, a place to look at, and how the film is made."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.media.walk import FASTEST, MOST_FRAMES
from genstudio.studio.studio import Studio
from genstudio.ui.images import to_qimage
from genstudio.ui.theme.icons import icon
from genstudio.ui.theme.tokens import SPACE_S, SPACE_XS
from genstudio.ui.widgets.thumbnail_strip import ThumbnailStrip

_PLACES: Final = 1000
_TICK_MS: Final = 33
_SIDE: Final = 48
_FIELD: Final = 144
"""The width of a setting, at most: the strip needs the room."""
_WIDE_FIELD: Final = 200
"""The same for the way, whose choices are longer."""


class WalkPanel(QWidget):
    """Puts a walk together and plays it.

    Signals:
        export_wanted: A film is to be made.
        save_wanted: The walk itself is to be saved.
    """

    export_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._walking = studio.walking
        self.setObjectName("walk-panel")
        self._strip = ThumbnailStrip("walk-strip", side=_SIDE, parent=self)
        self._strip.setAccessibleName(translate("WalkPanel", "Keyframes"))
        self._strip.chosen.connect(self._choose)
        self._hint = QLabel(
            translate(
                "WalkPanel", "Put pictures on the strip; the walk goes from each to the next."
            ),
            self,
        )
        self._hint.setProperty("role", "muted")
        self._chosen = -1
        self._add = self._tool("plus", "add", translate("WalkPanel", "Add this picture"))
        self._chance = self._tool("dice-5", "chance", translate("WalkPanel", "Add four by chance"))
        self._remove = self._tool("trash-2", "remove", translate("WalkPanel", "Remove"))
        self._back = self._tool("chevron-left", "back", translate("WalkPanel", "Earlier"))
        self._on = self._tool("chevron-right", "on", translate("WalkPanel", "Later"))
        self._play = self._tool("play", "play", translate("WalkPanel", "Play"))
        self._place = QSlider(Qt.Orientation.Horizontal, self)
        self._place.setObjectName("walk-place")
        self._place.setAccessibleName(translate("WalkPanel", "Place in the walk"))
        self._place.setRange(0, _PLACES)
        self._frames = self._number("frames", 2, MOST_FRAMES, translate("WalkPanel", " frames"))
        self._fps = self._number("fps", 1, FASTEST, translate("WalkPanel", " a second"))
        self._easing = self._choice(
            "easing",
            translate("WalkPanel", "Pace"),
            [
                (translate("WalkPanel", "smooth"), "ease-in-out"),
                (translate("WalkPanel", "even"), "linear"),
                (translate("WalkPanel", "flowing past them"), "flow"),
            ],
        )
        self._how = self._choice(
            "how",
            translate("WalkPanel", "Way"),
            [
                (translate("WalkPanel", "along the sphere"), "spherical"),
                (translate("WalkPanel", "straight"), "linear"),
            ],
        )
        self._how.setMaximumWidth(_WIDE_FIELD)
        self._how.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._loop = QCheckBox(translate("WalkPanel", "Loop"), self)
        self._loop.setObjectName("walk-loop")
        self._take = self._named("take", translate("WalkPanel", "Keep this one"))
        self._save = self._named("save", translate("WalkPanel", "Save the walk ..."))
        self._export = self._named("export", translate("WalkPanel", "Film ..."))
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._then = 0.0
        self._lay_out()
        self._connect(studio)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Delete takes the chosen keyframe off the strip."""
        if event.key() == Qt.Key.Key_Delete:
            self._walking.remove(self._chosen)
        else:
            super().keyPressEvent(event)

    def _connect(self, studio: Studio) -> None:
        walking = self._walking
        self._add.clicked.connect(walking.add)
        self._chance.clicked.connect(lambda: walking.add_random())
        self._remove.clicked.connect(lambda: walking.remove(self._chosen))
        self._back.clicked.connect(lambda: self._move(-1))
        self._on.clicked.connect(lambda: self._move(1))
        self._play.clicked.connect(self._turn)
        self._place.valueChanged.connect(lambda value: walking.look(value / _PLACES))
        self._frames.valueChanged.connect(lambda value: walking.change(frames=value))
        self._fps.valueChanged.connect(lambda value: walking.change(fps=value))
        self._easing.activated.connect(lambda _: walking.change(easing=self._easing.currentData()))
        self._how.activated.connect(lambda _: walking.change(how=self._how.currentData()))
        self._loop.toggled.connect(lambda on: walking.change(loop=on))
        self._take.clicked.connect(walking.take)
        self._save.clicked.connect(self.save_wanted)
        self._export.clicked.connect(self.export_wanted)
        self._timer.timeout.connect(self._tick)
        for leave in (
            walking.changed.connect(lambda _: self._show()),
            walking.moved.connect(lambda _: self._show_place()),
            studio.editor.changed.connect(lambda _: self._show_reach()),
        ):
            self.destroyed.connect(leave)

    def _choose(self, index: object) -> None:
        assert isinstance(index, int)
        self._chosen = index
        self._walking.go_to(index)
        self._show()

    def _move(self, by: int) -> None:
        if 0 <= self._chosen + by < len(self._walking.walk.keyframes):
            self._chosen += by
            self._walking.move(self._chosen - by, by)

    def _turn(self) -> None:
        if self._walking.is_playing:
            self._walking.stop()
        else:
            self._walking.play()

    def _tick(self) -> None:
        now = time.monotonic()
        self._walking.advance(now - self._then)
        self._then = now

    def _show(self) -> None:
        walk = self._walking.walk
        items = []
        for index in range(len(walk.keyframes)):
            pixels = self._walking.thumbnail(index)
            image = to_qimage(pixels) if pixels is not None else None
            text = translate("WalkPanel", "Keyframe {number}").format(number=index + 1)
            items.append((index, image, text))
        self._strip.set_items(items)
        self._chosen = min(self._chosen, len(items) - 1)
        self._strip.set_current(self._chosen, follow=False)
        for box, value in ((self._frames, walk.frames), (self._fps, walk.fps)):
            with QSignalBlocker(box):
                box.setValue(value)
        with QSignalBlocker(self._loop):
            self._loop.setChecked(walk.loop)
        self._easing.setCurrentIndex(self._easing.findData(walk.easing))
        self._offer_learned()
        self._how.setCurrentIndex(self._how.findData(walk.how))
        playing = self._walking.is_playing
        self._play.setIcon(icon("square" if playing else "play"))
        if playing and not self._timer.isActive():
            self._then = time.monotonic()
            self._timer.start()
        elif not playing:
            self._timer.stop()
        self._show_place()
        self._show_reach()

    def _offer_learned(self) -> None:
        """A way past learned pictures is on offer for models that keep some."""
        place, walking = self._how.findData("learned"), self._walking
        offered = walking.can_pass_learned or walking.walk.how == "learned"
        if offered and place < 0:
            self._how.addItem(translate("WalkPanel", "past learned pictures"), "learned")
        elif not offered and place >= 0:
            self._how.removeItem(place)

    def _show_place(self) -> None:
        with QSignalBlocker(self._place):
            self._place.setValue(round(_PLACES * self._walking.place))

    def _show_reach(self) -> None:
        walking, keyframes = self._walking, self._walking.walk.keyframes
        self._hint.setVisible(not keyframes)
        self._strip.setVisible(bool(keyframes))
        for part in (self._add, self._chance):
            part.setEnabled(walking.can_add)
        going: tuple[QWidget, ...] = (
            self._play, self._place, self._take, self._save, self._export,
        )  # fmt: skip
        for widget in going:
            widget.setEnabled(walking.can_go)
        chosen = 0 <= self._chosen < len(keyframes)
        for part in (self._remove, self._back, self._on):
            part.setEnabled(chosen)

    def _tool(self, picture: str, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"walk-{name}")
        button.setIcon(icon(picture))
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button

    def _named(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"walk-{name}")
        return button

    def _number(self, name: str, least: int, most: int, suffix: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(f"walk-{name}")
        box.setRange(least, most)
        box.setSuffix(suffix)
        box.setAccessibleName(suffix.strip())
        box.setKeyboardTracking(False)
        box.setMaximumWidth(_FIELD)
        return box

    def _choice(self, name: str, told: str, options: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"walk-{name}")
        box.setAccessibleName(told)
        box.setToolTip(told)
        for text, value in options:
            box.addItem(text, value)
        box.setMaximumWidth(_FIELD)
        return box

    def _lay_out(self) -> None:
        settings = QGridLayout()
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self._frames, self._fps, self._loop),
            (self._easing, self._how, self._export),
        )
        for row, widgets in enumerate(rows):
            for column, widget in enumerate(widgets):
                settings.addWidget(widget, row, column)
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self._strip, 1)
        above.addWidget(self._hint, 1)
        above.addLayout(settings)
        for tool in (self._add, self._chance, self._remove, self._back, self._on, self._play):
            below.addWidget(tool)
        below.addWidget(self._place, 1)
        below.addWidget(self._take)
        below.addWidget(self._save)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_S, 0, SPACE_S, SPACE_XS)
        whole.setSpacing(SPACE_XS)
        whole.addLayout(above)
        whole.addLayout(below)
