"""Whether a window can be opened here, asked before Qt is loaded: Qt aborts where it cannot.

The display is asked with the very calls that Qt will make (libxcb's and libwayland's connect), so
that a stale DISPLAY and a refused authorization are found too; it takes about a millisecond. Qt's
plugin for the display is then loaded as Qt will load it, which finds a library that is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from typing import Final

from genstudio.base.errors import GenStudioError

DEBIAN_PACKAGES: Final = (
    "libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 libwayland-client0 "
    "libwayland-cursor0 libwayland-egl1 libx11-6 libx11-xcb1 libxcb-cursor0 libxcb-glx0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 "
    "libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxcb1 "
    "libxkbcommon-x11-0 libxkbcommon0"
)
"""What Qt's wheels load of the system, as packaging/system-libraries.txt has it."""

_VARIABLES: Final = {"WAYLAND_SOCKET": "wayland", "WAYLAND_DISPLAY": "wayland", "DISPLAY": "xcb"}
"""Where the system names a display, and what Qt calls that kind."""
_WITHOUT: Final = (
    "without one there are genstudio generate, interpolate, showcase and more (genstudio --help)."
)


class NoDisplayError(GenStudioError):
    """There is no display to open a window on."""


class LibraryError(GenStudioError):
    """Qt, or a library of the system that it loads, is not there."""


def check_display() -> None:
    """Make sure that Qt will find a display and what it needs to draw on it.

    Raises:
        NoDisplayError: no display is named, or none of those named can be opened.
        LibraryError: a library of the system is missing.
    """
    if sys.platform in {"win32", "darwin"}:
        return
    platforms = _platforms()
    usable = [platform for platform in platforms if _answers(platform)]
    if not usable:
        named = [f"{os.environ[name]} ({name})" for name in _VARIABLES if os.environ.get(name)]
        if named:
            raise NoDisplayError(f"The display {' or '.join(named)} cannot be opened; {_WITHOUT}")
        raise NoDisplayError(f"There is no display to open the window on; {_WITHOUT}")
    refusals = [_missing_library(platform) for platform in usable]
    if refusals[0] is not None and all(refusals):
        raise refusals[0]


def missing_library(error: Exception) -> LibraryError | None:
    """The refusal for a library that the loader did not find; None for any other failure."""
    name, _, reason = str(error).partition(": ")
    if not reason.startswith("cannot open shared object file"):
        return None
    return LibraryError(
        f"The window cannot be opened because Qt lacks the library {name}; on Debian and Ubuntu "
        f"install what Qt needs with: sudo apt install {DEBIAN_PACKAGES}"
    )


def _platforms() -> list[str]:
    """Qt's names of the ways to a display that it will try here."""
    asked = os.environ.get("QT_QPA_PLATFORM")
    if asked:
        return [name.partition(":")[0] for name in asked.split(";")]
    return [name for variable, name in _VARIABLES.items() if os.environ.get(variable)]


def _answers(platform: str) -> bool:
    """Whether the display can be opened; True for those that are no display of the person's."""
    try:
        if platform == "xcb":
            return _x_answers()
        if platform.startswith("wayland"):
            return _wayland_answers()
    except OSError:
        # The library is not there; Qt's plugin will tell which one.
        return True
    return True


def _x_answers() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(None, None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def _wayland_answers() -> bool:
    if os.environ.get("WAYLAND_SOCKET"):
        # An open connection that was handed over: it can be used only once, by Qt.
        return True
    if not os.environ.get("XDG_RUNTIME_DIR"):
        # libwayland would say so on stderr, and refuse.
        return False
    wayland = ctypes.CDLL("libwayland-client.so.0")
    wayland.wl_display_connect.restype = ctypes.c_void_p
    wayland.wl_display_connect.argtypes = (ctypes.c_char_p,)
    wayland.wl_display_disconnect.argtypes = (ctypes.c_void_p,)
    display = wayland.wl_display_connect(None)
    if not display:
        return False
    wayland.wl_display_disconnect(display)
    return True


def _missing_library(platform: str) -> LibraryError | None:
    """The refusal where Qt's plugin for this way to a display lacks a library."""
    plugin = _plugin(platform)
    if plugin is None:
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return missing_library(error)
    return None


def _plugin(platform: str) -> Path | None:
    """The plugin's file where PySide6 came as a wheel; other builds keep it elsewhere."""
    found = importlib.util.find_spec("PySide6")
    if found is None or not found.submodule_search_locations:
        return None
    name = "wayland" if platform.startswith("wayland") else platform
    folder = Path(found.submodule_search_locations[0], "Qt", "plugins", "platforms")
    path = folder / f"libq{name}.so"
    return path if path.is_file() else None
