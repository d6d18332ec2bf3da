"""An upscaler trained here: the pairs it learns from, what it learns, what it begins with."""

# ruff: noqa: E402
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.engine.cache import GraphCache
from genstudio.engine.families.upscale import upscale
from genstudio.engine.providers import plan_providers
from genstudio.importers.esrgan_tfjs import convert
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.training.config import read_config
from genstudio.training.data import read_dataset
from genstudio.training.sheet import to_tensor
from genstudio.training.smaller import pairs, smaller
from genstudio.training.start_upscaler import begin_upscaler
from genstudio.training.upscaler import UpscalerTrainer, enlarged, some
from genstudio.training.upscaler_config import UpscalerNetworks, UpscalerTraining
from genstudio.training.upscaler_networks import Enlarger
from genstudio.training.upscaler_pack import psnr, train_upscaler
from tests.importers import tiny_tfjs as tiny
from tests.training.test_gan_and_vae import FILES, request_in
from tests.training.tiny_icons import write_icons


def pictures(count: int, side: int) -> np.ndarray:
    return np.random.RandomState(0).randint(0, 256, (count, side, side, 3)).astype(np.uint8)


def test_pairs_are_pieces_at_many_sizes_and_the_same_made_smaller() -> None:
    whole = np.zeros((40, 32, 32, 3), np.uint8)
    whole[:, 16:] = 255
    large, small = pairs(whole, 16, 4, np.random.default_rng(3))
    assert large.shape == (40, 16, 16, 3)
    assert small.shape == (40, 4, 4, 3)
    means = large.reshape(40, 4, 4, 4, 4, 3).mean(axis=(2, 4))
    assert np.abs(means - small).max() < 40
    # The edge lies anywhere, and runs down as well as across.
    across, down = (np.ptp(large, axis=axis).max(axis=(1, 2)) > 200 for axis in (1, 2))
    assert across.sum() > 5
    assert down.sum() > 5
    assert len({picture.tobytes() for picture in large}) > 15


def test_what_was_drawn_depends_on_the_random_state_alone() -> None:
    one, two = (pairs(pictures(4, 24), 16, 2, np.random.default_rng(7)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    other = pairs(pictures(4, 24), 16, 2, np.random.default_rng(8))
    assert not np.array_equal(one[0], other[0])


def test_it_learns_to_enlarge_better_than_a_cubic_filter(tmp_path: Path) -> None:
    write_icons(tmp_path / "icons", 32)
    told = FILES["upscaler"].replace("size = 16", "size = 32").replace("patch = 12", "patch = 32")
    (tmp_path / "train.toml").write_text(told.replace("sharpen = 0.5", "sharpen = 0.0"))
    config = read_config(tmp_path / "train.toml", UpscalerTraining)
    training, held_out = read_dataset(tmp_path / "icons", config.data).split(config.data.hold_out)
    torch.manual_seed(0)
    trainer = UpscalerTrainer(config, training, held_out)
    real, small = some(held_out, config, 8)
    cubic = np.stack(
        [
            np.asarray(Image.fromarray(one).resize((32, 32), Image.Resampling.BICUBIC))
            for one in small
        ]
    )
    for step in range(250):
        losses = trainer.step(4 * step, step / 250)
    assert set(losses) == {"pixel", "gradient"}
    made = enlarged(trainer.average.network, to_tensor(small))
    assert psnr(real, made) > psnr(real, cubic) + 1.0


def test_its_pack_enlarges_any_picture_in_tiles_as_in_one(tmp_path: Path) -> None:
    pack = train_upscaler(request_in(tmp_path, "upscaler"))
    model = pack.manifest.model
    assert isinstance(model, Upscaler)
    assert model.scale == 2
    picture = np.random.RandomState(0).randint(0, 256, (9, 150, 3)).astype(np.uint8)
    graphs = GraphCache(plan_providers("cpu"), threads=1)
    large = upscale(pack, picture, graphs)
    assert large.shape == (18, 300, 3)
    network = Enlarger(UpscalerNetworks(scale=2, width=6, growth=4, blocks=2))
    begin_upscaler(pack, network)
    whole = enlarged(network, to_tensor(picture[None]))[0]
    assert np.abs(large.astype(int) - whole).max() <= 1


def test_nothing_beyond_its_reach_moves_a_pixel() -> None:
    torch.manual_seed(0)
    network = Enlarger(UpscalerNetworks(scale=2, width=6, growth=4, blocks=2))
    picture = torch.rand(1, 3, 31, 31).requires_grad_()
    network(picture)[0, :, 30:32, 30:32].sum().backward()
    assert picture.grad is not None
    seen = picture.grad.abs().sum(dim=(0, 1)) > 0
    rows = torch.nonzero(seen.any(dim=1)).flatten()
    assert (int(rows[0]), int(rows[-1])) == (15 - network.reach, 15 + network.reach)


def esrgan(root: Path, blocks: int = 2, peak: float = 255.0) -> Path:
    """A tiny model with the layers of UpscalerJS' medium one."""
    width, growth = 6, 4
    weights = tiny.conv_weights("F_m1", 3, 3, 3, width, bias=0.1 * peak)
    weights |= tiny.conv_weights("F_0", 3, 3, width, width, bias=0.1 * peak)
    layers = [tiny.conv("F_m1", "LR", weights), tiny.conv("F_0", "F_m1", weights)]
    last = "F_0"
    for number in range(1, blocks + 1):
        look, mix, end = f"F_{number}_1", f"LFF_{number}", f"LRL_{number}"
        weights |= tiny.conv_weights(look, 3, 3, width, growth, bias=0.0)
        weights |= tiny.conv_weights(mix, 1, 1, width + growth, width, bias=0.05 * peak)
        layers += [
            tiny.conv(look, last, weights),
            tiny.layer("Activation", f"{look}_Relu", [look], activation="relu"),
            tiny.layer("Concatenate", f"cat_{number}", [last, f"{look}_Relu"], axis=3),
            tiny.conv(mix, f"cat_{number}", weights),
            tiny.layer("Add", end, [mix, last]),
        ]
        last = end
    weights |= tiny.conv_weights("SR", 3, 3, width, 3)
    size = {"size": [2, 2], "interpolation": "nearest"}
    layers += [tiny.layer("UpSampling2D", "up", [last], **size), tiny.conv("SR", "up", weights)]
    return tiny.write_package(root, layers, weights)


def body_of(pack: Pack, picture: np.ndarray) -> np.ndarray:
    """What the last block of the converted graph gives, for white of 255."""
    import onnx
    import onnxruntime

    model = onnx.load(pack.path(pack.graph("upscaler")))
    model.graph.output.append(onnx.ValueInfoProto(name="LRL_2"))
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (found,) = session.run(["LRL_2"], {"image": picture})
    return found


@pytest.mark.parametrize(("peak", "half"), [(255.0, False), (1.0, True)])
def test_a_run_begins_with_the_features_of_an_esrgan(
    tmp_path: Path, peak: float, half: bool
) -> None:
    folder = esrgan(tmp_path / "npm", peak=peak)
    pack = convert(folder, 2, tmp_path / "pack", peak=peak, edge=0, rounds=0, half=half)
    picture = np.random.RandomState(0).rand(1, 3, 20, 20).astype(np.float32)
    wanted = body_of(pack, picture) / peak
    network = Enlarger(UpscalerNetworks(scale=2, width=6, growth=4, blocks=2))
    begin_upscaler(pack, network)
    with torch.inference_mode():
        given = torch.tensor(2.0 * picture - 1.0)
        found = network.blocks(network.begin(network.enter(given))).numpy()
    # Beyond the picture there is grey here and black there, so its edges differ.
    inside = (..., slice(6, -6), slice(6, -6))
    np.testing.assert_allclose(found[inside], wanted[inside], atol=2e-3)
    assert np.std(wanted) > 0.01


def test_an_esrgan_of_more_blocks_is_refused_in_words(tmp_path: Path) -> None:
    folder = esrgan(tmp_path / "npm", blocks=3)
    pack = convert(folder, 2, tmp_path / "esrgan", edge=0, rounds=0)
    request = replace(request_in(tmp_path, "upscaler", steps=1), start=pack)
    with pytest.raises(TrainingError, match=r"growth = 4 and blocks = 3; write these under"):
        train_upscaler(request)
    assert not request.out.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("patch = 12", "patch = 13"), "multiple of networks.scale"),
        (("patch = 12", "patch = 32"), "at most data.size"),
        (("patch = 12", "patch = 6"), ">= 8"),
        (("critic = 4", "projected = true"), "32 times something"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_in_words(
    tmp_path: Path, changes: tuple[str, str], said: str
) -> None:
    file = tmp_path / "train.toml"
    file.write_text(FILES["upscaler"].replace(*changes))
    with pytest.raises(TrainingError, match=said):
        read_config(file, UpscalerTraining)


def test_a_sheet_shows_small_enlarged_and_real_pictures(tmp_path: Path) -> None:
    request = request_in(tmp_path, "upscaler")
    config = read_config(request.config, UpscalerTraining)
    training, held_out = read_dataset(request.data, config.data).split(config.data.hold_out)
    trainer = UpscalerTrainer(config, training, held_out)
    shown = trainer.sheet()
    real, _ = some(held_out, config, 12)
    assert shown.shape == (16, 16 * 12, 3)
    assert np.array_equal(shown[:, 32:48], real[0])
    small = smaller(real[0], 2)
    assert np.array_equal(shown[::2, 0:16:2], small)
