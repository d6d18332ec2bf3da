"""The studio: builds the parts, connects them, and begins and ends the sitting."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.base.paths import data_folder
from genstudio.base.texts import translate
from genstudio.document.project import SUFFIX
from genstudio.engine.pixels import read_picture
from genstudio.engine.rendering import Rendering
from genstudio.jobs.events import JobEvent
from genstudio.media.walk import SUFFIX as WALK_SUFFIX
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.packs.store import PackStore
from genstudio.recipe.values import ModelRef, UpscaleRecipe
from genstudio.studio.atlas import Atlas
from genstudio.studio.autosave import Autosave
from genstudio.studio.blend import Blend
from genstudio.studio.breeding import Breeding
from genstudio.studio.compare import Compare
from genstudio.studio.editor import Editor
from genstudio.studio.extending import Extending
from genstudio.studio.files import Files
from genstudio.studio.gallery import Gallery
from genstudio.studio.keeping import Keeping
from genstudio.studio.messages import Messages
from genstudio.studio.models import Models
from genstudio.studio.pad import Pad
from genstudio.studio.picture import Picture, Pixels
from genstudio.studio.portraits import Portraits
from genstudio.studio.preferences import Preferences
from genstudio.studio.projects import Projects
from genstudio.studio.queue import Queue, batch_recipes
from genstudio.studio.repaint import Repaint
from genstudio.studio.shelf import Shelf
from genstudio.studio.sliders import Sliders
from genstudio.studio.step_pictures import StepPictures
from genstudio.studio.token_sight import TokenSight
from genstudio.studio.variations import Variations
from genstudio.studio.walking import Walking
from genstudio.studio.work import Handlers, Work

if TYPE_CHECKING:
    from genstudio.engine.providers import Device, ProviderPlan
    from genstudio.engine.render import Engine


class Studio:
    """Owns the state of one window. One thread uses it; events of the workers come in there."""

    def __init__(
        self,
        post: Callable[[JobEvent], None],
        store: PackStore | None = None,
        device: Device = "auto",
        preferences: Path | None = None,
    ) -> None:
        """Build the parts.

        `post` is called in the workers' threads and must bring each event to `receive` in the
        studio's own thread. `store`, `device` and `preferences` are the usual ones if left out.
        """
        self.plan_changed: Event[None] = Event()
        self.plan: ProviderPlan | None = None
        """What the engine computes on, once it is open."""
        self.threads = max(1, (os.cpu_count() or 2) - 1)
        """The processor's threads that the engine takes; the window has one to breathe on."""
        self.is_starting = True
        """The models are not read yet."""
        packs = store or PackStore()
        self.messages = Messages()
        threads = self.threads
        self.work = Work(
            lambda: _open_engine(packs, device, threads), data_folder() / "library", post
        )
        self.preferences = Preferences(self.work, preferences)
        self.models = Models(packs, self.work, self.messages)
        self.editor = Editor(self.models.find, self.messages)
        self.picture = Picture(self.work, self.messages, self.models.find, self._source_picture)
        self.sliders = Sliders(self.editor, self.work, self.messages)
        self.variations = Variations(self.editor, self.work, self.picture, self.messages)
        portraits = Portraits(self.picture, self.work)
        self.breeding = Breeding(
            self.editor, self.variations, self.models, portraits, self.work, self.messages
        )
        self._step_pictures = StepPictures(self.editor, self.picture, self.work)
        self.compare = Compare(self.editor, self.picture, self.work)
        self.pad = Pad(self.editor, self.sliders, self.picture, self.work)
        self.blend = Blend(self.editor, self.picture, self.models.keeps_learned, self.messages)
        self.queue = Queue(self.work, self.messages)
        self.repaint = Repaint(self.editor, self.picture, self.work, self.messages)
        self.token_sight = TokenSight(
            self.editor, self.picture, self.variations, self.work, self.messages
        )
        self.extending = Extending(self.editor, self.picture, self.work, self.messages)
        self.atlas = Atlas(self.editor, self.work, self.messages)
        self.walking = Walking(
            self.editor,
            self.picture,
            self.models.keeps_learned,
            self.queue,
            self.work,
            self.messages,
        )
        self.files = Files(
            self.editor, self.picture, self.models, self.queue, self.compare, self.work,
            self.messages,
        )  # fmt: skip
        self.projects = Projects(
            self.editor, self.walking, self.breeding, self.models, self.files.sources, self.work,
            self.messages,
        )  # fmt: skip
        self._shelf = Shelf(self.work, self.messages)
        self.keeping = Keeping(
            self.editor,
            self.picture,
            self.queue,
            self.models,
            self._shelf,
            self.work,
            self.messages,
        )
        self.gallery = Gallery(
            self.editor, self._shelf, self.keeping, self.work, self.messages, self.files.sources
        )
        self.autosave = Autosave(
            self.projects, self.work, self.messages, data_folder() / "sittings"
        )
        self.picture.way_back = self.editor.undo
        self._opened_files: Sequence[Path] = ()
        self._connect()

    def receive(self, event: JobEvent) -> None:
        """Take an event of a worker, in the studio's thread."""
        self.work.receive(event)

    def start(self, files: Sequence[Path] = ()) -> None:
        """Read the models, open the engine, and go on where the last sitting ended."""
        self._opened_files = files
        self.models.reload()
        self.work.batch(
            lambda engine, *_: engine.plan,
            Handlers(finished=self._take_plan, failed=lambda s, _: self.messages.tell(s, "error")),
        )

    def close(self) -> bool:
        """Remember the sitting, stop all work and end the threads; False where one hangs."""
        self.preferences.finish()
        self.autosave.finish()
        return self.work.close()

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open projects, packs, pictures and recipes, each as what it is."""
        for path in paths:
            if path.suffix.lower() == SUFFIX:
                self.projects.open(path)
            elif path.name.lower().endswith(WALK_SUFFIX):
                self.walking.open(path)
            else:
                self.files.open(path)

    # What takes several parts

    def draw(self) -> None:
        """Another picture: a new seed, unless it is locked."""
        if self.editor.seed_locked:
            self.picture.draw_again()
        else:
            self.editor.roll_seed()

    def upscaler(self, scale: int) -> ModelRef | None:
        """The first upscaler of a scale, if there is one."""
        for pack in self.models.upscalers:
            if isinstance(pack.manifest.model, Upscaler) and pack.manifest.model.scale == scale:
                return pack.ref
        return None

    def best_of(self, count: int, near: Pixels | None = None) -> None:
        """The seed, of `count` from the present one on, that the model scores highest.

        With `near`, the one whose picture comes nearest to that one.
        """
        recipe = self.editor.recipe
        if recipe is None or isinstance(recipe, UpscaleRecipe):
            return
        words = (
            translate("History", "best of {count}")
            if near is None
            else translate("History", "nearest of {count}")
        ).format(count=count)

        def take(rendering: Rendering) -> None:
            self.picture.keep(rendering)
            self.editor.open(rendering.recipe, words)

        self.queue.run(
            words,
            lambda engine, *ways: engine.best_of(recipe, count, *ways, near=near),
            take,
        )

    def nearest_of(self, count: int, path: Path) -> None:
        """The seed, of `count` from the present one on, that comes nearest to a picture's file."""
        self.work.files(
            lambda: read_picture(path),
            Handlers(
                finished=lambda pixels: self.best_of(count, pixels),
                failed=lambda sentence, _: self.messages.tell(sentence, "error"),
            ),
        )

    def make_batch(
        self, count: int, first_seed: int, prompts: tuple[str, ...], folder: Path | None
    ) -> None:
        """Queue pictures of the current recipe: `count` seeds, for each prompt if there are any."""
        recipe, pack = self.editor.recipe, self.editor.pack
        if recipe is None or pack is None:
            return
        try:
            recipes = batch_recipes(recipe, pack.manifest, count, first_seed, prompts)
        except GenStudioError as error:
            self.messages.tell(str(error), "warning")
            return
        title = translate("Queue", "{count} pictures of {model}").format(
            count=len(recipes), model=pack.manifest.name
        )
        self.queue.add(title, recipes, folder)

    def _connect(self) -> None:
        self.editor.changed.connect(self.picture.follow)
        self.models.changed.connect(lambda _: self._models_read())
        self.models.added.connect(self._welcome)

    def _models_read(self) -> None:
        if not self.is_starting or not self.models.is_read:
            return
        self.is_starting = False
        self.autosave.begin(restore=not self._opened_files)
        self._shelf.tidy()
        self.open_files(self._opened_files)

    def _welcome(self, pack: Pack) -> None:
        """A model was added: choose it, or go on with it where the recipe is of it already."""
        recipe = self.editor.recipe
        if recipe is not None and recipe.model.id == pack.id:
            changed = replace(recipe, model=pack.ref)
            if changed == recipe:
                self.editor.finish()
            else:
                self.editor.open(changed)
        elif not isinstance(pack.manifest.model, Upscaler):
            self.editor.choose_model(pack.id)

    def _take_plan(self, plan: ProviderPlan) -> None:
        self.plan = plan
        # Once is enough for whoever has no graphics card; the status bar goes on telling it.
        if plan.note and self.preferences.is_first_start:
            self.messages.tell(f"GenStudio {plan.note}.", key="device")
        self.plan_changed.emit(None)

    def _source_picture(self, sha256: str) -> Pixels | None:
        return self.files.sources.get(sha256)


def _open_engine(store: PackStore, device: Device, threads: int) -> Engine:
    from genstudio.engine.render import Engine

    return Engine(store.resolve, device=device, threads=threads)
