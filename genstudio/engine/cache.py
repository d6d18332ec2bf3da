"""Graphs that stay loaded while they are used, within a memory budget."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from genstudio.base.errors import EngineError
from genstudio.engine.graph import LoadedGraph, load_graph
from genstudio.engine.providers import ProviderPlan
from genstudio.packs.manifest import Autoregressive, Graph, Pack, Role, SpatialLatent, Vae

DEFAULT_BUDGET = 2 << 30
"""Bytes of weights that stay loaded unless told otherwise."""


@dataclass(frozen=True)
class _Key:
    """What makes two loaded graphs the same: the file's content and how it is run."""

    sha256: str
    plan: ProviderPlan


class GraphCache:
    """Loaded graphs by content and provider plan; the least recently used leave first.

    Leaving means being forgotten: a graph that somebody still runs lives until that ends.
    """

    def __init__(
        self,
        plan: ProviderPlan,
        budget_bytes: int = DEFAULT_BUDGET,
        threads: int | None = None,
    ) -> None:
        self.plan = plan
        self.threads = threads
        self._budget = budget_bytes
        self._graphs: OrderedDict[_Key, LoadedGraph] = OrderedDict()

    def get(self, pack: Pack, role: Role) -> LoadedGraph:
        """The graph of a role, loaded now or before.

        Raises:
            PackError: the pack has no such graph.
            EngineError: it cannot be loaded.
        """
        graph = pack.graph(role)
        plan = _plan_for(pack, role, self.plan)
        key = _Key(graph.sha256, plan)
        if key in self._graphs:
            self._graphs.move_to_end(key)
            return self._graphs[key]
        try:
            loaded = load_graph(
                pack.path(graph),
                plan,
                threads=self.threads,
                steady=_is_steady(pack, role),
                weight_bytes=_weight_bytes(pack, graph),
            )
        except EngineError as error:
            raise EngineError(f"The model {pack.id} cannot be used: {error}") from error
        self._graphs[key] = loaded
        self._make_room(key)
        return loaded

    def loaded(self) -> list[str]:
        """The file hashes of the loaded graphs, least recently used first."""
        return [key.sha256 for key in self._graphs]

    def notes(self) -> tuple[str, ...]:
        """Why loaded graphs do not run where the plan wanted them, each reason once."""
        return tuple(dict.fromkeys(g.plan.note for g in self._graphs.values() if g.plan.note))

    def unload_all(self) -> None:
        """Forget every graph."""
        self._graphs.clear()

    def _make_room(self, newest: _Key) -> None:
        total = sum(graph.weight_bytes for graph in self._graphs.values())
        for key in list(self._graphs):
            if total <= self._budget or key == newest:
                return
            total -= self._graphs.pop(key).weight_bytes


def _weight_bytes(pack: Pack, graph: Graph) -> int | None:
    """About what a graph's weights take; None where that cannot be told."""
    try:
        return sum(pack.path(file).stat().st_size for file in (graph, *graph.external_data))
    except OSError:
        return None


def _plan_for(pack: Pack, role: Role, plan: ProviderPlan) -> ProviderPlan:
    """The plan of the cache, but the CPU for what only the CPU can run.

    A prior whose graph writes into one shared cache (float32 GroupQueryAttention) has
    operators that CUDA lacks; half on either side its cache would be copied at every token.
    """
    model = pack.manifest.model
    shared = isinstance(model, Autoregressive) and model.cache.layout == "shared"
    return plan.on_cpu("") if shared and role == "prior" and plan.device != "cpu" else plan


def _is_steady(pack: Pack, role: Role) -> bool:
    """Whether a graph's inputs keep their shapes from run to run."""
    model = pack.manifest.model
    if isinstance(model, Vae) and isinstance(model.latent, SpatialLatent):
        return False
    if isinstance(model, Autoregressive) and role == "prior":
        return model.cache.layout == "shared"
    return role not in ("text", "upscaler")
