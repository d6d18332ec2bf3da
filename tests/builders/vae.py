"""Tiny variational autoencoders whose encoders invert their decoders."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray

from genstudio.packs import manifest
from tests.builders.graph import INT64, GraphBuilder, Range, from_range, to_range
from tests.builders.pack_folder import change_manifest, sha256, write_pack

WIDTH, HEIGHT = 16, 12
VECTOR = 8
SPATIAL, FACTOR = 4, 4
CLASSES = ("day", "night")


def vector_vae(
    folder: Path,
    *,
    channels: Literal[1, 3, 4] = 3,
    value_range: Range = (-1.0, 1.0),
    classes: tuple[str, ...] = (),
    glow: bool = False,
    mapped: bool = False,
    learned: NDArray[np.float64] | None = None,
    pack_id: str = "vector-vae",
) -> Path:
    """Latents of 8 numbers, pictures of 16 x 12. `glow`: a control and its input.

    `mapped`: the latent of a seed is `stray` times its z, plus 1. `learned`: latents [N, 8], each
    with its two nearest.
    """
    pixels = channels * HEIGHT * WIDTH
    matrix = np.random.RandomState(1).randn(VECTOR, pixels) * 0.35
    decoder = GraphBuilder(2)
    latent = decoder.input("latent", ["batch", VECTOR])
    flat = decoder("MatMul", latent, decoder.const(matrix))
    if classes:
        table = decoder.drawn(len(classes), pixels)
        flat = decoder("Add", flat, decoder("Gather", table, decoder.input("class", ["n"], INT64)))
    if glow:
        flat = decoder("Add", flat, decoder.input("glow", [1]))
    shaped = decoder("Reshape", flat, decoder.const([-1, channels, HEIGHT, WIDTH], np.int64))
    shape: list[int | str | None] = ["batch", channels, HEIGHT, WIDTH]
    decoder.output("image", shape, to_range(decoder, shaped, value_range))

    encoder = GraphBuilder(3)
    image = encoder.input("image", ["batch", channels, HEIGHT, WIDTH])
    flat = encoder("Flatten", from_range(encoder, image, value_range))
    mean = encoder("MatMul", flat, encoder.const(np.linalg.pinv(matrix)))
    encoder.output("mean", ["batch", VECTOR], mean)
    encoder.output("log_variance", ["batch", VECTOR], _log_variance(encoder, mean))
    graphs: dict[manifest.Role, GraphBuilder] = {"decoder": decoder, "encoder": encoder}
    controls = []
    if glow:
        controls.append(_slider("glow", "decoder"))
    if mapped:
        controls.append(_slider("stray", "mapping"))
        mapping = graphs["mapping"] = GraphBuilder()
        z = mapping.input("z", ["batch", VECTOR])
        strayed = mapping("Mul", z, mapping.input("stray", []))
        moved = mapping("Add", strayed, mapping.const(1.0))
        mapping.output("latent", ["batch", VECTOR], moved)
    if learned is not None:
        graphs["learned"] = learned_graph(learned)
    return write_pack(
        folder,
        pack_id,
        manifest.Vae(latent=manifest.VectorLatent(size=VECTOR), classes=classes),
        _image(channels, value_range),
        graphs,
        controls=tuple(controls),
    )


def learned_graph(latents: NDArray[np.float64]) -> GraphBuilder:
    """Keeps latents [N, numbers] and the two nearest of each."""
    apart = np.linalg.norm(latents[:, None] - latents, axis=2)
    nearest = apart.argsort(axis=1)[:, 1:3]
    distances = np.take_along_axis(apart, nearest, axis=1) / np.median(apart)
    graph = GraphBuilder()
    graph.output("latent", [*latents.shape], graph.const(latents))
    graph.output("neighbours", [*nearest.shape], graph.const(nearest, np.int64), INT64)
    graph.output("apart", [*nearest.shape], graph.const(distances))
    return graph


def _slider(name: str, graph: manifest.Role) -> manifest.Slider:
    return manifest.Slider(name=name, low=-1, high=1, default=0, graph=graph, input=name)


def spatial_vae(
    folder: Path,
    *,
    channels: Literal[1, 3, 4] = 3,
    value_range: Range = (-1.0, 1.0),
    gives: Literal["mean and log-variance", "moments", "latent"] = "mean and log-variance",
    scale: float = 0.5,
    shift: float = 0.25,
    pack_id: str = "spatial-vae",
) -> Path:
    """Latents of 4 x h/4 x w/4, pictures of any size that is a multiple of 4."""
    matrix = np.random.RandomState(4).randn(SPATIAL, channels * FACTOR * FACTOR) * 0.4
    window = {"kernel_shape": [FACTOR, FACTOR], "strides": [FACTOR, FACTOR]}
    decoder = GraphBuilder(5)
    latent = decoder.input("latent", ["batch", SPATIAL, "rows", "columns"])
    weight = decoder.const(matrix.reshape(SPATIAL, channels, FACTOR, FACTOR))
    drawn = decoder("ConvTranspose", latent, weight, **window)
    image_shape: list[int | str] = ["batch", channels, "height", "width"]
    decoder.output("image", [*image_shape], to_range(decoder, drawn, value_range))

    encoder = GraphBuilder(6)
    image = encoder.input("image", image_shape)
    inverse = np.linalg.pinv(matrix).T.reshape(SPATIAL, channels, FACTOR, FACTOR)
    plain = from_range(encoder, image, value_range)
    mean = encoder("Conv", plain, encoder.const(inverse), **window)
    shape: list[int | str | None] = ["batch", SPATIAL, "rows", "columns"]
    if gives == "latent":
        encoder.output("latent", shape, mean)
    elif gives == "moments":
        both = encoder("Concat", mean, _log_variance(encoder, mean), axis=1)
        encoder.output("moments", ["batch", 2 * SPATIAL, "rows", "columns"], both)
    else:
        encoder.output("mean", shape, mean)
        encoder.output("log_variance", shape, _log_variance(encoder, mean))
    return write_pack(
        folder,
        pack_id,
        manifest.Vae(
            latent=manifest.SpatialLatent(
                channels=SPATIAL, factor=FACTOR, scale=scale, shift=shift
            ),
            encoder_gives=gives,
        ),
        _image(channels, value_range),
        {"decoder": decoder, "encoder": encoder},
    )


def latent_vae(folder: Path) -> Path:
    """As TAESD: one output, no variance, pictures in [0, 1]."""
    return spatial_vae(
        folder, gives="latent", value_range=(0.0, 1.0), scale=1.0, shift=0.0, pack_id="latent-vae"
    )


def moments_vae(folder: Path) -> Path:
    """As diffusers' AutoencoderKL: mean and log-variance stacked in one output."""
    return spatial_vae(folder, gives="moments", pack_id="moments-vae")


def external_vae(folder: Path, location: str = "decoder.data") -> Path:
    """A vector VAE whose decoder keeps its weights in a file of their own."""
    vector_vae(folder, pack_id="external-vae")
    path = folder / "decoder.onnx"
    model = onnx.load(path)
    onnx.save(
        model, path, save_as_external_data=True, all_tensors_to_one_file=True,
        location=location, size_threshold=1024,
    )  # fmt: skip
    files = [{"file": location, "sha256": sha256(folder / location)}]
    return change_manifest(
        folder,
        lambda plain: plain["graphs"]["decoder"].update(sha256=sha256(path), external_data=files),
    )


def _image(channels: Literal[1, 3, 4], value_range: Range) -> manifest.Image:
    return manifest.Image(width=WIDTH, height=HEIGHT, channels=channels, range=value_range)


def _log_variance(g: GraphBuilder, mean: str) -> str:
    return g("Sub", g("Tanh", mean), g.const(2.0))
