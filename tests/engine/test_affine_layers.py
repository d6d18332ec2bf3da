import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from genstudio.engine.affine_layers import affine_weights
from genstudio.packs.onnx_file import read_onnx


def weights_read(path, nodes, weights):
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["batch", 4])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), path)
    return affine_weights(read_onnx(path), "z", 4)


def test_a_generators_first_transposed_convolution_is_read(tmp_path):
    kernel = np.random.RandomState(0).randn(4, 3, 2, 2).astype(np.float32)
    nodes = [
        helper.make_node("Reshape", ["z", "shape"], ["one"]),
        helper.make_node("ConvTranspose", ["one", "kernel"], ["image"]),
    ]
    shape = np.array([0, 4, 1, 1], np.int64)
    (found,) = weights_read(tmp_path / "g.onnx", nodes, {"kernel": kernel, "shape": shape})
    z = np.array([1, 2, 3, 4], np.float32)
    np.testing.assert_allclose(
        found @ z, np.einsum("i,iokl->okl", z, kernel).reshape(-1), rtol=1e-5
    )


def test_a_weight_that_the_graph_transposes_is_read(tmp_path):
    weight = np.arange(12, dtype=np.float32).reshape(3, 4)
    nodes = [
        helper.make_node("Transpose", ["weight"], ["turned"], perm=[1, 0]),
        helper.make_node("MatMul", ["z", "turned"], ["image"]),
    ]
    (found,) = weights_read(tmp_path / "g.onnx", nodes, {"weight": weight})
    assert np.array_equal(found, weight)


def test_only_layers_that_read_the_latent_itself_count(tmp_path):
    weight = np.eye(4, dtype=np.float32)
    nodes = [
        helper.make_node("Tanh", ["z"], ["bent"]),
        helper.make_node("MatMul", ["bent", "weight"], ["image"]),
    ]
    assert weights_read(tmp_path / "g.onnx", nodes, {"weight": weight}) == []
