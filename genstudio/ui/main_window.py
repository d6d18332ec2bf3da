"""The window: the stage in the middle, panels around it, and everything that can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QScrollArea,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from genstudio.base.texts import translate
from genstudio.document.project_json import ViewValue
from genstudio.studio.actions import actions_of
from genstudio.studio.messages import Message
from genstudio.studio.studio import Studio
from genstudio.ui.action_set import ActionSet
from genstudio.ui.atlas.page import AtlasPage
from genstudio.ui.canvas.mask_layer import MaskLayer
from genstudio.ui.canvas.odds_layer import OddsLayer
from genstudio.ui.canvas.stage import Stage
from genstudio.ui.crop.page import CropPage
from genstudio.ui.dialogs.window_dialogs import WindowDialogs
from genstudio.ui.library.page import LibraryPage
from genstudio.ui.panels.blend_panel import BlendPanel
from genstudio.ui.panels.controls_panel import ControlsPanel
from genstudio.ui.panels.family_panel import FamilyPanel
from genstudio.ui.panels.history_panel import HistoryPanel
from genstudio.ui.panels.jobs_panel import JobsPanel
from genstudio.ui.panels.models_panel import ModelsPanel
from genstudio.ui.panels.pad_panel import PadPanel
from genstudio.ui.panels.prompt_panel import PromptPanel
from genstudio.ui.panels.sliders_panel import SlidersPanel
from genstudio.ui.panels.walk_panel import WalkPanel
from genstudio.ui.stage_link import CROP, LIBRARY, MAP, START, StageLink
from genstudio.ui.start_page import StartPage
from genstudio.ui.status_bar import StatusBar
from genstudio.ui.theme.tokens import SPACE_M
from genstudio.ui.view_actions import (
    file_actions,
    help_actions,
    layout_actions,
    library_actions,
    view_actions,
)
from genstudio.ui.widgets.command_palette import CommandPalette
from genstudio.ui.widgets.message_bar import MessageBar

SMALLEST: Final = QSize(960, 600)
USUAL: Final = QSize(1440, 900)
_TOOL_ICON: Final = QSize(18, 18)
_LAYOUT_VERSION: Final = 4
_TOOLS: Final = (
    ("undo", "redo"),
    ("draw", "stop", "variations", "other-seeds"),
    ("enlarge-2", "enlarge-4"),
    ("compare", "tiled", "fit", "actual-size"),
    ("save", "copy", "favourite", "library", "map", "batch"),
    ("palette",),
)


class MainWindow(QMainWindow):
    """Composes the widgets; each knows the studio, none knows another."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self.panels_hidden = False
        self.docks: dict[str, QDockWidget] = {}
        self.setObjectName("main-window")
        self.setWindowTitle("GenStudio")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self.stage = Stage(self)
        self.messages = MessageBar(self.stage)
        self.dialogs = WindowDialogs(studio, self)
        self._build_middle()
        self.mask_layer = MaskLayer(self.studio.repaint, self.stage.canvas)
        self.odds_layer = OddsLayer(self.studio.token_sight, self.stage.canvas)
        self._link = StageLink(studio, self.stage, self)
        self._build_panels()
        self._status = StatusBar(studio, self)
        self.setStatusBar(self._status)
        self.actions_by_id = ActionSet(
            (
                *file_actions(self),
                *library_actions(self),
                *actions_of(studio),
                *view_actions(self),
                *layout_actions(self),
                *help_actions(self),
            ),
            self,
        )
        self._palette = CommandPalette(self)
        self._palette.chosen.connect(lambda chosen: self.actions_by_id[chosen].trigger())
        self.actions_by_id.fill(self.menuBar())
        self._build_tools()
        self._connect()
        self._first_layout = self.saveState(_LAYOUT_VERSION)
        self._restore()

    # What the actions do

    def copy_picture(self) -> None:
        """Put the picture on the clipboard, with its recipe inside the PNG."""
        data = self._link.mime()
        if data is not None:
            QGuiApplication.clipboard().setMimeData(data)
            self.studio.files.hold()
            self.studio.messages.tell(translate("Window", "The picture is copied."), key="copied")

    def paste_picture(self) -> None:
        """Open what is on the clipboard: files, else a picture."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not self.stage.take(data):
            self.studio.messages.tell(
                translate("Window", "There is no picture on the clipboard."), key="copied"
            )

    def toggle_library(self) -> None:
        """Show the library in place of the picture, or the picture again."""
        gallery = self.studio.gallery
        gallery.show(not gallery.is_open)
        if gallery.is_open:
            self.library.grid.setFocus()

    def toggle_map(self) -> None:
        """Show the map of the model in place of the picture, or the picture again."""
        atlas = self.studio.atlas
        atlas.show(not atlas.is_open)
        if atlas.is_open:
            self.atlas.plane.setFocus()

    def search_library(self) -> None:
        """Show the library, with the cursor in its search line."""
        self.studio.gallery.show(True)
        self.library.filters.field.setFocus()
        self.library.filters.field.selectAll()

    def breed(self) -> None:
        """Lay out children: of the marked pictures of a sheet, else of the current picture."""
        studio = self.studio
        marked = self.stage.sheet.marked if studio.variations.is_open else ()
        studio.breeding.breed([studio.variations.recipes[index] for index in marked])

    def pin_before(self) -> None:
        """Keep the present picture as what is before, or let it go."""
        compare = self.studio.compare
        if compare.is_pinned:
            compare.unpin()
        else:
            compare.pin()
            compare.turn(True)

    def show_tiled(self, on: bool) -> None:
        """Show the picture as one tile of nine, or alone."""
        self.stage.canvas.set_tiled(on)

    def toggle_pixels(self) -> None:
        """Show single pixels at any zoom, or smooth ones."""
        preferences = self.studio.preferences
        preferences.change(shows_pixels=not preferences.now.shows_pixels)
        self.stage.canvas.set_pixels_shown(preferences.now.shows_pixels)

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or go back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def toggle_panels(self) -> None:
        """Leave the picture alone on the window, or bring the panels back."""
        self.panels_hidden = not self.panels_hidden
        if self.panels_hidden:
            self._with_panels = self.saveState(_LAYOUT_VERSION)
            for panel in (*self.findChildren(QDockWidget), self._tools):
                panel.hide()
        else:
            self.restoreState(self._with_panels, _LAYOUT_VERSION)

    def toggle_dock(self, name: str) -> None:
        """Show or hide one panel; one that is behind another comes to the front."""
        dock = self.docks[name]
        if dock.isVisible() and not dock.visibleRegion().isEmpty():
            dock.hide()
        else:
            dock.show()
            dock.raise_()

    def reset_layout(self) -> None:
        """Every panel back in its first place."""
        self.panels_hidden = False
        self.restoreState(self._first_layout, _LAYOUT_VERSION)

    def show_palette(self) -> None:
        """Search everything that can be done."""
        self._palette.open_with(self.actions_by_id.palette_rows())

    def quit(self) -> None:
        """Close the window, as its button does."""
        self.close()

    # Building

    def _build_middle(self) -> None:
        self.setCentralWidget(self.stage)
        start = StartPage(self.studio, self)
        start.open_wanted.connect(self.dialogs.open_files)
        self.stage.add_page(START, start)
        self.library = LibraryPage(self.studio, self)
        self.library.folder_wanted.connect(self.dialogs.take_in_folder)
        page = _scrolling(self.library, self, sideways=True)
        page.setFocusProxy(self.library.grid)
        self.stage.add_page(LIBRARY, page)
        self.atlas = AtlasPage(self.studio, self)
        self.stage.add_page(MAP, self.atlas)
        self.stage.add_page(CROP, CropPage(self.studio.files.cropping, self))

    def _build_panels(self) -> None:
        # The Tab key goes through the panels in the order in which they are made.
        prompt = PromptPanel(self.studio, self)
        models = ModelsPanel(self.studio, self)
        models.add_wanted.connect(self.dialogs.add_model)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        draw = self._dock("draw", translate("Docks", "Draw"), _column(self, prompt, models))
        column = _column(
            self,
            ControlsPanel(self.studio, self),
            BlendPanel(self.studio, self),
            PadPanel(self.studio, self),
            SlidersPanel(self.studio, self),
        )
        controls = self._dock("controls", translate("Docks", "Controls"), _scrolling(column, self))
        history = self._dock(
            "history", translate("Docks", "History"), HistoryPanel(self.studio, self)
        )
        jobs = JobsPanel(self.studio, self)
        jobs.batch_wanted.connect(self.dialogs.make_batch)
        queue = self._dock("jobs", translate("Docks", "Jobs"), jobs)
        walk = WalkPanel(self.studio, self)
        walk.export_wanted.connect(self.dialogs.export_walk)
        walk.save_wanted.connect(self.dialogs.save_walk)
        film = _scrolling(walk, self, sideways=True)
        strip = self._dock("walk", translate("Docks", "Walk"), film)
        tree = _scrolling(FamilyPanel(self.studio, self), self, sideways=True)
        family = self._dock("family", translate("Docks", "Family"), tree)
        self.addDockWidget(left, draw)
        self.addDockWidget(right, controls)
        self.addDockWidget(bottom, history)
        self.addDockWidget(bottom, queue)
        self.addDockWidget(bottom, strip)
        self.addDockWidget(bottom, family)
        self.tabifyDockWidget(history, queue)
        self.tabifyDockWidget(queue, strip)
        self.tabifyDockWidget(strip, family)
        history.raise_()
        self.resizeDocks([draw, controls], [280, 320], Qt.Orientation.Horizontal)
        self.resizeDocks([history], [120], Qt.Orientation.Vertical)

    def _dock(self, name: str, title: str, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock-{name}")
        dock.setWidget(panel)
        self.docks[name] = dock
        return dock

    def _build_tools(self) -> None:
        self._tools = QToolBar(translate("Docks", "Tools"), self)
        self._tools.setObjectName("tools")
        self._tools.setMovable(False)
        self._tools.setIconSize(_TOOL_ICON)
        for group in _TOOLS:
            if self._tools.actions():
                self._tools.addSeparator()
            for action_id in group:
                self._tools.addAction(self.actions_by_id[action_id])
        self.addToolBar(self._tools)

    # Keeping in step

    def _connect(self) -> None:
        studio, soon = self.studio, self.actions_by_id.refresh_soon
        for event in (
            studio.editor.changed,
            studio.editor.seed_lock_changed,
            studio.editor.history.changed,
            studio.picture.changed,
            studio.sliders.changed,
            studio.variations.changed,
            studio.compare.changed,
            studio.gallery.opened,
            studio.atlas.opened,
            studio.walking.changed,
            studio.repaint.changed,
            studio.token_sight.changed,
            studio.breeding.changed,
            studio.blend.changed,
            studio.queue.changed,
            studio.models.changed,
            studio.preferences.changed,
        ):
            event.connect(soon)
        studio.messages.told.connect(self._show_message)
        self._zoom_wanted = 0.0
        studio.projects.view = self._view
        studio.projects.restored.connect(self._find_again)
        studio.picture.settled.connect(lambda _: self._zoom_again())
        self.messages.action_chosen.connect(studio.messages.choose)
        self.stage.canvas.zoom_changed.connect(self._status.set_zoom)
        self.stage.canvas.menu_wanted.connect(self._show_context_menu)
        self.stage.canvas.set_pixels_shown(studio.preferences.now.shows_pixels)

    def _find_again(self, view: Mapping[str, ViewValue]) -> None:
        """Look at the picture as it was looked at when the project was saved."""
        self.show_tiled(view.get("tiled") is True)
        zoom = view.get("zoom")
        self._zoom_wanted = float(zoom) if isinstance(zoom, int | float) else 0.0

    def _zoom_again(self) -> None:
        """The zoom can be set once the picture is there."""
        zoom, self._zoom_wanted = self._zoom_wanted, 0.0
        if zoom > 0.0:
            self.stage.canvas.zoom_to(zoom)

    def _view(self) -> dict[str, ViewValue]:
        canvas = self.stage.canvas
        zoom = 0.0 if canvas.is_fitted else canvas.zoom
        return {"zoom": zoom, "tiled": canvas.is_tiled}

    def _show_message(self, message: Message) -> None:
        if message.text:
            self.messages.show_message(message.text, message.kind, message.actions, key=message.key)
        else:
            self.messages.withdraw(message.key)

    def _show_context_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        for action_id in ("copy", "save", "variations", "compare", "pin-before", "tiled", "fit"):
            menu.addAction(self.actions_by_id[action_id])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    # The layout from one sitting to the next

    def _restore(self) -> None:
        remembered = self.studio.preferences.now
        if not (remembered.geometry and self.restoreGeometry(QByteArray(remembered.geometry))):
            self.resize(USUAL)
        if remembered.layout:
            self.restoreState(QByteArray(remembered.layout), _LAYOUT_VERSION)

    # What is dropped beside the stage is dropped on it: the whole window takes files.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Offer what the stage offers."""
        self.stage.dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Go on offering."""
        self.stage.dragMoveEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Take the offer back."""
        self.stage.dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Let the stage take it."""
        self.stage.dropEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember the layout and end the work; nothing is asked, since nothing is lost."""
        if self.panels_hidden:
            self.toggle_panels()
        self.studio.preferences.change(
            geometry=self.saveGeometry().data(), layout=self.saveState(_LAYOUT_VERSION).data()
        )
        self.hide()
        self.studio.close()
        event.accept()


def _column(parent: QWidget, *panels: QWidget) -> QWidget:
    """Panels one below the other; the last one takes the room that the others leave."""
    together = QWidget(parent)
    column = QVBoxLayout(together)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_M)
    for panel in panels:
        column.addWidget(panel, int(panel is panels[-1]))
    return together


def _scrolling(inside: QWidget, parent: QWidget, *, sideways: bool = False) -> QScrollArea:
    """A panel that scrolls down where it is too high, and `sideways` where it is too wide."""
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if not sideways:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
