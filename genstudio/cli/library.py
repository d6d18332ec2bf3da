"""`genstudio library`: seek in the library, take pictures in, check them, make it anew."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from genstudio.base.errors import GenStudioError
from genstudio.base.paths import data_folder
from genstudio.cli import inputs
from genstudio.cli.console import Console, UsageError
from genstudio.library.entries import Entry, Query
from genstudio.library.library import Library
from genstudio.library.mend import gather, open_library, take_in
from genstudio.library.query import words_and_seed
from genstudio.packs.store import PackStore

DIFFERS: Final = 1
_EPILOG: Final = """\
search WORDS   the pictures whose prompt, note or model has these words (all without words)
add PATH       take in a folder of pictures that GenStudio made, or one picture
verify [PATH]  render pictures again and compare: one file, or all that WORDS find
mend           find pictures that the database does not know, and make a damaged one anew

examples:
  genstudio library search red heart --stars 3
  genstudio library search seed:7 --model landscapes
  genstudio library add old-pictures/
  genstudio library verify hill.png

status: 0 done, 1 verify found a difference, 2 refused
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "action",
        choices=("search", "add", "verify", "mend"),
        metavar="search|add|verify|mend",
        help="what to do",
    )
    parser.add_argument("what", nargs="*", metavar="WORDS|PATH", help="what to seek or take in")
    parser.add_argument("--model", default="", metavar="ID", help="only pictures of this model")
    parser.add_argument("--stars", type=int, default=0, metavar="N", help="only with N or more")
    parser.add_argument("--collection", default="", metavar="NAME", help="only of a collection")
    parser.add_argument("--count", type=int, default=50, metavar="N", help="list at most N")
    inputs.add_device(parser)
    inputs.add_json(parser)


def run(args: argparse.Namespace, console: Console) -> int | None:
    """Do what was asked for."""
    with _opened(console) as library:
        if args.action == "search":
            _search(args, library, console)
        elif args.action == "add":
            _add(args, library, console)
        elif args.action == "mend":
            added = gather(library, cancel=console.cancel)
            console.say(f"{added} pictures were found again; {library.count()} are here.")
            console.result({"found": added, "pictures": library.count()})
        else:
            return _verify(args, library, console)
    return None


@contextmanager
def _opened(console: Console) -> Iterator[Library]:
    with console.working("Opening the library") as progress:
        opened = open_library(data_folder() / "library", progress, console.cancel)
    if opened.damaged is not None:
        console.note(
            "The library's database was damaged, so it was made anew from the pictures. "
            f"The damaged one is {opened.damaged}."
        )
    try:
        yield opened.library
    finally:
        opened.library.close()


def _found(args: argparse.Namespace, library: Library) -> list[Entry]:
    words, seed = words_and_seed(" ".join(args.what))
    query = Query(
        words=words, seed=seed, model=args.model, stars=args.stars, collection=args.collection
    )
    ids = library.find(query)[: max(0, args.count)]
    return [entry for entry in map(library.entry, ids) if entry is not None]


def _search(args: argparse.Namespace, library: Library, console: Console) -> None:
    entries = _found(args, library)
    for entry in entries:
        made = dt.datetime.fromtimestamp(entry.made).astimezone()
        console.say(f"{made:%Y-%m-%d %H:%M}  {entry.path}  {'*' * entry.stars} {entry.prompt}")
    if not entries:
        console.say("No picture of the library is like that.")
    console.result({"pictures": [_facts(entry) for entry in entries]})


def _facts(entry: Entry) -> dict[str, object]:
    return {**vars(entry), "path": str(entry.path), "collections": list(entry.collections)}


def _add(args: argparse.Namespace, library: Library, console: Console) -> None:
    if len(args.what) != 1:
        raise UsageError("library add takes one PATH: a folder or a picture.")
    with console.working("Taking in") as progress:
        result = take_in(library, Path(args.what[0]), progress, console.cancel)
    for sentence in result.refused:
        console.note(sentence)
    console.say(f"{result.added} pictures taken in, {result.known} were here already.")
    console.result({"added": result.added, "known": result.known, "refused": list(result.refused)})


def _verify(args: argparse.Namespace, library: Library, console: Console) -> int:
    from genstudio.media.verify import verify

    given = [Path(word) for word in args.what if Path(word).is_file()]
    paths = given or [entry.path for entry in _found(args, library)]
    engine = inputs.open_engine(PackStore(), args.device, console)
    results = []
    for path in paths:
        console.cancel.check()
        try:
            verdict = verify(engine, path, cancel=console.cancel)
            sentence, same = verdict.sentence, verdict.is_same
        except GenStudioError as error:
            sentence, same = f"Not checked: {path}: {error}", False
        console.say(sentence)
        results.append({"path": str(path), "identical": same, "sentence": sentence})
    console.result({"pictures": results})
    return 0 if all(result["identical"] for result in results) else DIFFERS
