"""What the canvas shows: the newest rendering of the current recipe, on its way or there.

A drag asks again and again; the live lane keeps the newest request only, and what was running is
shown when it comes, since it is newer than what is on the canvas. So frames flow, none queue up,
and the last one is that of the newest position.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.progress import Cancel, Progress
from genstudio.base.texts import translate
from genstudio.engine.rendering import Rendering
from genstudio.jobs.events import Progressed
from genstudio.packs.manifest import Pack
from genstudio.recipe.values import LatentRecipe, Recipe, UpscaleRecipe
from genstudio.studio.editor import Edited
from genstudio.studio.messages import Messages
from genstudio.studio.shown import Shown
from genstudio.studio.work import Handlers, Work

Pixels = NDArray[np.uint8]
FAILED: Final = "picture"
"""The key of the message about a picture that could not be made."""
_PATIENCE: Final = 0.25
"""Seconds before progress is told: a quick picture needs none."""


class Picture:
    """The picture on the canvas and how far the next one is."""

    def __init__(
        self,
        work: Work,
        messages: Messages,
        find_pack: Callable[[str], Pack | None],
        source_picture: Callable[[str], Pixels | None],
    ) -> None:
        """Take the workers, where refusals are told, the packs, and outside pictures by SHA-256."""
        self.changed: Event[None] = Event()
        """Something to show is new."""
        self.settled: Event[Rendering] = Event()
        """The picture of the current recipe is there, and no drag goes on."""
        self.rendering: Rendering | None = None
        self.partial: Pixels | None = None
        """A half-drawn picture of a token model, newer than `rendering`."""
        self.fraction: float | None = None
        """How far the drawing is, told once it takes noticeably long; None while idle."""
        self.is_stopped = False
        """The person stopped the drawing; what is there is shown."""
        self.score: float | None = None
        """The model's own, of the settled picture: its critic's, or what the best of some had."""
        self.way_back: Callable[[], None] | None = None
        """What "Undo" does beside a message that the picture could not be made."""
        self._work, self._messages = work, messages
        self._find_pack, self._source_picture = find_pack, source_picture
        self._shown = Shown()
        self._wanted: Recipe | None = None
        self._dragging = False
        self._request: _Request | None = None
        self._begun: dict[int, Recipe] = {}
        """What was asked for and has not ended, by job: the newest, and maybe one that runs."""
        self._noted: tuple[str, ...] = ()
        self._floor = 0
        self._since = 0.0

    @property
    def is_current(self) -> bool:
        """Whether the canvas shows the current recipe's whole picture."""
        return self.rendering is not None and self.rendering.recipe == self._wanted

    @property
    def is_busy(self) -> bool:
        """Whether a picture is on its way."""
        return self._request is not None

    def known(self, recipe: Recipe) -> Rendering | None:
        """The rendering of a recipe that was shown lately."""
        return self._shown.get(recipe)

    def follow(self, edited: Edited) -> None:
        """Show another recipe; during a drag without enlarging, which takes too long to follow."""
        recipe = _without_upscaling(edited.recipe) if edited.dragging else edited.recipe
        same = recipe == self._wanted and not self.is_stopped
        self._wanted, self._dragging = recipe, edited.dragging
        if same and (self.is_busy or self.is_current):
            if self.is_current and not edited.dragging and self.rendering is not None:
                self._settle(self.rendering)
            return
        self._ask(recipe)

    def draw_again(self) -> None:
        """Make the current picture once more: after a stop or a failure."""
        if self._wanted is not None:
            self._ask(self._wanted)

    def stop(self) -> None:
        """Stop the drawing and keep what is there."""
        for job in tuple(self._begun):
            self._work.cancel(job)

    def keep(self, rendering: Rendering) -> None:
        """Remember a rendering that was made elsewhere (a variation, a batch)."""
        self._shown.keep(rendering)
        if self.is_current and rendering.recipe == self._wanted:  # Now maybe with a score.
            self.rendering = rendering

    def _ask(self, recipe: Recipe) -> None:
        self.is_stopped, self.score = False, None
        self._messages.withdraw(FAILED)
        self._leave_behind(recipe)
        known = self._shown.get(recipe)
        if known is not None:
            self._outrun()
            self._show(known)
            return
        if self._find_pack(recipe.model.id) is None:
            self._outrun()
            self._end()
            self._tell_failure(
                translate(
                    "Picture",
                    "This picture was made with the model {id}, which is not here; add it to see "
                    "the picture again.",
                ).format(id=recipe.model.id),
            )
            return
        if self._request is None:
            self._since = time.monotonic()
        request = _Request()
        source = self._source(recipe)
        request.job = self._work.live(
            recipe,
            lambda engine, progress, cancel: _render(engine, recipe, source, progress, cancel),
            Handlers(
                finished=lambda rendering: self._take(request, rendering),
                failed=lambda sentence, _details: self._fail(request, sentence),
                stopped=lambda: self._stopped(request),
                progressed=lambda event: self._progressed(request, event),
            ),
        )
        self._request = request
        self._begun[request.job] = recipe
        self.changed.emit(None)

    def _leave_behind(self, recipe: Recipe) -> None:
        """Stop a drawing that takes long and is no longer wanted; a quick one may finish."""
        for job, begun in tuple(self._begun.items()):
            is_slow = not self._dragging and _takes_long(begun)
            if begun != recipe and (is_slow or begun.model.id != recipe.model.id):
                self._work.cancel(job)

    def _outrun(self) -> None:
        """What still runs is older than what is shown from now on."""
        self._floor = max(self._floor, *self._begun, 0)

    def _source(self, recipe: Recipe) -> Pixels | None:
        if isinstance(recipe, UpscaleRecipe):
            return self._source_picture(recipe.picture.sha256)
        return None

    def _take(self, request: _Request, rendering: Rendering) -> None:
        self._begun.pop(request.job, None)
        self._shown.keep(rendering)
        wanted = self._wanted
        is_newer = request.job > self._floor and rendering.recipe.model == (wanted and wanted.model)
        # What is wanted is always shown: it may be a job that an undo had left behind.
        if is_newer or rendering.recipe == wanted:
            self._floor = max(self._floor, request.job)
            self._show(rendering)

    def _show(self, rendering: Rendering) -> None:
        self.rendering, self.partial = rendering, None
        if rendering.recipe != self._wanted:
            self.changed.emit(None)
            return
        self._end()
        if not self._dragging:
            self._settle(rendering)

    def _settle(self, rendering: Rendering) -> None:
        self.settled.emit(rendering)
        for note in rendering.notes:
            if note not in self._noted:
                sentence = note if note[:1].isupper() else f"GenStudio {note}."
                self._messages.tell(sentence, "warning")
        self._noted = rendering.notes
        self._tell_score(rendering)

    def _tell_score(self, rendering: Rendering) -> None:
        """Tell the score that came along, or ask a critic; to draw tokens again takes too long."""
        if self.score is not None:
            return
        if rendering.score is not None:
            self._take_score(rendering.recipe, rendering)
            return
        pack = self._find_pack(rendering.recipe.model.id)
        if pack is None or not pack.manifest.has_critic:
            return
        recipe = _without_upscaling(rendering.recipe)
        if isinstance(recipe, LatentRecipe):
            self._work.live(
                ("score", recipe),
                lambda engine, progress, cancel: engine.render(
                    recipe, progress, cancel, scored=True
                ),
                Handlers(finished=lambda scored: self._take_score(rendering.recipe, scored)),
            )

    def _take_score(self, recipe: Recipe, scored: Rendering) -> None:
        if recipe == self._wanted:
            self.score = scored.score
            self.changed.emit(None)

    def _fail(self, request: _Request, sentence: str) -> None:
        self._begun.pop(request.job, None)
        if self._is_newest(request):
            self._end()
            self._tell_failure(sentence)

    def _tell_failure(self, sentence: str) -> None:
        ways = {translate("Picture", "Try again"): self.draw_again}
        if self.way_back is not None:
            ways[translate("Picture", "Undo")] = self.way_back
        self._messages.tell(sentence, "error", key=FAILED, ways=ways)

    def _stopped(self, request: _Request) -> None:
        self._begun.pop(request.job, None)
        if self._is_newest(request):
            self.is_stopped = True
            self._end()

    def _progressed(self, request: _Request, event: Progressed) -> None:
        if not self._is_newest(request):
            return
        if event.preview is not None:
            self.partial = np.asarray(event.preview)
        if event.preview is not None or time.monotonic() - self._since > _PATIENCE:
            self.fraction = event.done
            self.changed.emit(None)

    def _is_newest(self, request: _Request) -> bool:
        """Whether it is what is waited for; an equal later request shares its job."""
        return self._request is not None and self._request.job == request.job

    def _end(self) -> None:
        self._request, self.fraction = None, None
        self.changed.emit(None)


class _Request:
    """One asking; its job's number is known once the worker has it."""

    job = 0


def _render(
    engine: Any, recipe: Recipe, source: Pixels | None, progress: Progress, cancel: Cancel
) -> Rendering:
    rendering: Rendering = engine.render(recipe, progress, cancel, picture=source)
    return rendering


def _takes_long(recipe: Recipe) -> bool:
    return not isinstance(recipe, LatentRecipe) or recipe.upscaling is not None


def _without_upscaling(recipe: Recipe) -> Recipe:
    return recipe if isinstance(recipe, UpscaleRecipe) else replace(recipe, upscaling=None)
