"""Rebuild icons.zip, the captioned icons that the bundled models learned from, from npm packages.

    pip install resvg-py pillow
    python packaging/rebuild_icons.py icons.zip

Packages are fetched by `npm pack` into a folder beside the zip and used again from there. Every
picture is 128 x 128 pixels on white; captions.jsonl says what each shows, by the code point that
joins it to emojibase-data (names, tags, groups) and emojilib (keywords), or by its name where the
set names its icons only. Skin tones, flags, letters and brands are left out.
"""

from __future__ import annotations

import argparse
import functools
import io
import json
import re
import subprocess
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import resvg_py
from PIL import Image

SIDE = 128
NAMES, KEYWORDS = "emojibase-data@17.0.0", "emojilib@4.0.3"
TONES = {"1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff"}
LEFT_OUT = re.compile(
    r"skin|tone|-(dark|light|medium)$|flag|regional|^[0-9#*]$|logo|firefox|mozilla|thunderbird"
)
LEFT_OUT_GROUPS = {"flags", "component", "extras-openmoji"}
LEFT_OUT_SUBGROUPS = {"alphanum", "keycap", "brand", "country-flag", "subdivision-flag", "flag"}


@dataclass(frozen=True)
class Source:
    """A package of icons: SVG or WebP files named by code points, or an iconify collection."""

    package: str
    style: str
    licence: str
    files: str = ""
    """A regular expression of the files' names, whose group is the code point."""


SOURCES = (
    Source("@lobehub/fluent-emoji-3d@1.1.0", "fluent-3d", "MIT (Microsoft)", r"assets/(.+)\.webp"),
    Source("@iconify-json/fluent-emoji-flat@1.2.6", "fluent-flat", "MIT (Microsoft)"),
    Source("@iconify-json/noto@1.2.9", "noto", "Apache-2.0 (Google)"),
    Source("@iconify-json/noto-v1@1.2.5", "noto-v1", "Apache-2.0 (Google)"),
    Source("@iconify-json/fxemoji@1.2.2", "fxemoji", "Apache-2.0 (Mozilla)"),
    Source(
        "@twemoji/svg@15.0.0", "twemoji", "CC-BY-4.0 (Twitter/X, jdecked)", r"package/(.+)\.svg"
    ),
    Source("@iconify-json/emojione@1.2.3", "emojione", "CC-BY-4.0 (EmojiOne v2)"),
    Source("@iconify-json/streamline-emojis@1.2.4", "streamline", "CC-BY-4.0 (Streamline)"),
    Source("openmoji@17.0.0", "openmoji", "CC-BY-SA-4.0 (OpenMoji)", r"color/svg/(.+)\.svg"),
)


@dataclass(frozen=True)
class Emoji:
    """What is known of a code point."""

    codepoint: str
    name: str
    keywords: tuple[str, ...]
    group: str
    subgroup: str


class Dictionary:
    """All emoji, by code point and by name."""

    def __init__(self, folder: Path) -> None:
        names, keywords = fetch(NAMES, folder), fetch(KEYWORDS, folder)
        told = read_json(names, "package/en/messages.json")
        groups, subgroups = (
            {row["order"]: row["key"] for row in told[kind]} for kind in ("groups", "subgroups")
        )
        words = read_json(keywords, "package/dist/emoji-en-US.json")
        plain = {key.replace("\ufe0f", ""): value for key, value in words.items()}
        self.by_code: dict[str, Emoji] = {}
        self.by_name: dict[str, Emoji] = {}
        for row in read_json(names, "package/en/data.json"):
            more = plain.get(row["emoji"].replace("\ufe0f", ""), [])
            found = Emoji(
                code_of(row["hexcode"]),
                row["label"],
                tuple(dict.fromkeys([*row.get("tags", ()), *(w.replace("_", " ") for w in more)])),
                groups.get(row.get("group"), ""),
                subgroups.get(row.get("subgroup"), ""),
            )
            self.by_code[found.codepoint] = found
            self.by_name[squeezed(found.name)] = found
            for alias in more[:1]:
                self.by_name.setdefault(squeezed(alias), found)

    def find(self, codepoint: str, name: str) -> Emoji:
        """By code point or by name; an emoji of its own name where neither is known."""
        found = self.by_code.get(codepoint) or self.by_name.get(squeezed(name))
        words = re.sub(r"[-_]+", " ", name) or character_name(codepoint)
        return found or Emoji(codepoint, words, tuple(words.split()), "unmatched", "")


def main() -> None:
    """Fetch, draw and pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the zip to write")
    out = parser.parse_args().out
    folder = out.with_suffix(".packages")
    folder.mkdir(parents=True, exist_ok=True)
    dictionary = Dictionary(folder)
    rows = []
    part = out.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for source in SOURCES:
            before = len(rows)
            for row, picture in icons(source, dictionary, folder):
                archive.writestr(row["file"], picture)
                rows.append(row)
            print(f"{source.style}: {len(rows) - before:,} icons")
        archive.writestr("captions.jsonl", "\n".join(json.dumps(row) for row in rows))
    part.replace(out)


def icons(
    source: Source, dictionary: Dictionary, folder: Path, side: int = SIDE, every: int = 1
) -> Iterator[tuple[dict[str, object], bytes]]:
    """One in `every` icons that are kept: its row of captions.jsonl, and `side` pixels of WebP."""
    seen: set[str] = set()
    found = sorted(drawings(source, folder, side), key=lambda drawing: drawing[0])
    for stem, codepoint, draw in found:
        emoji = dictionary.find(codepoint, stem if not source.files else "")
        key = emoji.codepoint or stem
        if key in seen or not is_kept(emoji, stem) or not emoji.name:
            continue
        seen.add(key)
        if len(seen) % every:
            continue
        yield (
            {
                "file": f"{source.style}/{stem}.webp",
                "codepoint": emoji.codepoint,
                "name": emoji.name,
                "keywords": list(emoji.keywords),
                "style": source.style,
                "group": emoji.group,
                "subgroup": emoji.subgroup,
                "license": source.licence,
            },
            as_webp(on_white(draw(), side)),
        )


def drawings(
    source: Source, folder: Path, side: int
) -> Iterator[tuple[str, str, functools.partial[bytes]]]:
    """(file stem, code point or "", how to draw it as PNG or WebP) of every icon in a package."""
    archive = fetch(source.package, folder)
    with tarfile.open(archive) as tar:
        if source.files:
            for name in tar.getnames():
                if found := re.search(source.files + "$", name):
                    data = read(archive, name)
                    draw = functools.partial(bytes, data)
                    if name.endswith("svg"):
                        draw = functools.partial(rasterised, data, side)
                    yield found[1].lower(), code_of(found[1]), draw
            return
    collection = read_json(archive, "package/icons.json")
    codes = {name: code_of(code) for code, name in read_json(archive, "package/chars.json").items()}
    for name, icon in collection["icons"].items():
        box = [icon.get(key, collection.get(key, 0)) for key in ("left", "top", "width", "height")]
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{" ".join(map(str, box))}">{icon["body"]}</svg>'
        )
        yield name, codes.get(name, ""), functools.partial(rasterised, svg.encode(), side)


def is_kept(emoji: Emoji, stem: str) -> bool:
    """No skin tones, flags, letters or brands."""
    parts = emoji.codepoint.split("-")
    # Regional letters, tags (both spell flags) and code points of private use.
    if TONES & set(parts) or re.match(r"1f1[ef]|e[0-9a-f]{3,4}$", parts[-1]):
        return False
    if emoji.group in LEFT_OUT_GROUPS or emoji.subgroup in LEFT_OUT_SUBGROUPS:
        return False
    return bool(emoji.group) and not (emoji.group == "unmatched" and LEFT_OUT.search(stem))


def rasterised(svg: bytes, side: int) -> bytes:
    """An SVG as PNG, `side` pixels wide."""
    png: bytes = resvg_py.svg_to_bytes(svg_string=svg.decode(), width=side, height=side)
    return bytes(png)


def on_white(data: bytes, side: int) -> Image.Image:
    """A picture on white, `side` pixels square."""
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", (side, side), "white")
    place = ((side - picture.width) // 2, (side - picture.height) // 2)
    ground.alpha_composite(picture, place)
    return ground.convert("RGB")


def as_webp(picture: Image.Image) -> bytes:
    """A picture as WebP."""
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=90, method=6)
    return written.getvalue()


def fetch(package: str, folder: Path) -> Path:
    """The package's archive, fetched by npm if it is not in the folder yet."""
    name, _, version = package.rpartition("@")
    path = folder / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    if not path.exists():
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


@functools.cache
def _members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        found = {m.name: tar.extractfile(m) for m in tar.getmembers() if m.isfile()}
        return {name: file.read() for name, file in found.items() if file}


def read(archive: Path, name: str) -> bytes:
    """A file of an archive."""
    return _members(archive)[name]


def read_json(archive: Path, name: str) -> dict:  # type: ignore[type-arg]
    """A JSON file of an archive; {} where there is none."""
    return json.loads(_members(archive).get(name, b"{}"))  # type: ignore[no-any-return]


def code_of(text: str) -> str:
    """A code point sequence as captions.jsonl writes it: lower case, without FE0F and zeros."""
    parts = [part.lstrip("0") for part in re.split(r"[-_ ]", text.lower()) if part != "fe0f"]
    return "-".join(parts)


def character_name(codepoint: str) -> str:
    """What Unicode calls a character; "" for a sequence."""
    return "" if "-" in codepoint else unicodedata.name(chr(int(codepoint, 16)), "").lower()


def squeezed(name: str) -> str:
    """A name without what sets differ in."""
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("’", ""))


if __name__ == "__main__":
    main()
