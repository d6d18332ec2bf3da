"""What every run that begins with a pack does: read its graphs back, or say why that cannot be."""

from __future__ import annotations

from torch import nn

from genstudio.base.errors import TrainingError
from genstudio.packs.manifest import Pack, Role
from genstudio.training.export import load_weights


def read_back(pack: Pack, role: Role, network: nn.Module) -> None:
    """Load the graph of a role into the network that such a graph was exported from.

    Raises:
        PackError: the pack has no such graph.
        TrainingError: the graph is of other sizes than `network`.
    """
    path = pack.path(pack.graph(role))
    try:
        load_weights(network, path)
    except (RuntimeError, TrainingError) as error:
        raise other_sizes(pack, f"its {role} has") from error


def other_sizes(pack: Pack, which: str) -> TrainingError:
    """The refusal of a pack; `which` says what of it "has" or "have" other sizes."""
    return TrainingError(
        f"{pack.folder} cannot be begun with: {which} other sizes than the training file asks "
        "for; start from the train.toml in that pack."
    )
