"""What can be done with the window itself: rows like the studio's, for files, views and help."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from genstudio.base.texts import translate
from genstudio.recipe.seeds import seed_of
from genstudio.studio.actions import Action
from genstudio.ui.dialogs.window_dialogs import NEAREST_OF
from genstudio.ui.language import LANGUAGES

if TYPE_CHECKING:
    from genstudio.ui.main_window import MainWindow


def file_actions(window: MainWindow) -> tuple[Action, ...]:
    """Opening, saving, the clipboard, batches and leaving."""
    studio, dialogs = window.studio, window.dialogs

    def has_picture() -> bool:
        return studio.picture.is_current

    def has_recipe() -> bool:
        return studio.editor.recipe is not None

    return (
        Action(
            "open",
            "file",
            translate("Actions", "Open ..."),
            dialogs.open_files,
            ("Ctrl+O",),
            "folder-open",
            translate("Actions", "Open a picture that GenStudio made, any picture, or a model."),
        ),
        Action(
            "new-sitting",
            "file",
            translate("Actions", "New sitting"),
            studio.autosave.start_afresh,
            ("Ctrl+N",),
            "plus",
            translate("Actions", "The history begins anew; every picture stays in the library."),
            enabled=lambda: len(studio.editor.history.steps) > 1,
        ),
        Action(
            "add-model",
            "file",
            translate("Actions", "Add a model ..."),
            dialogs.add_model,
            ("Ctrl+Shift+O",),
            "package-plus",
            translate("Actions", "Add a model from a .gspack file."),
        ),
        Action(
            "save",
            "file",
            translate("Actions", "Save the picture ..."),
            dialogs.save_picture,
            ("Ctrl+S",),
            "save",
            translate("Actions", "As PNG with its recipe, WebP or JPEG."),
            enabled=has_picture,
            separated=True,
        ),
        Action(
            "save-project",
            "file",
            translate("Actions", "Save the project ..."),
            dialogs.save_project,
            ("Ctrl+Shift+S",),
            "archive",
            translate("Actions", "The whole history, to go on with another day."),
            enabled=has_recipe,
        ),
        Action(
            "take-in",
            "file",
            translate("Actions", "Take a folder into the library ..."),
            dialogs.take_in_folder,
            ("Ctrl+Shift+I",),
            tooltip=translate("Actions", "Pictures that GenStudio made elsewhere."),
        ),
        Action(
            "batch",
            "jobs",
            translate("Actions", "Batch ..."),
            dialogs.make_batch,
            ("Ctrl+B",),
            "images",
            translate("Actions", "Make many pictures: seeds, prompts, a folder."),
            enabled=has_recipe,
        ),
        Action(
            "copy",
            "edit",
            translate("Actions", "Copy the picture"),
            window.copy_picture,
            ("Ctrl+C",),
            "copy",
            enabled=has_picture,
            separated=True,
        ),
        Action(
            "paste",
            "edit",
            translate("Actions", "Paste a picture"),
            window.paste_picture,
            ("Ctrl+V",),
            "clipboard-paste",
        ),
        Action(
            "quit",
            "file",
            translate("Actions", "Quit"),
            window.quit,
            ("Ctrl+Q",),
            "x",
            separated=True,
        ),
    )


def library_actions(window: MainWindow) -> tuple[Action, ...]:
    """The library, and pictures bred from pictures."""
    studio = window.studio
    return (
        Action(
            "library",
            "view",
            translate("Actions", "Library"),
            window.toggle_library,
            ("F4",),
            "library",
            translate("Actions", "Every picture that was made, to find and go on from."),
            checked=lambda: studio.gallery.is_open,
        ),
        Action(
            "map",
            "view",
            translate("Actions", "Map of the model"),
            window.toggle_map,
            ("F6",),
            "map",
            translate("Actions", "A thousand of its pictures, laid out by likeness, to go to."),
            enabled=lambda: studio.atlas.is_open or studio.atlas.can_open,
            checked=lambda: studio.atlas.is_open,
        ),
        Action(
            "search-library",
            "view",
            translate("Actions", "Search the library ..."),
            window.search_library,
            ("Ctrl+F",),
            "search",
        ),
        Action(
            "favourite",
            "picture",
            translate("Actions", "Favourite, or no longer"),
            studio.gallery.favour_current,
            ("Ctrl+H",),
            "heart",
            translate("Actions", "Give the picture a heart in the library, or take it away."),
            enabled=lambda: studio.picture.is_current,
        ),
        Action(
            "breed",
            "picture",
            translate("Actions", "Breed"),
            window.breed,
            ("Ctrl+M",),
            "git-branch",
            translate("Actions", "Children of this picture, or of two that are marked on a sheet."),
            enabled=lambda: studio.breeding.can_breed,
        ),
        Action(
            "nearest-of",
            "picture",
            translate("Actions", "Nearest of {count} to a picture ...").format(count=NEAREST_OF),
            window.dialogs.find_nearest,
            ("Ctrl+Shift+N",),
            tooltip=translate("Actions", "Try the next seeds and keep what looks most like it."),
            enabled=lambda: (
                studio.editor.recipe is not None and seed_of(studio.editor.recipe) is not None
            ),
        ),
        Action(
            "second-parent",
            "picture",
            translate("Actions", "Hold as second parent"),
            studio.breeding.choose_partner,
            ("Ctrl+Shift+M",),
            enabled=lambda: studio.breeding.can_breed,
        ),
    )


def view_actions(window: MainWindow) -> tuple[Action, ...]:
    """Zoom, comparison, tiling."""
    studio, canvas = window.studio, window.stage.canvas

    def has_picture() -> bool:
        return studio.picture.rendering is not None

    def view(
        action_id: str,
        text: str,
        run: Callable[[], None],
        shortcuts: tuple[str, ...],
        icon: str = "",
        checked: Callable[[], bool] | None = None,
        *,
        separated: bool = False,
        short: str = "",
    ) -> Action:
        return Action(
            action_id,
            "view",
            text,
            run,
            shortcuts,
            icon,
            enabled=has_picture,
            checked=checked,
            separated=separated,
            short=short,
        )

    return (
        view("fit", translate("Actions", "Fit"), canvas.fit, ("Ctrl+0",), "maximize"),
        view(
            "actual-size",
            translate("Actions", "Actual size"),
            canvas.actual_size,
            ("Ctrl+1",),
            short="1:1",
        ),
        view(
            "zoom-in",
            translate("Actions", "Zoom in"),
            canvas.zoom_in,
            ("Ctrl++", "Ctrl+="),
            "zoom-in",
        ),
        view(
            "zoom-out", translate("Actions", "Zoom out"), canvas.zoom_out, ("Ctrl+-",), "zoom-out"
        ),
        view(
            "compare",
            translate("Actions", "Before and after"),
            lambda: studio.compare.turn(not studio.compare.is_on),
            ("Ctrl+E",),
            "columns-2",
            lambda: studio.compare.is_on,
            separated=True,
        ),
        view(
            "pin-before",
            translate("Actions", "Keep this picture as before"),
            window.pin_before,
            ("Ctrl+Shift+E",),
            "pin",
            lambda: studio.compare.is_pinned,
        ),
        view(
            "tiled",
            translate("Actions", "Repeat as tiles"),
            lambda: window.show_tiled(not canvas.is_tiled),
            ("Ctrl+T",),
            "grid-3x3",
            lambda: canvas.is_tiled,
        ),
        view(
            "pixels",
            translate("Actions", "Show single pixels"),
            window.toggle_pixels,
            ("Ctrl+P",),
            "grid-2x2",
            lambda: studio.preferences.now.shows_pixels,
        ),
    )


def layout_actions(window: MainWindow) -> tuple[Action, ...]:
    """Panels, theme and language."""
    panels = translate("Actions", "Panels")
    shown = [
        Action(
            f"panel-{name}",
            "view",
            dock.windowTitle(),
            partial(window.toggle_dock, name),
            (f"Alt+{number}",),
            checked=dock.isVisible,
            submenu=panels,
            separated=number == 1,
        )
        for number, (name, dock) in enumerate(window.docks.items(), 1)
    ]
    return (
        *shown,
        Action(
            "picture-only",
            "view",
            translate("Actions", "Picture only"),
            window.toggle_panels,
            ("F10",),
            "eye",
            translate("Actions", "Hide or show all panels."),
            checked=lambda: window.panels_hidden,
        ),
        Action(
            "fullscreen",
            "view",
            translate("Actions", "Full screen"),
            window.toggle_fullscreen,
            ("F11",),
            "expand",
            checked=window.isFullScreen,
        ),
        Action(
            "reset-layout",
            "view",
            translate("Actions", "Reset the layout"),
            window.reset_layout,
            ("Ctrl+Shift+L",),
        ),
        *_choices(window),
    )


def _choices(window: MainWindow) -> list[Action]:
    """Preferences of which one value is on: the theme, and the language of the next start."""
    system = translate("Actions", "As the system")
    themes = {
        "system": system,
        "dark": translate("Actions", "Dark"),
        "light": translate("Actions", "Light"),
    }
    languages = {code: name or system for code, name in LANGUAGES.items()}
    preferences = window.studio.preferences

    def choose(key: str, value: str) -> None:
        if key == "language" and value != preferences.now.language:
            window.studio.messages.tell(
                translate("Window", "The next start is in the other language."), key="language"
            )
        preferences.change(**{key: value})

    def choice(key: str, title: str, value: str, text: str, shortcut: str) -> Action:
        return Action(
            f"{key}-{value or 'system'}",
            "view",
            text,
            lambda: choose(key, value),
            (shortcut,),
            checked=lambda: bool(getattr(preferences.now, key) == value),
            submenu=title,
        )

    theme, language = translate("Actions", "Theme"), translate("Actions", "Language")
    rows = [
        choice("theme", theme, value, text, f"Ctrl+Alt+{number}")
        for number, (value, text) in enumerate(themes.items(), 1)
    ]
    return rows + [
        choice("language", language, value, text, f"Ctrl+Alt+{number}")
        for number, (value, text) in enumerate(languages.items(), 4)
    ]


def help_actions(window: MainWindow) -> tuple[Action, ...]:
    """Finding one's way."""
    return (
        Action(
            "palette",
            "help",
            translate("Actions", "Find an action ..."),
            window.show_palette,
            ("Ctrl+K", "F1"),
            "search",
        ),
        Action(
            "about",
            "help",
            translate("Actions", "About GenStudio"),
            window.dialogs.about,
            ("Ctrl+F1",),
            "info",
        ),
    )
