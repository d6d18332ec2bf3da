"""From a recipe's source to a latent: seeds, prompts, exact numbers, variations and blends.

What differs between a VAE and a GAN (the shape of a drawn latent, and the w that a GAN's mapping
makes of it) is asked of a `LatentSpace`.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import RecipeError
from genstudio.base.progress import Cancel
from genstudio.engine.cache import GraphCache
from genstudio.latent.interpolate import lerp, slerp
from genstudio.latent.learned import Learned
from genstudio.latent.noise import gaussian
from genstudio.packs.manifest import Pack
from genstudio.recipe.values import (
    Between,
    Exact,
    FromPrompt,
    FromSeed,
    LatentSource,
    Tensor,
    Varied,
)

Array = NDArray[np.float32]


class LatentSpace(Protocol):
    """Makes the latents of one model, each with a batch of one: [1, ...]."""

    def draw(self, seed: int) -> Array:
        """The latent of a seed."""

    def from_prompt(self, text: str) -> Array:
        """The latent that the pack finds for a text."""

    def fit(self, latent: Array, space: str) -> Array:
        """A given latent, checked and brought to the model's shape."""

    def learned(self) -> Learned:
        """The learned pictures that a way can pass. Raises `RecipeError` if there are none."""


def resolve(source: LatentSource, space: LatentSpace) -> Array:
    """The latent that a source names.

    Raises:
        RecipeError: a latent of a wrong shape, or one that the model cannot make.
    """
    match source:
        case FromSeed(seed=seed):
            return space.draw(seed)
        case FromPrompt(text=text):
            return space.from_prompt(text)
        case Exact(mean=mean):
            return space.fit(to_array(mean), source.space)
        case Varied(around=around, seed=seed, strength=strength):
            return space.fit(_varied(around, seed, strength), around.space)
        case Between(a=a, b=b, t=t, how=how):
            start, end = resolve(a, space), resolve(b, space)
            if start.shape != end.shape:
                raise RecipeError(
                    f"Latents of the shapes {_shape(start)} and {_shape(end)} cannot be blended; "
                    "choose two pictures of the same size."
                )
            if how == "learned":
                return space.learned().at(start, end, t)
            way = slerp if how == "spherical" else lerp
            return way(start, end, t)


def to_array(tensor: Tensor) -> Array:
    """A tensor of a recipe as a float32 array.

    Raises:
        RecipeError: the bytes do not fill the shape, or hold numbers that are not finite.
    """
    if len(tensor.data) != 4 * math.prod(tensor.shape):
        raise RecipeError(
            f"The recipe's latent holds {len(tensor.data)} bytes, which do not fill its shape "
            f"{list(tensor.shape)}; the recipe is damaged."
        )
    array = np.frombuffer(tensor.data, "<f4").reshape(tensor.shape)
    if not np.isfinite(array).all():
        raise RecipeError("The recipe's latent holds numbers that are not finite; it is damaged.")
    return array.astype(np.float32)


def to_tensor(array: Array) -> Tensor:
    """An array as plain data for a recipe."""
    return Tensor(shape=array.shape, data=np.ascontiguousarray(array, "<f4").tobytes())


def prompt_to_latent(pack: Pack, text: str, graphs: GraphCache, cancel: Cancel) -> Array:
    """The latent [1, ...] that the pack's `prompt_to_latent` graph gives for a text.

    Raises:
        RecipeError: the pack takes no prompt.
    """
    if "prompt_to_latent" not in pack.manifest.graphs:
        raise RecipeError(f"The model {pack.id} takes no prompt; start from a seed instead.")
    # The tokenizer library comes along, which a picture from a seed need not wait for.
    from genstudio.engine.prompt import encode_prompt

    names, graph = pack.graph("prompt_to_latent"), graphs.get(pack, "prompt_to_latent")
    embedding = encode_prompt(pack, text, graphs, cancel=cancel).part("pooled")
    output = names.output_name("latent")
    feeds = {names.input_name("embedding"): np.atleast_2d(embedding).astype(np.float32)}
    found: Array = graph.run(feeds, [output], cancel)[output].astype(np.float32)
    return found


def _varied(around: Exact, seed: int, strength: float) -> Array:
    """A sample of the encoder's own normal distribution (Kingma and Welling 2013, section 2.4)."""
    if around.log_variance is None:
        raise RecipeError(
            "This picture was encoded by a model that tells no variance, so it cannot be varied; "
            "move sliders instead."
        )
    mean, log_variance = to_array(around.mean), to_array(around.log_variance)
    if mean.shape != log_variance.shape:
        raise RecipeError("The recipe's mean and log-variance differ in shape; it is damaged.")
    deviation = np.exp(0.5 * np.clip(log_variance, -60.0, 40.0))
    sample: Array = mean + np.float32(strength) * deviation * gaussian(seed, mean.shape)
    return sample.astype(np.float32)


def _shape(array: Array) -> str:
    return " x ".join(str(n) for n in array.shape[1:])
