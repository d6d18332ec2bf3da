"""What is known of the pictures in a folder or zip: an index, or text files beside them.

An index, `captions.jsonl` or `index.jsonl`, has a JSON object a line with at least "file". Without
one, `cat.txt` beside `cat.png` says what that picture shows: a sentence, or words between commas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, Protocol

import msgspec

from genstudio.base.errors import TrainingError

INDEXES: Final = ("captions.jsonl", "index.jsonl")
TEXT_LIMIT: Final = 100_000
Facts = dict[str, object]


class Files(Protocol):
    """The files of a folder or of a zip."""

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""

    def read(self, name: str) -> bytes:
        """All of it."""


def read_facts(files: Files, pictures: Sequence[str]) -> tuple[dict[str, Facts], list[str]]:
    """What is known of each picture, by name, and a sentence for each text that cannot be read.

    Raises:
        TrainingError: the index is not one.
    """
    for name in INDEXES:
        if files.has(name):
            return {str(row["file"]): row for row in _rows(name, files.read(name))}, []
    facts, refused = {}, []
    for picture in pictures:
        name = str(PurePosixPath(picture).with_suffix(".txt"))
        if files.has(name):
            try:
                facts[picture] = _described(picture, files.read(name))
            except (OSError, ValueError) as error:
                refused.append(f"{name}: {error}")
    return facts, refused


def has_index(files: Files) -> bool:
    """Whether an index says which pictures there are."""
    return any(files.has(name) for name in INDEXES)


def _described(picture: str, data: bytes) -> Facts:
    if len(data) > TEXT_LIMIT:
        raise ValueError(f"longer than {TEXT_LIMIT:,} bytes")
    try:
        text = " ".join(data.decode("utf-8-sig").split())
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text") from None
    words = [word.strip() for word in text.split(",") if word.strip()]
    return {"file": picture, "name": words[0] if words else "", "keywords": words[1:]}


def _rows(name: str, data: bytes) -> Iterator[Facts]:
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=Facts)
        except (msgspec.DecodeError, RecursionError) as error:
            raise TrainingError(
                f"Line {number} of {name} is not a JSON object: {error}."
            ) from error
        if "file" not in row:
            raise TrainingError(f'Line {number} of {name} names no "file"; every line must.')
        yield row
