"""The latent of a GAN whose picture comes nearest to a given one, without gradients.

Several hundred latents of the model's own are drawn; the nearest one is where a search by CMA-ES
begins (Hansen 2016, https://arxiv.org/abs/1604.00772), along the directions in which the model's
latents vary most. Near is what has the same colours in the same places, coarse and fine.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.engine.latents import Array, to_tensor
from genstudio.engine.nearness import distance, look
from genstudio.engine.pixels import fit_picture
from genstudio.packs.manifest import Gan, Pack
from genstudio.recipe.values import Exact, LatentRecipe

SAMPLES: Final = 400
COMPONENTS: Final = 40
EVALUATIONS: Final = 900
_BEGIN: Final = 0.3
"""The first step of the search, in standard deviations of the latents."""
_STRANGE: Final = 0.15
"""What a standard deviation more than is usual counts, beside the distance: far from its usual
latents a model makes noise, which may have the right colours."""

Sample = Callable[[int], Array]
Decode = Callable[[Array], Iterator[NDArray[np.uint8]]]


@dataclass(frozen=True)
class Found:
    """A latent [...] and how far its picture is: root mean square error, 0 to 1, over all sides.

    To that is added what makes the latent itself unlike the model's usual ones.
    """

    latent: Array
    distance: float


def encode(
    pack: Pack,
    pixels: NDArray[np.uint8],
    sample: Sample,
    decode: Decode,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
) -> LatentRecipe:
    """The recipe of the picture that comes nearest to `pixels` [H, W, C]. See `find_latent`."""
    model = pack.manifest.model
    assert isinstance(model, Gan)
    height, width, channels = next(decode(sample(1))).shape
    target = fit_picture(pixels, width, height, channels)
    found = find_latent(target, sample, decode, progress, cancel)
    mean = to_tensor(found.latent)
    return LatentRecipe(
        model=pack.ref, source=Exact(mean=mean, space="w" if model.layers else "latent")
    )


def find_latent(
    target: NDArray[np.uint8],
    sample: Sample,
    decode: Decode,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
) -> Found:
    """Search for the latent of a picture [H, W, C] of the model's own size.

    `sample` gives that many latents [N, ...], `decode` their pictures one after another. The same
    picture is always found again: nothing here is left to chance.

    Raises:
        Cancelled: `cancel` was set.
    """
    total = SAMPLES + EVALUATIONS
    wanted = look(target)
    latents = sample(SAMPLES)
    shape = latents.shape[1:]
    apart = []
    for index, picture in enumerate(decode(latents)):
        cancel.check()
        progress(index / total)
        apart.append(distance(look(picture), wanted))
    flat = latents.reshape(len(latents), -1)
    nearest = int(np.argmin(apart))
    best = Found(latents[nearest], apart[nearest])
    middle = flat.mean(axis=0)
    _, spread, ways = np.linalg.svd(flat - middle, full_matrices=False)
    count = min(COMPONENTS, len(spread))
    scaled = ways[:count] * (spread[:count, None] / np.sqrt(len(flat) - 1))
    begin = (flat[nearest] - middle) @ np.linalg.pinv(scaled)
    # What the ways do not reach stays as it is in the latent that the search begins at.
    rest = flat[nearest] - begin @ scaled
    usual = max(1.0, float(np.sqrt(np.mean(np.square(begin)))))
    search = _search(begin)
    done = SAMPLES
    while done < total and not search.stop():
        cancel.check()
        tries = search.ask()
        made = np.stack([(t @ scaled + rest).reshape(shape) for t in tries]).astype(np.float32)
        scores = []
        for place, latent, picture in zip(tries, made, decode(made), strict=True):
            cancel.check()
            strange = max(0.0, float(np.sqrt(np.mean(np.square(place)))) - usual)
            scores.append(distance(look(picture), wanted) + _STRANGE * strange)
            if scores[-1] < best.distance:
                best = Found(latent, scores[-1])
        search.tell(tries, scores)
        done += len(tries)
        progress(min(done / total, 1.0))
    progress(1.0)
    return best


def _search(begin: NDArray[np.float64]):  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        # It misses a plotting library that nobody asks it for.
        warnings.simplefilter("ignore")
        import cma
    quiet = {"verbose": -9, "seed": 1, "CMA_diagonal": 20}
    return cma.CMAEvolutionStrategy(begin, _BEGIN, quiet)
