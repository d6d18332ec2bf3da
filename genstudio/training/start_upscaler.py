"""A run that begins with an upscaler's pack: one that was trained here, or a converted ESRGAN.

Of UpscalerJS' models the slim and the medium ones are of this kind. All but their last layers come
along: those repeat each pixel and smooth the result, by which slanting edges get stairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from numpy.typing import NDArray
from torch import nn

from genstudio.packs.manifest import Pack
from genstudio.training.export import stored_weights
from genstudio.training.start import other_sizes, read_back
from genstudio.training.upscaler_networks import Enlarger

_FIRST: Final = "F_m1"
"""What such an ESRGAN calls its first layer."""
_OWN: Final = 2.0
"""How far pictures go here, from -1 to 1; those of a pack go from 0 to 1."""


def begin_upscaler(pack: Pack, enlarger: Enlarger) -> None:
    """Give the network the pack's weights.

    Raises:
        PackError: the pack has no graph of an upscaler.
        TrainingError: the pack's network is not of the sizes that the training file asks for.
    """
    stored = stored_weights(pack.path(pack.graph("upscaler")))
    if f"{_FIRST}.kernel" in stored or f"{_FIRST}.kernel.half" in stored:
        _begin_esrgan(pack, stored, enlarger)
    else:
        read_back(pack, "upscaler", enlarger)


@torch.no_grad()
def _begin_esrgan(pack: Pack, stored: Mapping[str, NDArray[Any]], enlarger: Enlarger) -> None:
    """Layers by the names that UpscalerJS gives them, for colours from -1 to 1.

    The network is the same for white of any height but for its biases, since it consists of
    convolutions and ReLU.
    """
    white = torch.tensor(stored.get("peak", 1.0))
    layers: dict[str, nn.Conv2d] = {_FIRST: enlarger.enter, "F_0": enlarger.begin}
    for number, block in enumerate(enlarger.blocks.children(), start=1):
        assert isinstance(block.look, nn.Conv2d)
        assert isinstance(block.mix, nn.Conv2d)
        layers |= {f"F_{number}_1": block.look, f"LFF_{number}": block.mix}
    if f"LFF_{len(enlarger.blocks) + 1}.bias" in stored:
        raise other_sizes(pack, "its blocks have")
    for name, layer in layers.items():
        kernel = stored.get(f"{name}.kernel", stored.get(f"{name}.kernel.half"))
        bias = stored.get(f"{name}.bias")
        if kernel is None or bias is None or kernel.shape != layer.weight.shape:
            raise other_sizes(pack, f"its layer {name} has")
        weights, biases = torch.tensor(kernel).float(), torch.tensor(bias) / white
        if layer is enlarger.enter:
            weights = weights / _OWN
            biases = biases + weights.sum(dim=(1, 2, 3))
        layer.load_state_dict({"weight": weights, "bias": biases})
