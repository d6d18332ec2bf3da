"""What a pack must be to be taken in, and how each thing that it must not be is refused."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from genstudio.base.errors import Cancelled, PackError
from genstudio.base.progress import Cancel
from genstudio.packs.check import check_pack, check_source
from tests import builders
from tests.builders.gan import CLASSES, FEATURES, LAYERS, W, Z
from tests.builders.graph import FLOAT, INT64, GraphBuilder
from tests.builders.pack_folder import sha256
from tests.builders.vae import FACTOR, HEIGHT, SPATIAL, VECTOR, WIDTH
from tests.engine import tiny_prior


def problem(folder: Path, **limits: Any) -> str:
    with pytest.raises(PackError) as refused:
        check_pack(folder, **limits)
    told = str(refused.value)
    assert "\n" not in told
    assert told.endswith(".")
    return told


@pytest.mark.parametrize(
    "build",
    [
        lambda f: builders.vector_vae(f, channels=1, value_range=(0.0, 1.0)),
        lambda f: builders.vector_vae(f, classes=("a", "b"), glow=True),
        lambda f: builders.vector_vae(f, learned=np.eye(VECTOR)),
        lambda f: builders.spatial_vae(f, channels=4),
        builders.latent_vae,
        builders.moments_vae,
        builders.external_vae,
        lambda f: builders.gan(f, strength_input=True, w_average=True, one_w=True),
        builders.class_gan,
        builders.prompted_gan,
        lambda f: builders.generator_gan(f, z_rank=4, classes=CLASSES),
        builders.text_prior,
        builders.shared_prior,
        builders.class_prior,
        builders.class_token_prior,
        builders.palette_prior,
        builders.uncached_prior,
        lambda f: builders.upscaler(f, scale=4, channels=1, multiple_of=4),
    ],
)
def test_packs_of_every_kind_pass(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    folder = build(tmp_path / "pack")
    seen: list[float] = []
    pack = check_pack(folder, progress=lambda done, what="", preview=None: seen.append(done))
    assert pack.folder == folder
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_zip_is_checked_where_it_is_and_named_in_the_refusal(tmp_path: Path) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    assert check_source(builders.zip_folder(folder, tmp_path / "a.gspack")).id == "vector-vae"
    (folder / "decoder.onnx").unlink()
    broken = builders.zip_folder(folder, tmp_path / "b.gspack")
    with pytest.raises(PackError, match=r"lacks the file decoder\.onnx"):
        check_source(broken)
    (folder / "pack.json").write_text("{")
    broken = builders.zip_folder(folder, tmp_path / "c.gspack")
    with pytest.raises(PackError) as refused:
        check_source(broken)
    assert str(broken) in str(refused.value)
    assert "genstudio-" not in str(refused.value)


# Files


def test_a_file_that_is_missing_changed_or_a_link_is_named(tmp_path: Path) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    graph = folder / "decoder.onnx"
    data = graph.read_bytes()
    graph.write_bytes(data + b"x")
    assert "SHA-256" in problem(folder)
    (tmp_path / "elsewhere").write_bytes(data)
    graph.unlink()
    assert "lacks the file decoder.onnx" in problem(folder)
    graph.symlink_to(tmp_path / "elsewhere")
    assert "lacks the file decoder.onnx" in problem(folder)


@pytest.mark.parametrize("location", ["../weights", "/etc/passwd", "weights/../../x", "other.data"])
def test_weights_outside_of_what_the_manifest_lists_are_refused(
    tmp_path: Path, location: str
) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    model = onnx.load(folder / "decoder.onnx")
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("location", "decoder.data")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    builders.replace_graph(folder, "decoder", model.SerializeToString())
    told = problem(folder)
    assert "external_data" in told or "plain" in told


def test_a_manifest_cannot_name_a_file_outside_of_its_folder(tmp_path: Path) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    for name in ("../decoder.onnx", "/etc/passwd", "a/b.onnx", "..", ".hidden", "decoder.onnx\n"):
        builders.change_manifest(
            folder, lambda plain, name=name: plain["graphs"]["decoder"].update(file=name)
        )
        assert "graphs" in problem(folder)


# Graphs


def test_a_graph_of_garbage_is_refused(tmp_path: Path) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    good = (folder / "decoder.onnx").read_bytes()
    for data in (b"", b"\x00" * 100, b"PK\x03\x04 no", os.urandom(500), good[: len(good) // 2]):
        builders.replace_graph(folder, "decoder", data)
        assert "decoder" in problem(folder)


def test_operators_that_onnx_runtime_has_not_by_itself_are_refused(tmp_path: Path) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    model = onnx.load(folder / "decoder.onnx")
    inner = helper.make_graph(
        [helper.make_node("Evil", ["latent"], ["t"], domain="my.custom.ops")],
        "branch", [], [helper.make_tensor_value_info("t", 1, None)],
    )  # fmt: skip
    model.graph.node.insert(
        0, helper.make_node("If", ["yes"], ["unused"], then_branch=inner, else_branch=inner)
    )
    model.opset_import.append(helper.make_opsetid("my.custom.ops", 1))
    builders.replace_graph(folder, "decoder", model.SerializeToString())
    assert "my.custom.ops" in problem(folder)


def test_an_operator_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    model = onnx.load(folder / "decoder.onnx")
    model.graph.node[0].op_type = "Dream"
    builders.replace_graph(folder, "decoder", model.SerializeToString())
    assert "Dream" in problem(folder)


@pytest.mark.parametrize(("opset", "ir"), [(99, 9), (17, 99)])
def test_a_format_newer_than_onnx_runtime_reads_is_refused(
    tmp_path: Path, opset: int, ir: int
) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    model = onnx.load(folder / "decoder.onnx")
    model.opset_import[0].version = opset
    model.ir_version = ir
    builders.replace_graph(folder, "decoder", model.SerializeToString())
    assert "older opset" in problem(folder)


@pytest.mark.parametrize("external", [False, True])
def test_weights_that_are_no_numbers_are_refused(tmp_path: Path, external: bool) -> None:
    folder = builders.vector_vae(tmp_path / "pack")
    model = onnx.load(folder / "decoder.onnx")
    weights = np.full((VECTOR, 3 * HEIGHT * WIDTH), 0.1, np.float32)
    weights[3, 5] = np.nan
    model.graph.initializer[0].raw_data = weights.tobytes()
    if external:
        folder = builders.external_vae(tmp_path / "external")
        (folder / "decoder.data").write_bytes(weights.tobytes())
        digest = sha256(folder / "decoder.data")
        builders.change_manifest(
            folder,
            lambda p: p["graphs"]["decoder"]["external_data"][0].update(sha256=digest),
        )
    else:
        builders.replace_graph(folder, "decoder", model.SerializeToString())
    assert "NaN" in problem(folder)


def test_numbers_that_only_a_run_shows_to_be_infinite_are_refused(tmp_path: Path) -> None:
    g = GraphBuilder()
    latent = g.input("latent", ["batch", VECTOR])
    flat = g("MatMul", latent, g.drawn(VECTOR, 3 * HEIGHT * WIDTH))
    shaped = g("Reshape", g("Log", flat), g.const([-1, 3, HEIGHT, WIDTH], np.int64))
    g.output("image", ["batch", 3, HEIGHT, WIDTH], shaped)
    folder = builders.replace_graph(builders.vector_vae(tmp_path / "pack"), "decoder", g)
    assert "not finite" in problem(folder)


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_graph_damaged_anywhere_passes_or_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = builders.gan(tmp_path_factory.mktemp("damaged") / "pack")
    damaged = bytearray((folder / "synthesis.onnx").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    builders.replace_graph(folder, "synthesis", bytes(damaged))
    with contextlib.suppress(PackError):
        check_pack(folder)


# A child that does what it should not


def endless() -> GraphBuilder:
    """A decoder that counts to 2^62 first."""
    g = GraphBuilder()
    latent = g.input("latent", ["batch", VECTOR])
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Sin", ["x"], ["y"])],
        "body",
        [
            helper.make_tensor_value_info("i", INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", 1, None),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", 1, None),
        ],
    )
    looped = g("Loop", g.const(2**62, np.int64), "", latent, body=body)
    flat = g("MatMul", looped, g.drawn(VECTOR, 3 * HEIGHT * WIDTH))
    shaped = g("Reshape", flat, g.const([-1, 3, HEIGHT, WIDTH], np.int64))
    g.output("image", ["batch", 3, HEIGHT, WIDTH], g("Tanh", shaped))
    return g


def children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(pid) for pid in (task / "children").read_text().split()]
    return found


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="children are counted through /proc"
)


@needs_proc
def test_a_graph_that_never_ends_is_stopped_and_leaves_no_process(tmp_path: Path) -> None:
    folder = builders.replace_graph(builders.vector_vae(tmp_path / "pack"), "decoder", endless())
    before = set(children())
    assert "within 3 seconds" in problem(folder, time_limit=3.0)
    assert set(children()) <= before


@needs_proc
def test_a_check_can_be_cancelled_while_a_graph_runs(tmp_path: Path) -> None:
    folder = builders.replace_graph(builders.vector_vae(tmp_path / "pack"), "decoder", endless())
    before, cancel = set(children()), Cancel()

    def stop(done: float, what: str = "", preview: object | None = None) -> None:
        if what.startswith("running"):
            cancel.set()

    with pytest.raises(Cancelled):
        check_pack(folder, progress=stop, cancel=cancel)
    assert set(children()) <= before


@needs_proc
def test_a_crash_of_the_runtime_is_refused_in_words(tmp_path: Path) -> None:
    folder = builders.replace_graph(builders.vector_vae(tmp_path / "pack"), "decoder", endless())
    before = set(children())

    class Crash(Cancel):
        """Is asked while the child runs, and sends it what a wild pointer would."""

        def check(self) -> None:
            for pid in set(children()) - before:
                os.kill(pid, signal.SIGSEGV)

    assert f"crashed ONNX Runtime or used too much memory (signal {signal.SIGSEGV:d})" in problem(
        folder, cancel=Crash()
    )


@needs_proc
def test_a_child_whose_parent_was_killed_ends_too(tmp_path: Path) -> None:
    import subprocess
    import sys

    folder = builders.replace_graph(builders.vector_vae(tmp_path / "pack"), "decoder", endless())
    code = (
        "import sys; from pathlib import Path; from genstudio.packs.check import check_pack;"
        "check_pack(Path(sys.argv[1]))"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)]) as parent:
        listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        grandchildren: list[str] = []
        while not grandchildren:
            time.sleep(0.05)
            grandchildren = listed.read_text().split()
        parent.kill()
    end = time.monotonic() + 30
    while any(_runs(pid) for pid in grandchildren):
        assert time.monotonic() < end, "the probe outlived its parent"
        time.sleep(0.05)


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(os.name == "nt", reason="memory is limited through the system's own limits")
def test_a_graph_that_eats_memory_is_refused(tmp_path: Path) -> None:
    g = GraphBuilder()
    latent = g.input("latent", ["batch", VECTOR])
    many = g("ConstantOfShape", g.const([1 << 20, 1 << 14], np.int64))
    total = g("ReduceSum", many, keepdims=0)
    flat = g("MatMul", g("Add", latent, total), g.drawn(VECTOR, 3 * HEIGHT * WIDTH))
    shaped = g("Reshape", flat, g.const([-1, 3, HEIGHT, WIDTH], np.int64))
    g.output("image", ["batch", 3, HEIGHT, WIDTH], g("Tanh", shaped))
    folder = builders.replace_graph(builders.vector_vae(tmp_path / "pack"), "decoder", g)
    assert "memory" in problem(folder, memory_limit=1 << 30)


# Manifests that lie


Lie = tuple[Callable[[Path], Path], Callable[[dict[str, Any]], object], str]


def _model(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda plain: plain["model"].update(changes)


def _image(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda plain: plain["image"].update(changes)


LIES: dict[str, Lie] = {
    "latent size": (
        builders.vector_vae,
        _model(latent={"type": "vector", "size": 9}),
        "decoder graph",
    ),
    "latent kind": (
        builders.vector_vae,
        _model(latent={"type": "spatial", "channels": SPATIAL, "factor": FACTOR}),
        "four dimensions",
    ),
    "latent factor": (
        builders.spatial_vae,
        _model(latent={"type": "spatial", "channels": SPATIAL, "factor": 2}),
        "shape",
    ),
    "factor and size": (builders.spatial_vae, _image(width=15), "multiples"),
    "no scale": (
        builders.spatial_vae,
        _model(latent={"type": "spatial", "channels": SPATIAL, "factor": 4, "scale": 0}),
        "scale",
    ),
    "encoder's outputs": (builders.vector_vae, _model(encoder_gives="moments"), "moments"),
    "width": (builders.vector_vae, _image(width=20), "shape"),
    "channels": (builders.gan, _image(channels=1), "shape"),
    "range": (builders.vector_vae, _image(range=[0, 1]), "image.range"),
    "z": (builders.gan, _model(z_size=Z + 1), "mapping"),
    "layers": (builders.gan, _model(layers=LAYERS + 1), "w has the shape"),
    "noise": (builders.gan, _model(noise=2), "noise.2"),
    "a noise factor too few": (builders.tile_gan, _model(noise_factors=[4]), "noise_factors"),
    "uneven noise factors": (builders.tile_gan, _model(noise_factors=[4, 3]), "does not divide 4"),
    "a size off the grid": (builders.tile_gan, _image(width=18), "not multiples"),
    "noise of one size": (builders.gan, _model(noise_factors=[4, 2, 1]), "with noise_factors"),
    "noise of any size": (builders.tile_gan, _model(noise_factors=[]), "fixed height"),
    "w average": (builders.gan, _model(w_average=[0.0] * (W + 2)), "w_average"),
    "too many classes": (builders.class_gan, _model(classes=[*CLASSES, "dragon"]), "mapping"),
    "classes of nothing": (builders.gan, _model(classes=["a", "b"]), "classes"),
    "a class twice": (builders.class_gan, _model(classes=["a", "b", "a"]), "twice"),
    "another family": (
        builders.gan,
        lambda plain: plain.update(model={"family": "upscaler", "scale": 2}),
        "upscaler",
    ),
    "grid": (builders.text_prior, _model(grid=[3, 4]), "image_decoder"),
    "too many codes": (
        builders.text_prior,
        _model(tokens={"type": "codebook", "size": tiny_prior.CODES + 9}),
        "image_decoder",
    ),
    "too few codes": (
        builders.text_prior,
        _model(tokens={"type": "codebook", "size": 3}),
        "image_encoder",
    ),
    "start token": (builders.palette_prior, _model(start_token=4000), "prior graph"),
    "no start": (builders.palette_prior, lambda plain: plain["model"].pop("start_token"), "start"),
    "palette colours": (
        builders.palette_prior,
        lambda plain: plain["model"]["tokens"]["colours"][0].append(3),
        "colour",
    ),
    "cache layers": (
        builders.text_prior,
        lambda plain: plain["model"]["cache"].update(layers=9),
        "past.2.key",
    ),
    "fewer cache layers": (
        builders.text_prior,
        lambda plain: plain["model"]["cache"].update(layers=1),
        "past.1.key",
    ),
    "cache length": (
        builders.shared_prior,
        lambda plain: plain["model"]["cache"].update(length=6),
        "cache.length",
    ),
    "cache layout": (
        builders.shared_prior,
        lambda plain: plain["model"]["cache"].update(layout="none"),
        "input",
    ),
    "styles": (
        builders.text_prior,
        lambda plain: plain["model"]["styles"].update(null=50),
        "prior graph",
    ),
    "no styles": (builders.text_prior, _model(styles=None), "style"),
    "condition": (builders.class_prior, _model(condition={"type": "none"}), "class"),
    "no text": (builders.text_prior, lambda plain: plain["graphs"].pop("text"), "text"),
    "no tokenizer": (builders.text_prior, lambda plain: plain.pop("tokenizer"), "tokenizer"),
    "no prior": (builders.text_prior, lambda plain: plain["graphs"].pop("prior"), "prior"),
    "scale": (builders.upscaler, _model(scale=4), "shape"),
    "a graph too many": (
        builders.upscaler,
        lambda plain: plain["graphs"].update(critic=plain["graphs"]["upscaler"]),
        "critic",
    ),
    "output's name": (
        builders.upscaler,
        lambda plain: plain["graphs"]["upscaler"].pop("outputs"),
        'graphs.upscaler.outputs',
    ),
    "control's input": (
        lambda folder: builders.vector_vae(folder, glow=True),
        lambda plain: plain["controls"][0].update(input="glimmer"),
        "glimmer",
    ),
    "a control for nothing": (
        lambda folder: builders.vector_vae(folder, glow=True),
        lambda plain: [plain["controls"][0].pop(key) for key in ("graph", "input")],
        "feeds no graph and is none of the family's",
    ),
    "a family's control that feeds a graph": (
        lambda folder: builders.vector_vae(folder, glow=True),
        lambda plain: plain["controls"][0].update(name="truncation"),
        "the family turns already",
    ),
    "control's default": (
        lambda folder: builders.vector_vae(folder, glow=True),
        lambda plain: plain["controls"][0].update(default=7),
        "default",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_manifest_that_lies_is_refused_with_what_is_wrong(tmp_path: Path, lie: str) -> None:
    build, change, told = LIES[lie]
    assert told in problem(builders.change_manifest(build(tmp_path / "pack"), change))


def test_a_tokenizer_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = builders.text_prior(tmp_path / "pack")
    path = folder / "tokenizer.json"
    for text in ("", "{}", '{"model": 3}', "\x00"):
        path.write_text(text)
        builders.change_manifest(
            folder, lambda plain: plain["tokenizer"].update(sha256=sha256(path))
        )
        assert "tokenizer" in problem(folder)


def test_a_spatial_model_that_draws_one_size_only_is_refused(tmp_path: Path) -> None:
    g = GraphBuilder()
    rows, columns = HEIGHT // FACTOR, WIDTH // FACTOR
    latent = g.input("latent", ["batch", SPATIAL, rows, columns])
    drawn = g(
        "ConvTranspose", latent, g.drawn(SPATIAL, 3, FACTOR, FACTOR, scale=0.1),
        strides=[FACTOR, FACTOR],
    )  # fmt: skip
    g.output("image", ["batch", 3, HEIGHT, WIDTH], g("Tanh", drawn))
    folder = builders.replace_graph(builders.spatial_vae(tmp_path / "pack"), "decoder", g)
    assert "variable height and width" in problem(folder)


@pytest.mark.parametrize(
    ("latents", "neighbours", "apart", "told"),
    [
        (np.eye(VECTOR + 1), [[1]] * (VECTOR + 1), [[1.0]] * (VECTOR + 1), "shape"),
        (np.eye(VECTOR), [[1]] * 3, [[1.0]] * 3, "shape"),
        (np.eye(VECTOR), [1] * VECTOR, [1.0] * VECTOR, "shape"),
        (1.0, [[1]], [[1.0]], "shape"),
        (np.eye(VECTOR), [[1]] * VECTOR, [[1.0, 2.0]] * VECTOR, "shape"),
        (np.eye(VECTOR), [[VECTOR]] * VECTOR, [[1.0]] * VECTOR, "from 0 to 7"),
        (np.eye(VECTOR), [[1]] * VECTOR, [[-1.0]] * VECTOR, "0 or more"),
        (np.eye(VECTOR), np.zeros((VECTOR, 0)), np.zeros((VECTOR, 0)), "one or more for each"),
    ],
)
def test_learned_pictures_that_fit_nothing_are_refused(
    tmp_path: Path, latents: Any, neighbours: Any, apart: Any, told: str
) -> None:
    folder = builders.vector_vae(tmp_path / "pack", learned=np.eye(VECTOR))
    g = GraphBuilder()
    outputs = ("latent", latents), ("neighbours", neighbours), ("apart", apart)
    for name, value in outputs:
        is_count = name == "neighbours"
        constant = g.const(value, np.int64 if is_count else np.float32)
        shape: list[int | str | None] = [*np.shape(value)]
        g.output(name, shape, constant, INT64 if is_count else FLOAT)
    assert told in problem(builders.replace_graph(folder, "learned", g))


def test_a_prior_of_one_row_is_refused(tmp_path: Path) -> None:
    folder = builders.palette_prior(tmp_path / "pack")
    model = onnx.load(folder / "prior.onnx")
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    builders.replace_graph(folder, "prior", model.SerializeToString())
    assert "variable batch" in problem(folder)


def test_an_input_that_nobody_explains_is_named(tmp_path: Path) -> None:
    folder = builders.gan(tmp_path / "pack")
    g = GraphBuilder()
    z = g.input("z", ["batch", Z])
    g.input("mood", ["batch", FEATURES])
    wide = g("Unsqueeze", g("MatMul", z, g.drawn(Z, W)), g.const([1], np.int64))
    g.output("w", ["batch", LAYERS, W], g("Concat", *[wide] * LAYERS, axis=1))
    builders.replace_graph(folder, "mapping", g)
    assert "mood" in problem(folder)
