"""Which graphs stay loaded, and which leave."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.base.errors import EngineError, PackError
from genstudio.engine.cache import GraphCache
from genstudio.engine.providers import ProviderPlan, plan_providers
from tests import builders

CPU = plan_providers("cpu")
ROLES = ("mapping", "synthesis", "critic")


def test_a_graph_is_loaded_once(build, cpu_graphs) -> None:
    pack = build(builders.gan)
    assert cpu_graphs.get(pack, "mapping") is cpu_graphs.get(pack, "mapping")


def test_the_same_file_in_two_packs_is_one_graph(build, cpu_graphs) -> None:
    first, second = build(builders.gan), build(builders.gan, pack_id="other")
    assert cpu_graphs.get(first, "mapping") is cpu_graphs.get(second, "mapping")


def test_another_plan_is_another_graph(build) -> None:
    pack = build(builders.gan)
    graphs = GraphCache(CPU, threads=1)
    before = graphs.get(pack, "mapping")
    graphs.plan = ProviderPlan("cpu", CPU.providers, "a reason")
    assert graphs.get(pack, "mapping") is not before


def test_the_least_recently_used_leave_first_when_the_budget_is_full(build) -> None:
    pack = build(builders.gan)
    sizes = {role: pack.path(pack.graph(role)).stat().st_size for role in ROLES}
    graphs = GraphCache(CPU, sum(sizes.values()) - 1, threads=1)
    graphs.get(pack, "mapping")
    graphs.get(pack, "synthesis")
    graphs.get(pack, "mapping")
    graphs.get(pack, "critic")
    assert graphs.loaded() == [pack.graph(role).sha256 for role in ("mapping", "critic")]


def test_a_graph_larger_than_the_budget_is_still_loaded(build) -> None:
    pack = build(builders.gan)
    graphs = GraphCache(CPU, 1, threads=1)
    for role in ROLES:
        graphs.get(pack, role)
    assert graphs.loaded() == [pack.graph("critic").sha256]


def test_a_graph_that_left_still_runs_for_who_holds_it(build) -> None:
    pack = build(builders.gan)
    graphs = GraphCache(CPU, 1, threads=1)
    mapping = graphs.get(pack, "mapping")
    graphs.unload_all()
    assert graphs.loaded() == []
    assert mapping.run({"z": np.zeros((1, 8), np.float32)})["w"].shape == (1, 4, 6)


def test_weights_in_a_file_of_their_own_count(build, cpu_graphs) -> None:
    pack = build(builders.external_vae)
    graph = pack.graph("decoder")
    both = sum(pack.path(file).stat().st_size for file in (graph, *graph.external_data))
    assert cpu_graphs.get(pack, "decoder").weight_bytes == both


def test_a_role_that_the_pack_lacks_is_refused(build, cpu_graphs) -> None:
    with pytest.raises(PackError, match="no critic graph"):
        cpu_graphs.get(build(builders.gan, critic=False), "critic")


def test_a_broken_graph_is_refused_with_the_models_name(build, cpu_graphs) -> None:
    pack = build(builders.gan)
    (pack.folder / "mapping.onnx").write_bytes(b"garbage")
    with pytest.raises(EngineError, match="The model style-gan cannot be used"):
        cpu_graphs.get(pack, "mapping")
