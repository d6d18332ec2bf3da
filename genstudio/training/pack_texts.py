"""What a trained pack says for people, beside its card: the licence, and whom to credit."""

from __future__ import annotations

import os
import platform
from importlib import resources
from pathlib import Path

import torch

from genstudio.base import files
from genstudio.training import precision
from genstudio.training.config import PackText
from genstudio.training.data import Dataset
from genstudio.training.device import Preset, computing_on, described


def write_texts(folder: Path, card: str, text: PackText, dataset: Dataset) -> None:
    """Write README.md, LICENSE and NOTICE into a pack's folder. Raises `StorageError`."""
    texts = {"README.md": card, "LICENSE": _licence(text), "NOTICE": _notice(text, dataset)}
    for name, content in texts.items():
        files.write_bytes(folder / name, content.encode())


def machine(preset: Preset) -> str:
    """What trained, in words."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        name = names[0] if names else name
    count = torch.get_num_threads()
    threads = (
        f"{count} thread{'s' if count > 1 else ''} of {name}, {os.cpu_count()} in the machine, "
        f"{described(preset)}"
    )
    with computing_on(preset):
        return f"{threads}, in {precision.described()}"


def _licence(text: PackText) -> str:
    """The licence: its whole text where GenStudio carries it, else its name and where it is."""
    known = resources.files("genstudio.training") / "licences" / f"{text.licence}.txt"
    if known.is_file():
        return known.read_text(encoding="utf-8")
    return (
        f'The model "{text.name}" is licensed under {text.licence}.\n\n'
        f"The licence: https://spdx.org/licenses/{text.licence}.html\n"
    )


def _notice(text: PackText, dataset: Dataset) -> str:
    """Whom to credit: the training file's lines, then who and what the data's index names."""
    whose = [*text.attributions, *_credited(dataset)]
    if not whose:
        return f"{text.name}\n\nThe training data names no authors.\n"
    lines = "\n".join(f"- {line}" for line in whose)
    return f"{text.name}\n\nLearned from the works of:\n\n{lines}\n"


def _credited(dataset: Dataset) -> list[str]:
    """Lines of the index's author, style, package and licence, with the number of pictures."""
    columns = ("author", "style", "package", "license")
    counts: dict[tuple[str, ...], int] = {}
    for picture in dataset.pictures:
        key = tuple(value for column in columns if (value := picture.fact(column)))
        counts[key] = counts.get(key, 0) + 1
    return [f"{'; '.join(key)}: pictures: {n:,}" for key, n in sorted(counts.items()) if key]
