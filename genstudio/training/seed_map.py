"""Where seeds begin in a VAE's latent space: near what was learned, not anywhere.

With few pictures and many latent numbers a standard normal sample lies far from every picture, and
the decoder gives a smudge. So a seed's z chooses the learned latent whose direction is nearest,
goes part of the way to that one's neighbour in z's direction, and strays from there towards z.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from genstudio.latent.noise import gaussian
from genstudio.packs import manifest
from genstudio.training.export import EXAMPLES, GraphPlan

MOST: Final = 4096
"""Learned latents that are kept, drawn at random from more."""
NEIGHBOURS: Final = 8
BETWEEN: Final = 0.35
"""How far a seed lies from a learned latent on the way to its neighbour."""
STRAY: Final = 0.4
CONTROL: Final = manifest.Slider(
    name="stray", label="Stray", low=0.0, high=1.0, default=STRAY, step=0.01,
    tooltip="How far a seed goes from the learned pictures: 0 stays between two of them, 1 goes "
    "anywhere.",
    graph="mapping", input="stray",
)  # fmt: skip


def kept_places(count: int) -> NDArray[np.int64]:
    """The numbers of `count` pictures, or of `MOST` of them, in their order."""
    return np.sort(np.random.default_rng(0).permutation(count)[:MOST])


def some_of(latents: NDArray[np.float32]) -> NDArray[np.float32]:
    """Latents [pictures, latent], or `MOST` of them in their order."""
    return latents[kept_places(len(latents))]


class SeedMap(nn.Module):
    """z [B, latent], standard normal, and stray [] (0 to 1) -> latent [B, latent]."""

    known: Tensor
    lengths: Tensor
    neighbours: Tensor

    def __init__(self, latents: NDArray[np.float32]) -> None:
        """Take the mean latents of the training pictures, [pictures, latent]."""
        super().__init__()
        known = torch.from_numpy(some_of(latents))
        apart = torch.cdist(known, known).fill_diagonal_(torch.inf)
        count = min(NEIGHBOURS, max(len(known) - 1, 1))
        self.register_buffer("known", known)
        self.register_buffer("lengths", known.norm(dim=1).clamp_min(1e-6))
        self.register_buffer("neighbours", apart.topk(count, largest=False).indices)

    def forward(self, z: Tensor, stray: Tensor) -> Tensor:
        """Map."""
        nearest = (z @ self.known.T / self.lengths).argmax(dim=1)
        own = self.known[nearest]
        ways = self.known[self.neighbours[nearest]] - own[:, None]
        chosen = (ways @ z[:, :, None]).argmax(dim=1, keepdim=True)
        way = ways.gather(1, chosen.expand(-1, 1, z.shape[1]))[:, 0]
        return (1.0 - stray * stray).sqrt() * (own + BETWEEN * way) + stray * z


def seed_map_plan(seeds: SeedMap) -> GraphPlan:
    """The graph `mapping` of a pack."""
    z = torch.from_numpy(gaussian(0, (EXAMPLES, seeds.known.shape[1])))
    inputs = {"z": z, "stray": torch.tensor(STRAY)}
    return GraphPlan("mapping", seeds, inputs, ("latent",), fixed=frozenset(["stray"]))
