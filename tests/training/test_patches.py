"""Patches of a picture: the same heap wherever they lie, another heap for another texture."""

from __future__ import annotations

import torch
from torch.nn.functional import normalize

from genstudio.training.gan_plain import recall
from genstudio.training.patches import patch_distance


def texture(seed: int, grain: int) -> torch.Tensor:
    """A picture of blocks of `grain` pixels in chance greys: [1, 3, 128, 128] in -1 to 1."""
    random = torch.Generator().manual_seed(seed)
    cells = torch.rand(1, 1, 128 // grain, 128 // grain, generator=random) * 2 - 1
    return cells.repeat_interleave(grain, 2).repeat_interleave(grain, 3).expand(1, 3, -1, -1)


def apart(a: torch.Tensor, b: torch.Tensor) -> float:
    torch.manual_seed(0)
    return float(patch_distance(a, b))


def test_a_texture_drawn_anew_is_near_and_one_of_other_forms_is_far() -> None:
    fine, again, coarse = texture(1, 4), texture(2, 4), texture(3, 16)
    assert apart(fine, fine) == 0.0
    assert apart(fine, fine.roll((31, 7), (2, 3))) < 0.75 * apart(fine, coarse)
    assert apart(fine, again) < 0.75 * apart(fine, coarse)
    assert apart(fine, again) < 0.75 * apart(fine, again * 0.3)


def test_its_gradient_turns_noise_into_the_texture() -> None:
    wanted = texture(1, 8)
    torch.manual_seed(5)
    made = (torch.randn(1, 3, 128, 128) * 0.1).requires_grad_(True)
    optimiser = torch.optim.Adam([made], 0.05)
    begin = apart(made.detach(), wanted)
    for _ in range(60):
        optimiser.zero_grad()
        patch_distance(made, wanted).backward()
        optimiser.step()
    assert apart(made.detach(), wanted) < 0.4 * begin


def test_seeds_are_drawn_to_the_pictures_own_latents_and_stay_apart():
    chance = torch.Generator().manual_seed(0)
    known = normalize(torch.randn(40, 16, generator=chance), dim=1)
    z = torch.randn(300, 16, generator=chance)
    drawn = normalize(recall(z, known), dim=1)
    before, after = ((normalize(x, dim=1) @ known.T).max(dim=1).values for x in (z, drawn))
    assert after.median() > 0.9 > before.median() + 0.2
    assert (normalize(recall(3.0 * known, known), dim=1) * known).sum(dim=1).min() > 0.99
    # Near seeds stay near, and none become the same.
    step = recall(z + 1e-3 * torch.randn(300, 16, generator=chance), known) - recall(z, known)
    assert step.norm(dim=1).max() < 0.1
    assert torch.pdist(drawn).min() > 0.0
