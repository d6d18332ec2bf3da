"""Slider moves: a latent, moved along a model's directions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from genstudio.base.errors import RecipeError
from genstudio.engine.families.gan import checked_layers
from genstudio.engine.latents import Array
from genstudio.engine.phrases import PhraseSteps
from genstudio.latent.directions import Directions
from genstudio.latent.mixing import move_layers
from genstudio.latent.phrases import phrases_in
from genstudio.packs.manifest import Gan, Pack
from genstudio.recipe.values import Move


def moved(
    latent: Array,
    moves: Iterable[Move],
    directions: Directions,
    pack: Pack,
    phrases: PhraseSteps,
) -> Array:
    """The latent, w [1, layers, w] or [1, ...], after all moves.

    Raises:
        RecipeError: a direction or layers that the model does not have, or a latent of a size
            that its directions are not made for.
    """
    model = pack.manifest.model
    for move in moves:
        spanned = phrases_in(move.direction)
        vector = (
            phrases.step(pack, spanned, directions)
            if spanned
            else directions.find(move.direction).vector
        )
        step = np.float32(move.amount) * vector
        if isinstance(model, Gan) and model.layers:
            layers = checked_layers(move.layers or (0, model.layers), model.layers, pack.id)
            latent = move_layers(latent, step, layers)
        elif move.layers is not None:
            raise RecipeError(
                f"The model {pack.id} has no layers; leave the layers of {move.direction} out."
            )
        elif latent.shape[1:] != step.shape:
            raise RecipeError(
                f"Directions of {pack.id} are for its own picture size; leave the size out to "
                "move along them."
            )
        else:
            latent = latent + step
    return latent
