"""`genstudio models`: what models there are, what one can do, and adding and removing them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from genstudio.cli import inputs
from genstudio.cli.console import Console, UsageError
from genstudio.packs.controls import controls_of, describe, takes_prompt
from genstudio.packs.manifest import Autoregressive, Pack
from genstudio.packs.scores import Judge, judge_of
from genstudio.packs.store import PackStore

if TYPE_CHECKING:
    from genstudio.engine.providers import Device

_EPILOG: Final = """\
list         the models there are (the default)
show ID      what a model is and every control it has; with --directions also the found ones
check PATH   whether a pack (a folder or a .gspack file) is whole and runs
add PATH     check a pack and add it
remove ID    remove a model that you added

examples:
  genstudio models
  genstudio models show landscapes --directions
  genstudio models add my-model.gspack

docs/packs.md tells how to make a pack.
"""

_LIKING: Final[dict[Judge, str]] = {
    "critic": "the critic likes best",
    "words": "fits the words best",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "check", "add", "remove"),
        default="list",
        metavar="list|show|check|add|remove",
        help="what to do (default: list)",
    )
    parser.add_argument("target", nargs="?", metavar="ID|PATH", help="the model or the pack")
    parser.add_argument(
        "--directions", action="store_true", help="with show: find the model's directions"
    )
    inputs.add_device(parser)
    inputs.add_json(parser)


def run(args: argparse.Namespace, console: Console) -> None:
    """Do what was asked for."""
    if args.action == "list":
        if args.target is not None:
            raise UsageError("models list takes no name; did you mean: models show ID?")
        _list(PackStore(), console)
        return
    if args.target is None:
        wanted = "an ID" if args.action in ("show", "remove") else "a PATH"
        raise UsageError(f"models {args.action} needs {wanted}; see genstudio models --help.")
    store = PackStore()
    if args.action == "show":
        _show(args, store, console)
    elif args.action == "check":
        _check(Path(args.target), console)
    elif args.action == "add":
        with console.working("Checking") as progress:
            pack = store.add(Path(args.target), progress, console.cancel)
        console.say(f"Added {pack.id}: {pack.manifest.name} {pack.manifest.version}.")
        console.result({"added": pack.id, "version": pack.manifest.version})
    else:
        store.remove(args.target)
        console.say(f"Removed {args.target}.")
        console.result({"removed": args.target})


def _list(store: PackStore, console: Console) -> None:
    packs = store.list()
    width = max((len(pack.id) for pack in packs), default=0)
    for pack in packs:
        image = pack.manifest.image
        size = f"{image.width} x {image.height}"
        console.say(
            f"{pack.id:{width}}  {pack.manifest.family:14}  {size:11}  {pack.manifest.name}"
        )
    if not packs:
        console.say("There are no models here; add one with: genstudio models add PATH.")
    for problem in store.problems():
        console.note(problem)
    console.result({"models": [_facts(pack) for pack in packs], "problems": list(store.problems())})


def _facts(pack: Pack) -> dict[str, Any]:
    manifest = pack.manifest
    return {
        "id": pack.id,
        "name": manifest.name,
        "version": manifest.version,
        "family": manifest.family,
        "licence": manifest.licence,
        "summary": manifest.summary,
        "width": manifest.image.width,
        "height": manifest.image.height,
        "channels": manifest.image.channels,
        "takes_prompt": takes_prompt(manifest),
        "sha256": pack.ref.sha256,
        "folder": str(pack.folder),
    }


def _show(args: argparse.Namespace, store: PackStore, console: Console) -> None:
    pack = store.get(args.target)
    manifest = pack.manifest
    controls = controls_of(manifest)
    graphs = {role: _graph_bytes(pack, role) for role in manifest.graphs}
    console.say(f"{pack.id} {manifest.version}: {manifest.name} ({manifest.family})")
    console.say(manifest.summary)
    console.say(f"Licence: {manifest.licence}")
    console.say(f"Picture: {_picture(pack)}")
    console.say(f"Prompt: {'yes' if takes_prompt(manifest) else 'no'}")
    for role, size in graphs.items():
        console.say(f"Graph: {role.replace('_', ' ')}, {size / 1e6:.1f} MB")
    console.say(f"Folder: {pack.folder}")
    judge = judge_of(manifest)
    if controls or judge is not None:
        console.say("Controls (generate --set NAME=VALUE):")
    for control in controls:
        console.say(f"  {control.name}: {describe(control)}. {control.tooltip}".rstrip())
    if judge is not None:
        console.say(f"  best-of: draw this many and keep the one that {_LIKING[judge]}.")
    facts = _facts(pack) | {
        "graphs": graphs,
        "controls": [msgspec.to_builtins(control) for control in controls],
    }
    if args.directions:
        facts["directions"] = _directions(pack, store, args.device, console)
    console.result(facts)


def _graph_bytes(pack: Pack, role: Any) -> int:
    graph = pack.graph(role)
    paths = [pack.path(graph), *(pack.path(file) for file in graph.external_data)]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _picture(pack: Pack) -> str:
    image, model = pack.manifest.image, pack.manifest.model
    kind = {1: "grey", 3: "RGB", 4: "RGB with transparency"}[image.channels]
    text = f"{image.width} x {image.height}, {kind}"
    if isinstance(model, Autoregressive):
        text += f", {model.grid[1]} rows of {model.grid[0]} tokens"
    return text


def _directions(
    pack: Pack, store: PackStore, device: Device, console: Console
) -> list[dict[str, Any]]:
    engine = inputs.open_engine(store, device, console)
    with console.working("Finding directions") as progress:
        found = engine.directions(pack.ref, progress, console.cancel)
    console.say("Directions (generate --set NAME=AMOUNT, in standard deviations):")
    for direction in found.found:
        says = "R²" if direction.kind == "named" else "share"
        console.say(f"  {direction.name} ({says} {direction.share:.2f})")
    return [
        {"name": direction.name, "kind": direction.kind, "share": direction.share}
        for direction in found.found
    ]


def _check(path: Path, console: Console) -> None:
    from genstudio.packs.check import check_source

    with console.working("Checking") as progress:
        manifest = check_source(path, progress, console.cancel)
    console.say(f"{path} is whole and runs: {manifest.id} {manifest.version}.")
    console.result({"checked": str(path), "id": manifest.id, "version": manifest.version})
