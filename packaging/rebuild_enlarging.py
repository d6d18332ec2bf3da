"""Rebuild enlarging.zip, the sharp pictures that "Enlarge 4 times" learned from.

    pip install resvg-py pillow python-debian
    python packaging/rebuild_enlarging.py enlarging.zip --photos photos.zip

Icons are drawn anew, twice as large as in icons.zip: 256 x 256 pixels on white, every sixth of each
style but OpenMoji. Photographs are those of photos.zip that bind nobody, cut into squares of the
same size that may overlap. What is left out, OpenMoji and the photographs under CC-BY-SA, is there
to measure with.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import rebuild_icons
from PIL import Image

SIDE = 256
EVERY = 6
Row = dict[str, object]


def main() -> None:
    """Draw, cut and pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the zip to write")
    parser.add_argument("--photos", type=Path, required=True, help="what rebuild_photos.py wrote")
    args = parser.parse_args()
    if not zipfile.is_zipfile(args.photos):
        parser.error(f"{args.photos} is no zip; give what rebuild_photos.py wrote.")
    folder = args.out.with_suffix(".packages")
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    part = args.out.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for found in (icons(folder), photos(args.photos)):
            before = len(rows)
            for row, picture in found:
                archive.writestr(str(row["file"]), picture)
                rows.append(row)
            print(f"{len(rows) - before:,} pictures")
        archive.writestr("index.jsonl", "\n".join(json.dumps(row) for row in rows))
    part.replace(args.out)


def icons(folder: Path) -> Iterator[tuple[Row, bytes]]:
    """Every sixth icon of each style but OpenMoji."""
    dictionary = rebuild_icons.Dictionary(folder)
    for source in rebuild_icons.SOURCES:
        if source.style != "openmoji":
            found = rebuild_icons.icons(source, dictionary, folder, side=SIDE, every=EVERY)
            for row, picture in found:
                yield {**row, "subject": row["codepoint"]}, picture


def photos(path: Path) -> Iterator[tuple[Row, bytes]]:
    """The squares of the photographs that are free of conditions but naming the author."""
    with zipfile.ZipFile(path) as archive:
        for line in archive.read("index.jsonl").splitlines():
            told = json.loads(line)
            if told["bucket"] != "free":
                continue
            picture = Image.open(io.BytesIO(archive.read(told["file"]))).convert("RGB")
            for top in starts(picture.height):
                for left in starts(picture.width):
                    cut = picture.crop((left, top, left + SIDE, top + SIDE))
                    name = f"{Path(told['file']).with_suffix('')}_{top}_{left}.webp"
                    yield (
                        {**told, "file": name, "w": SIDE, "h": SIDE, "subject": told["file"]},
                        rebuild_icons.as_webp(cut),
                    )


def starts(length: int) -> list[int]:
    """Where squares begin that cover a side, overlapping as little as they can."""
    count = -(-length // SIDE)
    return [round(i * (length - SIDE) / max(count - 1, 1)) for i in range(count)]


if __name__ == "__main__":
    main()
