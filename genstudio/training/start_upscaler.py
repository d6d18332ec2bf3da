"""A run that begins with an upscaler's pack: one that was trained here, or a converted ESRGAN.

Of UpscalerJS' models the slim and the medium ones are of this kind. All but their last layers come
along: those repeat each pixel and smooth the result, by which slanting edges get stairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from genstudio.base.errors import TrainingError
from genstudio.packs.manifest import Pack
from genstudio.training.export import stored_weights
from genstudio.training.start import other_sizes, read_back
from genstudio.training.upscaler_networks import Enlarger

_FIRST: Final = "F_m1"
"""What such an ESRGAN calls its first layer."""
_OWN: Final = 2.0
"""How far pictures go here, from -1 to 1; those of a pack go from 0 to 1."""
_DIMENSIONS: Final = 4
"""Of a convolution's weights."""


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
        if f"blocks.{len(enlarger.blocks)}.look.weight" in stored:
            raise other_sizes(pack, "its blocks have")
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
    kernels = {name: _kernel(stored, name) for name in layers}
    one_more = _kernel(stored, f"LFF_{len(enlarger.blocks) + 1}")
    fits = all(kernels[name].shape == layer.weight.shape for name, layer in layers.items())
    if len(one_more) or not fits:
        raise TrainingError(f"{pack.folder} cannot be begun with: {_said(stored)}")
    for name, layer in layers.items():
        weights = kernels[name]
        none = np.zeros(len(weights), np.float32)
        biases = torch.tensor(stored.get(f"{name}.bias", none)) / white
        if layer is enlarger.enter:
            weights = weights / _OWN
            biases = biases + weights.sum(dim=(1, 2, 3))
        layer.load_state_dict({"weight": weights, "bias": biases})


def _kernel(stored: Mapping[str, NDArray[Any]], name: str) -> Tensor:
    """A layer's weights; nothing [0] where there is no such layer."""
    found = stored.get(f"{name}.kernel", stored.get(f"{name}.kernel.half"))
    return torch.zeros(0) if found is None else torch.tensor(found).float()


def _said(stored: Mapping[str, NDArray[Any]]) -> str:
    """What an ESRGAN has that the training file must ask for."""
    look, blocks = _kernel(stored, "F_1_1"), 0
    while len(_kernel(stored, f"LFF_{blocks + 1}")):
        blocks += 1
    if not blocks or look.dim() != _DIMENSIONS:
        return "it is an ESRGAN of another kind; begin with a slim or a medium one."
    growth, width = look.shape[:2]
    return (
        f"it has width = {width}, growth = {growth} and blocks = {blocks}; write these under "
        "[networks] in the training file."
    )
