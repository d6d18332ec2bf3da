"""What goes into the library: every picture that comes to rest, and every picture of a batch."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.engine.rendering import Rendering
from genstudio.library.entries import recipe_key
from genstudio.library.library import Library, thumbnail_pixels
from genstudio.packs.manifest import Pack, Vae
from genstudio.recipe.values import Exact, LatentRecipe
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.models import Models
from genstudio.studio.picture import Picture, Pixels
from genstudio.studio.queue import Queue
from genstudio.studio.shelf import TROUBLE, Shelf
from genstudio.studio.work import Handlers, Work

_LOOKS_AT_ONCE: Final = 16


class Keeping:
    """Keeps pictures as they come, and notes what they look like while nobody waits."""

    def __init__(
        self,
        editor: Editor,
        picture: Picture,
        queue: Queue,
        models: Models,
        shelf: Shelf,
        work: Work,
        messages: Messages,
    ) -> None:
        """Take what pictures come from, the library, and the workers."""
        self.kept: Event[int] = Event()
        """A picture is in the library, all of it on the disk."""
        self._editor, self._models, self._shelf = editor, models, shelf
        self._work, self._messages = work, messages
        self._looking = False
        picture.settled.connect(self._keep_settled)
        queue.drawn.connect(self._keep)
        models.changed.connect(lambda _: self.look())

    def _keep_settled(self, rendering: Rendering) -> None:
        steps, index = self._editor.history.steps, self._editor.history.index
        parent = recipe_key(steps[index - 1].recipe) if index > 0 else ""
        self._keep(rendering, parent)

    def _keep(self, rendering: Rendering, parent: str = "") -> None:
        pack = self._models.find(rendering.recipe.model.id)
        family = pack.manifest.family if pack else ""
        licence = pack.manifest.licence if pack else ""

        def keep(library: Library) -> int:
            return library.keep(rendering, family=family, licence=licence, parent=parent)

        self._shelf.ask(keep, self._take_kept)

    def _take_kept(self, number: int) -> None:
        self.kept.emit(number)
        self._messages.withdraw(TROUBLE)
        self.look()

    def look(self) -> None:
        """Note what pictures look like, while nobody waits: some, then some more."""
        pack = self._encoder()
        if self._looking or pack is None:
            return
        self._looking = True
        encoder = f"{pack.id} {pack.ref.sha256[:16]}"

        def lacking(library: Library) -> list[tuple[int, Pixels]]:
            numbers = library.likeness.lacking(encoder, _LOOKS_AT_ONCE)
            small = library.thumbnails(numbers)
            return [(n, thumbnail_pixels(small[n])) for n in numbers if n in small]

        def encode(found: list[tuple[int, Pixels]]) -> None:
            if not found:
                self._looking = False
                return
            self._work.background(
                lambda engine, _progress, cancel: [
                    (number, _look_of(engine, pack, pixels, cancel)) for number, pixels in found
                ],
                Handlers(finished=keep, failed=lambda *_: None),
            )

        def keep(looks: list[tuple[int, NDArray[np.float32]]]) -> None:
            def add(library: Library) -> None:
                for number, vector in looks:
                    library.likeness.add(number, encoder, vector)

            self._shelf.ask(add, lambda _: again())

        def again() -> None:
            self._looking = False
            self.look()

        self._shelf.ask(lacking, encode)

    def _encoder(self) -> Pack | None:
        """The model that sees what pictures look like: the first VAE that reads pictures."""
        return next(
            (
                pack
                for pack in self._models.packs
                if isinstance(pack.manifest.model, Vae) and "encoder" in pack.manifest.graphs
            ),
            None,
        )


def _look_of(engine: Any, pack: Pack, pixels: Pixels, cancel: Any) -> NDArray[np.float32]:
    """What the model's encoder makes of a picture, as one vector."""
    recipe = engine.encode(pack.ref, pixels, cancel)
    if not isinstance(recipe, LatentRecipe) or not isinstance(recipe.source, Exact):
        raise GenStudioError(f"The model {pack.id} gives no latent for a picture.")
    return np.frombuffer(recipe.source.mean.data, "<f4")
