"""What the graphs of VAEs, GANs and upscalers must take and give for the engine to run them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.base.errors import PackError
from genstudio.packs.manifest import Gan, Image, Manifest, SpatialLatent, Upscaler, Vae
from genstudio.packs.probe_graph import (
    Array,
    Graphs,
    ProbedGraph,
    check_classes_used,
    check_picture,
    check_shape,
    class_feed,
    input_facts,
    noise_picture,
    run,
    run_all,
)

_SMALL_CELLS = (3, 2)
"""Another size, in cells of a spatial latent (rows, columns): any is promised."""
_UPSCALED = 16


def check_vae(manifest: Manifest, model: Vae, graphs: Graphs) -> None:
    """Decode a random latent and encode a random picture. Raises `PackError`."""
    image = manifest.image
    check_classes_used((graphs["decoder"],), model.classes)
    sizes = [(image.width, image.height)]
    if isinstance(model.latent, SpatialLatent):
        rows, columns = _SMALL_CELLS
        sizes.append((columns * model.latent.factor, rows * model.latent.factor))
    for graph in (graphs["decoder"], graphs.get("encoder")):
        meaning = "latent" if graph is graphs["decoder"] else "image"
        if graph is not None and len(sizes) > 1:
            _check_any_size(graph, meaning)
    for width, height in sizes:
        if "mapping" in graphs:
            _map(model, graphs["mapping"], width, height)
        _decode(model, image, graphs["decoder"], width, height)
        if "encoder" in graphs:
            _encode(model, image, graphs["encoder"], width, height)
    if "learned" in graphs:
        _check_learned(model, graphs["learned"])


def _check_learned(model: Vae, learned: ProbedGraph) -> None:
    found = run_all(learned, {}, ("latent", "neighbours", "apart"))
    latents, neighbours, apart = (
        found[learned.names.output_name(meaning)] for meaning in ("latent", "neighbours", "apart")
    )
    count = latents.shape[0] if latents.ndim else 0
    few = neighbours.shape[-1] if neighbours.ndim else 0
    check_shape(latents, (count, *_latent_shape(model, 0, 0)[1:]), "learned", "latent")
    check_shape(neighbours, (count, few), "learned", "neighbours")
    check_shape(apart, (count, few), "learned", "apart")
    numbers = neighbours.dtype.kind == "i" and neighbours.size
    if not numbers or neighbours.min() < 0 or neighbours.max() >= count:
        raise PackError(
            f"The learned graph's neighbours are not whole numbers from 0 to {count - 1}, one or "
            "more for each latent; export them so."
        )
    if apart.min() < 0.0:
        raise PackError(
            f"The learned graph says that neighbours are {apart.min():.3g} apart; a distance is "
            "0 or more."
        )


def _decode(model: Vae, image: Image, decoder: ProbedGraph, width: int, height: int) -> None:
    latent = np.random.RandomState(0).randn(*_latent_shape(model, width, height))
    if isinstance(model.latent, SpatialLatent):
        latent = latent / model.latent.scale + model.latent.shift
    feeds = class_feed(decoder, model.classes) | {"latent": latent}
    check_picture(run(decoder, feeds, "image"), image, "decoder", width, height)


def _map(model: Vae, mapping: ProbedGraph, width: int, height: int) -> None:
    shape = _latent_shape(model, width, height)
    z = np.random.RandomState(0).randn(*shape)
    check_shape(run(mapping, {"z": z}, "latent"), shape, "mapping", "latent")


def _encode(model: Vae, image: Image, encoder: ProbedGraph, width: int, height: int) -> None:
    feeds = class_feed(encoder, model.classes) | {"image": noise_picture(image, width, height)}
    meanings: tuple[str, ...] = {
        "mean and log-variance": ("mean", "log_variance"),
        "moments": ("moments",),
        "latent": ("latent",),
    }[model.encoder_gives]
    shape = _latent_shape(model, width, height)
    if model.encoder_gives == "moments":
        shape = (shape[0], 2 * shape[1], *shape[2:])
    found = run_all(encoder, feeds, meanings)
    for meaning in meanings:
        check_shape(found[encoder.names.output_name(meaning)], shape, "encoder", meaning)


def _latent_shape(model: Vae, width: int, height: int) -> tuple[int, ...]:
    if not isinstance(model.latent, SpatialLatent):
        return (1, model.latent.size)
    factor = model.latent.factor
    return (1, model.latent.channels, height // factor, width // factor)


def check_gan(manifest: Manifest, model: Gan, graphs: Graphs) -> None:
    """Draw a random latent and let the critic judge the picture. Raises `PackError`."""
    z = np.random.RandomState(0).randn(1, model.z_size).astype(np.float32)
    feeds: dict[str, Array]
    if model.layers:
        drawer = graphs["synthesis"]
        check_classes_used((graphs["mapping"], drawer), model.classes)
        feeds = {"w": _mapped(model, graphs["mapping"], z)}
    else:
        drawer = graphs["generator"]
        check_classes_used((drawer,), model.classes)
        rank = len(input_facts(drawer, "z").shape)
        feeds = {"z": z[:, :, None, None] if rank == 4 else z}
    feeds |= class_feed(drawer, model.classes) | _noise(drawer, manifest, model)
    picture = run(drawer, feeds, "image")
    check_picture(picture, manifest.image, drawer.role, manifest.image.width, manifest.image.height)
    if "critic" in graphs:
        score = run(graphs["critic"], {"image": picture}, "score")
        if score.size != 1:
            raise PackError(
                f"The critic gives {score.size} numbers for a picture where one score is due; name "
                "the right output under graphs.critic.outputs."
            )


def _mapped(model: Gan, mapping: ProbedGraph, z: Array) -> Array:
    """W, [1, layers, w]."""
    w = run(mapping, class_feed(mapping, model.classes) | {"z": z}, "w")
    if w.ndim == 2:
        w = np.repeat(w[:, None], model.layers, axis=1)
    check_shape(w, (1, model.layers, w.shape[-1] if w.ndim else 0), "mapping", "w")
    if model.w_average and len(model.w_average) != w.shape[-1]:
        raise PackError(
            f"model.w_average in pack.json has {len(model.w_average)} numbers, but w has "
            f"{w.shape[-1]}; write the mapping's own average there, or leave it out."
        )
    return w


def _noise(drawer: ProbedGraph, manifest: Manifest, model: Gan) -> dict[str, Array]:
    noise: dict[str, Array] = {}
    for index in range(model.noise):
        shape = input_facts(drawer, f"noise.{index}").shape
        channels, height, width = _noise_shape(shape, index, manifest, model)
        drawn = np.random.RandomState(index).randn(1, channels, height, width)
        noise[f"noise.{index}"] = drawn
    strength = drawer.names.input_name("noise_strength")
    if strength in drawer.inputs:
        noise["noise_strength"] = np.ones((1,) * len(drawer.inputs[strength].shape))
    return noise


def _noise_shape(
    shape: Sequence[int | str | None], index: int, manifest: Manifest, model: Gan
) -> tuple[int, int, int]:
    """Channels, height and width of a noise input for a picture of the model's usual size."""
    if model.noise_factors:
        if len(shape) != 4 or not isinstance(shape[1], int) or _fixed(shape[2:]):
            raise PackError(
                f"The noise input {index} of the synthesis graph has the shape {list(shape)}; with "
                "noise_factors, export it as [batch, channels, height, width] with any height and "
                "width."
            )
        factor = model.noise_factors[index]
        return shape[1], manifest.image.height // factor, manifest.image.width // factor
    sides = _fixed(shape[2:])
    if len(shape) != 4 or len(sides) != 2:
        raise PackError(
            f"The noise input {index} of the synthesis graph has the shape {list(shape)}; "
            "export it as [batch, 1, height, width] with a fixed height and width."
        )
    return 1, sides[0], sides[1]


def _fixed(sides: Sequence[int | str | None]) -> list[int]:
    return [side for side in sides if isinstance(side, int)]


def check_upscaler(manifest: Manifest, model: Upscaler, graphs: Graphs) -> None:
    """Enlarge a small random picture that is not square. Raises `PackError`."""
    upscaler, image = graphs["upscaler"], manifest.image
    _check_any_size(upscaler, "image")
    width = -(-_UPSCALED // model.multiple_of) * model.multiple_of
    height = width + model.multiple_of
    large = run(upscaler, {"image": noise_picture(image, width, height)}, "image")
    check_picture(large, image, "upscaler", width * model.scale, height * model.scale)


def _check_any_size(graph: ProbedGraph, meaning: str) -> None:
    shape = input_facts(graph, meaning).shape
    if len(shape) != 4:
        raise PackError(
            f"The {graph.role} graph's {meaning} has the shape {list(shape)}, but by pack.json it "
            "should have four dimensions; correct model in pack.json."
        )
    if any(isinstance(side, int) for side in shape[2:]):
        raise PackError(
            f"The {graph.role} graph takes its {meaning} in one size only ({list(shape)}), but "
            "this kind of model draws any; export it with a variable height and width."
        )
