"""The learned pictures of a pack that keeps them, for ways that pass them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import numpy as np

from genstudio.base.errors import PackError, RecipeError
from genstudio.base.progress import Cancel
from genstudio.engine.cache import GraphCache
from genstudio.latent.learned import Learned
from genstudio.packs.manifest import Pack

_OUTPUTS: Final = ("latent", "neighbours", "apart")
_KEPT_PACKS: Final = 4
_kept: Final[OrderedDict[str, Learned]] = OrderedDict()


def learned_pictures(pack: Pack, numbers: int, graphs: GraphCache, cancel: Cancel) -> Learned:
    """What the pack's `learned` graph keeps; `numbers` are those of a latent.

    Raises:
        RecipeError: the pack has no such graph.
        PackError: the graph does not fit the manifest.
    """
    if not pack.keeps_learned:
        raise RecipeError(
            f"The model {pack.id} keeps no learned pictures that a way could pass; go along the "
            "sphere or straight."
        )
    names = pack.graph("learned")
    found = _kept.get(names.sha256)
    if found is None:
        outputs = [names.output_name(meaning) for meaning in _OUTPUTS]
        values = graphs.get(pack, "learned").run({}, outputs, cancel)
        latents, neighbours, apart = (values[output] for output in outputs)
        if latents.ndim != 2 or latents.shape[1] != numbers or len(neighbours) != len(latents):
            raise PackError(
                f"The learned graph of the model {pack.id} keeps other latents than those of "
                f"{numbers} numbers; its pack.json does not describe it."
            )
        found = Learned(latents.astype(np.float32), neighbours.astype(np.int64), apart)
        _kept[names.sha256] = found
        while len(_kept) > _KEPT_PACKS:
            _kept.popitem(last=False)
    return found
