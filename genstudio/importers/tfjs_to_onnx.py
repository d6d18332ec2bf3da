"""An enlarging network of TensorFlow.js layers as an ONNX graph, layer by layer.

TensorFlow keeps channels last, ONNX first: kernels are turned once, here, and nothing at run time.
On the way each value's size and reach are counted, so that the pack can say how far tiles must
overlap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from genstudio.base.errors import PackError
from genstudio.importers.tfjs_folder import Layer, ModelFolder

OPSET: Final = 17
IR_VERSION: Final = 9
INPUT: Final = "image"
OUTPUT: Final = "image_large"
"""A graph's input and output cannot share a name; the manifest maps this one to `image`."""

_ACTIVATIONS: Final = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh"}
_CUBIC_REACH: Final = 2
"""How far, in its input's pixels, a cubic enlargement sees."""
_BETA: Final = 0.2
"""What UpscalerJS' layer MultiplyBeta multiplies by (ESRGAN's residual scaling)."""


@dataclass(frozen=True)
class Converted:
    """The graph; how many times it enlarges; how far, in input pixels, a pixel sees around itself.

    The graph takes `image` [batch, 3, height, width] and gives `image_large`, float32 in [0, 1].
    """

    model: onnx.ModelProto
    scale: int
    reach: int


@dataclass(frozen=True)
class _Value:
    """A layer's output: the tensor's name, times the input's size, and its reach in input pixels.

    The reach is that of the pixel farthest off; fractions are steps between enlarged pixels.
    """

    name: str
    channels: int
    scale: int
    reach: Fraction


@dataclass
class _Graph:
    """The nodes and weights so far, and the folder that the layers' weights come from.

    `half`: kernels are stored in half precision.
    """

    folder: ModelFolder
    half: bool = False
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def node(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def kernel(self, name: str, values: NDArray[np.float32]) -> str:
        """A convolution's weights; in half precision, if so asked, and widened as they load."""
        if not self.half:
            return self.constant(name, values)
        stored = self.constant(f"{name}.half", values.astype(np.float16))
        return self.node("Cast", [stored], name, to=TensorProto.FLOAT)

    def weight(self, layer: Layer, part: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        found = self.folder.weights.get(f"{layer.name}/{part}")
        if found is None or found.shape != shape:
            has = "is missing" if found is None else f"has the shape {list(found.shape)}"
            raise PackError(
                f"The weight {layer.name[:80]}/{part} of {self.folder.path} {has} where "
                f"{list(shape)} was due; download the model again."
            )
        return found


def to_onnx(folder: ModelFolder, peak: float, edge: int, rounds: int, *, half: bool) -> Converted:
    """Build the graph of a network whose own colours go from 0 to `peak`.

    The picture's outermost pixels are repeated `edge` times on each side before the network, and
    what comes of them is cut off after it: the network's own padding is black, which would show
    as a frame. `rounds` of back-projection then bring the large picture nearer to the small one.
    `half` stores the convolutions' kernels in half precision.

    Raises:
        PackError: there is a layer, or a layer's setting, that is not understood.
    """
    graph = _Graph(folder, half)
    values: dict[str, _Value] = {}
    for layer in folder.network.layers:
        if layer.class_name == "InputLayer":
            if values:
                raise _unknown(layer, "a second input")
            values[layer.name] = _input(graph, peak, edge)
        else:
            values[layer.name] = _layer(graph, layer, values)
    last = _output(graph, values)
    name = _without_edge(graph, last, edge)
    if peak != 1.0:
        unit = graph.constant("unit", np.array(1.0 / peak, np.float32))
        name = graph.node("Mul", [name, unit], "in_unit_range")
    for number in range(rounds):
        name = _back_projected(graph, name, last.scale, f"round.{number}")
    graph.node("Identity", [name], OUTPUT)
    reach = last.reach + _CUBIC_REACH * rounds
    return Converted(_model(graph), last.scale, math.ceil(reach))


def _input(graph: _Graph, peak: float, edge: int) -> _Value:
    name = INPUT
    if edge:
        sides = graph.constant("edge", np.array([0, 0, edge, edge] * 2, np.int64))
        name = graph.node("Pad", [name, sides], "with_edge", mode="edge")
    if peak != 1.0:
        white = graph.constant("peak", np.array(peak, np.float32))
        name = graph.node("Mul", [name, white], "in_own_range")
    return _Value(name, 3, 1, Fraction(0))


def _without_edge(graph: _Graph, last: _Value, edge: int) -> str:
    if not edge:
        return last.name
    cut = edge * last.scale
    bounds = [
        graph.constant(name, np.array(numbers, np.int64))
        for name, numbers in (("from", [cut, cut]), ("to", [-cut, -cut]), ("axes", [2, 3]))
    ]
    return graph.node("Slice", [last.name, *bounds], "without_edge")


def _back_projected(graph: _Graph, large: str, scale: int, name: str) -> str:
    """`large` with what its means over `scale` x `scale` pixels lack of the input added, smoothly.

    Irani and Peleg 1991, https://doi.org/10.1016/1049-9652(91)90045-L.
    """
    square = [scale, scale]
    means = graph.node("AveragePool", [large], f"{name}.means", kernel_shape=square, strides=square)
    lacks = graph.node("Sub", [INPUT, means], f"{name}.lacks")
    scales = graph.constant(f"{name}.scales", np.array([1, 1, *square], np.float32))
    added = graph.node("Resize", [lacks, "", scales], f"{name}.added", mode="cubic")
    return graph.node("Add", [large, added], f"{name}.nearer")


def _output(graph: _Graph, values: dict[str, _Value]) -> _Value:
    ends = [values[name] for name, *_ in graph.folder.network.output_layers if name in values]
    if len(ends) != 1 or ends[0].channels != 3:
        raise PackError(
            f"The model {graph.folder.path} does not give one picture of three channels; "
            "this converts upscalers."
        )
    return ends[0]


def _model(graph: _Graph) -> onnx.ModelProto:
    def picture(name: str, size: str) -> onnx.ValueInfoProto:
        shape: list[str | int | None] = ["batch", 3, f"{size}height", f"{size}width"]
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    made = helper.make_graph(
        graph.nodes, "upscaler", [picture(INPUT, "")], [picture(OUTPUT, "large_")], graph.constants
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="genstudio",
    )
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        what = " ".join(str(error).split())[:200]
        raise PackError(f"The model {graph.folder.path} gives no sound graph: {what}.") from error
    return model


def _layer(graph: _Graph, layer: Layer, values: dict[str, _Value]) -> _Value:
    kind = "PixelShuffle" if layer.class_name.startswith("PixelShuffle") else layer.class_name
    convert = _LAYERS.get(kind)
    if convert is None:
        raise PackError(
            f"The layer {layer.name[:80]!r} is a {layer.class_name[:80]}, which cannot be "
            f"converted; these can: {', '.join(sorted(_LAYERS))}."
        )
    missing = [name for name in layer.inputs if name not in values]
    if len(layer.inbound_nodes) != 1 or not layer.inputs or missing:
        raise _unknown(layer, "inputs that are shared or come from no earlier layer")
    return convert(graph, layer, [values[name] for name in layer.inputs])


def _conv(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    config, image = layer.config, _only(layer, inputs)
    filters, kernel = config.get("filters"), _pair(layer, "kernel_size")
    dilation, groups = _pair(layer, "dilation_rate", (1, 1)), config.get("groups", 1)
    if not isinstance(filters, int):
        raise _unknown(layer, "no usable filters")
    if _pair(layer, "strides", (1, 1)) != (1, 1) or groups != 1:
        raise _unknown(layer, "strides or groups")
    if config.get("data_format", "channels_last") != "channels_last":
        raise _unknown(layer, "channels first")
    spread = [(size - 1) * step for size, step in zip(kernel, dilation, strict=True)]
    if config.get("padding") != "same" and any(spread):
        raise _unknown(layer, "a picture that it makes smaller")
    weight = graph.weight(layer, "kernel", (*kernel, image.channels, filters))
    names = [image.name, graph.kernel(f"{layer.name}.kernel", weight.transpose(3, 2, 0, 1))]
    if config.get("use_bias", True):
        bias = graph.weight(layer, "bias", (filters,))
        names.append(graph.constant(f"{layer.name}.bias", bias))
    before = [size // 2 for size in spread]
    after = [size - half for size, half in zip(spread, before, strict=True)]
    name = graph.node("Conv", names, layer.name, dilations=dilation, pads=before + after)
    reach = image.reach + Fraction(max(after), image.scale)
    return _activated(graph, layer, _Value(name, filters, image.scale, reach))


def _activated(graph: _Graph, layer: Layer, value: _Value) -> _Value:
    """The value after the layer's setting `activation`."""
    kind = layer.config.get("activation", "linear")
    if kind == "linear":
        return value
    if kind not in _ACTIVATIONS:
        raise _unknown(layer, f"the activation {str(kind)[:80]!r}")
    name = graph.node(_ACTIVATIONS[kind], [value.name], f"{layer.name}.{kind}")
    return _Value(name, value.channels, value.scale, value.reach)


def _activation(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    image = _only(layer, inputs)
    return _activated(graph, layer, image)


def _leaky_relu(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    image = _only(layer, inputs)
    alpha = layer.config.get("alpha", 0.3)
    if not isinstance(alpha, int | float):
        raise _unknown(layer, "no usable alpha")
    name = graph.node("LeakyRelu", [image.name], layer.name, alpha=float(alpha))
    return _Value(name, image.channels, image.scale, image.reach)


def _add(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    if len({(value.channels, value.scale) for value in inputs}) != 1:
        raise _unknown(layer, "terms of different sizes")
    name = graph.node("Sum", [value.name for value in inputs], layer.name)
    reach = max(value.reach for value in inputs)
    return _Value(name, inputs[0].channels, inputs[0].scale, reach)


def _concatenate(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    if layer.config.get("axis", -1) not in (3, -1) or len({v.scale for v in inputs}) != 1:
        raise _unknown(layer, "an axis that is not the channels', or parts of different sizes")
    name = graph.node("Concat", [value.name for value in inputs], layer.name, axis=1)
    reach = max(value.reach for value in inputs)
    return _Value(name, sum(value.channels for value in inputs), inputs[0].scale, reach)


def _multiply_beta(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    image = _only(layer, inputs)
    beta = graph.constant(f"{layer.name}.beta", np.array(_BETA, np.float32))
    name = graph.node("Mul", [image.name, beta], layer.name)
    return _Value(name, image.channels, image.scale, image.reach)


def _upsampling(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    image = _only(layer, inputs)
    size = _pair(layer, "size")
    if size[0] != size[1] or layer.config.get("interpolation", "nearest") != "nearest":
        raise _unknown(layer, "an interpolation that is not nearest, or sides of its own each")
    scales = graph.constant(f"{layer.name}.scales", np.array([1, 1, *size], np.float32))
    name = graph.node(
        "Resize",
        [image.name, "", scales],
        layer.name,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )
    return _Value(name, image.channels, image.scale * size[0], image.reach)


def _pixel_shuffle(graph: _Graph, layer: Layer, inputs: Sequence[_Value]) -> _Value:
    """TensorFlow's depth_to_space: the channels count slowest over rows, then columns."""
    image = _only(layer, inputs)
    digits = layer.class_name.removeprefix("PixelShuffle").removesuffix("x")
    size = int(digits) if digits in {"2", "3", "4", "8"} else 0
    if not size or image.channels % size**2:
        raise _unknown(layer, "an unknown scale, or channels that are no multiple of its square")
    name = graph.node("DepthToSpace", [image.name], layer.name, blocksize=size, mode="DCR")
    return _Value(name, image.channels // size**2, image.scale * size, image.reach)


_Convert = Callable[[_Graph, Layer, Sequence[_Value]], _Value]
_LAYERS: Final[dict[str, _Convert]] = {
    "Conv2D": _conv,
    "Activation": _activation,
    "LeakyReLU": _leaky_relu,
    "Add": _add,
    "Concatenate": _concatenate,
    "MultiplyBeta": _multiply_beta,
    "UpSampling2D": _upsampling,
    "PixelShuffle": _pixel_shuffle,
}


def _pair(layer: Layer, key: str, default: tuple[int, int] | None = None) -> tuple[int, int]:
    """A setting of two whole numbers, (height, width)."""
    found = layer.config.get(key, default)
    if isinstance(found, list | tuple) and len(found) == 2:
        height, width = found
        if all(isinstance(side, int) and 1 <= side <= 64 for side in (height, width)):
            return height, width
    raise _unknown(layer, f"no usable {key}")


def _only(layer: Layer, inputs: Sequence[_Value]) -> _Value:
    if len(inputs) != 1:
        raise _unknown(layer, f"{len(inputs)} inputs")
    return inputs[0]


def _unknown(layer: Layer, what: str) -> PackError:
    return PackError(
        f"The layer {layer.name[:80]!r} ({layer.class_name[:80]}) has {what}, which cannot be "
        "converted."
    )
