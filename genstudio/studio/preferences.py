"""What the studio remembers of a person between two starts: a small JSON file."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from genstudio.base import files
from genstudio.base.errors import StorageError
from genstudio.base.events import Event
from genstudio.base.paths import data_folder
from genstudio.studio.work import Handlers, Work

Theme = Literal["system", "dark", "light"]
PROMPTS: Final = 200
_SIZE_LIMIT: Final = 8 << 20


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """The file's content; what it lacks is as at the first start.

    `layout` and `geometry` are the window's own, opaque here; `language` is a code such as "de", or
    "" for the system's.
    """

    theme: Theme = "system"
    language: str = ""
    geometry: bytes = b""
    layout: bytes = b""
    prompts: tuple[str, ...] = ()
    pictures_folder: str = ""
    shows_pixels: bool = False


class Preferences:
    """Reads the file once, and writes it beside the window after each change."""

    def __init__(self, work: Work, path: Path | None = None) -> None:
        """Take the workers and the file; the usual place without one."""
        self.changed: Event[None] = Event()
        self._work = work
        self._path = path or data_folder() / "preferences.json"
        self.is_first_start = not self._path.exists()
        self._now = _read(self._path)
        self._saving = False
        self._saved = self._now if self._path.exists() else None

    @property
    def now(self) -> Remembered:
        """What is remembered."""
        return self._now

    def change(self, **changes: Any) -> None:
        """Remember something else."""
        self._now = replace(self._now, **changes)
        self.changed.emit(None)
        if not self._saving:
            self._save()

    def add_prompt(self, prompt: str) -> None:
        """Put a prompt in front of the history of prompts."""
        if prompt.strip():
            others = [one for one in self._now.prompts if one != prompt]
            self.change(prompts=(prompt, *others)[:PROMPTS])

    def finish(self) -> None:
        """Write what is remembered even while an earlier writing goes on: the end comes."""
        self._saving = True
        self._save()

    def _save(self) -> None:
        """Write what is remembered now; changes that come meanwhile are written after it."""
        if self._now == self._saved:
            return
        self._saving, self._saved = True, self._now
        data = msgspec.json.format(msgspec.json.encode(self._now), indent=1)
        self._work.files(
            lambda: files.write_bytes(self._path, data),
            Handlers(finished=lambda _: self._end(), failed=lambda *_: self._end()),
        )

    def _end(self) -> None:
        self._saving = False
        self._save()


def _read(path: Path) -> Remembered:
    """The file's content; a missing or damaged one counts as a first start."""
    try:
        return msgspec.json.decode(
            files.read_bytes(path, _SIZE_LIMIT, "preferences"), type=Remembered
        )
    except StorageError:
        return Remembered()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The next change writes a new file; what can still be read in this one is not lost.
        with contextlib.suppress(OSError):
            path.replace(path.with_name(f"{path.name}.damaged"))
        return Remembered()
