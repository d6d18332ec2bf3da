"""An .onnx file read without the onnx package, compared with what that package says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from genstudio.base.errors import PackError
from genstudio.packs import onnx_file
from genstudio.packs.onnx_file import read_onnx
from tests import builders


def test_nodes_weights_and_versions_are_those_of_the_onnx_package(tmp_path: Path) -> None:
    path = builders.gan(tmp_path / "pack") / "synthesis.onnx"
    read, model = read_onnx(path), onnx.load(path)
    assert read.ir_version == model.ir_version
    assert read.opsets == {"": 17}
    assert [(n.kind, n.inputs, n.outputs) for n in read.nodes] == [
        (n.op_type, tuple(n.input), tuple(n.output)) for n in model.graph.node
    ]
    assert set(read.weights) == {tensor.name for tensor in model.graph.initializer}
    for tensor in model.graph.initializer:
        np.testing.assert_array_equal(
            read.weights[tensor.name].array(), numpy_helper.to_array(tensor)
        )
    gemm = next(node for node in read.nodes if node.kind == "Gemm")
    assert gemm.numbers["transB"] == 1


def test_weights_in_the_float_field_are_read_too(tmp_path: Path) -> None:
    tensor = helper.make_tensor("w", TensorProto.FLOAT, [2, 2], [1.0, 2.0, 3.0, 4.0])
    save(tmp_path / "a.onnx", [tensor])
    assert read_onnx(tmp_path / "a.onnx").weights["w"].array().tolist() == [[1, 2], [3, 4]]


def test_references_are_found_wherever_they_hide(tmp_path: Path) -> None:
    def outside(name: str) -> TensorProto:
        tensor = TensorProto(name=name, data_type=1, dims=[1], data_location=TensorProto.EXTERNAL)
        entry = tensor.external_data.add()
        entry.key, entry.value = "location", f"../{name}"
        return tensor

    constant = helper.make_node("Constant", [], ["c"], value=outside("constant"))
    branch = helper.make_graph(
        [helper.make_node("Strange", ["c"], ["d"], domain="inner")], "branch", [], [],
        [outside("branch")],
    )  # fmt: skip
    condition = helper.make_node("If", ["x"], ["y"], then_branch=branch)
    sparse = onnx.SparseTensorProto(values=outside("sparse"))
    held = helper.make_node("Constant", [], ["s"])
    held.attribute.append(helper.make_attribute("sparse_value", sparse))
    function = helper.make_function(
        "own", "F", [], ["f"],
        [helper.make_node("Constant", [], ["f"], value=outside("function"))], [],
    )  # fmt: skip
    model = save(tmp_path / "a.onnx", [outside("weight")], [constant, condition, held])
    model.functions.append(function)
    (tmp_path / "a.onnx").write_bytes(model.SerializeToString())
    read = read_onnx(tmp_path / "a.onnx")
    names = ("constant", "branch", "sparse", "function", "weight")
    assert read.external_files == {f"../{name}" for name in names}
    assert read.domains == {"", "inner"}
    assert read.functions == {"own"}


def test_a_weight_that_does_not_fill_its_shape_is_refused(tmp_path: Path) -> None:
    for dims in ([3], [-1], [2**40, 2**40]):
        tensor = TensorProto(name="w", data_type=1, dims=dims, raw_data=b"\0" * 8)
        save(tmp_path / "a.onnx", [tensor])
        with pytest.raises(PackError, match="does not fill"):
            read_onnx(tmp_path / "a.onnx").weights["w"].array()


def test_a_file_of_nothing_but_small_parts_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_file, "_FIELD_LIMIT", 1000)
    (tmp_path / "a.onnx").write_bytes(b"\x08\x09" * 2000)
    with pytest.raises(PackError, match="more parts"):
        read_onnx(tmp_path / "a.onnx")


def test_graphs_within_graphs_without_end_are_given_up(tmp_path: Path) -> None:
    def wrapped(number: int, data: bytes) -> bytes:
        size, length = len(data), b""
        while size >= 128:
            length += bytes([size & 127 | 128])
            size >>= 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + data

    graph = b""
    for _ in range(300):
        graph = wrapped(1, wrapped(5, wrapped(6, graph)))
    (tmp_path / "a.onnx").write_bytes(b"\x08\x09" + wrapped(7, graph))
    with pytest.raises(PackError, match="nested too deep"):
        read_onnx(tmp_path / "a.onnx")


def test_a_folder_or_nothing_is_no_graph(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.onnx"):
        with pytest.raises(PackError):
            read_onnx(path)


@pytest.fixture(scope="module")
def good_graph(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = builders.shared_prior(tmp_path_factory.mktemp("good") / "pack")
    return (folder / "prior.onnx").read_bytes()


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_graph_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, good_graph: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(good_graph)
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    size = data.draw(st.one_of(st.just(len(damaged)), st.integers(0, len(damaged))))
    check_any(tmp_path_factory.getbasetemp() / "damaged.onnx", bytes(damaged[:size]))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    check_any(tmp_path_factory.getbasetemp() / "any.onnx", b"\x08\x09" + data)


def check_any(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        read = read_onnx(path)
        for weight in read.tensors:
            weight.has_nan(path.parent)
        for weight in read.weights.values():
            weight.array()
    except PackError as error:
        told = str(error)
    else:
        told = ""
    assert "Traceback" not in told


def save(
    path: Path, weights: list[TensorProto], nodes: list[onnx.NodeProto] | None = None
) -> onnx.ModelProto:
    graph = helper.make_graph(nodes or [], "g", [], [], weights)
    model = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 17)])
    path.write_bytes(model.SerializeToString())
    return model
