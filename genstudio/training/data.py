"""Pictures for training: a folder or a zip, decoded once into memory, cut into random batches.

Everything lies in RAM as uint8, so a batch costs slices and copies: a fraction of a millisecond,
and never a wait of the trainer for a disk. What was drawn depends on one random state alone,
which a checkpoint keeps.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from genstudio.base.errors import TrainingError
from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.training.captions import has_index, read_facts
from genstudio.training.config import DataConfig, HoldOut

Pixels = NDArray[np.uint8]
"""[height, width, 3]"""

SUFFIXES = frozenset({".webp", ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff"})
FILE_LIMIT = 256 << 20
PIXEL_LIMIT = 100_000_000
MEMORY_LIMIT = 8 << 30


@dataclass(frozen=True)
class Picture:
    """One picture: its name in the folder or zip, what the index says of it, its pixels."""

    name: str
    facts: Mapping[str, object]
    pixels: Pixels

    def fact(self, column: str) -> str:
        """The index's value for `column` as text: the name for "file", "" for an unknown column."""
        return self.name if column == "file" else str(self.facts.get(column, ""))


@dataclass(frozen=True)
class Dataset:
    """The pictures found, how many the filters left out, and a sentence for each one refused.

    `enlarged` counts those that were smaller than what the training file asks for.
    """

    source: str
    pictures: tuple[Picture, ...]
    filtered: int = 0
    refused: tuple[str, ...] = ()
    enlarged: int = 0

    def describe(self) -> str:
        """What was found, in a sentence or two."""
        text = f"{len(self.pictures):,} pictures from {self.source}"
        if captioned := sum(bool(p.facts.get("name")) for p in self.pictures):
            text += f", {captioned:,} with words"
        if self.enlarged:
            text += f", {self.enlarged:,} smaller than asked for and so enlarged, which is soft"
        if self.filtered:
            text += f", {self.filtered:,} left out by the training file's filters"
        if self.refused:
            text += f", {len(self.refused):,} refused (first: {self.refused[0]})"
        return text + "."

    def counts(self, column: str) -> Counter[str]:
        """How many pictures have each value of a column."""
        return Counter(picture.fact(column) for picture in self.pictures)

    def split(self, hold_out: HoldOut | None) -> tuple[Dataset, Dataset]:
        """(training, held out): whole values of the column are kept back, the same ones each time.

        Where no picture has that column, as in a folder without an index, pictures are.

        Raises:
            TrainingError: nothing would be left to train on.
        """
        if hold_out is None or hold_out.fraction == 0.0:
            return self, Dataset(self.source, ())
        by = hold_out.by if any(p.fact(hold_out.by) for p in self.pictures) else "file"
        values = sorted(self.counts(by))
        order = np.random.default_rng(0).permutation(len(values))
        held = {values[i] for i in order[: round(len(values) * hold_out.fraction)]}
        parts = [
            tuple(p for p in self.pictures if (p.fact(by) in held) is out) for out in (False, True)
        ]
        if not parts[0]:
            raise TrainingError(
                f"Holding out {hold_out.fraction:.0%} by {by} leaves no picture of "
                f"{self.source} to train on; lower data.hold_out.fraction."
            )
        training = replace(self, pictures=parts[0])
        return training, Dataset(self.source, parts[1])


def read_dataset(
    source: Path, config: DataConfig, progress: Progress = no_progress, cancel: Cancel = NEVER
) -> Dataset:
    """Read the pictures of a folder or zip (subfolders too) that the filters keep.

    A picture that cannot be read is skipped and told in `refused`. Transparent ones are laid on
    `config.background`.

    Raises:
        TrainingError: there is no such folder or zip, or fewer than two usable pictures in it.
        Cancelled: `cancel` was set.
    """
    with _opened(source) as files:
        names = files.names()
        facts, refused = read_facts(files, names)
        indexed = has_index(files)
        chosen = [n for n in names if _wanted(facts.get(n, {}), config, indexed=indexed)]
        pictures: list[Picture] = []
        held = enlarged = 0
        for number, name in enumerate(chosen):
            cancel.check()
            progress(number / len(chosen), "reading pictures")
            try:
                pixels, is_enlarged = _decode(files.read(name), config)
            except (OSError, ValueError, Image.DecompressionBombError, zipfile.BadZipFile) as error:
                refused.append(f"{name}: {error}")
                continue
            held += pixels.nbytes
            enlarged += is_enlarged
            if held > MEMORY_LIMIT:
                raise TrainingError(
                    f"The pictures of {source} need more than {MEMORY_LIMIT >> 30} GiB of memory "
                    f"at {config.short_side or config.size} pixels; lower data.short_side."
                )
            pictures.append(Picture(name, facts.get(name, {}), pixels))
    if len(pictures) < 2:
        raise TrainingError(_too_few(source, names, chosen, refused))
    progress(1.0, "reading pictures")
    left_out = len(names) - len(chosen)
    return Dataset(source.name, tuple(pictures), left_out, tuple(refused), enlarged)


class Batches:
    """Endless random crops: each picture once before any comes again.

    `state` and `restore` carry the place in the sequence through a checkpoint.
    """

    def __init__(self, dataset: Dataset, config: DataConfig, batch: int, seed: int) -> None:
        self._pictures = dataset.pictures
        self._config = config
        self._batch = batch
        self.random = np.random.default_rng(seed)
        """Whoever changes pictures further (colour, shift) draws from this, to resume exactly."""
        self._waiting: list[int] = []

    def next(self) -> tuple[NDArray[np.uint8], list[Picture]]:
        """A batch: pixels [batch, size, size, 3], and the pictures that they were cut from."""
        chosen = [self._pictures[self._draw()] for _ in range(self._batch)]
        return np.stack([self._cut(picture.pixels) for picture in chosen]), chosen

    def state(self) -> str:
        """The place in the sequence, as JSON."""
        return json.dumps([self.random.bit_generator.state, self._waiting])

    def restore(self, state: str) -> None:
        """Go back to a place that `state` gave."""
        self.random.bit_generator.state, self._waiting = json.loads(state)

    def _draw(self) -> int:
        if not self._waiting:
            self._waiting = self.random.permutation(len(self._pictures)).tolist()
        return self._waiting.pop()

    def _cut(self, pixels: Pixels) -> Pixels:
        size = self._config.size
        top = int(self.random.integers(pixels.shape[0] - size + 1))
        left = int(self.random.integers(pixels.shape[1] - size + 1))
        crop = pixels[top : top + size, left : left + size]
        if self._config.flip and self.random.random() < 0.5:
            crop = crop[:, ::-1]
        return crop


def centre_crops(pictures: Sequence[Picture], size: int) -> NDArray[np.uint8]:
    """The middle `size` x `size` pixels of each: [N, size, size, 3], without chance."""
    crops = []
    for picture in pictures:
        top = (picture.pixels.shape[0] - size) // 2
        left = (picture.pixels.shape[1] - size) // 2
        crops.append(picture.pixels[top : top + size, left : left + size])
    return np.stack(crops)


class _Files:
    """The files of a folder or of a zip, by their names with forward slashes."""

    def __init__(self, sizes: Mapping[str, int], open_file: Callable[[str], io.BufferedIOBase]):
        self._sizes = sizes
        self._open = open_file
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._archive is not None:
            self._archive.close()

    def names(self) -> list[str]:
        return sorted(n for n in self._sizes if Path(n).suffix.lower() in SUFFIXES)

    def has(self, name: str) -> bool:
        return name in self._sizes

    def read(self, name: str) -> bytes:
        if self._sizes[name] > FILE_LIMIT:
            raise ValueError(f"larger than {FILE_LIMIT >> 20} MiB")
        with self._open(name) as file:
            return file.read(FILE_LIMIT)

    @classmethod
    def of_zip(cls, source: Path) -> _Files:
        archive = zipfile.ZipFile(source)
        entries = {e.filename: e for e in archive.infolist() if not e.is_dir()}
        made = cls(
            {name: entry.file_size for name, entry in entries.items()},
            lambda name: io.BytesIO(archive.open(entries[name]).read(FILE_LIMIT)),
        )
        made._archive = archive
        return made

    @classmethod
    def of_folder(cls, source: Path) -> _Files:
        paths = {p.relative_to(source).as_posix(): p for p in source.rglob("*") if p.is_file()}
        return cls(
            {name: path.stat().st_size for name, path in paths.items()},
            lambda name: paths[name].open("rb"),
        )


def _opened(source: Path) -> _Files:
    if source.is_dir():
        return _Files.of_folder(source)
    try:
        return _Files.of_zip(source)
    except FileNotFoundError:
        raise TrainingError(
            f"There is no folder or zip at {source}; check the path given as --data."
        ) from None
    except (OSError, zipfile.BadZipFile) as error:
        raise TrainingError(
            f"{source} is neither a folder nor a readable zip ({error}); "
            "give a folder or a zip of pictures as --data."
        ) from error


def _wanted(facts: Mapping[str, object], config: DataConfig, *, indexed: bool) -> bool:
    if indexed and not facts:
        return False
    kept = all(str(facts.get(c, "")) in values for c, values in config.keep.items())
    return kept and not any(str(facts.get(c, "")) in v for c, v in config.leave_out.items())


def _decode(data: bytes, config: DataConfig) -> tuple[Pixels, bool]:
    """A picture as the training file wants it, and whether it had to be enlarged."""
    short = max(config.short_side, config.size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image: Image.Image = Image.open(io.BytesIO(data))
    if image.width * image.height > PIXEL_LIMIT:
        raise ValueError(f"{image.width} x {image.height} pixels are too many")
    image.draft("RGB", (short, short))
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, (*config.background, 255))
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    image = image.convert("RGB")
    scale = short / min(image.size)
    if scale != 1.0:
        size = (max(short, round(image.width * scale)), max(short, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    return np.array(image, dtype=np.uint8), scale > 1.0


def _too_few(source: Path, names: list[str], chosen: list[str], refused: list[str]) -> str:
    if len(names) < 2:
        found = "is only one picture" if names else "are no pictures"
        return f"There {found} in {source}; training needs at least two (PNG, JPEG, WebP, ...)."
    if len(chosen) < 2:
        return (
            f"The filters of the training file keep {len(chosen)} of the {len(names)} pictures in "
            f"{source}; check data.keep and data.leave_out against its index."
        )
    return (
        f"Fewer than two of the {len(chosen)} pictures in {source} can be read "
        f"(first refusal: {refused[0]}); training needs at least two."
    )
