"""Going beyond a token model's grid: half a grid more to the right or below, the rest stays."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from msgspec.structs import replace

from genstudio.base.texts import translate
from genstudio.packs.manifest import Autoregressive
from genstudio.recipe.values import KeptTokens, TokenRecipe
from genstudio.studio.editor import Editor
from genstudio.studio.messages import Messages
from genstudio.studio.picture import Picture
from genstudio.studio.work import Handlers, Work

Side = Literal["right", "below"]
MOST: Final = 8
"""How many times the model's grid a picture may grow to, each way."""


class Extending:
    """Draws on where the picture ends, as one undo step each time."""

    def __init__(self, editor: Editor, picture: Picture, work: Work, messages: Messages) -> None:
        """Take the recipe to change, its picture, and the workers."""
        self._editor, self._picture = editor, picture
        self._work, self._messages = work, messages

    def can_extend(self, side: Side) -> bool:
        """Whether the current picture is there, and its model draws on at this side."""
        grids = self._grids()
        index = 0 if side == "right" else 1
        has_room = grids is not None and grids[0][index] < MOST * grids[1][index]
        return has_room and self._picture.is_current

    def extend(self, side: Side) -> None:
        """Draw half a grid more; another seed of the result draws only that part again."""
        recipe, grids = self._editor.recipe, self._grids()
        if not isinstance(recipe, TokenRecipe) or grids is None or not self.can_extend(side):
            return
        plain = replace(recipe, upscaling=None)
        self._work.batch(
            lambda engine, *ways: engine.tokens(plain, *ways),
            Handlers(
                finished=lambda tokens: self._open(recipe, tokens, *grids, side),
                failed=lambda sentence, _: self._messages.tell(sentence, "error", key="extend"),
            ),
        )

    def _grids(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """The picture's grid and the model's own."""
        recipe, pack = self._editor.recipe, self._editor.pack
        model = pack.manifest.model if pack else None
        if not isinstance(recipe, TokenRecipe) or not isinstance(model, Autoregressive):
            return None
        return (recipe.grid or model.grid, model.grid) if model.extends else None

    def _open(
        self,
        recipe: TokenRecipe,
        tokens: KeptTokens,
        grid: tuple[int, int],
        own: tuple[int, int],
        side: Side,
    ) -> None:
        if self._editor.recipe != recipe:
            return
        (width, height), more = grid, [max(length // 2, 1) for length in own]
        larger = (width + more[0], height) if side == "right" else (width, height + more[1])
        codes = np.zeros(larger[::-1], "<u4")
        codes[:height, :width] = np.frombuffer(tokens.tokens, "<u4").reshape(height, width)
        kept = np.zeros(larger[::-1], np.uint8)
        kept[:height, :width] = 1
        changed = replace(
            recipe,
            grid=larger,
            seed=self._editor.new_seed(),
            kept=KeptTokens(tokens=codes.tobytes(), kept=kept.tobytes()),
        )
        words = {
            "right": translate("History", "extended to the right"),
            "below": translate("History", "extended below"),
        }
        self._editor.open(changed, words[side])
