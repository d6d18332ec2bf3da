# ruff: noqa: E402
import shutil
from dataclasses import replace

import msgspec
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from rich.console import Console

from genstudio.base.errors import Cancelled, PackError, StorageError, TrainingError
from genstudio.base.progress import Cancel
from genstudio.cli.main import main
from genstudio.engine.graph import load_graph
from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import open_pack
from genstudio.packs.settings import fresh_recipe
from genstudio.training import loop
from genstudio.training.config import GanTraining, VaeTraining, read_config
from genstudio.training.data import Dataset, centre_crops, read_dataset
from genstudio.training.export import (
    GraphPlan,
    export_graph,
    in_half_precision,
    load_weights,
)
from genstudio.training.gan import GanTrainer, augment
from genstudio.training.gan_networks import Critic, MappingNetwork, Synthesis
from genstudio.training.gan_pack import USUAL_TRUNCATION, train_gan
from genstudio.training.gan_plain import PlainCritic, PlainMapping, PlainSynthesis
from genstudio.training.onnx_runs import run_graph
from genstudio.training.pack_place import new_pack
from genstudio.training.run import Request
from genstudio.training.sheet import to_tensor
from genstudio.training.texture_config import TextureTraining
from genstudio.training.texture_pack import train_textures
from genstudio.training.textures import TextureTrainer
from genstudio.training.upscaler import UpscalerTrainer
from genstudio.training.upscaler_config import UpscalerTraining
from genstudio.training.upscaler_pack import train_upscaler
from genstudio.training.vae import VaeTrainer, spread_evenly
from genstudio.training.vae_pack import train_vae
from tests.training.tiny_icons import write_icons

PACK = """
[pack]
id = "tiny"
name = "Tiny"
licence = "Apache-2.0"
summary = "Shapes."
attributions = ["A test"]
"""
FILES = {
    "gan": f"""family = "gan"
{PACK}
[data]
size = 16
[run]
batch = 4
[networks]
z_dim = 8
w_dim = 8
mapping_layers = 2
channels = [8, 8, 8]
critic_hidden = 8
[loss]
r1_every = 2
""",
    "vae": f"""family = "vae"
{PACK}
[data]
size = 16
hold_out = {{ by = "codepoint", fraction = 0.2 }}
[run]
batch = 4
[networks]
latent = 6
channels = [8, 8]
""",
}
FILES["textures"] = f"""family = "textures"
{PACK}
[data]
size = 128
[run]
batch = 4
[networks]
code = 5
latent = 6
decoder = [6, 4, 4]
critic = 4
drawn = 192
[loss]
sharpen_from = 0.4
"""
FILES["sharp"] = (
    FILES["vae"] + "[loss]\nsharpen = 0.5\nsharpen_from = 0.4\ncritic = 4\nmove = 0.5\n"
)
FILES["projected"] = (
    FILES["gan"].replace("size = 16", "size = 32").replace("[8, 8, 8]", "[8, 8, 8, 8]")
    + "projected = true\n"
)
FILES["upscaler"] = f"""family = "upscaler"
{PACK}
[data]
size = 16
hold_out = {{ by = "codepoint", fraction = 0.2 }}
[run]
batch = 4
[networks]
scale = 2
width = 6
growth = 4
blocks = 2
[loss]
patch = 12
sharpen = 0.5
sharpen_from = 0.4
critic = 4
"""
TRAIN = {
    "gan": train_gan, "projected": train_gan,
    "textures": train_textures, "vae": train_vae, "sharp": train_vae, "upscaler": train_upscaler,
}  # fmt: skip
KINDS = {
    "gan": GanTraining, "projected": GanTraining, "textures": TextureTraining,
    "vae": VaeTraining, "sharp": VaeTraining, "upscaler": UpscalerTraining,
}  # fmt: skip
MADE = {GanTraining: "gan", TextureTraining: "gan", VaeTraining: "vae"}


def request_in(folder, family, steps=3):
    if not (folder / "icons").exists():
        write_icons(folder / "icons")
        (folder / "train.toml").write_text(FILES[family])
    return Request(
        data=folder / "icons",
        config=folder / "train.toml",
        out=folder / "pack",
        work=folder / "work",
        steps=steps,
        command="genstudio train ...",
        console=Console(quiet=True),
    )


def make_trainer(request, family):
    config = read_config(request.config, KINDS[family])
    dataset = read_dataset(request.data, config.data)
    loop.seed_everything(0)
    if isinstance(config, GanTraining):
        return GanTrainer(config, dataset)
    if isinstance(config, TextureTraining):
        return TextureTrainer(config, dataset)
    kind = UpscalerTrainer if isinstance(config, UpscalerTraining) else VaeTrainer
    return kind(config, *dataset.split(config.data.hold_out))


def weights_of(trainer):
    return torch.cat(
        [
            value.flatten().float()
            for part in trainer.state().values()
            if isinstance(part, dict)
            for value in part.values()
            if isinstance(value, torch.Tensor)
        ]
    )


@pytest.mark.parametrize("family", list(TRAIN))
def test_a_short_run_writes_a_pack_that_passes_the_check(tmp_path, family):
    pack = TRAIN[family](request_in(tmp_path, family))
    assert pack.manifest.family == MADE.get(KINDS[family], "upscaler")
    assert open_pack(tmp_path / "pack") == pack
    files = {path.name for path in pack.folder.iterdir()}
    assert {"README.md", "LICENSE", "NOTICE", "preview.webp", "train.toml"} <= files
    card = (pack.folder / "README.md").read_text()
    assert "12 pictures in 3 steps" in card
    assert "genstudio train ..." in card
    assert "Apache License" in (pack.folder / "LICENSE").read_text()
    assert "A test" in (pack.folder / "NOTICE").read_text()
    assert not list(tmp_path.glob(".pack-*"))


def test_the_graphs_of_a_gan_draw_what_its_manifest_says(tmp_path):
    pack = train_gan(request_in(tmp_path, "gan", steps=1))
    model = pack.manifest.model
    plan = plan_providers("cpu")
    z = np.random.RandomState(0).randn(3, model.z_size).astype(np.float32)
    w = load_graph(pack.path(pack.graph("mapping")), plan).run({"z": z})["w"]
    assert w.shape[1] == len(model.w_average)
    sides = [4, 4, 8, 8, 16]
    noise = {f"noise.{i}": np.ones((1, 1, s, s), np.float32) for i, s in enumerate(sides)}
    assert (model.layers, model.noise) == (len(sides) + 1, len(sides))
    feeds = {
        "w": np.repeat(w[:, None], model.layers, 1),
        "noise_strength": np.array(0.5, np.float32),
        **noise,
    }
    image = load_graph(pack.path(pack.graph("synthesis")), plan).run(feeds)["image"]
    assert image.shape == (3, 3, 16, 16)
    assert np.abs(image).max() <= 1.0
    score = load_graph(pack.path(pack.graph("critic")), plan).run({"image": image})["score"]
    assert score.shape == (3, 1)


def test_a_vae_that_sharpens_leaves_its_encoder_alone(tmp_path):
    request = request_in(tmp_path, "sharp")
    trainer = make_trainer(request, "sharp")
    trainer.step(0, 0.0)
    trainer.step(4, 0.9)
    before = {k: v.clone() for k, v in trainer.encoder.state_dict().items()}
    drawn = weights_of_network(trainer.decoder)
    losses = trainer.step(8, 0.9)
    assert {"realism", "critic"} <= set(losses)
    after = trainer.encoder.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert not torch.equal(drawn, weights_of_network(trainer.decoder))


def test_spreading_a_latent_evenly_changes_no_reconstruction(tmp_path):
    trainer = make_trainer(request_in(tmp_path, "vae"), "vae")
    for step in range(3):
        trainer.step(4 * step, 0.0)
    dataset = trainer._training
    pictures = to_tensor(centre_crops(dataset.pictures, 16))
    encoder, decoder = trainer.encoder.eval(), trainer.decoder.eval()
    with torch.inference_mode():
        before = decoder(encoder(pictures)[0])
    spread_evenly(encoder, decoder, dataset, 16)
    with torch.inference_mode():
        mean, log_variance = encoder(pictures)
        assert torch.allclose(decoder(mean), before, atol=1e-4)
    spread = mean.T.cov(correction=0) + log_variance.exp().mean(dim=0).diag()
    assert torch.allclose(mean.mean(dim=0), torch.zeros(6), atol=1e-4)
    assert torch.allclose(spread.diag(), torch.ones(6), atol=0.2)
    off = spread - spread.diag().diag()
    assert off.abs().max() < 0.5


def test_few_pictures_let_no_others_latent_fly_off(tmp_path):
    trainer = make_trainer(request_in(tmp_path, "vae"), "vae")
    pictures = trainer._training.pictures
    encoder, decoder = trainer.encoder.eval(), trainer.decoder.eval()
    with torch.no_grad():  # as sure of each picture as an encoder becomes that learns on
        encoder.moments.weight[6:] = 0.0
        encoder.moments.bias[6:] = -14.0
    spread_evenly(encoder, decoder, Dataset("few", pictures[:3]), 16)
    with torch.inference_mode():
        few, others = (
            encoder(to_tensor(centre_crops(part, 16)))[0].square().mean()
            for part in (pictures[:3], pictures[3:])
        )
    assert 0.1 < few < 2.0
    assert others < 30.0


def weights_of_network(network):
    return torch.cat([p.detach().flatten() for p in network.parameters()]).clone()


def test_a_vaes_pack_keeps_what_was_learned_and_what_looks_alike(tmp_path):
    request = request_in(tmp_path, "vae")
    pack = train_vae(request)
    found = run_graph(pack.path(pack.graph("learned")), {})
    latents, neighbours, apart = (found[name] for name in ("latent", "neighbours", "apart"))
    assert latents.shape[1] == pack.manifest.model.latent.size
    assert (neighbours != np.arange(len(latents))[:, None]).all()
    assert (np.diff(apart, axis=1) >= 0).all()
    data = read_config(request.config, VaeTraining).data
    training, _ = read_dataset(request.data, data).split(data.hold_out)
    pictures = to_tensor(centre_crops(training.pictures, data.size)).numpy()
    means = run_graph(pack.path(pack.graph("encoder")), {"image": pictures})["mean"]
    assert np.abs(latents - means).max() < 0.02


def test_a_gan_begins_with_the_truncation_that_its_preview_shows(tmp_path):
    pack = train_gan(request_in(tmp_path, "gan", steps=1))
    recipe = fresh_recipe(pack.ref, pack.manifest, 1)
    assert recipe.truncation == USUAL_TRUNCATION
    assert 0 < USUAL_TRUNCATION < 1


def test_the_graphs_of_a_vae_read_and_draw_pictures(tmp_path):
    pack = train_vae(request_in(tmp_path, "vae", steps=1))
    plan = plan_providers("cpu")
    image = np.zeros((2, 3, 16, 16), np.float32)
    moments = load_graph(pack.path(pack.graph("encoder")), plan).run({"image": image})
    assert moments["mean"].shape == moments["log_variance"].shape == (2, 6)
    decoder = load_graph(pack.path(pack.graph("decoder")), plan)
    assert decoder.run({"latent": moments["mean"]})["image"].shape == (2, 3, 16, 16)


class PowerCut(Exception):
    pass


@pytest.mark.parametrize("family", ["gan", "projected", "textures", "vae", "upscaler"])
@pytest.mark.parametrize("end", [Cancelled, PowerCut])
def test_a_run_cut_short_goes_on_to_exactly_the_same_weights(tmp_path, family, end):
    request = request_in(tmp_path, family)
    budget = loop.Budget(steps=5)
    whole = make_trainer(request, family)
    loop.train(whole, tmp_path / "whole", budget, fingerprint="x")

    cancel = Cancel()

    def cut(status, losses):
        if status.steps == 3 and end is Cancelled:
            cancel.set()
        if status.steps == 4:
            raise PowerCut

    with pytest.raises(end):
        loop.train(
            make_trainer(request, family), tmp_path / "cut", budget, fingerprint="x", report=cut,
            cancel=cancel, checkpoint_every=0.0, sheet_every=0.0,
        )  # fmt: skip
    loop.seed_everything(99)
    second = make_trainer(request, family)
    status = loop.train(second, tmp_path / "cut", budget, fingerprint="x")
    assert (status.steps, status.done) == (5, 1.0)
    assert torch.equal(weights_of(whole), weights_of(second))


def test_a_checkpoint_of_other_settings_is_refused_in_words(tmp_path):
    request = request_in(tmp_path, "vae", steps=1)
    train_vae(request)
    text = request.config.read_text().replace("latent = 6", "latent = 5")
    request.config.write_text(text)
    with pytest.raises(TrainingError, match="holds a run with other settings or data"):
        train_vae(request)


def test_a_damaged_checkpoint_is_refused_in_words(tmp_path):
    request = request_in(tmp_path, "vae", steps=1)
    request.work.mkdir()
    (request.work / "checkpoint.pt").write_bytes(b"nonsense")
    with pytest.raises(TrainingError, match="cannot be read; remove it"):
        train_vae(request)


@pytest.mark.parametrize("family", ["gan", "vae"])
def test_a_folder_that_is_no_pack_is_not_replaced(tmp_path, family):
    request = request_in(tmp_path, family, steps=1)
    request.out.mkdir()
    (request.out / "diary.txt").write_text("dear")
    with pytest.raises(StorageError, match="not a model pack"):
        TRAIN[family](request)
    assert [path.name for path in request.out.iterdir()] == ["diary.txt"]
    assert (request.out / "diary.txt").read_text() == "dear"
    assert not request.work.exists()


def test_a_file_where_the_pack_should_go_is_not_replaced(tmp_path):
    request = request_in(tmp_path, "vae", steps=1)
    request.out.write_text("dear")
    with pytest.raises(StorageError, match="not a model pack"):
        train_vae(request)
    assert request.out.read_text() == "dear"


def test_what_was_put_there_during_the_export_is_not_replaced(tmp_path):
    request = request_in(tmp_path, "vae", steps=1)
    other = train_vae(replace(request, out=tmp_path / "other")).folder

    def export():
        with new_pack(request) as folder:
            shutil.copytree(other, folder, dirs_exist_ok=True)
            request.out.mkdir()
            (request.out / "diary.txt").write_text("dear")

    with pytest.raises(StorageError, match="not a model pack"):
        export()
    assert (request.out / "diary.txt").read_text() == "dear"
    assert not list(tmp_path.glob(".pack-*"))


def test_a_pack_that_fails_its_check_replaces_nothing(tmp_path):
    request = request_in(tmp_path, "vae", steps=1)
    before = train_vae(request).ref
    with pytest.raises(PackError), new_pack(request) as folder:
        (folder / "pack.json").write_text("{}")
    assert open_pack(request.out).ref == before
    assert not list(tmp_path.glob(".pack-*"))


def test_folding_changes_no_result():
    config = msgspec.toml.decode(FILES["gan"], type=GanTraining).networks
    torch.manual_seed(0)
    networks = [MappingNetwork(config), Synthesis(config), Critic(config)]
    for network in networks:
        for weight in network.parameters():
            weight.data.add_(torch.randn_like(weight) * 0.1)
    mapping, synthesis, critic = networks
    noise = [torch.randn(2, *shape) for shape in synthesis.noise_shapes]
    with torch.inference_mode():
        w = mapping(torch.randn(2, 8))[:, None].expand(-1, 6, -1)
        picture = synthesis(w, noise, torch.tensor(0.5)).clamp(-1, 1)
        plain = PlainSynthesis(synthesis)(w, torch.tensor(0.5), *noise)
        assert torch.allclose(picture, plain, atol=1e-5)
        one = picture[:1]
        spread = float(critic.deviation(critic.features(one)).mean())
        assert torch.allclose(critic(one), PlainCritic(critic, spread)(one), atol=1e-5)


def test_an_exported_graph_gives_its_weights_back(tmp_path):
    config = msgspec.toml.decode(FILES["gan"], type=GanTraining).networks
    a, b = (PlainMapping(MappingNetwork(config)) for _ in range(2))
    for weight in a.parameters():
        weight.data.normal_()
    z = torch.randn(2, 8)
    parity = export_graph(GraphPlan("mapping", a, {"z": z}, ("w",)), tmp_path / "mapping.onnx")
    assert parity.difference <= 1e-4
    load_weights(b, tmp_path / "mapping.onnx")
    assert torch.equal(in_half_precision(a)(z), b(z))


def test_equal_weights_are_given_back_too(tmp_path):
    network = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Linear(3, 3))
    network[1].load_state_dict(network[0].state_dict())
    export_graph(
        GraphPlan("mapping", network, {"z": torch.ones(8, 3)}, ("w",)), tmp_path / "g.onnx"
    )
    other = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Linear(3, 3))
    load_weights(other, tmp_path / "g.onnx")
    assert torch.equal(other[0].bias, network[0].bias)
    assert torch.equal(other[1].bias, network[0].bias)


def test_weights_are_stored_in_half_precision_where_no_output_moves(tmp_path):
    z = torch.randn(8, 64)
    fine, coarse = (torch.nn.Linear(64, 64) for _ in range(2))
    # Large numbers that nearly cancel: half precision would leave nothing of their difference.
    coarse.weight.data[:] = 1.0
    coarse.weight.data[:, ::2] = -1.0003
    same = torch.ones(8, 64)
    parities, sizes = {}, {}
    for name, network, given in (("fine", fine, z), ("coarse", coarse, same)):
        path = tmp_path / f"{name}.onnx"
        parities[name] = export_graph(GraphPlan("mapping", network, {"z": given}, ("w",)), path)
        sizes[name] = path.stat().st_size
    assert (parities["fine"].half, parities["coarse"].half) == (True, False)
    assert sizes["fine"] < 0.7 * sizes["coarse"]


def test_a_graph_that_differs_from_its_network_is_refused(tmp_path):
    class Fickle(torch.nn.Module):
        def forward(self, z):
            return z + (0.0 if torch.onnx.is_in_onnx_export() else 1.0)

    plan = GraphPlan("mapping", Fickle(), {"z": torch.ones(2, 3)}, ("w",))
    with pytest.raises(TrainingError, match="differs from the trained network"):
        export_graph(plan, tmp_path / "mapping.onnx")


@pytest.mark.parametrize(("wrong", "refused"), [(0.0, False), (0.03, False), (0.3, True)])
def test_a_difference_counts_as_a_part_of_the_largest_output(tmp_path, wrong, refused):
    class Large(torch.nn.Module):
        def forward(self, z):
            return 1000.0 * z + (0.0 if torch.onnx.is_in_onnx_export() else wrong)

    plan = GraphPlan("mapping", Large(), {"z": torch.ones(2, 3)}, ("w",))
    if refused:
        with pytest.raises(TrainingError, match="of its largest output"):
            export_graph(plan, tmp_path / "mapping.onnx")
    else:
        assert export_graph(plan, tmp_path / "mapping.onnx").difference < 1e-4


def test_augmentation_lets_gradients_through():
    pictures = torch.rand(2, 3, 16, 16, requires_grad=True)
    augment(pictures).sum().backward()
    assert pictures.grad is not None
    assert pictures.grad.abs().sum() > 0


def test_augmentation_leaves_half_of_the_pictures_their_colours():
    torch.manual_seed(0)
    colours = torch.tensor([0.3, -0.2, 0.1]).view(1, 3, 1, 1)
    same = (augment(colours.expand(200, 3, 16, 16)) - colours).abs().amax(1) < 1e-6
    kept = same.flatten(1).any(1).float().mean()
    assert 0.35 < kept < 0.65


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('family = "vae"', "missing required field"),
        (FILES["gan"], "gan"),
        (FILES["vae"] + "colour = 1", "unknown field"),
        (FILES["vae"].replace("size = 16", "size = 32"), "networks.channels make 16 pixels"),
        ("x =", "cannot be used"),
    ],
)
def test_a_training_file_that_cannot_be_used_is_refused(tmp_path, text, words):
    (tmp_path / "train.toml").write_text(text)
    with pytest.raises(TrainingError, match=words):
        read_config(tmp_path / "train.toml", VaeTraining)


def test_the_command_trains_and_refuses(tmp_path, capsys):
    request = request_in(tmp_path, "vae")
    line = ["train", "vae", "--config", str(request.config), "--out", str(request.out)]
    line += ["--work", str(request.work), "--steps", "1", "--data"]
    assert main([*line, str(request.data)]) == 0
    assert "tiny is in" in capsys.readouterr().out
    assert main([*line, str(tmp_path / "nowhere")]) == 2
    assert "There is no folder or zip" in capsys.readouterr().err
