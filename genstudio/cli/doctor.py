"""`genstudio doctor`: what this machine has, for a person in trouble and for a bug report."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
from typing import Any, Final

from genstudio import __version__
from genstudio.base import paths
from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.packs.store import PackStore

_PACKAGES: Final = (
    "onnxruntime-gpu",
    "onnxruntime",
    "numpy",
    "pillow",
    "msgspec",
    "tokenizers",
    "platformdirs",
    "rich",
    "PySide6-Essentials",
)
_EXTRAS: Final = {"video (MP4 films)": "av", "train (own models)": "torch"}

_EPILOG: Final = """\
example:
  genstudio doctor --json > report.json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    inputs.add_json(parser)


def run(_args: argparse.Namespace, console: Console) -> None:
    """Look at versions, providers, extras, models and places; change nothing."""
    versions = {"GenStudio": __version__, "Python": platform.python_version()}
    versions |= {name: version for name in _PACKAGES if (version := _version(name))}
    providers = _providers()
    extras = {
        name: importlib.util.find_spec(module) is not None for name, module in _EXTRAS.items()
    }
    store = PackStore()
    packs, problems = store.list(), list(store.problems())
    places = {
        "own models": str(paths.user_packs_folder()),
        "models that came with GenStudio": str(paths.bundled_packs_folder()),
        "library": str(paths.data_folder() / "library"),
        "cache": str(paths.cache_folder()),
    }
    machine = f"{platform.system()} {platform.release()}, {platform.machine()}"
    console.say(f"Machine: {machine}, {os.cpu_count()} processor threads")
    _say_all(console, "Versions", [f"{name} {version}" for name, version in versions.items()])
    _say_all(console, "Devices", [_provider_line(provider) for provider in providers])
    _say_all(
        console,
        "Extras",
        [f"{name}: {'installed' if there else 'not installed'}" for name, there in extras.items()],
    )
    _say_all(
        console, "Models", [f"{p.id} {p.manifest.version} ({p.manifest.family})" for p in packs]
    )
    _say_all(console, "Problems", problems)
    _say_all(console, "Places", [f"{name}: {place}" for name, place in places.items()])
    console.result(
        {
            "machine": machine,
            "versions": versions,
            "providers": providers,
            "extras": extras,
            "models": [{"id": pack.id, "version": pack.manifest.version} for pack in packs],
            "problems": problems,
            "places": places,
        }
    )


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _providers() -> list[dict[str, Any]]:
    from genstudio.engine.providers import explain

    return [
        {"provider": state.name, "usable": state.usable, "why_not": state.why_not}
        for state in explain()
    ]


def _provider_line(provider: dict[str, Any]) -> str:
    state = "ready" if provider["usable"] else "not ready"
    return f"{provider['provider']}: {state}" + (
        f" - {provider['why_not']}" if provider["why_not"] else ""
    )


def _say_all(console: Console, heading: str, lines: list[str]) -> None:
    console.say(f"{heading}:")
    for line in lines or ["none"]:
        console.say(f"  {line}")
