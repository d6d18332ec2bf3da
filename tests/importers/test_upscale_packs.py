"""The committed upscalers: what TensorFlow.js makes of the original weights, in tiles or whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.engine.cache import GraphCache
from genstudio.engine.families.upscale import upscale
from genstudio.engine.pixels import to_model, to_pixels
from genstudio.engine.providers import plan_providers
from genstudio.packs.check import check_files
from genstudio.packs.manifest import Pack, Upscaler, open_pack
from genstudio.packs.rules import check_manifest

MODELS = Path(__file__).parents[2] / "models"
REFERENCE = Path(__file__).with_name("esrgan_reference.npz")
"""`image` [H, W, 3], and `x2`, `x4`: what run_esrgan_in_tfjs.cjs made of it. All 0 to 1."""


@pytest.fixture(scope="module")
def graphs() -> GraphCache:
    return GraphCache(plan_providers("cpu"), threads=2)


@pytest.fixture(params=[2, 4], ids=["2x", "4x"], scope="module")
def pack(request: pytest.FixtureRequest) -> Pack:
    return open_pack(MODELS / f"upscale-{request.param}x")


def scale_of(pack: Pack) -> int:
    assert isinstance(pack.manifest.model, Upscaler)
    return pack.manifest.model.scale


def enlarged(pack: Pack, graphs: GraphCache, batch: np.ndarray) -> np.ndarray:
    return graphs.get(pack, "upscaler").run({"image": batch})["image_large"]


def test_its_network_gives_what_tensorflow_js_gives(pack: Pack) -> None:
    onnx = pytest.importorskip("onnx", reason="looks into a graph, which needs the package onnx")
    import onnxruntime

    model = onnx.load(pack.path(pack.graph("upscaler")))
    before = next(node.input[0] for node in model.graph.node if node.name == "round.0.means")
    model.graph.output.append(onnx.ValueInfoProto(name=before))
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    with np.load(REFERENCE) as reference:
        image, large = reference["image"], reference[f"x{scale_of(pack)}"]
    (ours,) = session.run([before], {"image": image.transpose(2, 0, 1)[None]})
    assert large.std() > 0.2
    # Half-precision weights move the thick one's colours by less than an eighth of an 8-bit step.
    np.testing.assert_allclose(ours[0].transpose(1, 2, 0), large, atol=5e-4, rtol=0)


def test_its_files_are_those_of_its_manifest(pack: Pack) -> None:
    check_manifest(pack.manifest)
    check_files(pack)
    texts = {path.name for path in pack.folder.iterdir()}
    assert {"README.md", "LICENSE", "NOTICE", "preview.webp"} <= texts


def test_tiles_give_what_the_whole_gives(pack: Pack, graphs: GraphCache) -> None:
    """Within rounding: the convolutions add in another order in a tile of another size."""
    pixels = np.random.RandomState(0).randint(0, 256, (24, 200, 3)).astype(np.uint8)
    batch = enlarged(pack, graphs, to_model(pixels, pack.manifest.image))
    whole = to_pixels(batch, pack.manifest.image)[0]
    difference = np.abs(upscale(pack, pixels, graphs).astype(int) - whole)
    assert difference.max() <= 1
    assert np.mean(difference > 0) < 1e-3


def test_no_colour_depends_on_what_lies_beyond_the_overlap(pack: Pack, graphs: GraphCache) -> None:
    """By more than a fiftieth of an 8-bit step; a little nearer by, it does."""
    assert isinstance(pack.manifest.model, Upscaler)
    reach, middle = pack.manifest.model.overlap, 30
    picture = np.random.RandomState(1).rand(1, 3, 2 * middle + 1, 2 * middle + 1)
    other = picture.copy()
    other[:, :, middle, middle] += 0.5
    one, two = (enlarged(pack, graphs, x.astype(np.float32))[0] for x in (picture, other))
    change = np.abs(one - two).max(axis=0)
    places = np.abs(np.arange(len(change)) // scale_of(pack) - middle)
    far = np.maximum(places[:, None], places[None])
    assert change[far > reach].max() < 0.02 / 255
    assert change[far == 1].max() > 1 / 255


def test_a_plain_picture_gets_no_frame(pack: Pack, graphs: GraphCache) -> None:
    for shade in (0, 128, 255):
        large = upscale(pack, np.full((20, 30, 3), shade, np.uint8), graphs)
        assert np.abs(large.astype(int) - shade).max() <= 6
