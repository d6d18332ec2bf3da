"""The converter, on tiny models made by hand: the same numbers as the layers, or a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genstudio.base.errors import GenStudioError
from genstudio.engine.cache import GraphCache
from genstudio.engine.pixels import read_picture
from genstudio.engine.providers import plan_providers
from genstudio.importers.esrgan_tfjs import convert, main
from genstudio.packs.manifest import Pack, Upscaler
from tests.importers import tiny_tfjs as tiny

IMAGE = np.random.RandomState(3).rand(5, 7, 3).astype(np.float32)


def shuffling(root: Path) -> tuple[Path, dict[str, np.ndarray]]:
    """A residual with MultiplyBeta as in ESRGAN, then PixelShuffle."""
    weights = tiny.conv_weights("first", 3, 2, 3, 12, bias=0.2)
    layers = [
        tiny.conv("first", "LR", weights),
        tiny.layer("LeakyReLU", "leaky", ["first"], alpha=0.2),
        tiny.layer("MultiplyBeta", "beta", ["leaky"]),
        tiny.layer("Add", "sum", ["first", "beta"]),
        tiny.layer("PixelShuffle2x", "SR", ["sum"]),
    ]
    return tiny.write_package(root, layers, weights), weights


def repeating(root: Path) -> tuple[Path, dict[str, np.ndarray]]:
    """A dense block and nearest upsampling as in RDN, with a convolution after it."""
    weights = tiny.conv_weights("first", 3, 3, 3, 4, bias=-0.1) | tiny.conv_weights(
        "SR", 5, 5, 7, 3
    )
    layers = [
        tiny.conv("first", "LR", weights),
        tiny.layer("Activation", "relu", ["first"], activation="relu"),
        tiny.layer("Concatenate", "dense", ["LR", "relu"], axis=3),
        tiny.layer("UpSampling2D", "up", ["dense"], size=[2, 2], interpolation="nearest"),
        tiny.conv("SR", "up", weights),
    ]
    return tiny.write_package(root, layers, weights), weights


def run(pack: Pack, image: np.ndarray) -> np.ndarray:
    graph = GraphCache(plan_providers("cpu"), threads=1).get(pack, "upscaler")
    large: np.ndarray = graph.run({"image": image.transpose(2, 0, 1)[None]})["image_large"]
    return large[0].transpose(1, 2, 0)


def repeated_reference(image: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    first = tiny.numpy_conv(image, weights, "first")
    assert first.min() < 0 < first.max()
    dense = np.dstack([image, np.maximum(first, 0)])
    return tiny.numpy_conv(dense.repeat(2, axis=0).repeat(2, axis=1), weights, "SR")


def test_residuals_and_pixel_shuffle_give_the_layers_numbers(tmp_path: Path) -> None:
    folder, weights = shuffling(tmp_path / "npm")
    pack = convert(folder, 2, tmp_path / "pack", peak=1.0, edge=0, rounds=0)
    first = tiny.numpy_conv(IMAGE, weights, "first")
    assert first.min() < 0 < first.max()
    expected = tiny.numpy_depth_to_space(first + 0.2 * np.where(first > 0, first, 0.2 * first), 2)
    np.testing.assert_allclose(run(pack, IMAGE), expected, atol=1e-5)


def test_dense_blocks_and_upsampling_give_the_layers_numbers(tmp_path: Path) -> None:
    folder, weights = repeating(tmp_path / "npm")
    pack = convert(folder, 2, tmp_path / "pack", peak=1.0, edge=0, rounds=0)
    np.testing.assert_allclose(run(pack, IMAGE), repeated_reference(IMAGE, weights), atol=1e-5)


def test_a_model_of_0_to_255_takes_and_gives_0_to_1(tmp_path: Path) -> None:
    folder, weights = repeating(tmp_path / "npm")
    pack = convert(folder, 2, tmp_path / "pack", edge=0, rounds=0)
    expected = repeated_reference(IMAGE * 255, weights) / 255
    np.testing.assert_allclose(run(pack, IMAGE), expected, atol=1e-5)


def test_the_edge_is_repeated_before_and_cut_off_after(tmp_path: Path) -> None:
    folder, weights = repeating(tmp_path / "npm")
    pack = convert(folder, 2, tmp_path / "pack", peak=1.0, edge=4, rounds=0)
    wide = np.pad(IMAGE, ((4, 4), (4, 4), (0, 0)), mode="edge")
    expected = repeated_reference(wide, weights)[8:-8, 8:-8]
    np.testing.assert_allclose(run(pack, IMAGE), expected, atol=1e-5)


def test_the_overlap_counts_kernels_in_pixels_of_the_input(tmp_path: Path) -> None:
    folder, _ = repeating(tmp_path / "npm")
    for rounds in (0, 3):
        pack = convert(folder, 2, tmp_path / "pack", rounds=rounds)
        assert pack.manifest.model == Upscaler(scale=2, overlap=1 + 1 + 2 * rounds)
    measured = convert(folder, 2, tmp_path / "pack", overlap=1)
    assert measured.manifest.model == Upscaler(scale=2, overlap=1)


def test_back_projection_brings_the_large_picture_nearer_to_the_small_one(tmp_path: Path) -> None:
    folder, _ = repeating(tmp_path / "npm")

    def lacking(rounds: int) -> float:
        large = run(convert(folder, 2, tmp_path / "pack", peak=1.0, rounds=rounds), IMAGE)
        means = large.reshape(IMAGE.shape[0], 2, IMAGE.shape[1], 2, 3).mean(axis=(1, 3))
        return float(np.abs(IMAGE - means).mean())

    assert lacking(2) < 0.3 * lacking(0)
    assert lacking(4) < lacking(2)


def test_half_precision_halves_the_weights_and_moves_no_pixel_far(tmp_path: Path) -> None:
    folder, _ = repeating(tmp_path / "npm")
    packs = [
        convert(folder, 2, tmp_path / f"{half}", peak=1.0, half=half) for half in (False, True)
    ]
    whole, rounded = (run(pack, IMAGE) for pack in packs)
    assert 0 < np.abs(whole - rounded).max() < 0.01
    card = (packs[1].folder / "README.md").read_text()
    assert "--half" in card
    assert "half precision" in card


def test_the_pack_carries_source_and_licence_and_keeps_an_own_card(tmp_path: Path) -> None:
    folder, _ = repeating(tmp_path / "npm")
    pack = convert(folder, 2, tmp_path / "pack")
    assert pack.manifest.licence == "MIT"
    assert "tiny people" in (pack.folder / "LICENSE").read_text()
    assert "@tiny/enlarge 1.2.3" in (pack.folder / "NOTICE").read_text()
    card = pack.folder / "README.md"
    assert "@tiny/enlarge 1.2.3" in card.read_text()
    card.write_text("my own words")
    convert(folder, 2, tmp_path / "pack")
    assert card.read_text() == "my own words"


def test_the_command_makes_a_pack_with_a_preview(tmp_path: Path, capsys) -> None:
    folder, _ = repeating(tmp_path / "npm")
    Image.new("RGB", (6, 4), "red").save(tmp_path / "small.png")
    out = tmp_path / "pack"
    picture = ["--picture", str(tmp_path / "small.png")]
    assert main([str(folder), "--scale", "2", "--out", str(out), *picture]) == 0
    assert read_picture(out / "preview.webp").shape == (8, 24, 3)
    assert str(out) in capsys.readouterr().out


def test_the_command_refuses_in_a_sentence(tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path / "none"), "--scale", "2", "--out", str(tmp_path / "pack")]) == 2
    told = capsys.readouterr().err
    assert "model.json" in told
    assert "Traceback" not in told


def edited(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        plain = json.loads((folder / "model.json").read_text())
        change(plain)
        (folder / "model.json").write_text(json.dumps(plain))

    return edit


def layers_of(plain: dict[str, Any]) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = plain["modelTopology"]["model_config"]["config"]["layers"]
    return layers


def in_layer(index: int, **fields: Any) -> Callable[[Path], None]:
    def change(plain: dict[str, Any]) -> None:
        layer = layers_of(plain)[index]
        for name, value in fields.items():
            (layer if name in layer else layer["config"])[name] = value

    return edited(change)


def in_weights(**fields: Any) -> Callable[[Path], None]:
    return edited(lambda plain: plain["weightsManifest"][0]["weights"][0].update(fields))


def shard(folder: Path) -> Path:
    return folder / "group1-shard2of2.bin"


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a missing shard": (lambda f: shard(f).unlink(), "shard2of2.bin"),
    "a short shard": (lambda f: shard(f).write_bytes(b"1234"), "download the model again"),
    "no JSON": (lambda f: (f / "model.json").write_text("{"), "not a TensorFlow.js layers model"),
    "no layers": (edited(lambda p: p.pop("modelTopology")), "not a TensorFlow.js layers model"),
    "a shard outside": (
        edited(lambda p: p["weightsManifest"][0].update(paths=["../a.bin"])),
        "outside its folder",
    ),
    "quantized weights": (in_weights(quantization={"dtype": "uint8"}), "quantized"),
    "another kind of weights": (in_weights(dtype="int32"), "not float32"),
    "a renamed weight": (in_weights(name="other/kernel"), "first/kernel"),
    "another shape": (in_weights(shape=[3, 3, 4, 3]), "has the shape"),
    "an unknown layer": (in_layer(2, class_name="BatchNormalization"), "BatchNormalization"),
    "an unknown activation": (in_layer(2, activation="swish"), "'swish'"),
    "strides": (in_layer(1, strides=[2, 2]), "strides"),
    "a valid convolution": (in_layer(1, padding="valid"), "smaller"),
    "bilinear upsampling": (in_layer(4, interpolation="bilinear"), "interpolation"),
    "two inputs to one": (
        in_layer(2, inbound_nodes=[[["first", 0, 0, {}], ["LR", 0, 0, {}]]]),
        "2 inputs",
    ),
    "layers out of order": (in_layer(2, inbound_nodes=[[["SR", 0, 0, {}]]]), "no earlier layer"),
    "no kernel size": (in_layer(1, kernel_size="3"), "kernel_size"),
    "a layer twice": (edited(lambda p: layers_of(p).insert(3, layers_of(p)[2])), "no sound graph"),
    "no package": (lambda f: (f.parents[1] / "package.json").unlink(), "package.json"),
    "no licence": (lambda f: (f.parents[1] / "LICENSE").unlink(), "LICENSE"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_spoiled_model_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    folder, _ = repeating(tmp_path / "npm")
    spoil, expected = SPOILED[what]
    spoil(folder)
    with pytest.raises(GenStudioError) as refusal:
        convert(folder, 2, tmp_path / "pack")
    assert expected in str(refusal.value)
    assert not (tmp_path / "pack").exists()


def test_another_scale_is_refused(tmp_path: Path) -> None:
    folder, _ = repeating(tmp_path / "npm")
    with pytest.raises(GenStudioError, match="enlarges 2 times, not 4"):
        convert(folder, 4, tmp_path / "pack")


def test_a_folder_that_is_no_pack_is_left_alone(tmp_path: Path) -> None:
    folder, _ = repeating(tmp_path / "npm")
    with pytest.raises(GenStudioError, match="not a model pack"):
        convert(folder, 2, tmp_path / "npm")


def test_without_onnx_the_command_says_what_to_install(tmp_path: Path) -> None:
    folder, _ = repeating(tmp_path / "npm")
    without = "import runpy, sys; sys.modules['onnx'] = None; "
    module = "genstudio.importers.esrgan_tfjs"
    line = [str(folder), "--scale", "2", "--out", str(tmp_path / "pack")]
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{without}runpy.run_module({module!r}, run_name='__main__')",
            *line,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [
        "Converting models needs the Python package onnx, which is not installed; install it with: "
        "pip install onnx."
    ]
    assert not (tmp_path / "pack").exists()
