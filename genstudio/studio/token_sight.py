"""Looking into a token picture: how sure the model was, and what it would have drawn instead."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from genstudio.base.events import Event
from genstudio.base.texts import translate
from genstudio.engine.odds import Odds
from genstudio.jobs.events import Progressed
from genstudio.recipe.values import KeptTokens, TokenRecipe
from genstudio.studio.editor import Edited, Editor
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Picture
from genstudio.studio.variations import Variations
from genstudio.studio.work import Handlers, Work


class TokenSight:
    """The odds of the current picture's tokens, from `begin` to `end`."""

    def __init__(
        self,
        editor: Editor,
        picture: Picture,
        variations: Variations,
        work: Work,
        messages: Messages,
    ) -> None:
        """Take the recipe to look into, its picture, the sheet for what might have been."""
        self.changed: Event[None] = Event()
        """It began or ended, or the odds are there."""
        self.is_on = False
        self.odds: Odds | None = None
        """None until they are there."""
        self.done = 0.0
        """How far the looking is, 0 to 1."""
        self._editor, self._picture, self._variations = editor, picture, variations
        self._work, self._messages = work, messages
        self._of: TokenRecipe | None = None
        self._job = 0
        editor.changed.connect(self._follow)
        picture.settled.connect(lambda _: self._look())

    @property
    def can_begin(self) -> bool:
        """Whether the current picture is made of tokens, and is there."""
        recipe = self._editor.recipe
        is_drawn_at_once = isinstance(recipe, TokenRecipe) and recipe.grid is None
        return is_drawn_at_once and self._picture.is_current

    def begin(self) -> None:
        """Look into the current picture."""
        if self.can_begin:
            self.is_on = True
            self._look()

    def end(self) -> None:
        """Look no longer."""
        if self.is_on:
            self._work.cancel(self._job)
            self.is_on, self.odds, self._of = False, None, None
            self.changed.emit(None)

    def show_runners(self, column: int, row: int) -> None:
        """Lay out the picture with each of a token's runners-up in its place.

        What stands before the token stays; what comes after it is drawn again from there.
        """
        recipe, odds = self._of, self.odds
        if recipe is None or odds is None:
            return
        cell = row * odds.entropy.shape[1] + column
        others = odds.runners[row, column]
        chances = (odds.chance[row, column], *odds.runner_chances[row, column])
        labels = tuple(
            translate("TokenSight", "{share} %").format(share=f"{100 * chance:.3g}")
            for chance in chances
        )
        forks = [forked(recipe, odds.tokens, cell, int(token)) for token in others]
        self.end()
        words = translate("History", "fork {number}")
        self._variations.lay_out((replace(recipe, upscaling=None), *forks), labels, words)

    def _follow(self, edited: Edited) -> None:
        recipe = edited.recipe
        if self._of is None or recipe == self._of:
            return
        is_alike = isinstance(recipe, TokenRecipe) and recipe.grid is None
        if is_alike and recipe.model == self._of.model:
            self._work.cancel(self._job)
            self.odds = None
            self.changed.emit(None)
        else:
            self.end()

    def _look(self) -> None:
        recipe = self._editor.recipe
        if not self.is_on or not isinstance(recipe, TokenRecipe):
            return
        if recipe == self._of and self.odds is not None:
            return
        self._of, self.odds, self.done = recipe, None, 0.0
        plain = replace(recipe, upscaling=None)
        self._job = self._work.batch(
            lambda engine, *ways: engine.odds(plain, *ways),
            Handlers(
                finished=lambda odds: self._take(recipe, odds),
                failed=self._refuse,
                progressed=self._progressed,
            ),
        )
        self.changed.emit(None)

    def _take(self, recipe: TokenRecipe, odds: Odds) -> None:
        if self.is_on and recipe == self._of:
            self.odds = odds
            self.changed.emit(None)

    def _progressed(self, event: Progressed) -> None:
        self.done = event.done
        self.changed.emit(None)

    def _refuse(self, sentence: str, _details: str) -> None:
        self.end()
        self._messages.tell(sentence, "error", key="token-sight")


def forked(recipe: TokenRecipe, tokens: KeptTokens, cell: int, token: int) -> TokenRecipe:
    """The recipe with another token in a cell; cells after it are drawn, those before it stay.

    Cells that the recipe kept for good are kept here too.
    """
    codes = np.frombuffer(tokens.tokens, "<u4").copy()
    codes[cell] = token
    kept = np.arange(len(codes)) <= cell
    if recipe.kept is not None:
        kept |= np.frombuffer(recipe.kept.kept, np.uint8) != 0
    changed = KeptTokens(tokens=codes.tobytes(), kept=kept.astype(np.uint8).tobytes())
    return replace(recipe, kept=changed, upscaling=None)
