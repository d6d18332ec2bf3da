"""The learned pictures of a VAE as an ONNX graph that keeps them, for ways that pass them.

`genstudio/latent/learned.py` says what a way does with them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from torch import Tensor
from torch.nn import functional as F

from genstudio.training import sheet
from genstudio.training.token_onnx import GraphBuilder

NEIGHBOURS: Final = 12
SIDE: Final = 16
"""Pixels a side at which pictures are compared: where what has which colour."""
LOOKS: Final = 0.75
"""How much of a distance is that of the pictures, the rest that of their latents: a hop between
pictures that look alike passes nothing strange, however far apart their latents are."""


def learned_graph(latents: NDArray[np.float32], pixels: NDArray[np.uint8]) -> onnx.ModelProto:
    """Keeps latents [pictures, latent] of `pixels` [pictures, S, S, 3], and like pictures of each.

    No inputs -> `latent` float32 [N, latent], `neighbours` int64 [N, K] by number, and how far
    these are `apart`, float32 [N, K], where 1 is as far as two pictures usually are.
    """
    kept = torch.from_numpy(latents)
    small = F.interpolate(sheet.to_tensor(pixels), (SIDE, SIDE), mode="area").flatten(1)
    apart = LOOKS * _distances(small) + (1.0 - LOOKS) * _distances(kept)
    nearest = apart.fill_diagonal_(torch.inf).topk(min(NEIGHBOURS, len(kept) - 1), largest=False)
    graph = GraphBuilder("learned")
    graph.node("Identity", [graph.half("known", kept)], "latent")
    small_numbers = graph.constant("near", nearest.indices.numpy().astype(np.int16))
    graph.node("Cast", [small_numbers], "neighbours", to=TensorProto.INT64)
    graph.node("Identity", [graph.half("far", nearest.values)], "apart")
    graph.output("latent", TensorProto.FLOAT, list(kept.shape))
    graph.output("neighbours", TensorProto.INT64, list(nearest.indices.shape))
    graph.output("apart", TensorProto.FLOAT, list(nearest.values.shape))
    return graph.model()


def _distances(points: Tensor) -> Tensor:
    """Distances of points [N, numbers] as parts of their median: [N, N]."""
    apart = torch.cdist(points, points)
    return apart / apart.median().clamp_min(1e-6)
