"""What is measured: a pack, an engine that draws with it, the pictures that it learned from."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from genstudio.engine.cache import GraphCache
from genstudio.engine.latents import to_array
from genstudio.engine.providers import plan_providers
from genstudio.engine.render import Engine
from genstudio.packs.manifest import Pack, open_pack
from genstudio.packs.settings import fresh_recipe, with_setting
from genstudio.recipe.values import Exact, LatentRecipe, Recipe
from genstudio.training.config import GanTraining, Training, VaeTraining, read_config
from genstudio.training.data import Dataset, centre_crops, read_dataset
from genstudio.training.texture_config import TextureTraining
from genstudio.training.token_config import AutoregressiveTraining

Pixels = NDArray[np.uint8]
"""[N, height, width, 3]"""

_KINDS: Final[dict[str, type[Training]]] = {
    "gan": GanTraining,
    "textures": TextureTraining,
    "vae": VaeTraining,
    "autoregressive": AutoregressiveTraining,
}
_SOURCES = ("photos.zip", "icons.zip")


@dataclass
class Subject:
    """A pack under measurement; `data` is the folder with the training sets."""

    folder: Path
    data: Path

    @cached_property
    def pack(self) -> Pack:
        """The pack."""
        return open_pack(self.folder)

    @cached_property
    def engine(self) -> Engine:
        """An engine on the CPU that knows this pack alone."""
        return Engine(lambda _ref: self.pack, device="cpu")

    @cached_property
    def graphs(self) -> GraphCache:
        """The pack's graphs on the CPU, for what an engine does not offer people."""
        return GraphCache(plan_providers("cpu"))

    @cached_property
    def config(self) -> Training:
        """The training file that the pack keeps."""
        path = self.folder / "train.toml"
        return read_config(path, _KINDS[tomllib.loads(path.read_text(encoding="utf-8"))["family"]])

    @cached_property
    def split(self) -> tuple[Dataset, Dataset]:
        """(training, held out), as the training saw them."""
        kept = self.config.data.keep.get("category")
        source = self.data / _SOURCES[0 if kept else 1]
        return read_dataset(source, self.config.data).split(self.config.data.hold_out)

    @property
    def size(self) -> int:
        """The side of the pack's pictures."""
        return self.pack.manifest.image.width

    def recipe(self, seed: int, **settings: float | str) -> Recipe:
        """A picture of a seed with the pack's own settings, but for `settings`."""
        recipe: Recipe = fresh_recipe(self.pack.ref, self.pack.manifest, seed)
        for name, value in settings.items():
            recipe = with_setting(recipe, self.pack.manifest, name, value)
        return recipe

    def drawn(self, seeds: Sequence[int], **settings: float | str) -> Pixels:
        """Pictures of latent seeds."""
        recipes = (self.recipe(seed, **settings) for seed in seeds)
        return np.stack([self.engine.render(recipe).pixels for recipe in recipes])

    def again(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture, encoded and decoded."""
        return self.engine.render(self.engine.encode(self.pack.ref, picture)).pixels

    def latent(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The mean latent that a VAE gives a picture."""
        recipe = self.engine.encode(self.pack.ref, picture)
        assert isinstance(recipe, LatentRecipe)
        assert isinstance(recipe.source, Exact)
        return to_array(recipe.source.mean).reshape(-1)


def crops(dataset: Dataset, size: int, count: int) -> Pixels:
    """`count` pictures spread over a set, cut in the middle."""
    order = np.random.default_rng(0).permutation(len(dataset.pictures))[:count]
    return centre_crops([dataset.pictures[i] for i in order], size)


def random_crops(dataset: Dataset, size: int, count: int, seed: int) -> Pixels:
    """`count` random cuts, each picture as often as any other."""
    random, cut = np.random.default_rng(seed), []
    for number in range(count):
        pixels = dataset.pictures[number % len(dataset.pictures)].pixels
        top, left = (int(random.integers(pixels.shape[axis] - size + 1)) for axis in (0, 1))
        cut.append(pixels[top : top + size, left : left + size])
    return np.stack(cut)
