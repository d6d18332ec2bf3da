"""A texture model: quilts of a texture's own codes, seamless at any size, true to its colours."""

# ruff: noqa: E402
from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.training.config import read_config
from genstudio.training.quilt import CELL, CHANCES, patchwork, quilt
from genstudio.training.texture_config import TextureTraining
from genstudio.training.texture_networks import Decoder, PatchCodes, latents
from genstudio.training.texture_pack import train_textures
from genstudio.training.texture_plain import MOST, TextureMapping, TextureSynthesis
from genstudio.training.textures import in_rows, pixel_difference, shown_pixels
from tests.training.test_gan_and_vae import FILES, request_in

WHOLE = torch.ones(1, 1, 3, 4)
FIRST = torch.zeros(1, 1, dtype=torch.long)


def normal(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def places(side: int) -> torch.Tensor:
    """A bank of one texture whose codes are their own row and column: [side side, 2]."""
    return torch.cartesian_prod(torch.arange(side), torch.arange(side)).float()


@pytest.mark.parametrize(("side", "wraps"), [(16, True), (32, False)])
def test_a_quilt_shows_a_texture_in_whole_pieces(side: int, wraps: bool) -> None:
    plan = quilt(normal(1, CHANCES, 3, 4), side, wraps=wraps)
    assert torch.allclose(plan.shares.sum(dim=1), torch.ones(()), atol=1e-5)
    assert 0 <= plan.codes.min() <= plan.codes.max() < side * side
    share, code = plan.strongest()
    assert share.shape == (1, 3 * CELL, 4 * CELL)
    rows, columns = code // side, code % side
    # To the right of a place lies what lies there in the texture, but at the border of a piece.
    right = columns.roll(-1, 2) - columns
    together = ((right % side == 1) if wraps else (right == 1)) & (rows.roll(-1, 2) == rows)
    assert together.float().mean() > 0.8
    assert not together.all()
    shown = patchwork(places(side), FIRST, WHOLE, plan).blended()
    sure = share > 0.99
    assert torch.allclose(shown[:, 0][sure], rows[sure].float(), atol=1.0)
    assert sure.float().mean() > 0.3


def test_pieces_of_a_picture_with_edges_cross_none() -> None:
    for seed in range(20):
        codes = quilt(normal(1, CHANCES, 2, 2, seed=seed), 32, wraps=False).codes
        grid = codes.view(1, 9, CELL, CELL, 2, 2)  # what each seed would show of a whole cell
        assert (grid.diff(dim=2) == 32).all()
        assert (grid.diff(dim=3) == 1).all()
        assert (grid[:, :, :, 0] % 32 <= 32 - CELL).all()


def test_a_quilt_is_laid_out_by_its_noise_alone_and_turns_with_it() -> None:
    chance = normal(1, CHANCES, 3, 4)
    shown, moved, other = (
        patchwork(places(16), FIRST, WHOLE, quilt(noise, 16, wraps=True)).blended()
        for noise in (chance, chance.roll((1, -1), (2, 3)), normal(1, CHANCES, 3, 4, seed=2))
    )
    assert torch.equal(shown.roll((CELL, -CELL), (2, 3)), moved)
    assert not torch.allclose(shown, other)


def test_pixels_are_compared_where_the_pieces_show_them() -> None:
    side = 16
    real = normal(2, 3, 8 * side, 8 * side)
    plan = quilt(normal(2, CHANCES, 2, 2), side, wraps=True)
    _, code = plan.strongest()
    blocks = torch.nn.functional.pixel_unshuffle(real, 8).flatten(2)
    shown = blocks.gather(2, code.flatten(1)[:, None].expand(-1, 192, -1)).unflatten(2, (side, -1))
    moved = torch.nn.functional.pixel_shuffle(shown, 8)
    found, inside = shown_pixels(real, plan)
    assert torch.equal(found, moved)
    assert 0.2 < inside.mean() < 0.8
    assert pixel_difference(moved, found, inside) == 0.0
    assert pixel_difference(real, found, inside) > 0.5


def test_codes_tell_of_patches_what_matters_most() -> None:
    pictures = normal(4, 3, 2, 2).repeat_interleave(32, 2).repeat_interleave(32, 3)
    pictures = pictures + 0.05 * normal(4, 3, 64, 64, seed=2)
    whole, some = PatchCodes(192), PatchCodes(3)
    for codes in (whole, some):
        codes.fit(pictures.split(2))
    found = whole.encode(pictures)
    assert found.shape == (4, 192, 8, 8)
    assert torch.allclose(whole(found), pictures, atol=1e-3)
    spread = some.encode(pictures).permute(1, 0, 2, 3).flatten(1).std(dim=1)
    assert torch.allclose(spread, torch.ones(3), atol=0.05)
    # Of patches that are nearly plain the three colours are nearly all.
    assert 0.03 < (some(some.encode(pictures)) - pictures).std() < 0.06


def test_what_pieces_tell_fades_smoothly_from_one_to_the_next() -> None:
    config = msgspec.toml.decode(FILES["textures"], type=TextureTraining).networks
    decoder = Decoder(msgspec.structs.replace(config, code=3)).eval()
    plain = normal(9, 3, 1, 1)
    decoder.patches.fit([plain.expand(-1, -1, 64, 64)])
    colours = decoder.patches.encode(plain[:2].expand(-1, -1, 8, 8))[:, :, 0, 0]
    bank = colours.repeat_interleave(16 * 16, 0)  # two textures of one colour each
    mix = torch.rand(1, 1, 3, 4, generator=torch.Generator().manual_seed(1)).round()
    plan, first = quilt(normal(1, CHANCES, 3, 4), 16, wraps=True), torch.tensor([[0, 16 * 16]])
    with torch.inference_mode():
        told = decoder(patchwork(bank, first, torch.cat([mix, 1.0 - mix], dim=1), plan))
    far = (plain[0] - plain[1]).abs()
    assert torch.allclose(told.amax(dim=(2, 3)) - told.amin(dim=(2, 3)), far.flatten(), atol=1e-2)
    steps = [((told - told.roll(1, axis)).abs() / far).max() for axis in (2, 3)]
    assert max(steps) < 0.2, "over several pixels, where cells meet too"


def test_like_textures_lie_together() -> None:
    facts = torch.cat([normal(20, 6) * 0.05 + 3.0, normal(20, 6, seed=2) * 0.05 - 3.0])
    known = latents(40, 4, facts)
    assert known.shape == (40, 4)
    assert torch.allclose(known.square().mean(dim=0), torch.ones(4), atol=1e-3)
    near = torch.cdist(known, known).fill_diagonal_(torch.inf).argmin(dim=1)
    assert ((near < 20) == (torch.arange(40) < 20)).all()
    assert (latents(3, 8, normal(3, 5))[:, 3:] == 0.0).all(), "three textures span no more"


def test_seeds_lead_to_the_textures_and_differ() -> None:
    known = normal(40, 16)
    z = normal(300, 16, seed=2)
    w = TextureMapping(known)(z)
    apart = torch.cdist(w, known)
    alone = torch.cdist(z, known).amin(dim=1)
    assert apart.amin(dim=1).median() < 0.3 * alone.median()
    assert len(apart.argmin(dim=1).unique()) > 30
    assert torch.pdist(w).min() > 0.0
    step = TextureMapping(known)(z + 1e-4 * normal(300, 16, seed=3)) - w
    assert step.norm(dim=1).max() < 0.1


def synthesis(config: TextureTraining) -> TextureSynthesis:
    torch.manual_seed(0)
    bank, known = normal(4 * 64, config.networks.code), normal(4, 6, seed=2) * 3.0
    colours = torch.cat([normal(4, 3, seed=3) * 0.2, torch.full((4, 3), 0.3)], dim=1)
    decoder = Decoder(config.networks).eval()
    decoder.patches.fit([normal(2, 3, 64, 64, seed=5) * 0.3])
    torch.nn.init.normal_(decoder.leave.weight, std=0.05)
    return TextureSynthesis(bank, known, colours, decoder, side=8, wraps=True)


def test_w_of_a_texture_shows_it_alone_and_the_second_one_gives_the_colours(tmp_path) -> None:
    config = read_config(request_in(tmp_path, "textures").config, TextureTraining)
    network, noise = synthesis(config), normal(1, CHANCES + 6, 2, 2)
    w = network.known[:1, None].expand(-1, 2, -1)
    with torch.inference_mode():
        pure = network(w, torch.tensor(0.0), noise)
        plan = quilt(noise[:, :CHANCES], 8, wraps=True)
        whole = torch.full((1, 1, 2, 2), MOST / 127.0)
        own = patchwork(network.bank, FIRST, whole, plan)
        assert torch.allclose(pure, network.decoder(own).clamp(-1, 1), atol=1e-3)
        assert not torch.allclose(network(w, torch.tensor(2.0), noise), pure, atol=0.05)
        other = network(torch.stack([w[:, 0], network.known[1:2]], dim=1), torch.tensor(0.0), noise)
    change = network.colours[1, :3] - network.colours[0, :3]
    inside = ((pure.abs() < 0.99) & (other.abs() < 0.99)).all(dim=1)[0]
    # The same forms: what differs is one shift a colour.
    differs = (other - pure)[0][:, inside]
    assert inside.any()
    assert torch.allclose(differs, change[:, None].expand_as(differs), atol=1e-3)


def test_a_pack_draws_any_size_and_goes_on_at_the_other_side(tmp_path) -> None:
    from genstudio.engine.graph import load_graph
    from genstudio.engine.providers import plan_providers

    pack = train_textures(request_in(tmp_path, "textures"))
    model, plan = pack.manifest.model, plan_providers("cpu")
    assert (pack.manifest.image.width, model.tileable, model.factor) == (192, True, 64)
    graph = load_graph(pack.path(pack.graph("synthesis")), plan)
    w = np.random.RandomState(3).randn(1, model.layers, 6).astype(np.float32)
    noise = np.random.RandomState(4).randn(1, CHANCES + 6, 2, 3).astype(np.float32)

    def draw(shift: tuple[int, int]) -> np.ndarray:
        moved = np.roll(noise, shift, (2, 3))
        strength = np.array(0.5, np.float32)
        return graph.run({"w": w, "noise_strength": strength, "noise.0": moved})["image"]

    picture = draw((0, 0))
    assert picture.shape == (1, 3, 128, 192)
    assert picture.std() > 0.02
    # No edge is special: noise moved around the torus moves the picture, and changes nothing else.
    assert np.allclose(np.roll(picture, (64, -128), (2, 3)), draw((1, -2)), atol=1e-4)


def test_a_texture_model_begins_with_no_pack(tmp_path) -> None:
    request = request_in(tmp_path, "textures", steps=1)
    pack = train_textures(request)
    with pytest.raises(TrainingError, match="leave --start-from out"):
        train_textures(replace(request, start=pack))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("size = 128", "size = 100"), "multiple of 64"),
        (('family = "textures"', 'family = "textures"\nseamless = false'), "at least 256"),
    ],
)
def test_sizes_that_make_no_quilt_are_refused_in_words(tmp_path, changes, said) -> None:
    file = tmp_path / "train.toml"
    file.write_text(FILES["textures"].replace(*changes))
    with pytest.raises(TrainingError, match=said):
        read_config(file, TextureTraining)


def test_the_codes_of_pictures_lie_in_rows() -> None:
    codes = normal(2, 3, 4, 4)
    assert torch.equal(in_rows(codes)[16 + 4 * 2 + 1], codes[1, :, 2, 1])
