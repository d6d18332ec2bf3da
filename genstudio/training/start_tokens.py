"""A run that begins with a token model's pack: its graphs' weights, back in the networks.

The tokenizer stays as it is, so the codes keep their meaning; the prior learns on.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genstudio.packs.manifest import Pack, Role
from genstudio.training.export import stored_weights
from genstudio.training.prior import CodeTable, Prior
from genstudio.training.start import other_sizes
from genstudio.training.token_config import TokenizerConfig
from genstudio.training.token_graphs import in_half_precision
from genstudio.training.tokenizer import Tokenizer


def tokenizer_of(pack: Pack, config: TokenizerConfig) -> Tokenizer:
    """The pack's tokenizer, with batch norm folded away.

    Raises:
        TrainingError: it is not of the sizes that `config` asks for.
    """
    tokenizer = in_half_precision(Tokenizer(config))
    weights = _weights(pack, "image_encoder") | _weights(pack, "image_decoder")
    state: dict[str, Tensor] = {}
    for name, module in tokenizer.named_modules():
        if isinstance(module, nn.Conv2d):
            at = name.replace(".body", "").removesuffix(".0")
            state[f"{name}.weight"] = _get(pack, weights, f"{at}.weight", f"{at}.weight.half")
            state[f"{name}.bias"] = _get(pack, weights, f"{at}.bias")
    first = "encoder.body.1.0.weight"
    state[first] = _pixels_first(state[first], config.patch)
    _load(pack, tokenizer, state)
    return tokenizer


def begin_prior(pack: Pack, prior: Prior) -> None:
    """Give `prior` the weights of the pack's, widened where they are stored in 8 bits.

    Raises:
        TrainingError: it is not of the sizes that the training file asks for.
    """
    weights = _weights(pack, "prior")
    codes = _widened(pack, weights, "codes", "codes.float", "codes")
    state = {
        "start": codes[-1:],
        "styles.weight": _get(pack, weights, "styles")[:, 0],
        "read_prompt.weight": _get(pack, weights, "read_prompt").T,
        "positions": _get(pack, weights, "positions"),
        "norm.weight": _get(pack, weights, "norm.gain"),
        **_code_table(pack, "codes", prior.codes, codes[:-1]),
        **_code_table(pack, "head", prior.head, _product(pack, weights, "head")),
    }
    for number in range(len(prior.layers)):
        at = f"layers.{number}"
        for norm in ("attention_norm", "norm"):
            state[f"{at}.{norm}.weight"] = _get(pack, weights, f"{at}.{norm}.gain")
        for product in ("qkv", "out", "up", "down"):
            state[f"{at}.{product}.weight"] = _product(pack, weights, f"{at}.{product}")
    _load(pack, prior, _without_gains(state))


def _weights(pack: Pack, role: Role) -> dict[str, Tensor]:
    path = pack.path(pack.graph(role))
    return {name: torch.tensor(value) for name, value in stored_weights(path).items()}


def _get(pack: Pack, weights: dict[str, Tensor], *names: str) -> Tensor:
    for name in names:
        if name in weights:
            return weights[name].float()
    raise other_sizes(pack, "its networks have")


def _product(pack: Pack, weights: dict[str, Tensor], name: str) -> Tensor:
    """A matrix [out, in] that is stored as [in, out]."""
    return _widened(pack, weights, name, f"{name}.weight").T


def _widened(pack: Pack, weights: dict[str, Tensor], name: str, *plain: str) -> Tensor:
    """What is stored as bytes and scales, or in float32 by one of the names `plain`."""
    if f"{name}.int8" in weights:
        return weights[f"{name}.int8"] * _get(pack, weights, f"{name}.scale")
    return _get(pack, weights, *plain)


def _without_gains(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same function with norms' gains of 1, as at the start of a run.

    A gain went into the graph with the unevenness of what its product reads, which would make
    some columns learn a hundred times as fast as others.
    """
    even = dict(state)
    for name, gain in state.items():
        reader = name.replace("attention_norm.weight", "qkv.weight")
        reader = reader.replace(".norm.weight", ".up.weight")
        if name == "norm.weight":
            for part in ("head.own", "head.shared"):
                even[part] = state[part] * gain
        elif reader != name:
            even[reader] = state[reader] * gain
        else:
            continue
        even[name] = torch.ones_like(gain)
    return even


def _code_table(pack: Pack, name: str, table: CodeTable, vectors: Tensor) -> dict[str, Tensor]:
    """Vectors [codes, width] as what their levels share and what is their own.

    A level's part is the mean over its codes, so that the own parts are as small as they can be.
    """
    if vectors.shape != table.own.shape:
        raise other_sizes(pack, "its networks have")
    middle = vectors.mean(0)
    count = table.digits.shape[1]
    rows = [
        vectors[(table.digits == level).any(1)].mean(0) - middle * (1.0 - 1.0 / count)
        for level in range(len(table.shared))
    ]
    shared = torch.stack(rows)
    return {f"{name}.own": vectors - shared[table.digits].sum(1), f"{name}.shared": shared}


def _pixels_first(weight: Tensor, patch: int) -> Tensor:
    """Input channels in ONNX's order (row, column, colour) -> PyTorch's (colour, row, column)."""
    parts: Tensor = weight.unflatten(1, (patch, patch, -1))
    return parts.permute(0, 3, 1, 2, 4, 5).flatten(1, 3).contiguous()


def _load(pack: Pack, network: nn.Module, state: dict[str, Tensor]) -> None:
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise other_sizes(pack, "its networks have") from error
