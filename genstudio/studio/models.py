"""The models there are, as cards to choose from; adding one, taking one away."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.engine.pixels import read_picture
from genstudio.jobs.events import Progressed
from genstudio.media.pictures import on_white
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.packs.store import PackStore
from genstudio.recipe.values import Recipe
from genstudio.studio.messages import Messages
from genstudio.studio.work import Handlers, Work

PREVIEW: Final = "preview.webp"
PREVIEW_SIDE: Final = 512
"""The longer side of a card's preview, in pixels, at most."""


@dataclass(frozen=True)
class ModelCard:
    """What a person sees of a model before choosing it. `megabytes` is what it takes on disk.

    `preview` is RGB, a sheet of `cells` pictures: columns and rows.
    """

    id: str
    name: str
    family: str
    size: str
    licence: str
    summary: str
    preview: NDArray[np.uint8] | None = field(compare=False)
    cells: tuple[int, int]
    megabytes: float
    removable: bool


@dataclass(frozen=True)
class _Found:
    packs: tuple[Pack, ...]
    cards: tuple[ModelCard, ...]
    problems: tuple[str, ...]


class Models:
    """The packs of a store, read beside the window."""

    def __init__(self, store: PackStore, work: Work, messages: Messages) -> None:
        """Take the store, the workers and where refusals are told. `reload` reads it."""
        self.changed: Event[None] = Event()
        self.added: Event[Pack] = Event()
        self.is_read = False
        """The folders were looked into, even if they are empty."""
        self._store, self._work, self._messages = store, work, messages
        self._found = _Found((), (), ())
        self._checks: list[_Check] = []

    @property
    def adding(self) -> str | None:
        """What is being checked right now, in words; None when nothing is."""
        if not self._checks:
            return None
        check = self._checks[0]
        words = translate("Models", "Checking {name}").format(name=check.name)
        return f"{words} · {check.done:.0%}" if check.done else words

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """All models that draw, by name; upscalers are chosen as a control instead."""
        drawing = {pack.id for pack in self.packs if not isinstance(pack.manifest.model, Upscaler)}
        return tuple(card for card in self._found.cards if card.id in drawing)

    @property
    def packs(self) -> tuple[Pack, ...]:
        """All packs that can be read."""
        return self._found.packs

    @property
    def upscalers(self) -> tuple[Pack, ...]:
        """The packs that enlarge, the smallest scale first."""
        scales = [
            (pack.manifest.model.scale, pack)
            for pack in self.packs
            if isinstance(pack.manifest.model, Upscaler)
        ]
        return tuple(pack for _, pack in sorted(scales, key=lambda one: (one[0], one[1].id)))

    def find(self, pack_id: str) -> Pack | None:
        """The pack of an id, if it is here."""
        return next((pack for pack in self.packs if pack.id == pack_id), None)

    def keeps_learned(self, recipe: Recipe) -> bool:
        """Whether a recipe's model keeps learned pictures, for ways to go past them."""
        pack = self.find(recipe.model.id)
        return pack is not None and pack.keeps_learned

    def reload(self) -> None:
        """Read the folders again."""
        self._work.files(self._read, Handlers(finished=self._take, failed=self._tell_refusal))

    def add(self, source: Path) -> None:
        """Check a folder or `.gspack` and take it in; says why where it is refused."""
        check = _Check(source.name)
        self._checks.append(check)
        self.changed.emit(None)
        self._work.packs(
            lambda _, progress, cancel: self._store.add(source, progress, cancel),
            Handlers(
                finished=lambda pack: self._welcome(check, pack),
                failed=lambda sentence, details: self._refuse(check, sentence, details),
                stopped=lambda: self._end(check),
                progressed=lambda event: self._tell_progress(check, event),
            ),
        )

    def remove(self, pack_id: str) -> None:
        """Delete a pack that the person added."""
        self._work.packs(
            lambda *_: self._store.remove(pack_id),
            Handlers(finished=lambda _: self.reload(), failed=self._tell_refusal),
        )

    def _read(self) -> _Found:
        packs = tuple(self._store.list())
        cards = tuple(_card(pack, removable=self._store.is_added(pack)) for pack in packs)
        return _Found(packs, cards, tuple(self._store.problems()))

    def _take(self, found: _Found) -> None:
        for problem in found.problems:
            if problem not in self._found.problems:
                self._messages.tell(problem, "warning")
        self._found, self.is_read = found, True
        self.changed.emit(None)

    def _welcome(self, check: _Check, pack: Pack) -> None:
        self._end(check)
        if isinstance(pack.manifest.model, Upscaler):
            text = translate("Models", "{name} is here; pictures can be enlarged with it.")
        else:
            text = translate("Models", "{name} is here; choose it among the models.")
        self._messages.tell(text.format(name=pack.manifest.name))
        self._work.files(self._read, Handlers(finished=lambda found: self._take_and(found, pack)))

    def _take_and(self, found: _Found, pack: Pack) -> None:
        self._take(found)
        self.added.emit(pack)

    def _refuse(self, check: _Check, sentence: str, details: str) -> None:
        self._end(check)
        self._tell_refusal(sentence, details)

    def _tell_refusal(self, sentence: str, _details: str) -> None:
        self._messages.tell(sentence, "error")

    def _end(self, check: _Check) -> None:
        self._checks.remove(check)
        self.changed.emit(None)

    def _tell_progress(self, check: _Check, event: Progressed) -> None:
        check.done = event.done
        self.changed.emit(None)


@dataclass(eq=False)
class _Check:
    """A pack on its way in."""

    name: str
    done: float = 0.0


def _card(pack: Pack, *, removable: bool) -> ModelCard:
    manifest = pack.manifest
    preview, cells = _preview(pack)
    return ModelCard(
        id=pack.id,
        name=manifest.name,
        family=family_name(manifest.family),
        size=f"{manifest.image.width} × {manifest.image.height} px",
        licence=manifest.licence,
        summary=manifest.summary,
        preview=preview,
        cells=cells,
        megabytes=_bytes(pack.folder) / 1e6,
        removable=removable,
    )


def _preview(pack: Pack) -> tuple[NDArray[np.uint8] | None, tuple[int, int]]:
    """The preview, small, and how many pictures of the model's size lie in it each way."""
    try:
        pixels = on_white(read_picture(pack.folder / PREVIEW))
    except GenStudioError:
        return None, (1, 1)
    image = pack.manifest.image
    height, width = pixels.shape[:2]
    is_sheet = width % image.width == 0 and height % image.height == 0
    cells = (width // image.width, height // image.height) if is_sheet else (1, 1)
    small = Image.fromarray(pixels)
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), reducing_gap=2.0)
    return np.array(small), cells


def family_name(family: str) -> str:
    """A family's name as a person reads it."""
    return {
        "vae": translate("Models", "VAE"),
        "gan": translate("Models", "GAN"),
        "autoregressive": translate("Models", "Draws from words, token by token"),
        "upscaler": translate("Models", "Enlarges pictures"),
    }[family]


def _bytes(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.iterdir())
    except OSError:
        return 0
