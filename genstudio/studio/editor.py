"""The recipe that a person works on, its history, and every way of changing it.

Every intention makes a new recipe and nothing else. A drag is one undo step: its moves are pushed
with the same key, and `finish` seals the step.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.errors import GenStudioError
from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.document.history import History, Step
from genstudio.document.words import words_for
from genstudio.packs.controls import controls_of
from genstudio.packs.manifest import Manifest, Pack
from genstudio.packs.settings import fresh_recipe, setting_of, with_prompts, with_setting
from genstudio.recipe.prompts import check_prompts, prompts_of
from genstudio.recipe.seeds import seed_of
from genstudio.recipe.values import (
    SEED_LIMIT,
    FromSeed,
    LatentRecipe,
    LatentSource,
    LayerRange,
    Mixing,
    ModelRef,
    Recipe,
    TokenRecipe,
    UpscaleRecipe,
    Upscaling,
    WeightedPrompt,
)
from genstudio.studio.messages import Messages
from genstudio.studio.reseed import reseeded

FindPack = Callable[[str], Pack | None]
_P = ParamSpec("_P")


@dataclass(frozen=True)
class Edited:
    """The recipe changed; while `dragging`, more of the same will follow at once."""

    recipe: Recipe
    dragging: bool = False


def _told(
    intention: Callable[Concatenate[Editor, _P], None],
) -> Callable[Concatenate[Editor, _P], None]:
    """A refusal of the intention becomes a message; the recipe stays as it was."""

    @functools.wraps(intention)
    def tell(editor: Editor, /, *args: _P.args, **options: _P.kwargs) -> None:
        try:
            intention(editor, *args, **options)
        except GenStudioError as error:
            editor.messages.tell(str(error), "warning")

    return tell


class Editor:
    """Holds the current recipe. Nothing is rendered here: `changed` tells who does."""

    def __init__(self, find_pack: FindPack, messages: Messages) -> None:
        """Take where packs come from and where refusals are told."""
        self.changed: Event[Edited] = Event()
        self.seed_lock_changed: Event[bool] = Event()
        self.history = History()
        self.messages = messages
        self.seed_locked = False
        self._find_pack = find_pack

    @property
    def recipe(self) -> Recipe | None:
        """The current recipe; None before a model was chosen."""
        step = self.history.current
        return step.recipe if step else None

    @property
    def pack(self) -> Pack | None:
        """The pack of the current recipe; None where it is missing or nothing is open."""
        return self._find_pack(self.recipe.model.id) if self.recipe else None

    # Beginning

    @_told
    def choose_model(self, pack_id: str) -> None:
        """Start afresh with a model; one that the history knows comes back as it was left."""
        pack = self._find_pack(pack_id)
        if pack is None or (self.recipe is not None and self.recipe.model.id == pack_id):
            return
        left = next(
            (s.recipe for s in reversed(self.history.steps) if s.recipe.model.id == pack_id), None
        )
        self.open(left or fresh_recipe(pack.ref, pack.manifest, self.new_seed()))

    def open(self, recipe: Recipe, words: str | None = None) -> None:
        """Take a whole recipe (from a picture, a batch, a variation) as one undo step."""
        self._push(recipe, words=words)

    def blend_to(self, recipe: Recipe, words: str, *, dragging: bool = False) -> None:
        """Take a recipe between two others; a drag from one to the other is one step."""
        self._push(recipe, words=words, dragging=dragging, merge="blend")

    @_told
    def start_again(self) -> None:
        """Every control back at its default; the seed and the prompt stay."""
        pack, recipe = self._now()
        if isinstance(recipe, UpscaleRecipe):
            return
        fresh: Recipe = fresh_recipe(pack.ref, pack.manifest, seed_of(recipe) or 0)
        if isinstance(fresh, TokenRecipe) and isinstance(recipe, TokenRecipe):
            fresh = replace(fresh, prompts=recipe.prompts, kept=recipe.kept)
        elif isinstance(fresh, LatentRecipe) and isinstance(recipe, LatentRecipe):
            fresh = replace(fresh, source=recipe.source)
        self._push(fresh, words=translate("History", "All controls reset"))

    # Controls

    @_told
    def set_control(self, name: str, value: float | str, *, dragging: bool = False) -> None:
        """Set a control that the pack declares."""
        pack, recipe = self._now()
        changed = with_setting(recipe, pack.manifest, name, value)
        self._push(changed, dragging=dragging, merge=f"control {name}")

    @_told
    def reset_controls(self, names: Collection[str]) -> None:
        """Bring controls back to their defaults, as one step; those that say nothing stay so."""
        pack, changed = self._now()
        for control in controls_of(pack.manifest):
            if control.name in names:
                value = setting_of(changed, pack.manifest, control.name)
                if value not in (None, control.default):
                    changed = with_setting(changed, pack.manifest, control.name, control.default)
        self._push(changed)

    @_told
    def move(
        self,
        direction: str,
        amount: float,
        names: Callable[[], Collection[str]],
        *,
        dragging: bool = False,
    ) -> None:
        """Move a slider; `names` are the directions that the model has."""
        pack, recipe = self._now()
        changed = with_setting(recipe, pack.manifest, direction, amount, names)
        self._push(changed, dragging=dragging, merge=f"move {direction}")

    @_told
    def move_all(
        self,
        amounts: dict[str, float],
        names: Callable[[], Collection[str]],
        *,
        dragging: bool = False,
    ) -> None:
        """Move several sliders as one step."""
        pack, changed = self._now()
        for direction, amount in amounts.items():
            changed = with_setting(changed, pack.manifest, direction, amount, names)
        self._push(changed, dragging=dragging, merge=f"move {' '.join(amounts)}")

    @_told
    def set_prompts(self, prompts: tuple[WeightedPrompt, ...]) -> None:
        """Draw from a prompt, or a blend of several; from none, the model draws as it likes."""
        pack, recipe = self._now()
        check_prompts(prompts)
        if prompts or not isinstance(recipe, LatentRecipe):
            self._push(with_prompts(recipe, pack.manifest, prompts))
        elif prompts_of(recipe):
            self._push(replace(recipe, source=FromSeed(seed=self.new_seed())))

    def keep_nothing(self) -> None:
        """Draw all tokens anew, where some of an earlier picture were kept."""
        if isinstance(self.recipe, TokenRecipe) and self.recipe.kept is not None:
            self._push(replace(self.recipe, kept=None))

    @_told
    def set_seed(self, seed: int) -> None:
        """Draw with another seed; a latent that was not drawn gives way to one that is."""
        _, recipe = self._now()
        self._push(reseeded(recipe, seed))

    def roll_seed(self) -> None:
        """Draw with a new random seed, whether or not it is locked: the dice were pressed."""
        self.set_seed(self.new_seed())

    @_told
    def mix_with(self, source: LatentSource | None, layers: LayerRange | None = None) -> None:
        """Take layers from a second parent; None takes the mixing away."""
        pack, recipe = self._now()
        if not isinstance(recipe, LatentRecipe):
            return
        if source is None:
            self._push(replace(recipe, mixing=()))
            return
        if layers is None:
            # The family's own default range, as setting any seed gives it.
            seeded = with_setting(recipe, pack.manifest, "mix-seed", 0)
            assert isinstance(seeded, LatentRecipe)
            layers = seeded.mixing[-1].layers
        self._push(replace(recipe, mixing=(Mixing(source=source, layers=layers),)))

    @_told
    def enlarge(self, upscaler: ModelRef | None) -> None:
        """Enlarge the picture after it is made; None leaves it as the model makes it."""
        _, recipe = self._now()
        if not isinstance(recipe, UpscaleRecipe):
            upscaling = Upscaling(model=upscaler) if upscaler else None
            self._push(replace(recipe, upscaling=upscaling))

    def lock_seed(self, locked: bool) -> None:
        """Keep the seed when another picture is drawn, or let it change again."""
        self.seed_locked = locked
        self.seed_lock_changed.emit(locked)

    def finish(self) -> None:
        """A drag ended: the next change is a step of its own, and the picture is made in full."""
        self.history.seal()
        if self.recipe is not None:
            self.changed.emit(Edited(self.recipe))

    # History

    def restore(
        self, steps: Sequence[Step], index: int, thumbnails: Mapping[int, NDArray[np.uint8]]
    ) -> None:
        """Take over a saved history in place of this one."""
        self.history.restore(steps, index, thumbnails)
        self._show(self.history.current)

    def undo(self) -> None:
        """Go one step back."""
        self._show(self.history.undo())

    def redo(self) -> None:
        """Go one step forward again."""
        self._show(self.history.redo())

    def go_to(self, number: int) -> None:
        """Go to a step of the history by its number."""
        self._show(self.history.go_to(number))

    def _show(self, step: Step | None) -> None:
        if step is not None:
            self.changed.emit(Edited(step.recipe))

    def _now(self) -> tuple[Pack, Recipe]:
        pack, recipe = self.pack, self.recipe
        if recipe is None:
            raise GenStudioError(translate("Editor", "Choose a model first."))
        if pack is None:
            raise GenStudioError(
                translate(
                    "Editor", "The model {id} is not here; add it, or choose another model."
                ).format(id=recipe.model.id)
            )
        return pack, recipe

    def _push(
        self, recipe: Recipe, *, words: str | None = None, dragging: bool = False, merge: str = ""
    ) -> None:
        if recipe == self.recipe and not dragging:
            self.finish()
            return
        if not dragging:
            self.history.seal()
        self.history.push(recipe, words or self._words, merge if dragging else None)
        self.changed.emit(Edited(recipe, dragging))

    def _words(self, before: Recipe | None, after: Recipe) -> str:
        enlarging = None if isinstance(after, UpscaleRecipe) else after.upscaling
        return words_for(
            before,
            after,
            self._manifest(after.model),
            self._manifest(enlarging.model) if enlarging else None,
        )

    def _manifest(self, ref: ModelRef) -> Manifest | None:
        pack = self._find_pack(ref.id)
        return pack.manifest if pack else None

    def new_seed(self) -> int:
        """A random seed."""
        return secrets.randbelow(SEED_LIMIT)
