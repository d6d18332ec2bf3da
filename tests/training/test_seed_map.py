"""Seeds of a VAE: near what was learned, all of it reachable, and at the far end anywhere."""

# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.training.export import export_graph
from genstudio.training.onnx_runs import run_graph
from genstudio.training.seed_map import BETWEEN, MOST, SeedMap, seed_map_plan

CHANCE = np.random.default_rng(3)
KNOWN = CHANCE.standard_normal((40, 6)).astype(np.float32)


def mapped(seeds: SeedMap, z: np.ndarray, stray: float) -> np.ndarray:
    return seeds(torch.from_numpy(z), torch.tensor(stray)).numpy()


def test_without_straying_a_seed_lies_between_a_learned_latent_and_a_near_one() -> None:
    z = CHANCE.standard_normal((200, 6)).astype(np.float32)
    found = mapped(SeedMap(KNOWN), z, 0.0)
    apart = np.linalg.norm(KNOWN[:, None] - KNOWN[None], axis=2)
    for latent in found:
        ends = [
            (i, j)
            for i in range(40)
            for j in np.argsort(apart[i])[1:9]
            if np.allclose(KNOWN[i] + BETWEEN * (KNOWN[j] - KNOWN[i]), latent, atol=1e-5)
        ]
        assert ends
    assert len(np.unique(found.round(4), axis=0)) > 40


def test_all_the_way_astray_is_the_seeds_own_z() -> None:
    z = CHANCE.standard_normal((5, 6)).astype(np.float32)
    assert np.allclose(mapped(SeedMap(KNOWN), z, 1.0), z)


def test_every_learned_latent_is_some_seeds_and_many_are_thinned_out() -> None:
    directions = KNOWN / np.linalg.norm(KNOWN, axis=1, keepdims=True)
    found = mapped(SeedMap(KNOWN), directions, 0.0)
    assert len(np.unique(found.round(4), axis=0)) == len(KNOWN)
    many = CHANCE.standard_normal((MOST + 100, 4)).astype(np.float32)
    assert len(SeedMap(many).known) == MOST


def test_the_graph_gives_what_the_network_gives(tmp_path) -> None:
    seeds = SeedMap(KNOWN.astype(np.float16).astype(np.float32))
    assert export_graph(seed_map_plan(seeds), tmp_path / "mapping.onnx").half
    z = CHANCE.standard_normal((1, 6)).astype(np.float32)
    given = {"z": z, "stray": np.array(0.3, np.float32)}
    (latent,) = run_graph(tmp_path / "mapping.onnx", given).values()
    assert np.allclose(latent, mapped(seeds, z, 0.3), atol=1e-5)
