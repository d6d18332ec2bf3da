"""A run that begins with a GAN's pack: its graphs' weights, back in the networks.

What the export multiplied in is divided out again. The critic's weights for how unlike each other
a batch's pictures are were folded into a bias and begin at nothing. A projected critic begins anew:
it learns in a minute what it has to know.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genstudio.packs.manifest import Pack, Role
from genstudio.training.gan_networks import (
    Critic,
    EqualisedConv,
    EqualisedLinear,
    MappingNetwork,
    StyledConv,
    Synthesis,
    ToPicture,
)
from genstudio.training.gan_plain import PlainCritic, PlainMapping, PlainSynthesis
from genstudio.training.start import read_back


def begin_gan(pack: Pack, mapping: MappingNetwork, synthesis: Synthesis, critic: nn.Module) -> None:
    """Give the networks the pack's weights, but not a projected critic.

    Raises:
        PackError: the pack has no critic, and one is wanted.
        TrainingError: the pack's networks are not of the sizes that the training file asks for.
    """
    roles: list[tuple[Role, nn.Module, nn.Module]] = [
        ("mapping", mapping, PlainMapping(mapping)),
        ("synthesis", synthesis, PlainSynthesis(synthesis)),
    ]
    if isinstance(critic, Critic):
        roles.append(("critic", critic, PlainCritic(critic, 0.0)))
    for role, network, plain in roles:
        read_back(pack, role, plain)
        _undo(network, plain)


@torch.no_grad()
def _undo(network: nn.Module, plain: nn.Module) -> None:
    """Give `network` the weights of which `plain` was made."""
    stored = plain.state_dict()
    for name, module in network.named_modules():
        if isinstance(module, EqualisedLinear):
            module.weight.copy_(stored[f"{name}.weight"] / module.scale)
            module.bias.copy_(stored[f"{name}.bias"] / module.bias_scale)
        elif isinstance(module, EqualisedConv):
            _undo_conv(module, stored[f"{name}.weight"], stored[f"{name}.bias"])
        elif isinstance(module, StyledConv | ToPicture):
            module.weight.copy_(stored[f"{name}.weight"] / module.scale)
            module.bias.copy_(stored[f"{name}.bias"].reshape(module.bias.shape))
        if isinstance(module, StyledConv):
            module.noise_strength.copy_(stored[f"{name}.noise_strength"])
        if isinstance(module, Synthesis):
            module.start.copy_(stored["start"])


def _undo_conv(module: EqualisedConv, weight: Tensor, bias: Tensor) -> None:
    outputs, inputs, size, _ = module.weight.shape
    if weight.shape[2] == 2 * size:  # of whole pictures, in place of blocks of 2 x 2 pixels
        blocks = weight.unflatten(3, (size, 2)).unflatten(2, (size, 2))
        weight = blocks.permute(0, 1, 3, 5, 2, 4).reshape(outputs, inputs, size, size)
    module.weight.zero_()
    module.weight[:, : weight.shape[1]] = weight / module.scale
    # A bias a place holds the edges' part of the folded channel; the middle stands for all.
    middle = bias[:, 1:-1, 1:-1].mean(dim=(1, 2)) if bias.dim() == 3 else bias
    module.bias.copy_(middle / module.gain)
