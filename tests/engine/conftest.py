from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genstudio.base.errors import PackError
from genstudio.engine.cache import GraphCache
from genstudio.engine.providers import plan_providers
from genstudio.engine.render import Engine
from genstudio.packs.manifest import Pack, open_pack
from genstudio.recipe.values import FromSeed, LatentRecipe, ModelRef

Build = Callable[..., Pack]


@pytest.fixture
def packs() -> dict[str, Pack]:
    """The packs that the engine of the test can find, by their ids."""
    return {}


@pytest.fixture
def build(tmp_path: Path, packs: dict[str, Pack]) -> Build:
    """Builds a tiny pack where the engine finds it: `build(builders.gan, critic=False)`."""

    def make(builder: Callable[..., Path], **options: object) -> Pack:
        pack = open_pack(builder(tmp_path / f"pack-{len(packs)}", **options))
        packs[pack.id] = pack
        return pack

    return make


@pytest.fixture
def engine(
    packs: dict[str, Pack], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setenv("GENSTUDIO_HOME", str(tmp_path / "home"))

    def find(ref: ModelRef) -> Pack:
        try:
            return packs[ref.id]
        except KeyError:
            raise PackError(f"There is no model {ref.id}.") from None

    return Engine(find, device="cpu", threads=1)


@pytest.fixture
def cpu_graphs() -> GraphCache:
    return GraphCache(plan_providers("cpu"), threads=1)


@pytest.fixture
def seeded() -> Callable[..., LatentRecipe]:
    """A recipe of a seed: `seeded(pack, 3, truncation=0.5)`."""

    def recipe(pack: Pack, seed: int = 1, **fields: object) -> LatentRecipe:
        return LatentRecipe(model=pack.ref, source=FromSeed(seed=seed), **fields)

    return recipe
