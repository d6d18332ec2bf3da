"""A run that begins with a VAE's pack: its graphs' weights, back in the networks.

The graphs have no batch normalisation any more, so each one is set to pass on what it is given:
scale and shift are what some pictures' own mean and deviation take away.
"""

from __future__ import annotations

import copy
import functools

import torch
from torch import Tensor, nn

from genstudio.packs.manifest import Pack, Role
from genstudio.training.export import fold_norms, norm_pairs
from genstudio.training.start import read_back
from genstudio.training.vae_networks import Decoder, Encoder


def begin_vae(pack: Pack, encoder: Encoder, decoder: Decoder, pictures: Tensor) -> None:
    """Give both networks the pack's weights; `pictures` [N, 3, S, S] are some to learn from.

    Raises:
        TrainingError: the pack's networks are not of the sizes that the training file asks for.
    """
    _begin(pack, "encoder", encoder, pictures)
    with torch.inference_mode():
        latents = encoder.eval()(pictures)[0]
    encoder.train()
    _begin(pack, "decoder", decoder, latents)


@torch.no_grad()
def _begin(pack: Pack, role: Role, network: nn.Module, given: Tensor) -> None:
    folded = fold_norms(copy.deepcopy(network))
    read_back(pack, role, folded)
    stored = folded.state_dict()
    own = network.state_dict()
    network.load_state_dict({name: stored.get(name, value) for name, value in own.items()})
    hooks = []
    for name, convolution, norm in norm_pairs(network):
        bias = getattr(folded.get_submodule(name), convolution).bias
        module = getattr(network.get_submodule(name), norm)
        hooks.append(module.register_forward_pre_hook(functools.partial(_pass_on, bias)))
    network.eval()(given)
    for hook in hooks:
        hook.remove()
    network.train()


def _pass_on(bias: Tensor, norm: nn.BatchNorm2d, given: tuple[Tensor]) -> None:
    """Set `norm` to give what it is given, plus `bias`."""
    variance, mean = torch.var_mean(given[0], dim=(0, 2, 3))
    state = {
        "running_mean": mean,
        "running_var": variance,
        "weight": (variance + norm.eps).sqrt(),
        "bias": mean + bias,
    }
    norm.load_state_dict(state, strict=False)
