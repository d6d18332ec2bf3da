"""Generative adversarial networks: seed to z to w to picture.

Truncation, style mixing and per-layer noise follow StyleGAN (Karras et al. 2019,
https://arxiv.org/abs/1812.04948); a model with one `generator` graph has z alone. Between two
seeds the spherical way goes through z, the linear way through w, as the field's tools do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genstudio.base.errors import EngineError, RecipeError
from genstudio.base.progress import NEVER, Cancel
from genstudio.engine.cache import GraphCache
from genstudio.engine.latents import Array, prompt_to_latent, resolve
from genstudio.engine.learned import learned_pictures
from genstudio.engine.settings import class_feed, settings_feeds
from genstudio.engine.sizes import drawn_size
from genstudio.latent.interpolate import lerp
from genstudio.latent.learned import Learned
from genstudio.latent.mixing import mix_layers
from genstudio.latent.noise import gaussian
from genstudio.packs.manifest import Gan, Pack, Role
from genstudio.recipe.values import Between, Exact, LatentRecipe, LatentSource

_AVERAGED = 4096
"""Mapped seeds that make w's average where the pack does not state it."""

_averages: dict[tuple[str, str | None], Array] = {}
"""The averages found in this process, by the mapping's hash and the class."""


class ZSpace:
    """What the generator or the mapping takes; see `engine.latents.LatentSpace`."""

    def __init__(self, pack: Pack, model: Gan, graphs: GraphCache, cancel: Cancel = NEVER) -> None:
        self._pack, self._model = pack, model
        self._graphs, self._cancel = graphs, cancel

    def draw(self, seed: int) -> Array:
        """Z [1, z_size] of a seed."""
        return gaussian(seed, (1, self._model.z_size))

    def from_prompt(self, text: str) -> Array:
        """The z that the pack finds for a text."""
        return self.fit(prompt_to_latent(self._pack, text, self._graphs, self._cancel), "latent")

    def fit(self, latent: Array, space: str) -> Array:
        """A given z, [z_size] or [1, z_size]."""
        if space != "latent" or latent.size != self._model.z_size:
            raise RecipeError(
                f"The recipe's latent ({space}, shape {list(latent.shape)}) does not fit the model "
                f"{self._pack.id}, whose z has {self._model.z_size} numbers; it was made for "
                "another model."
            )
        return latent.reshape(1, -1)

    def learned(self) -> Learned:
        """The learned pictures that the pack keeps."""
        return learned_pictures(self._pack, self._model.z_size, self._graphs, self._cancel)


def latent_of(recipe: LatentRecipe, pack: Pack, graphs: GraphCache, cancel: Cancel) -> Array:
    """The recipe's w [1, layers, w] (z [1, z] without a mapping) before slider moves.

    Raises:
        RecipeError: something that this model does not have.
    """
    model = model_of(pack)
    drawn_size(pack, recipe.size, model.factor)
    if not model.layers:
        return _truncated_z(recipe, pack, model, graphs, cancel)
    w = _truncated(recipe.source, recipe, pack, model, graphs, cancel)
    for mixing in recipe.mixing:
        start, end = checked_layers(mixing.layers, model.layers, pack.id)
        other = _truncated(mixing.source, recipe, pack, model, graphs, cancel)
        w = mix_layers(w, other, (start, end))
    return w


def synthesise(
    recipe: LatentRecipe, latent: Array, pack: Pack, graphs: GraphCache, cancel: Cancel
) -> NDArray[np.floating]:
    """Pictures [B, C, H, W] in the model's range of w [B, layers, w] or z [B, z]."""
    model = model_of(pack)
    role: Role = "synthesis" if model.layers else "generator"
    meaning = "w" if model.layers else "z"
    names, graph = pack.graph(role), graphs.get(pack, role)
    name = names.input_name(meaning)
    tensor = graph.inputs[name]
    if not model.layers and len(tensor.shape) == 4:
        latent = latent[:, :, None, None]
    feeds = {
        **settings_feeds(pack, role, graph, recipe.settings, len(latent)),
        **class_feed(pack, role, graph, model.classes, recipe.class_label),
        name: latent.astype(tensor.dtype),
    }
    strength = names.input_name("noise_strength")
    scales_itself = strength in graph.inputs
    if scales_itself:
        rank = len(graph.inputs[strength].shape)
        feeds[strength] = np.full((1,) * rank, recipe.noise_strength, graph.inputs[strength].dtype)
    noise = np.random.RandomState(recipe.noise_seed)
    size = drawn_size(pack, recipe.size, model.factor)
    for index in range(model.noise):
        layer = names.input_name(f"noise.{index}")
        tensor = graph.inputs[layer]
        drawn = noise.randn(*_noise_shape(tensor.shape, index, size, pack, model))
        scaled = drawn if scales_itself else drawn * recipe.noise_strength
        feeds[layer] = scaled.astype(tensor.dtype)
    output = names.output_name("image")
    return graph.run(feeds, [output], cancel)[output]


def critic_score(
    picture: NDArray[np.floating], pack: Pack, graphs: GraphCache, cancel: Cancel
) -> float:
    """What the critic thinks of a picture [1, C, H, W]: higher is better.

    Raises:
        PackError: the pack has no critic.
        EngineError: the critic gave no number.
    """
    names, graph = pack.graph("critic"), graphs.get(pack, "critic")
    name, output = names.input_name("image"), names.output_name("score")
    score = graph.run({name: picture.astype(graph.inputs[name].dtype)}, [output], cancel)[output]
    if score.size != 1 or not np.isfinite(score).all():
        raise EngineError(
            f"The critic of {pack.id} gave no number for a picture; check the pack with genstudio "
            "models check."
        )
    return float(score.reshape(-1)[0])


def map_z(
    z: Array, label: str | None, pack: Pack, graphs: GraphCache, cancel: Cancel = NEVER
) -> Array:
    """W [B, layers, w] of z [B, z]; a mapping that gives one w a picture gives it to all layers."""
    model = model_of(pack)
    names, graph = pack.graph("mapping"), graphs.get(pack, "mapping")
    name, output = names.input_name("z"), names.output_name("w")
    if graph.inputs[name].shape[0] == 1 and len(z) > 1:
        return np.concatenate([map_z(row[None], label, pack, graphs, cancel) for row in z])
    known = class_feed(pack, "mapping", graph, model.classes, label)
    feeds = {
        **{key: np.repeat(value, len(z), axis=0) for key, value in known.items()},
        name: z.astype(graph.inputs[name].dtype),
    }
    w = graph.run(feeds, [output], cancel)[output].astype(np.float32)
    if w.ndim == 2:
        w = np.repeat(w[:, None], model.layers, axis=1)
    if w.ndim != 3 or w.shape[1] != model.layers:
        raise EngineError(
            f"The mapping of {pack.id} gave w of the shape {list(w.shape)}, but its pack.json "
            f"speaks of {model.layers} layers; check it with genstudio models check."
        )
    return w


def checked_layers(layers: tuple[int, int], count: int, pack_id: str) -> tuple[int, int]:
    """A layer range that lies within the model. Raises `RecipeError`."""
    start, end = layers
    if not 0 <= start < end <= count:
        raise RecipeError(
            f"Layers {start} to {end - 1} are not in the model {pack_id}, which has 0 to "
            f"{count - 1}."
        )
    return start, end


def model_of(pack: Pack) -> Gan:
    """The pack's GAN block. Raises `RecipeError` for another family."""
    model = pack.manifest.model
    if not isinstance(model, Gan):
        raise RecipeError(f"The model {pack.id} is not a GAN.")
    return model


class _WSpace:
    """w per layer, [1, layers, w]."""

    def __init__(
        self, recipe: LatentRecipe, pack: Pack, model: Gan, graphs: GraphCache, cancel: Cancel
    ) -> None:
        self._z = ZSpace(pack, model, graphs, cancel)
        self._recipe, self._pack, self._model = recipe, pack, model
        self._graphs, self._cancel = graphs, cancel

    def draw(self, seed: int) -> Array:
        return self.mapped(self._z.draw(seed))

    def from_prompt(self, text: str) -> Array:
        return self.mapped(self._z.from_prompt(text))

    def fit(self, latent: Array, space: str) -> Array:
        if space == "latent":
            return self.mapped(self._z.fit(latent, space))
        w = latent[None] if latent.ndim == 2 else latent.reshape(1, 1, -1)
        if w.shape[1] == 1:
            w = np.repeat(w, self._model.layers, axis=1)
        names = self._pack.graph("synthesis")
        tensor = self._graphs.get(self._pack, "synthesis").inputs[names.input_name("w")]
        size = tensor.shape[-1]
        if w.shape[1] != self._model.layers or (isinstance(size, int) and w.shape[2] != size):
            raise RecipeError(
                f"The recipe's w has the shape {list(latent.shape)}, but the model {self._pack.id} "
                f"takes {[self._model.layers, size]}; it was made for another model."
            )
        return w

    def learned(self) -> Learned:
        return self._z.learned()

    def mapped(self, z: Array) -> Array:
        return map_z(z, self._recipe.class_label, self._pack, self._graphs, self._cancel)

    def resolve(self, source: LatentSource) -> Array:
        """W of a source; a spherical way between two z goes through z."""
        if isinstance(source, Between) and source.how == "spherical" and not _has_w(source):
            return self.mapped(resolve(source, self._z))
        if isinstance(source, Between) and source.how != "learned":
            # Over the sphere only z can go: w lies on none.
            return lerp(self.resolve(source.a), self.resolve(source.b), source.t)
        return resolve(source, self)


def _has_w(source: LatentSource) -> bool:
    if isinstance(source, Between):
        return source.how == "linear" or _has_w(source.a) or _has_w(source.b)
    return isinstance(source, Exact) and source.space == "w"


def _truncated(
    source: LatentSource,
    recipe: LatentRecipe,
    pack: Pack,
    model: Gan,
    graphs: GraphCache,
    cancel: Cancel,
) -> Array:
    """W of a source, its first layers pulled to the average by psi."""
    w = _WSpace(recipe, pack, model, graphs, cancel).resolve(source)
    if recipe.truncation == 1:
        return w
    cutoff = model.layers if recipe.truncation_cutoff is None else recipe.truncation_cutoff
    if cutoff > model.layers:
        raise RecipeError(
            f"The truncation cutoff {cutoff} is beyond the {model.layers} layers of {pack.id}."
        )
    average = _average(pack, model, recipe.class_label, graphs, cancel)
    if average.shape != w.shape[2:]:
        raise EngineError(
            f"The average w in {pack.id}'s pack.json has {average.size} numbers, but its mapping "
            f"gives {w.shape[2]}; correct w_average."
        )
    w[:, :cutoff] = lerp(
        np.broadcast_to(average, w[:, :cutoff].shape), w[:, :cutoff], recipe.truncation
    )
    return w


def _average(
    pack: Pack, model: Gan, label: str | None, graphs: GraphCache, cancel: Cancel
) -> Array:
    """The mean w [w]: the pack's, else that of `_AVERAGED` mapped samples (always the same)."""
    if model.w_average:
        return np.array(model.w_average, np.float32)
    key = (pack.graph("mapping").sha256, label)
    if key not in _averages:
        z = gaussian(0, (_AVERAGED, model.z_size))
        _averages[key] = map_z(z, label, pack, graphs, cancel)[:, 0].mean(axis=0)
    return _averages[key]


def _truncated_z(
    recipe: LatentRecipe, pack: Pack, model: Gan, graphs: GraphCache, cancel: Cancel
) -> Array:
    if recipe.mixing or recipe.truncation_cutoff is not None:
        raise RecipeError(
            f"The model {pack.id} is one generator without layers to mix or cut off; leave them "
            "out."
        )
    return resolve(recipe.source, ZSpace(pack, model, graphs, cancel)) * np.float32(
        recipe.truncation
    )


def _noise_shape(
    shape: Sequence[int | str | None], index: int, size: tuple[int, int], pack: Pack, model: Gan
) -> tuple[int, ...]:
    """The shape of a noise input for a picture of `size` (width, height); a batch shares it."""
    if model.noise_factors:
        channels, factor = shape[1], model.noise_factors[index]
        assert isinstance(channels, int)  # the pack's check saw to it
        return 1, channels, size[1] // factor, size[0] // factor
    height, width = shape[-2:]
    if not isinstance(height, int) or not isinstance(width, int):
        raise EngineError(
            f"The noise input {index} of {pack.id} does not say its height and width; export it "
            "with fixed ones."
        )
    return *(1,) * (len(shape) - 2), height, width
