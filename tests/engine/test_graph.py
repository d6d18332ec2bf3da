"""Loading, running and stopping graphs, and how their failures are told."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from genstudio.base.errors import Cancelled, EngineError
from genstudio.base.progress import Cancel
from genstudio.engine.graph import LoadedGraph, load_graph
from genstudio.engine.providers import ProviderPlan, plan_providers
from tests.builders.graph import INT64, GraphBuilder

CPU = plan_providers("cpu")


@pytest.fixture
def adder(tmp_path: Path) -> LoadedGraph:
    g = GraphBuilder()
    g.output("sum", ["n", 3], g("Add", g.input("a", ["n", 3]), g.input("b", [3])))
    g.save(tmp_path / "adder.onnx")
    return load_graph(tmp_path / "adder.onnx", CPU, threads=1)


@pytest.fixture
def long_one(tmp_path: Path) -> LoadedGraph:
    """A loop that runs for many minutes unless it is stopped."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Cos", ["x"], ["next"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("step", INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [64, 64]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, [64, 64]),
        ],
    )
    graph = helper.make_graph(
        [helper.make_node("Loop", ["count", "", "x"], ["y"], body=body)],
        "long",
        [
            helper.make_tensor_value_info("count", INT64, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [64, 64]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [64, 64])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "long.onnx")
    return load_graph(tmp_path / "long.onnx", CPU, threads=1)


def long_feeds(count: int) -> dict[str, np.ndarray]:
    return {"count": np.array(count, np.int64), "x": np.zeros((64, 64), np.float32)}


def test_a_graph_says_what_goes_in_and_what_comes_out(adder: LoadedGraph) -> None:
    assert adder.inputs["a"].shape == ("n", 3)
    assert adder.inputs["b"].dtype == np.float32
    assert list(adder.outputs) == ["sum"]
    assert adder.device == "cpu"
    assert adder.weight_bytes == adder.path.stat().st_size


def test_a_run_gives_the_outputs_by_name(adder: LoadedGraph) -> None:
    feeds = {"a": np.ones((2, 3), np.float32), "b": np.arange(3, dtype=np.float32)}
    assert adder.run(feeds)["sum"].tolist() == [[1, 2, 3], [1, 2, 3]]


def test_a_bound_run_fills_the_same_buffer_each_time(adder: LoadedGraph) -> None:
    a, total = np.zeros((1, 3), np.float32), np.zeros((1, 3), np.float32)
    binding = adder.session.io_binding()
    binding.bind_cpu_input("a", a)
    binding.bind_cpu_input("b", np.ones(3, np.float32))
    binding.bind_ortvalue_output("sum", onnxruntime.OrtValue.ortvalue_from_numpy(total))
    values = []
    for start in (1, 5):
        a[:] = start
        adder.run_bound(binding)
        values.append(binding.copy_outputs_to_cpu()[0].tolist())
    assert values == [[[2, 2, 2]], [[6, 6, 6]]]


def test_a_token_set_before_a_run_stops_it(adder: LoadedGraph) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        adder.run({}, cancel=cancel)


def test_a_token_set_during_a_run_stops_it_and_the_graph_works_on(long_one: LoadedGraph) -> None:
    cancel = Cancel()
    timer = threading.Timer(0.2, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        long_one.run(long_feeds(10**12), cancel=cancel)
    timer.join()
    assert long_one.run(long_feeds(1))["y"][0, 0] == 1


@pytest.mark.parametrize(
    ("feeds", "outputs", "word"),
    [
        ({"a": np.zeros((2, 5), np.float32), "b": np.zeros(3, np.float32)}, None, "dimension"),
        ({"a": np.zeros((2, 3), np.int64), "b": np.zeros(3, np.float32)}, None, "int64"),
        ({"a": np.zeros((2, 3), np.float32)}, None, "b"),
        ({}, ["nothing"], "nothing"),
    ],
    ids=["shape", "kind", "missing", "output"],
)
def test_feeding_a_graph_wrongly_is_told_in_one_line(
    adder: LoadedGraph, feeds: dict, outputs: list[str] | None, word: str
) -> None:
    with pytest.raises(EngineError, match=word) as refusal:
        adder.run(feeds, outputs)
    assert "adder.onnx" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_asking_for_an_input_that_is_not_there_names_those_that_are(adder: LoadedGraph) -> None:
    with pytest.raises(EngineError, match=r"no input z; name the right one of a, b"):
        adder.inputs["z"]


@pytest.mark.parametrize("data", [b"", b"not a graph", b"\x08\x09" + b"\xff" * 50])
def test_a_file_that_is_no_graph_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "garbage.onnx"
    path.write_bytes(data)
    with pytest.raises(EngineError, match=r"could not load .*garbage\.onnx") as refusal:
        load_graph(path, CPU)
    assert "\n" not in str(refusal.value)


def test_a_graph_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"gone\.onnx"):
        load_graph(tmp_path / "gone.onnx", CPU)


def test_a_graph_that_wants_more_memory_than_there_is_is_told_so(tmp_path: Path) -> None:
    g = GraphBuilder()
    shape = g.input("shape", [2], INT64)
    g.output("y", [None, None], g("ConstantOfShape", shape))
    g.save(tmp_path / "huge.onnx")
    graph = load_graph(tmp_path / "huge.onnx", CPU, threads=1)
    with pytest.raises(EngineError, match="not enough memory"):
        graph.run({"shape": np.array([1 << 22, 1 << 24], np.int64)})


def test_a_gpu_that_cannot_be_had_gives_way_to_the_cpu_with_a_reason(tmp_path: Path) -> None:
    if (
        "CUDAExecutionProvider" in onnxruntime.get_available_providers()
        and not plan_providers("auto").note
    ):
        pytest.skip("this machine has a GPU that works")
    g = GraphBuilder()
    g.output("y", [1], g("Neg", g.input("x", [1])))
    g.save(tmp_path / "neg.onnx")
    plan = ProviderPlan("cuda", ("CUDAExecutionProvider", "CPUExecutionProvider"))
    graph = load_graph(tmp_path / "neg.onnx", plan, threads=1)
    assert graph.device == "cpu"
    assert "CPU" in graph.plan.note
    assert graph.run({"x": np.ones(1, np.float32)})["y"] == -1
