"""The walk that a person puts together: keyframes on a strip, a look at it, a film of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base import files
from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.media.film import write_walk
from genstudio.media.video import check_film
from genstudio.media.walk import SIZE_LIMIT, Walk, check_walk, decode_walk, encode_walk, recipe_at
from genstudio.recipe.values import SEED_LIMIT, Recipe, UpscaleRecipe, Way
from genstudio.studio.editor import Edited, Editor
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Picture
from genstudio.studio.portraits import Portraits
from genstudio.studio.queue import Queue
from genstudio.studio.reseed import reseeded
from genstudio.studio.work import Handlers, Work

_KEY = "walk"


class Walking:
    """Holds the walk. Looking at it changes no step of the history; going to a keyframe does."""

    def __init__(
        self,
        editor: Editor,
        picture: Picture,
        keeps_learned: Callable[[Recipe], bool],
        queue: Queue,
        work: Work,
        messages: Messages,
    ) -> None:
        """Take the recipe to put on the strip, what shows it, and the workers.

        `keeps_learned` says whether a recipe's model keeps learned pictures.
        """
        self.changed: Event[None] = Event()
        """Another walk, it plays or not, or a keyframe's picture is there."""
        self.moved: Event[None] = Event()
        """The preview is at another place."""
        self.walk = Walk()
        self.place = 0.0
        """Where the preview is, 0 (the start) to 1."""
        self.is_playing = False
        self._editor, self._picture, self._queue = editor, picture, queue
        self._keeps_learned = keeps_learned
        self._work, self._messages = work, messages
        self._portraits = Portraits(picture, work)
        self._portraits.changed.connect(lambda _: self.changed.emit(None))
        self._is_looking = False
        editor.changed.connect(lambda _: self._leave())

    @property
    def can_add(self) -> bool:
        """Whether the current picture can be a keyframe."""
        recipe = self._editor.recipe
        return recipe is not None and not isinstance(recipe, UpscaleRecipe)

    @property
    def can_go(self) -> bool:
        """Whether there is a way to go."""
        return len(self.walk.keyframes) > 1

    @property
    def can_pass_learned(self) -> bool:
        """Whether the keyframes' model keeps learned pictures for a way to pass."""
        return bool(self.walk.keyframes) and self._keeps_learned(self.walk.keyframes[0])

    def thumbnail(self, index: int) -> NDArray[np.uint8] | None:
        """The small picture of a keyframe; None until it has been seen."""
        return self._portraits.of(self.walk.keyframes[index])

    # Putting it together

    def add(self) -> None:
        """Put the current picture behind the last keyframe."""
        recipe = self._editor.recipe
        if recipe is not None and self.can_add:
            self._take((*self.walk.keyframes, recipe))

    def add_random(self, count: int = 4) -> None:
        """Put pictures of the current settings from other seeds on the strip: a walk by chance."""
        recipe = self._editor.recipe
        if recipe is None or not self.can_add:
            return
        found = [reseeded(recipe, secrets.randbelow(SEED_LIMIT)) for _ in range(count)]
        self._take((*(self.walk.keyframes or (recipe,)), *found))

    def remove(self, index: int) -> None:
        """Take a keyframe off the strip; a message brings it back."""
        before, keyframes = self.walk, self.walk.keyframes
        if 0 <= index < len(keyframes):
            self._set(replace(before, keyframes=keyframes[:index] + keyframes[index + 1 :]))
            told = translate("Walk", "Keyframe {number} is off the strip.").format(number=index + 1)
            back = {translate("Walk", "Bring it back"): lambda: self.restore(before)}
            self._messages.tell(told, key=_KEY, ways=back)

    def move(self, index: int, by: int) -> None:
        """Bring a keyframe forward or back."""
        keyframes = list(self.walk.keyframes)
        if 0 <= index < len(keyframes) and 0 <= index + by < len(keyframes):
            keyframes.insert(index + by, keyframes.pop(index))
            self._set(replace(self.walk, keyframes=tuple(keyframes)))

    def change(self, **options: Any) -> None:
        """Other frames, speed, easing, loop or way."""
        self._set(replace(self.walk, **options))

    def restore(self, walk: Walk) -> None:
        """Take over a whole walk."""
        self._messages.withdraw(_KEY)
        self._set(walk)

    def go_to(self, index: int) -> None:
        """Make a keyframe the current picture, as one undo step."""
        words = translate("History", "keyframe {number}").format(number=index + 1)
        self._editor.open(self.walk.keyframes[index], words)

    # Looking at it

    def look(self, place: float) -> None:
        """Show what is at a place of the walk, without a step in the history."""
        if not self.can_go:
            return
        try:
            recipe = recipe_at(self.walk, place)
        except GenStudioError as error:
            self._messages.tell(str(error), "warning", key=_KEY)
            self.stop()
            return
        self.place, self._is_looking = min(max(place, 0.0), 1.0), True
        self._picture.follow(Edited(recipe, dragging=True))
        self.moved.emit(None)

    def play(self) -> None:
        """Go on from where the preview is; from the start where it is at the end."""
        if self.can_go:
            self.place = 0.0 if self.place >= 1.0 else self.place
            self.is_playing = True
            self.look(self.place)
            self.changed.emit(None)

    def stop(self) -> None:
        """Stop playing, and show the current picture again."""
        self.is_playing = False
        self._show_current()
        self.changed.emit(None)

    def advance(self, seconds: float) -> None:
        """So much time went by while it plays."""
        if not self.is_playing:
            return
        place = self.place + seconds / self.walk.seconds
        if place < 1.0:
            self.look(place)
        elif self.walk.loop:
            self.look(place % 1.0)
        else:
            self.look(1.0)
            self.is_playing = False
            self.changed.emit(None)

    def take(self) -> None:
        """Make what is previewed the current picture, as one undo step."""
        if self.can_go and self._is_looking:
            words = translate("History", "from the walk, {share} %")
            told = words.format(share=round(100 * self.place))
            self._editor.open(recipe_at(self.walk, self.place), told)

    # Files

    def export(self, path: Path) -> None:
        """Queue a film of the walk; it is in the list of jobs, where it can be stopped."""
        walk = self.walk
        try:
            check_walk(walk)
            check_film(path)
        except GenStudioError as error:
            self._messages.tell(str(error), "warning", key=_KEY)
            return
        title = translate("Queue", "film {name}").format(name=path.name)
        self._queue.run(
            title,
            lambda engine, progress, cancel: write_walk(engine, walk, path, progress, cancel),
            lambda _: self._tell_saved(path),
        )

    def save(self, path: Path) -> None:
        """Write the walk itself, for `genstudio walk` and for another day."""
        data = encode_walk(self.walk)
        self._work.files(
            lambda: files.write_bytes(path, data),
            Handlers(finished=lambda _: self._tell_saved(path), failed=self._refuse),
        )

    def open(self, path: Path) -> None:
        """Take over a saved walk."""
        self._work.files(
            lambda: decode_walk(files.read_bytes(path, SIZE_LIMIT, "walk"), str(path)),
            Handlers(finished=self.restore, failed=self._refuse),
        )

    def _take(self, keyframes: tuple[Recipe, ...]) -> None:
        """Keyframes that a way joins; others are refused in words, and the strip stays."""
        changed = replace(self.walk, keyframes=keyframes)
        if not self.walk.keyframes:
            changed = replace(changed, how=self._first_way(keyframes[0]))
        try:
            if len(keyframes) > 1:
                check_walk(changed)
        except GenStudioError as error:
            self._messages.tell(str(error), "warning", key=_KEY)
            return
        self._set(changed)

    def _first_way(self, recipe: Recipe) -> Way:
        """The way that a new strip begins with: past learned pictures where a model keeps some."""
        before = self.walk.how
        if self._keeps_learned(recipe):
            return "learned" if before == "spherical" else before
        return "spherical" if before == "learned" else before

    def _set(self, walk: Walk) -> None:
        self.walk = walk
        if self.is_playing and not self.can_go:
            self.stop()
        self._portraits.want(walk.keyframes)

    def _leave(self) -> None:
        """Somebody goes on working: the preview is over."""
        if self._is_looking:
            self._is_looking = self.is_playing = False
            self.changed.emit(None)

    def _show_current(self) -> None:
        recipe = self._editor.recipe
        if self._is_looking and recipe is not None:
            self._is_looking = False
            self._picture.follow(Edited(recipe))

    def _tell_saved(self, path: Path) -> None:
        self._messages.tell(translate("Files", "Saved {name}.").format(name=path.name), key="saved")

    def _refuse(self, sentence: str, _details: str) -> None:
        self._messages.tell(sentence, "error", key=_KEY)
