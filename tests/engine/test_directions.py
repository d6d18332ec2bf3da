from pathlib import Path

import msgspec
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from genstudio.base.errors import Cancelled
from genstudio.base.files import file_sha256
from genstudio.base.progress import Cancel
from genstudio.engine.directions import find_directions, load
from genstudio.latent.noise import gaussian
from genstudio.packs.manifest import Gan, Graph, Image, Manifest, Pack, open_pack

SIZE, SIDE, LAYERS = 6, 8, 2
BRIGHT = 4
"""The axis of w that the tiny model turns into brightness."""


def write_pack(folder: Path, *, transposed: bool) -> Pack:
    """A GAN whose synthesis reads two layers' w by affine layers and paints what they say."""
    random = np.random.RandomState(1)
    first = random.randn(SIZE, 5).astype(np.float32) * 0.02
    first[BRIGHT] = 1
    paint = random.randn(5, 3 * SIDE * SIDE).astype(np.float32) * 0.02 + 0.06
    second = random.randn(SIZE, 3 * SIDE * SIDE).astype(np.float32) * 0.05
    weights = {
        "first": first.T if transposed else first,
        "second": second,
        "paint": paint,
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "shape": np.array([0, 3, SIDE, SIDE], np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["w", "zero"], ["w0"], axis=1),
        helper.make_node("Gather", ["w", "one"], ["w1"], axis=1),
        helper.make_node("Gemm", ["w0", "first"], ["style"], transB=int(transposed)),
        helper.make_node("MatMul", ["style", "paint"], ["a"]),
        helper.make_node("MatMul", ["w1", "second"], ["b"]),
        helper.make_node("Add", ["a", "b"], ["sum"]),
        helper.make_node("Tanh", ["sum"], ["flat"]),
        helper.make_node("Reshape", ["flat", "shape"], ["image"]),
    ]
    folder.mkdir(parents=True)
    synthesis = save(
        folder / "synthesis.onnx",
        nodes,
        ("w", ["batch", LAYERS, SIZE]),
        ("image", ["batch", 3, SIDE, SIDE]),
        weights,
    )
    mapping = save(
        folder / "mapping.onnx",
        [helper.make_node("Identity", ["z"], ["w"])],
        ("z", ["batch", SIZE]),
        ("w", ["batch", SIZE]),
        {},
    )
    manifest = Manifest(
        format=1,
        id="tiny",
        name="Tiny",
        version="1.0.0",
        licence="CC0-1.0",
        summary="",
        image=Image(width=SIDE, height=SIDE),
        model=Gan(z_size=SIZE, layers=LAYERS),
        graphs={"mapping": mapping, "synthesis": synthesis},
    )
    (folder / "pack.json").write_bytes(msgspec.json.encode(manifest))
    return open_pack(folder)


def save(path, nodes, given, made, weights) -> Graph:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(given[0], TensorProto.FLOAT, given[1])],
        [helper.make_tensor_value_info(made[0], TensorProto.FLOAT, made[1])],
        [numpy_helper.from_array(np.array(a, order="C"), n) for n, a in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return Graph(file=path.name, sha256=file_sha256(path))


class TinyModel:
    """The pack run by the real runtime, counting how often it is sampled."""

    def __init__(self, pack: Pack) -> None:
        self.pack, self.sampled = pack, 0
        self.session = onnxruntime.InferenceSession(
            pack.folder / "synthesis.onnx", providers=["CPUExecutionProvider"]
        )

    def sample(self, count, seed):
        self.sampled += 1
        return gaussian(seed, (count, SIZE)) * 2

    def decode(self, w):
        (images,) = self.session.run(None, {"w": np.repeat(w[:, None], LAYERS, axis=1)})
        for image in images:
            yield ((image.transpose(1, 2, 0) + 1) * 127.5).round().astype(np.uint8)

    def find(self, folder, **more):
        return find_directions(self.pack, self.sample, self.decode, folder, **more)


@pytest.fixture(params=[False, True], ids=["Gemm", "transposed Gemm"])
def model(tmp_path, request):
    return TinyModel(write_pack(tmp_path / "pack", transposed=request.param))


def along(vector):
    return abs(vector[BRIGHT]) / np.linalg.norm(vector)


def test_moving_along_brightness_makes_pictures_brighter_step_by_step(model, tmp_path):
    directions = model.find(tmp_path / "cache")
    brightness = directions.find("brightness")
    assert directions.space == "w"
    assert brightness.kind == "named"
    assert brightness.share > 0.7
    assert along(brightness.vector) > 0.9
    start = gaussian(5, (1, SIZE)) * 0.1
    moves = np.linspace(-2, 2, 9, dtype=np.float32)[:, None] * brightness.vector
    means = [picture.mean() for picture in model.decode(start + moves)]
    assert means == sorted(set(means))
    assert brightness.change > 0


def test_the_closed_form_finds_the_axis_that_the_graphs_first_layers_enlarge(model, tmp_path):
    first = model.find(tmp_path / "cache").find("closed-form 1")
    assert along(first.vector) > 0.9
    assert np.linalg.norm(first.vector) == pytest.approx(2, rel=0.1)


def test_the_second_time_the_model_is_not_sampled(model, tmp_path):
    first = model.find(tmp_path)
    sampled = model.sampled
    second = model.find(tmp_path)
    assert model.sampled == sampled
    assert second.names == first.names
    assert [d.share for d in second.found] == [d.share for d in first.found]
    for name in (*first.names, "latent 1", f"latent {SIZE}"):
        assert np.array_equal(second.find(name).vector, first.find(name).vector)


def test_raw_latents_in_w_are_as_long_as_the_sampled_w_go(model, tmp_path):
    directions = model.find(tmp_path)
    assert directions.raw_count == SIZE
    vector = directions.find("latent 3").vector
    assert np.flatnonzero(vector).tolist() == [2]
    assert vector[2] == pytest.approx(2, rel=0.05)
    assert "latent 3" not in directions.names


@pytest.mark.parametrize("damage", ["empty", "cut", "garbage", "pickle", "one byte"])
def test_a_damaged_cache_is_made_again(model, tmp_path, damage):
    first = model.find(tmp_path)
    (path,) = tmp_path.glob("*.npz")
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(
        {
            "empty": b"",
            "cut": whole[:middle],
            "garbage": b"PK\x03\x04" + bytes(range(256)) * 8,
            "pickle": b"\x80\x04N.",
            "one byte": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
        }[damage]
    )
    sampled = model.sampled
    again = model.find(tmp_path)
    assert model.sampled > sampled
    assert path.read_bytes() == whole
    assert np.array_equal(again.found[0].vector, first.found[0].vector)


def test_a_cache_that_holds_python_objects_is_not_unpickled(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, format=np.array([{"an": "object"}], object))
    assert load(path) is None


def test_directions_are_found_where_the_cache_cannot_be_written(model, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    first = model.find(blocked / "cache")
    sampled = model.sampled
    assert model.find(blocked / "cache") is first
    assert model.sampled == sampled


def test_finding_can_be_stopped_and_leaves_nothing(model, tmp_path):
    cancel = Cancel()

    def stop_at_half(done, what="", preview=None):
        if done > 0.5:
            cancel.set()

    with pytest.raises(Cancelled):
        model.find(tmp_path / "cache", progress=stop_at_half, cancel=cancel)
    assert not (tmp_path / "cache").exists()
