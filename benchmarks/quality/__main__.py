"""`python -m benchmarks.quality --data FOLDER [PACK ...]`: the quality of models, as tables.

Each pack's table goes into its model card, all of them into docs/quality.md, and sheets of samples
beside real pictures into docs/pictures/quality.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.quality import cost, gan, tokens, upscale, vae
from benchmarks.quality.features import Features
from benchmarks.quality.subject import Subject
from genstudio.base import files
from genstudio.base.paths import bundled_packs_folder
from genstudio.packs.manifest import Pack, open_pack

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "quality.md"
SHEETS: Final = ROOT / "docs" / "pictures" / "quality"
_EYE: Final = "faces"
"""The bundled VAE whose encoder is the fixed network of the GANs' distances."""
_HEADING: Final = "## Quality"


def main() -> None:
    """Measure the packs named, or all bundled ones, and write the tables down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("packs", nargs="*", type=Path, metavar="PACK")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    args = parser.parse_args()
    console = Console()
    for folder in args.packs or sorted(
        p.parent for p in bundled_packs_folder().glob("*/pack.json")
    ):
        console.print(f"Measuring {folder.name}.")
        rows = _measured(folder, args.data)
        table = "\n".join(
            ["| what | value |", "|---|---|", *(f"| {k} | {v} |" for k, v in rows.items())]
        )
        console.print(table)
        _replace(folder / "README.md", _HEADING, table)
        pack = open_pack(folder)
        _replace(PAGE, f"## {pack.manifest.name}", table + _pictures(pack))


def _measured(folder: Path, data: Path) -> dict[str, str]:
    subject, family = Subject(folder, data), open_pack(folder).manifest.family
    rows: dict[str, str] = {}
    if family == "vae":
        rows = vae.measure(subject, SHEETS)
    elif family == "gan":
        encoder = open_pack(bundled_packs_folder() / _EYE)
        network = Features(encoder.path(encoder.graph("encoder")))
        rows = gan.measure(subject, SHEETS, network)
    elif family == "autoregressive":
        rows = tokens.measure(subject, SHEETS)
    elif family == "upscaler":
        rows = upscale.measure(subject, SHEETS)
    return rows | cost.measure(folder)


def _pictures(pack: Pack) -> str:
    is_upscaler = pack.manifest.family == "upscaler"
    told = {
        "": "By a Lanczos filter, by the model, and the real picture"
        if is_upscaler
        else "Real pictures, and a hundred samples as they come",
        "-again": "Held-out pictures, each beside its reconstruction",
        "-morphs": "Morphs between held-out pictures, straight and past learned pictures",
        "-nearest": "The fifty samples nearest to a training crop, each beside it",
    }
    lines = [
        f"\n{words}:\n\n![{words}](pictures/quality/{pack.id}{part}.webp)\n"
        for part, words in told.items()
        if (SHEETS / f"{pack.id}{part}.webp").exists()
    ]
    return "\n" + "".join(lines)


def _replace(path: Path, heading: str, text: str) -> None:
    """Put `text` under a heading of a Markdown file, in place of what is there, or at its end."""
    page = path.read_text(encoding="utf-8").rstrip() + "\n"
    section = re.compile(rf"\n{re.escape(heading)}\n.*?(?=\n## |\Z)", re.DOTALL)
    made = f"\n{heading}\n\n{text.rstrip()}\n"
    found = section.search(page)
    page = page[: found.start()] + made + page[found.end() :] if found else page + made
    files.write_bytes(path, page.encode())


if __name__ == "__main__":
    main()
