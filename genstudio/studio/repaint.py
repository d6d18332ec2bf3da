"""Drawing a part of a token picture again: tokens under a mask go, everything else stays."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.packs.manifest import Autoregressive
from genstudio.recipe.values import KeptTokens, ModelRef, TokenRecipe
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Picture
from genstudio.studio.work import Handlers, Work

Mask = NDArray[np.bool_]
_KEY = "repaint"


class Repaint:
    """A mask over the tokens of the current picture, from `begin` to `redraw` or `end`."""

    def __init__(self, editor: Editor, picture: Picture, work: Work, messages: Messages) -> None:
        """Take the recipe to change, its picture, and the workers."""
        self.changed: Event[None] = Event()
        """It began or ended, or the mask is another."""
        self.is_on = False
        self.mask: Mask = np.zeros((0, 0), np.bool_)
        """The tokens to draw again, [rows, columns]."""
        self.locked: Mask = np.zeros((0, 0), np.bool_)
        """Tokens that are never drawn again, [rows, columns]; they stay locked with the model."""
        self.ring = True
        """Draw one more ring of tokens around the mask, so that neighbours do not give it away."""
        self._editor, self._picture = editor, picture
        self._work, self._messages = work, messages
        editor.changed.connect(lambda _: self._follow())
        self._of: TokenRecipe | None = None
        self._locked_of: ModelRef | None = None

    @property
    def can_begin(self) -> bool:
        """Whether the current picture is made of tokens, and is there."""
        return isinstance(self._editor.recipe, TokenRecipe) and self._picture.is_current

    def begin(self) -> None:
        """Lay an empty mask over the picture."""
        pack, recipe = self._editor.pack, self._editor.recipe
        if pack is None or not isinstance(recipe, TokenRecipe) or not self.can_begin:
            return
        model = pack.manifest.model
        assert isinstance(model, Autoregressive)
        self._of = recipe
        columns, rows = recipe.grid or model.grid
        self.mask = np.zeros((rows, columns), np.bool_)
        if self._locked_of != recipe.model or self.locked.shape != self.mask.shape:
            self.locked, self._locked_of = np.zeros_like(self.mask), recipe.model
        self.is_on = True
        self.changed.emit(None)

    def end(self) -> None:
        """Take the mask away; the picture stays as it is."""
        if self.is_on:
            self.is_on, self._of = False, None
            self.changed.emit(None)

    def brush(self, column: int, row: int, *, radius: int = 0, erase: bool = False) -> None:
        """Mark the tokens around one, or unmark them."""
        if self.is_on:
            near = self._near(column, row, radius)
            self._set(self.mask & ~near if erase else self.mask | near, self.locked)

    def lock(self, column: int, row: int, *, radius: int = 0, unlock: bool = False) -> None:
        """Lock the tokens around one, or unlock them: whatever is marked, they stay."""
        if self.is_on:
            near = self._near(column, row, radius)
            self._set(self.mask, self.locked & ~near if unlock else self.locked | near)

    def fill(self, *, marked: bool) -> None:
        """Mark every token, or none."""
        if self.is_on:
            self._set(np.full_like(self.mask, marked), self.locked)

    def unlock_all(self) -> None:
        """Unlock every token."""
        if self.is_on:
            self._set(self.mask, np.zeros_like(self.locked))

    def turn_ring(self) -> None:
        """Draw one more ring of tokens around the mask, or no longer."""
        self.ring = not self.ring
        self.changed.emit(None)

    def redraw(self) -> None:
        """Draw the marked tokens again with another seed, as one undo step; the mask stays."""
        recipe = self._of
        if recipe is None or not self.mask.any():
            self._messages.tell(
                translate("Repaint", "Brush over what is to be drawn again first."), key=_KEY
            )
            return
        drawn = (_with_ring(self.mask) if self.ring else self.mask) & ~self.locked
        # A picture that was repainted before holds its tokens already, all but the drawn ones.
        self._work.batch(
            lambda engine, *ways: engine.tokens(replace(recipe, upscaling=None), *ways),
            Handlers(
                finished=lambda tokens: self._open(recipe, tokens, drawn),
                failed=lambda sentence, _: self._messages.tell(sentence, "error", key=_KEY),
            ),
        )

    def _near(self, column: int, row: int, radius: int) -> Mask:
        rows, columns = np.ogrid[: self.mask.shape[0], : self.mask.shape[1]]
        near: Mask = (rows - row) ** 2 + (columns - column) ** 2 <= radius**2 + 0.5 * bool(radius)
        return near

    def _set(self, mask: Mask, locked: Mask) -> None:
        # What is locked is not marked, so that one sees what will be drawn.
        mask = mask & ~locked
        if not (np.array_equal(mask, self.mask) and np.array_equal(locked, self.locked)):
            self.mask, self.locked = mask, locked
            self.changed.emit(None)

    def _open(self, recipe: TokenRecipe, tokens: KeptTokens, drawn: Mask) -> None:
        if self._of != recipe:
            return
        kept = (~drawn).astype(np.uint8).tobytes()
        changed = replace(
            recipe,
            seed=self._editor.new_seed(),
            kept=KeptTokens(tokens=tokens.tokens, kept=kept),
        )
        words = translate("History", "{count} tokens drawn again").format(count=int(drawn.sum()))
        self._of = changed
        self._editor.open(changed, words)

    def _follow(self) -> None:
        """The mask belongs to one model's picture, however that changes."""
        recipe, before = self._editor.recipe, self._of
        if before is None or recipe == before:
            return
        same = isinstance(recipe, TokenRecipe) and recipe.grid == before.grid
        if isinstance(recipe, TokenRecipe) and same and recipe.model == before.model:
            self._of = recipe
        else:
            self.end()


def _with_ring(mask: Mask) -> Mask:
    """The mask and the tokens next to it, corners too."""
    padded = np.pad(mask, 1)
    height, width = mask.shape
    grown = np.zeros_like(mask)
    for down in range(3):
        for across in range(3):
            grown |= padded[down : down + height, across : across + width]
    return grown
