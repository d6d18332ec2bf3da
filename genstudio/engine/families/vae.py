"""Variational autoencoders: a picture to a latent and a latent to a picture.

Kingma and Welling 2013, "Auto-Encoding Variational Bayes". A latent here is what the decoder's
training saw at about unit variance: for spatial latents (encoder output - shift) x scale.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import EngineError, RecipeError
from genstudio.base.progress import NEVER, Cancel
from genstudio.engine.cache import GraphCache
from genstudio.engine.latents import Array, prompt_to_latent, resolve, to_tensor
from genstudio.engine.learned import learned_pictures
from genstudio.engine.pixels import fit_picture, to_model
from genstudio.engine.settings import class_feed, settings_feeds
from genstudio.engine.sizes import drawn_size
from genstudio.latent.learned import Learned
from genstudio.latent.noise import gaussian
from genstudio.packs.manifest import Pack, SpatialLatent, Vae
from genstudio.recipe.values import Exact, LatentRecipe, Setting


class VaeSpace:
    """The latents of a VAE at one picture size; see `engine.latents.LatentSpace`."""

    def __init__(
        self,
        pack: Pack,
        model: Vae,
        size: tuple[int, int] | None,
        graphs: GraphCache,
        cancel: Cancel = NEVER,
        settings: Sequence[Setting] = (),
    ) -> None:
        """Take the picture's (width, height); the model's own size without one.

        `settings` are the recipe's values of the pack's own controls.

        Raises:
            RecipeError: a size that the model cannot draw.
        """
        self._pack, self._graphs, self._cancel = pack, graphs, cancel
        self._model, self._settings = model, settings
        self.shape = (1, *_latent_shape(pack, model, size))

    def draw(self, seed: int) -> Array:
        """A sample of the prior."""
        return self.sample(seed, 1)

    def sample(self, seed: int, count: int) -> Array:
        """`count` samples of the prior [count, ...], through the pack's mapping if it has one."""
        z = gaussian(seed, (count, *self.shape[1:]))
        if "mapping" not in self._pack.manifest.graphs:
            return z
        names = self._pack.graph("mapping")
        graph = self._graphs.get(self._pack, "mapping")
        name, output = names.input_name("z"), names.output_name("latent")
        found = []
        for row in z[:, None]:
            feeds = settings_feeds(self._pack, "mapping", graph, self._settings, 1)
            feeds[name] = row.astype(graph.inputs[name].dtype)
            found.append(graph.run(feeds, [output], self._cancel)[output].astype(np.float32))
        return np.concatenate(found)

    def from_prompt(self, text: str) -> Array:
        """The latent that the pack finds for a text."""
        return self.fit(prompt_to_latent(self._pack, text, self._graphs, self._cancel), "latent")

    def fit(self, latent: Array, space: str) -> Array:
        """A given latent with a batch dimension; a spatial one may have a size of its own."""
        if space != "latent":
            raise RecipeError(f"The model {self._pack.id} has no w; its recipes hold latents.")
        fixed = self.shape[1:2] if isinstance(self._model.latent, SpatialLatent) else self.shape[1:]
        batched = latent if latent.ndim == len(self.shape) else latent[None]
        if batched.ndim != len(self.shape) or batched.shape[1 : 1 + len(fixed)] != fixed:
            raise RecipeError(
                f"The recipe's latent has the shape {list(latent.shape)}, but the model "
                f"{self._pack.id} takes {list(self.shape[1:])}; it was made for another model."
            )
        if isinstance(self._model.latent, SpatialLatent):
            height, width = (side * self._model.latent.factor for side in batched.shape[2:])
            _latent_shape(self._pack, self._model, (width, height))
        return batched

    def learned(self) -> Learned:
        """The learned pictures that the pack keeps."""
        return learned_pictures(self._pack, self.shape[-1], self._graphs, self._cancel)


def latent_of(recipe: LatentRecipe, pack: Pack, graphs: GraphCache, cancel: Cancel) -> Array:
    """The recipe's latent [1, ...] before slider moves, pulled to the prior's mean by truncation.

    Raises:
        RecipeError: something that this model does not have.
    """
    model = _model(pack)
    if recipe.mixing or recipe.truncation_cutoff is not None:
        raise RecipeError(
            f"The model {pack.id} is a VAE and has no layers to mix or cut off; leave them out."
        )
    space = VaeSpace(pack, model, recipe.size, graphs, cancel, recipe.settings)
    latent = resolve(recipe.source, space)
    return latent * np.float32(recipe.truncation)


def decode(
    recipe: LatentRecipe, latent: Array, pack: Pack, graphs: GraphCache, cancel: Cancel
) -> NDArray[np.floating]:
    """Pictures [B, C, H, W] in the model's range of latents [B, ...]."""
    model, names, graph = _model(pack), pack.graph("decoder"), graphs.get(pack, "decoder")
    if isinstance(model.latent, SpatialLatent):
        latent = latent / np.float32(model.latent.scale) + np.float32(model.latent.shift)
    name = names.input_name("latent")
    feeds = {
        **settings_feeds(pack, "decoder", graph, recipe.settings, len(latent)),
        **class_feed(pack, "decoder", graph, model.classes, recipe.class_label),
        name: latent.astype(graph.inputs[name].dtype),
    }
    output = names.output_name("image")
    return graph.run(feeds, [output], cancel)[output]


def encode(
    pack: Pack, pixels: NDArray[np.uint8], graphs: GraphCache, cancel: Cancel = NEVER
) -> LatentRecipe:
    """A picture [H, W, C] as a recipe that reconstructs it.

    Spatial models keep the picture's size, cut to a multiple of their factor; others see its
    middle at their own size.

    Raises:
        RecipeError: the pack cannot encode.
        EngineError: the encoder gave something that is no latent.
    """
    model = _model(pack)
    if "encoder" not in pack.manifest.graphs:
        raise RecipeError(
            f"The model {pack.id} has no encoder, so it cannot read your own pictures."
        )
    image, size = pack.manifest.image, None
    width, height = image.width, image.height
    if isinstance(model.latent, SpatialLatent):
        factor = model.latent.factor
        width, height = (max(side // factor, 1) * factor for side in pixels.shape[1::-1])
        size = (width, height)
    fitted = to_model(fit_picture(pixels, width, height, image.channels), image)
    mean, log_variance = _moments(pack, model, fitted, graphs, cancel)
    source = Exact(
        mean=to_tensor(mean[0]),
        log_variance=None if log_variance is None else to_tensor(log_variance[0]),
    )
    return LatentRecipe(model=pack.ref, source=source, size=size)


def _moments(
    pack: Pack, model: Vae, picture: Array, graphs: GraphCache, cancel: Cancel
) -> tuple[Array, Array | None]:
    """The mean and, where the encoder tells it, the log-variance, in the recipe's scale."""
    names, graph = pack.graph("encoder"), graphs.get(pack, "encoder")
    name = names.input_name("image")
    feeds = {
        **settings_feeds(pack, "encoder", graph, (), 1),
        **class_feed(pack, "encoder", graph, model.classes, None),
        name: picture.astype(graph.inputs[name].dtype),
    }
    meanings = {
        "mean and log-variance": ("mean", "log_variance"),
        "moments": ("moments",),
        "latent": ("latent",),
    }[model.encoder_gives]
    outputs = [names.output_name(meaning) for meaning in meanings]
    results = graph.run(feeds, outputs, cancel)
    parts = [results[output].astype(np.float32) for output in outputs]
    height, width = picture.shape[2:]
    shape = (1, *_latent_shape(pack, model, (width, height)))
    if model.encoder_gives == "moments" and parts[0].ndim > 1 and parts[0].shape[1] % 2 == 0:
        parts = np.split(parts[0], 2, axis=1)
    if any(part.shape != shape for part in parts):
        raise EngineError(
            f"The encoder of {pack.id} gave a latent of the shape {list(parts[0].shape)} where "
            f"{list(shape)} was due; check the pack with genstudio models check."
        )
    if not all(np.isfinite(part).all() for part in parts):
        raise EngineError(
            f"The encoder of {pack.id} gave numbers that are not finite; the pack is broken, or "
            "the CPU may help (--device cpu)."
        )
    mean, log_variance = parts[0], parts[1] if len(parts) == 2 else None
    if isinstance(model.latent, SpatialLatent):
        scale, shift = np.float32(model.latent.scale), np.float32(model.latent.shift)
        mean = (mean - shift) * scale
        if log_variance is not None:
            log_variance = log_variance + np.float32(2 * np.log(abs(float(scale))))
    return mean, log_variance


def _latent_shape(pack: Pack, model: Vae, size: tuple[int, int] | None) -> tuple[int, ...]:
    if not isinstance(model.latent, SpatialLatent):
        drawn_size(pack, size, 0)
        return (model.latent.size,)
    factor = model.latent.factor
    width, height = drawn_size(pack, size, factor)
    return (model.latent.channels, height // factor, width // factor)


def _model(pack: Pack) -> Vae:
    model = pack.manifest.model
    if not isinstance(model, Vae):
        raise RecipeError(f"The model {pack.id} is not a VAE.")
    return model
