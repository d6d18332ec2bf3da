"""The library as the window shows it: what is sought, what is chosen, and what is done with it.

All of it happens in the library's own thread; what is sought while something older still waits
replaces it.
"""

from __future__ import annotations

import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.library.entries import Entry, Marks, Query, recipe_key
from genstudio.library.library import Library, thumbnail_pixels
from genstudio.library.mend import Keeper, TakenIn, take_in
from genstudio.media.verify import Verdict, verify
from genstudio.recipe.png import read_recipe
from genstudio.recipe.prompts import prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import LatentRecipe, Recipe, UpscaleRecipe
from genstudio.studio.editor import Editor
from genstudio.studio.keeping import Keeping
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Pixels
from genstudio.studio.shelf import Shelf
from genstudio.studio.work import Handlers, Work

Setting = Literal["seed", "prompt", "latent"]
SETTINGS: Final[tuple[Setting, ...]] = ("seed", "prompt", "latent")
_KEY: Final = "library"
_THUMBNAILS: Final = 800
"""Small pictures that are kept at hand: several screens of them."""


@dataclass(frozen=True)
class Facets:
    """What there is to choose from."""

    models: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    count: int = 0
    binned: int = 0


class Gallery:
    """Shows the kept pictures that a query asks for, and what is done with them."""

    def __init__(
        self,
        editor: Editor,
        shelf: Shelf,
        keeping: Keeping,
        work: Work,
        messages: Messages,
        sources: dict[str, Pixels],
    ) -> None:
        """Take what pictures are used in, the library, and pictures from outside by SHA-256."""
        self.changed: Event[None] = Event()
        """Other pictures are listed, or another one is chosen."""
        self.thumbnails_changed: Event[None] = Event()
        """More of the small pictures are there."""
        self.opened: Event[bool] = Event()
        """The library is to be shown, or no longer."""
        self.is_open = False
        self.query = Query()
        self.ids: Sequence[int] = array.array("q")
        """The pictures that the query found, in order."""
        self.facets = Facets()
        self.entry: Entry | None = None
        """What is known of the chosen picture."""
        self._editor, self._shelf, self._keeping = editor, shelf, keeping
        self._work, self._messages, self._sources = work, messages, sources
        self._thumbnails: OrderedDict[int, NDArray[np.uint8]] = OrderedDict()
        self._wanted: tuple[int, ...] = ()
        self._asking = False
        keeping.kept.connect(lambda _: self._refresh())

    # Showing and seeking

    def show(self, shown: bool) -> None:
        """Show the library in place of the picture, or the picture again."""
        if shown != self.is_open:
            self.is_open = shown
            self.opened.emit(shown)
        self._refresh()

    def search(self, query: Query) -> None:
        """List the pictures that a query asks for."""
        self.query = query
        self._shelf.ask_live(("search", query), lambda library: library.find(query), self._list)

    def choose(self, number: int | None) -> None:
        """Choose a picture to see what is known of it."""
        if number is None:
            self.entry = None
            self.changed.emit(None)
        else:
            self._shelf.ask(lambda library: library.entry(number), self._take_entry)

    def thumbnail(self, number: int) -> NDArray[np.uint8] | None:
        """The small picture of one that is listed; None until it is read."""
        found = self._thumbnails.get(number)
        if found is not None:
            self._thumbnails.move_to_end(number)
        return found

    def want(self, numbers: Iterable[int]) -> None:
        """Read the small pictures that are in view; those that left the view are not waited for."""
        self._wanted = tuple(n for n in numbers if n not in self._thumbnails)
        if self._wanted and not self._asking:
            self._read_thumbnails()

    # What is done with pictures

    def use(self, entry: Entry) -> None:
        """Go on from a picture with all its settings, as one undo step."""
        words = translate("History", "from the library: {name}").format(name=entry.path.stem)
        self._read_recipe(entry, lambda recipe: self._take_recipe(recipe, words))

    def copy_setting(self, entry: Entry, setting: Setting) -> None:
        """Take a picture's seed, prompt or latent over into the current settings, as one step."""
        self._read_recipe(entry, lambda recipe: self._take_setting(recipe, setting))

    def mark(self, numbers: Sequence[int], marks: Marks) -> None:
        """Give stars, a heart or a note."""
        self._change(lambda library: library.mark(numbers, marks))

    def bin(self, numbers: Sequence[int]) -> None:
        """Put pictures into the bin; the message brings them back."""
        text = translate("Library", "{count} pictures are in the bin.").format(count=len(numbers))
        back = {translate("Library", "Bring back"): lambda: self.restore(numbers)}
        self._change(
            lambda library: library.bin(numbers),
            lambda: self._messages.tell(text, key=_KEY, ways=back),
        )

    def restore(self, numbers: Sequence[int]) -> None:
        """Bring pictures back from the bin."""
        self._messages.withdraw(_KEY)
        self._change(lambda library: library.restore(numbers))

    def empty_bin(self) -> None:
        """Delete what is in the bin for good, once it is said that this is meant."""
        count = self.facets.binned
        if not count:
            return
        text = translate(
            "Library", "Delete the {count} pictures in the bin? They cannot be brought back."
        ).format(count=count)
        sure = {
            translate("Library", "Delete for good"): lambda: self._change(
                lambda library: library.empty_bin(), lambda: self._messages.withdraw(_KEY)
            )
        }
        self._messages.tell(text, "warning", key=_KEY, ways=sure)

    def put(self, numbers: Sequence[int], collection: str) -> None:
        """Put pictures into a collection, which is made if need be."""
        self._change(lambda library: library.put(numbers, collection))

    def take_out(self, numbers: Sequence[int], collection: str) -> None:
        """Take pictures out of a collection."""
        self._change(lambda library: library.take_out(numbers, collection))

    def like(self, entry: Entry) -> None:
        """List the pictures that look like one."""
        self.search(Query(like=entry.id))

    def favour_current(self) -> None:
        """Give the picture on the canvas a heart, or take it away."""
        recipe = self._editor.recipe
        if recipe is None:
            return
        key = recipe_key(recipe)

        def turn(library: Library) -> bool | None:
            number = library.id_of(key)
            entry = library.entry(number) if number is not None else None
            if entry is None:
                return None
            library.mark([entry.id], Marks(favourite=not entry.favourite))
            return not entry.favourite

        self._shelf.ask(turn, self._tell_favour)

    def take_in(self, folder: Path) -> None:
        """Copy the pictures that GenStudio made out of a folder into the library."""
        self._messages.tell(
            translate("Library", "Taking in {folder} ...").format(folder=folder), key=_KEY
        )

        def task(keeper: Keeper, progress: Any, cancel: Any) -> TakenIn:
            return keeper.use(lambda library: take_in(library, folder, progress, cancel))

        self._work.library(task, Handlers(finished=self._tell_taken, failed=self._shelf.refuse))

    def verify(self, entry: Entry) -> None:
        """Render a picture's recipe again and say whether it comes out the same."""
        self._messages.tell(
            translate("Library", "Rendering {name} again ...").format(name=entry.path.name),
            key=_KEY,
        )
        sources = dict(self._sources)
        self._work.batch(
            lambda engine, *ways: verify(engine, entry.path, *ways, sources=sources),
            Handlers(finished=self._tell_verdict, failed=self._shelf.refuse),
        )

    # Taking what comes back

    def _refresh(self) -> None:
        if self.is_open:
            self._seek_again()

    def _seek_again(self) -> None:
        """The pictures are others: list them anew, and what there is to choose from."""
        self.search(self.query)
        self._shelf.ask(_facets_of, self._take_facets)

    def _take_facets(self, facets: Facets) -> None:
        self.facets = facets
        self.changed.emit(None)

    def _list(self, ids: Sequence[int]) -> None:
        self.ids = ids
        if self.query.like is not None and not ids:
            self._messages.tell(
                translate(
                    "Library", "What this picture looks like is not noted yet; try again soon."
                ),
                key=_KEY,
            )
        chosen = self.entry
        if chosen is not None and chosen.id not in self.ids:
            self.entry = None
        self.changed.emit(None)

    def _take_entry(self, entry: Entry | None) -> None:
        self.entry = entry
        self.changed.emit(None)

    def _read_thumbnails(self) -> None:
        self._asking = True
        wanted = self._wanted

        def read(library: Library) -> dict[int, NDArray[np.uint8]]:
            return {n: thumbnail_pixels(webp) for n, webp in library.thumbnails(wanted).items()}

        self._shelf.ask(read, self._take_thumbnails, self._forget_thumbnails)

    def _take_thumbnails(self, found: dict[int, NDArray[np.uint8]]) -> None:
        self._asking = False
        self._thumbnails.update(found)
        while len(self._thumbnails) > _THUMBNAILS:
            self._thumbnails.popitem(last=False)
        self.thumbnails_changed.emit(None)
        missing = tuple(n for n in self._wanted if n not in self._thumbnails)
        if missing and missing != self._wanted:
            self.want(missing)

    def _forget_thumbnails(self) -> None:
        self._asking = False

    def _read_recipe(self, entry: Entry, then: Callable[[Recipe], None]) -> None:
        self._work.files(
            lambda: read_recipe(entry.path), Handlers(finished=then, failed=self._shelf.refuse)
        )

    def _take_recipe(self, recipe: Recipe, words: str) -> None:
        if isinstance(recipe, UpscaleRecipe) and recipe.picture.sha256 not in self._sources:
            self._messages.tell(
                translate(
                    "Library",
                    "This picture was enlarged from {name}; open that one to enlarge it anew.",
                ).format(name=recipe.picture.name or translate("Files", "another picture")),
                "warning",
                key=_KEY,
            )
            return
        self.show(False)
        self._editor.open(recipe, words)

    def _take_setting(self, recipe: Recipe, setting: Setting) -> None:
        editor = self._editor
        current = editor.recipe
        if setting == "seed":
            seed = seed_of(recipe)
            if seed is None:
                self._lacks(translate("Library", "a seed"))
            else:
                editor.set_seed(seed)
        elif setting == "prompt":
            prompts = prompts_of(recipe)
            if not prompts:
                self._lacks(translate("Library", "a prompt"))
            else:
                editor.set_prompts(prompts)
        elif (
            isinstance(recipe, LatentRecipe)
            and isinstance(current, LatentRecipe)
            and current.model.id == recipe.model.id
        ):
            words = translate("History", "latent from the library")
            editor.open(replace(current, source=recipe.source), words)
        else:
            self._messages.tell(
                translate(
                    "Library",
                    "A latent can only be taken over between pictures of one VAE or GAN.",
                ),
                "warning",
                key=_KEY,
            )

    def _lacks(self, what: str) -> None:
        text = translate("Library", "This picture has no {what} to copy.").format(what=what)
        self._messages.tell(text, "warning", key=_KEY)

    def _tell_favour(self, favourite: bool | None) -> None:
        texts = {
            None: translate("Library", "The picture is not in the library yet; wait until it is."),
            True: translate("Library", "A favourite now; find it in the library."),
            False: translate("Library", "No longer a favourite."),
        }
        self._messages.tell(texts[favourite], key=_KEY)
        self._refresh()

    def _tell_taken(self, result: TakenIn) -> None:
        text = translate("Library", "{added} pictures taken in, {known} were here already.")
        told = text.format(added=result.added, known=result.known)
        if result.refused:
            more = translate("Library", "{count} could not be read, such as: {sentence}")
            told += " " + more.format(count=len(result.refused), sentence=result.refused[0])
        self._messages.tell(told, "warning" if result.refused else "info", key=_KEY)
        self._seek_again()
        self._keeping.look()

    def _tell_verdict(self, verdict: Verdict) -> None:
        self._messages.tell(verdict.sentence, "info" if verdict.is_same else "warning", key=_KEY)

    # Asking

    def _change(
        self, task: Callable[[Library], object], then: Callable[[], None] | None = None
    ) -> None:
        def done(_: object) -> None:
            self._seek_again()
            if self.entry is not None:
                self.choose(self.entry.id)
            if then is not None:
                then()

        self._shelf.ask(task, done)


def _facets_of(library: Library) -> Facets:
    return Facets(
        library.models(), library.licences(), library.collections(),
        library.count(), library.count(binned=True),
    )  # fmt: skip
