"""Where GenStudio keeps things on this machine.

`GENSTUDIO_HOME` moves everything into one folder, which a portable install and the tests use.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APP = "genstudio"


def data_folder() -> Path:
    """The person's own things: packs, later the library."""
    home = os.environ.get("GENSTUDIO_HOME")
    return Path(home) if home else Path(platformdirs.user_data_dir(_APP, appauthor=False))


def cache_folder() -> Path:
    """What can be made again: found directions, check results."""
    home = os.environ.get("GENSTUDIO_HOME")
    return (
        Path(home) / "cache" if home else Path(platformdirs.user_cache_dir(_APP, appauthor=False))
    )


def user_packs_folder() -> Path:
    """Where packs that the person added live."""
    return data_folder() / "packs"


def bundled_packs_folder() -> Path:
    """Where GenStudio's own packs live: inside the wheel, or `models/` of a checkout."""
    return _shipped("bundled_packs", "models")


def resources_folder() -> Path:
    """Where icons, fonts and translations live: inside the wheel, or `resources/` of a checkout."""
    return _shipped("resources", "resources")


def _shipped(in_wheel: str, in_checkout: str) -> Path:
    package = Path(__file__).resolve().parent.parent
    inside = package / in_wheel
    return inside if inside.is_dir() else package.parent / in_checkout
