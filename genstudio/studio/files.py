"""Files that come in and pictures that go out, all of it beside the window."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base import files
from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.base.paths import cache_folder
from genstudio.base.texts import translate
from genstudio.engine.pixels import picture_hash, read_picture
from genstudio.engine.rendering import Rendering
from genstudio.media import openraster
from genstudio.media.pictures import picture_name, write_picture
from genstudio.packs.manifest import FILE_NAME, Autoregressive, Gan, Pack, Upscaler
from genstudio.recipe.png import png_bytes, recipe_if_any
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import PictureRef, Recipe, UpscaleRecipe
from genstudio.studio.compare import Compare
from genstudio.studio.cropping import Cropping
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.models import Models
from genstudio.studio.own_picture import Reading, can_read, continued, read, read_recipe
from genstudio.studio.picture import Picture
from genstudio.studio.queue import Queue
from genstudio.studio.work import Handlers, Work

PACK_SUFFIX: Final = ".gspack"
Pixels = NDArray[np.uint8]
_OWN: Final = "own-picture"


@dataclass(frozen=True)
class Ready:
    """The settled picture as a file that another program can take."""

    recipe: Recipe
    png: bytes
    path: Path


@dataclass(frozen=True)
class _Opened:
    recipe: Recipe | None
    pixels: Pixels | None
    enlarged_from: str = ""
    """What a picture that GenStudio enlarged was called before; its recipe needs that one."""


class Files:
    """Opens what is dropped on the window; saves and hands out the current picture."""

    def __init__(
        self,
        editor: Editor,
        picture: Picture,
        models: Models,
        queue: Queue,
        compare: Compare,
        work: Work,
        messages: Messages,
    ) -> None:
        """Take the parts of the studio that files go to and come from."""
        self.ready_changed: Event[None] = Event()
        self._ready: Ready | None = None
        self._held: Path | None = None
        self._preparing = 0
        self.saved: Event[Path] = Event()
        self.sources: dict[str, Pixels] = {}
        """Pictures from outside that recipes enlarge, by SHA-256."""
        self._editor, self._picture, self._models = editor, picture, models
        self._work, self._messages, self._queue = work, messages, queue
        self._compare, self.cropping = compare, Cropping()
        picture.settled.connect(self._prepare)

    @property
    def ready(self) -> Ready | None:
        """The picture on the canvas as PNG with its recipe; None until it rests and is encoded."""
        ready, shown = self._ready, self._picture.rendering
        is_shown = ready and shown and self._picture.partial is None
        return ready if is_shown and ready and shown and shown.recipe == ready.recipe else None

    def open(self, path: Path) -> None:
        """Open a file: a pack is added, the recipe of a picture is loaded as one undo step."""
        if path.suffix.lower() == PACK_SUFFIX or (path / FILE_NAME).is_file():
            self._models.add(path)
        else:
            self._open_picture(path)

    def _open_picture(self, path: Path) -> None:
        self._work.files(
            lambda: _open(path),
            Handlers(
                finished=lambda opened: self._take(opened, path.name),
                failed=lambda sentence, _: self._messages.tell(sentence, "error"),
            ),
        )

    def take_picture(self, pixels: Pixels, name: str, enlarged_from: str = "") -> None:
        """A picture without a recipe came in (pasted, dropped): say what can be done with it."""
        ways: dict[str, Callable[[], None]] = {}
        pack = self._editor.pack
        if pack is not None and can_read(pack):
            model = pack.manifest.name
            label = translate("Files", "Start from it with {model}").format(model=model)
            ways[label] = lambda: self._read(pack, pixels, name)
            ways[translate("Files", "Crop it first ...")] = lambda: self._crop(pack, pixels, name)
            if isinstance(pack.manifest.model, Autoregressive):
                label = translate("Files", "Draw its lower half with {model}").format(model=model)
                ways[label] = lambda: self._continue(pack, pixels, name)
        for upscaler in self._models.upscalers:
            assert isinstance(upscaler.manifest.model, Upscaler)
            scale = upscaler.manifest.model.scale
            ways[translate("Files", "Enlarge it {scale} times").format(scale=scale)] = (
                lambda upscaler=upscaler: self._enlarge(upscaler, pixels, name)  # type: ignore[misc]
            )
        if enlarged_from:
            text = translate(
                "Files", "{name} was enlarged from {source}; open that one to enlarge it anew."
            )
        else:
            text = translate("Files", "{name} was not made by GenStudio, so it holds no recipe.")
        text = text.format(name=name, source=enlarged_from)
        self._messages.tell(text, "info", key="incoming", ways=ways)

    def suggested_name(self) -> str:
        """What the current picture's file would be called, without a suffix."""
        recipe = self._editor.recipe
        if recipe is None:
            return ""
        words = recipe.prompts[0].text[:40] if hasattr(recipe, "prompts") and recipe.prompts else ""
        plain = "".join(c if c.isalnum() else "-" for c in words).strip("-")
        return picture_name(plain or recipe.model.id, seed_of(recipe))

    def save(self, path: Path) -> None:
        """Save the current picture; PNG and WebP hold its recipe, a JPEG where it is short."""
        rendering = self._picture.rendering
        if rendering is None or not self._picture.is_current:
            self._messages.tell(
                translate("Files", "The picture is not finished; save it when it is."), "warning"
            )
            return
        if path.suffix.lower() == openraster.SUFFIX:
            self._save_layers(path, rendering)
            return
        self._work.files(
            lambda: write_picture(path, rendering.pixels, rendering.recipe, rendering.device),
            Handlers(
                finished=lambda notes: self._tell_saved(path, notes),
                failed=lambda sentence, _: self._messages.tell(sentence, "error"),
            ),
        )

    def _save_layers(self, path: Path, rendering: Rendering) -> None:
        """Render what the picture came from, then write all of it."""
        sources = dict(self.sources)
        self._work.batch(
            lambda engine, *ways: openraster.layers_of(engine, rendering, *ways, sources=sources),
            Handlers(
                finished=lambda layers: self._write_layers(path, layers, rendering),
                failed=lambda sentence, _: self._messages.tell(sentence, "error"),
            ),
        )

    def _write_layers(
        self, path: Path, layers: list[openraster.Layer], rendering: Rendering
    ) -> None:
        self._work.files(
            lambda: openraster.write_ora(path, layers, rendering.recipe, rendering.device),
            Handlers(
                finished=lambda _: self._tell_saved(path, ()),
                failed=lambda sentence, _: self._messages.tell(sentence, "error"),
            ),
        )

    def _tell_saved(self, path: Path, notes: Sequence[str]) -> None:
        text = translate("Files", "Saved {name}.").format(name=path.name)
        self._messages.tell(" ".join((text, *notes)), "warning" if notes else "info", key="saved")
        self.saved.emit(path)

    def _take(self, opened: _Opened, name: str) -> None:
        if opened.recipe is not None:
            words = translate("History", "opened {name}").format(name=name)
            self._editor.open(opened.recipe, words)
        elif opened.pixels is not None:
            self.take_picture(opened.pixels, name, opened.enlarged_from)

    def _crop(self, pack: Pack, pixels: Pixels, name: str) -> None:
        self._messages.withdraw("incoming")
        self.cropping.begin(pixels, pack, lambda cut: self._read(pack, cut, name))

    def _read(self, pack: Pack, pixels: Pixels, name: str) -> None:
        """Start from a picture. What takes a search of some seconds is in the list of jobs."""
        current = self._editor.recipe
        self._messages.withdraw("incoming")
        if isinstance(pack.manifest.model, Gan):
            text = translate(
                "Files", "{model} looks for the nearest picture that it can make; see Jobs."
            )
            self._messages.tell(text.format(model=pack.manifest.name), key=_OWN)
        self._queue.run(
            self._title(pack, name),
            lambda engine, *ways: read(engine, pack, pixels, current, *ways),
            lambda reading: self._start_from(reading, pixels, pack, name),
        )

    def _start_from(self, reading: Reading, pixels: Pixels, pack: Pack, name: str) -> None:
        recipe = reading.rendering.recipe
        self._picture.keep(reading.rendering)
        self._editor.open(recipe, translate("History", "from picture {name}").format(name=name))
        self._compare.show_own(recipe, pixels)
        self._messages.tell(reading.words(name, pack), key=_OWN)

    def _continue(self, pack: Pack, pixels: Pixels, name: str) -> None:
        """Keep the upper half of a picture, and let the model draw on below."""
        current, model = self._editor.recipe, pack.manifest.model
        assert isinstance(model, Autoregressive)
        words = translate("History", "{name}, drawn on").format(name=name)
        self._messages.withdraw("incoming")
        self._queue.run(
            self._title(pack, name),
            lambda engine, *ways: read_recipe(engine, pack, pixels, current, *ways),
            lambda recipe: self._editor.open(
                continued(recipe, model.grid, self._editor.new_seed()), words
            ),
        )

    def _title(self, pack: Pack, name: str) -> str:
        title = translate("Queue", "{name} with {model}")
        return title.format(name=name, model=pack.manifest.name)

    def _enlarge(self, upscaler: Pack, pixels: Pixels, name: str) -> None:
        self._messages.withdraw("incoming")
        self._work.files(
            lambda: picture_hash(pixels),
            Handlers(finished=lambda sha256: self._open_enlarged(upscaler, pixels, sha256, name)),
        )

    def _open_enlarged(self, upscaler: Pack, pixels: Pixels, sha256: str, name: str) -> None:
        steps = (step.recipe for step in self._editor.history.steps)
        needed = {recipe.picture.sha256 for recipe in steps if isinstance(recipe, UpscaleRecipe)}
        for unneeded in self.sources.keys() - needed:
            del self.sources[unneeded]
        self.sources[sha256] = pixels
        picture = PictureRef(sha256=sha256, name=name[:200])
        words = translate("History", "enlarged {name}").format(name=name)
        self._editor.open(UpscaleRecipe(model=upscaler.ref, picture=picture), words)

    def _prepare(self, rendering: Rendering) -> None:
        """Encode the settled picture, so that copying and dragging it out need not wait."""
        self._ready = None
        folder, held = cache_folder() / "drag", self._held
        # Of pictures that follow one another quickly, only the newest is encoded.
        self._work.cancel(self._preparing)
        self._preparing = self._work.files(
            lambda: _make_ready(rendering, folder, held), Handlers(finished=self._take_ready)
        )

    def hold(self) -> None:
        """The picture went to the clipboard: its file stays until another one goes there."""
        if self.ready is not None:
            self._held = self.ready.path

    def _take_ready(self, ready: Ready) -> None:
        rendering = self._picture.rendering
        if rendering is not None and rendering.recipe == ready.recipe:
            self._ready = ready
            self.ready_changed.emit(None)


def _open(path: Path) -> _Opened:
    try:
        found = recipe_if_any(path)
    except GenStudioError:
        if path.suffix.lower() in (".json", ""):
            raise
        found = None
    if found is None:
        return _Opened(None, read_picture(path))
    if isinstance(found.recipe, UpscaleRecipe):
        source = found.recipe.picture.name or translate("Files", "another picture")
        return _Opened(None, read_picture(path), source)
    return _Opened(found.recipe, None)


def _make_ready(rendering: Rendering, folder: Path, held: Path | None) -> Ready:
    """The picture as a PNG in a folder of its own; earlier ones go, but for the one that is held.

    Two pictures of one seed have one name, and who was given the first must not find the second.
    """
    recipe = rendering.recipe
    data = png_bytes(rendering.pixels, recipe, rendering.device)
    own = folder / hashlib.sha256(data).hexdigest()[:16]
    path = own / f"{picture_name(recipe.model.id, seed_of(recipe))}.png"
    files.write_bytes(path, data)
    for old in folder.iterdir():
        if old != own and (held is None or old != held.parent):
            shutil.rmtree(old, ignore_errors=True)
    return Ready(recipe, data, path)
