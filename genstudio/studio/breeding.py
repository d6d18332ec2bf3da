"""Crossbreeding: a sheet of children of one or two pictures, and the tree that they grow into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.document.family import Family, Member
from genstudio.packs.manifest import Autoregressive, Gan, Manifest
from genstudio.recipe.tween import tween
from genstudio.recipe.values import (
    SEED_LIMIT,
    Between,
    FromSeed,
    KeptTokens,
    LatentRecipe,
    Mixing,
    Recipe,
    TokenRecipe,
    UpscaleRecipe,
)
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.models import Models
from genstudio.studio.portraits import Portraits
from genstudio.studio.variations import Variations, pruned
from genstudio.studio.work import Handlers, Work

CHILDREN: Final = 9
SPREADS: Final = (0.1, 0.9)
_KEY: Final = "breeding"


class Breeding:
    """Lays out children, and keeps those that are picked in the family."""

    def __init__(
        self,
        editor: Editor,
        variations: Variations,
        models: Models,
        portraits: Portraits,
        work: Work,
        messages: Messages,
    ) -> None:
        """Take the recipe to breed from, the sheet to show children on, models and workers.

        `portraits` are those of the family and of the second parent.
        """
        self.portraits = portraits
        self.changed: Event[None] = Event()
        """The family, the second parent or the spread is another."""
        self.family = Family()
        self.partner: Recipe | None = None
        """The second parent; None breeds from the current picture alone."""
        self.spread = 0.4
        self._editor, self._variations, self._models = editor, variations, models
        self._work, self._messages = work, messages
        self._parents: tuple[Recipe, ...] = ()
        self._sheet: tuple[Recipe, ...] = ()
        """The children that were laid out last, behind the first parent."""
        variations.picked.connect(self._adopt)

    @property
    def can_breed(self) -> bool:
        """Whether the current picture can have children."""
        return self._variations.can_vary

    def choose_partner(self, recipe: Recipe | None = None) -> None:
        """Make a picture the second parent: the current one, if none is given."""
        recipe = recipe or self._editor.recipe
        if recipe is not None and not isinstance(recipe, UpscaleRecipe):
            self.partner = replace(recipe, upscaling=None)
            self._changed()

    def leave_partner(self) -> None:
        """Breed from one picture alone again."""
        self.partner = None
        self._changed()

    def set_spread(self, spread: float) -> None:
        """How far children go from their parents: 0.1 (close) to 0.9 (far)."""
        self.spread = min(max(spread, SPREADS[0]), SPREADS[1])
        self.changed.emit(None)

    def breed(self, parents: Sequence[Recipe] = ()) -> None:
        """Lay out children of these, else of the current picture and the second parent.

        Parents that are children of the sheet on show join the family: so each generation is kept.
        """
        current = self._editor.recipe
        if current is None or isinstance(current, UpscaleRecipe):
            return
        first: Recipe = parents[0] if parents else replace(current, upscaling=None)
        second = parents[1] if len(parents) > 1 else None if parents else self.partner
        if second is not None and (second.model.id != first.model.id or second == first):
            second = None
        pack = self._models.find(first.model.id)
        if pack is None:
            return
        if len(parents) > 2:
            text = translate("Breeding", "Children have two parents; the first two marks count.")
            self._messages.tell(text, key=_KEY)
        for parent in parents[:2]:
            self._adopt(parent)
        if isinstance(first, TokenRecipe):
            self._breed_tokens(first, second, pack.manifest)
        else:
            chance = np.random.default_rng()
            children = [
                latent_child(first, second, self.spread, pack.manifest, chance)
                for _ in range(CHILDREN - 1)
            ]
            self._lay_out(first, second, children)

    def go_to(self, member: Member) -> None:
        """Make a member of the family the current picture, as one undo step."""
        words = translate("History", "from the family: {number}").format(number=member.number + 1)
        self._editor.open(member.recipe, words)

    def restore(self, family: Family) -> None:
        """Take over a whole family."""
        self.family = family
        self._changed()

    def _breed_tokens(self, first: TokenRecipe, second: Recipe | None, manifest: Manifest) -> None:
        """The tokens of the first parent are read, then kept by region."""
        model = manifest.model
        if not isinstance(model, Autoregressive):
            return
        other = second if isinstance(second, TokenRecipe) else None

        def lay_out(kept: KeptTokens) -> None:
            chance = np.random.default_rng()
            children = [
                token_child(first, other, kept, first.grid or model.grid, self.spread, chance)
                for _ in range(CHILDREN - 1)
            ]
            self._lay_out(first, second, children)

        self._work.batch(
            lambda engine, *ways: engine.tokens(first, *ways),
            Handlers(
                finished=lay_out,
                failed=lambda sentence, _: self._messages.tell(sentence, "error", key=_KEY),
            ),
        )

    def _lay_out(self, first: Recipe, second: Recipe | None, children: Sequence[Recipe]) -> None:
        self._parents = (first,) if second is None else (first, second)
        self._sheet = (first, *children)
        self._variations.lay_out(self._sheet, words=translate("History", "child {number}"))

    def _adopt(self, recipe: Recipe) -> None:
        """Who is chosen from the children on show is one of the family."""
        if self._variations.recipes == self._sheet and recipe in self._sheet[1:]:
            self.family = self.family.with_child(recipe, self._parents)
            self._changed()

    def _changed(self) -> None:
        self.changed.emit(None)
        partner = () if self.partner is None else (self.partner,)
        self.portraits.want([*(member.recipe for member in self.family.members), *partner])


def latent_child(
    a: Recipe,
    b: Recipe | None,
    spread: float,
    manifest: Manifest,
    chance: np.random.Generator,
) -> Recipe:
    """A child of one or two latent pictures.

    Of two parents: somewhere between them, or for every second child of a GAN the coarse layers of
    one and the fine ones of the other; then varied a little. `spread` is 0.1 to 0.9.
    """
    assert isinstance(a, LatentRecipe)
    child = a
    layers = manifest.model.layers if isinstance(manifest.model, Gan) else 0
    if isinstance(b, LatentRecipe):
        if layers > 1 and chance.random() < 0.5:
            cut = int(chance.integers(1, layers))
            source, other = (a, b) if chance.random() < 0.5 else (b, a)
            mixing = Mixing(source=other.source, layers=(cut, layers))
            child = replace(source, mixing=(mixing,))
        else:
            share = float(np.clip(0.5 + (chance.random() - 0.5) * 2 * spread, 0.05, 0.95))
            between = tween(a, b, share)
            assert isinstance(between, LatentRecipe)
            child = between
    strength = spread if b is None else 0.3 * spread
    new = FromSeed(seed=int(chance.integers(SEED_LIMIT)))
    return replace(child, source=Between(a=pruned(child.source), b=new, t=strength))


def token_child(
    a: TokenRecipe,
    b: TokenRecipe | None,
    tokens: KeptTokens,
    grid: tuple[int, int],
    spread: float,
    chance: np.random.Generator,
) -> TokenRecipe:
    """A child of token pictures: part of the first parent's tokens stay, the rest is drawn again.

    What is drawn again lies on one side of a line through the picture, and is about `spread` of it.
    With two parents it is drawn from the second one's prompt and style.
    """
    kept = ~_side(grid, spread, chance)
    made = replace(
        a,
        seed=int(chance.integers(SEED_LIMIT)),
        kept=KeptTokens(tokens=tokens.tokens, kept=kept.astype(np.uint8).tobytes()),
    )
    return made if b is None else replace(made, prompts=b.prompts, style=b.style)


def _side(grid: tuple[int, int], share: float, chance: np.random.Generator) -> NDArray[np.bool_]:
    """The cells on one side of a line in any direction, about `share` of all, in raster order."""
    x, y = np.meshgrid(np.arange(grid[0]), np.arange(grid[1]))
    angle = chance.random() * 2 * math.pi
    along = x * math.cos(angle) + y * math.sin(angle)
    redrawn: NDArray[np.bool_] = (along > np.quantile(along, 1 - share)).ravel()
    return redrawn
