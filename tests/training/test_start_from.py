# ruff: noqa: E402
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")
pytest.importorskip("safetensors", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.cli.main import main
from genstudio.packs.manifest import open_pack
from genstudio.training import export_prior
from genstudio.training.autoregressive import train_autoregressive
from genstudio.training.config import GanTraining, VaeTraining, read_config
from genstudio.training.data import centre_crops, read_dataset
from genstudio.training.gan import GanTrainer
from genstudio.training.gan_plain import PlainCritic, PlainMapping, PlainSynthesis
from genstudio.training.onnx_runs import run_graph
from genstudio.training.prior import Prior, PriorShape
from genstudio.training.prior_check import PriorRunner
from genstudio.training.sheet import to_tensor
from genstudio.training.start_tokens import begin_prior, tokenizer_of
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.vae import VaeTrainer
from tests.training import test_autoregressive, test_gan_and_vae
from tests.training.test_gan_and_vae import TRAIN


def graph_of(pack, role):
    return pack.path(pack.graph(role))


def random(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(1))


def test_a_vae_begins_as_the_pack_is(tmp_path):
    request = test_gan_and_vae.request_in(tmp_path, "vae")
    pack = TRAIN["vae"](request)
    config = read_config(request.config, VaeTraining)
    dataset = read_dataset(request.data, config.data)
    training, held_out = dataset.split(config.data.hold_out)
    torch.manual_seed(7)
    trainer = VaeTrainer(config, training, held_out, pack)
    pictures = to_tensor(centre_crops(dataset.pictures, 16))
    means = run_graph(graph_of(pack, "encoder"), {"image": pictures.numpy()})["mean"]
    drawn = run_graph(graph_of(pack, "decoder"), {"latent": means})["image"]
    with torch.inference_mode():
        found = trainer.encoder.eval()(pictures)[0]
        again = trainer.decoder.eval()(found)
        learning = trainer.decoder.train()(found)
    assert np.abs(found.numpy() - means).max() < 1e-3
    assert np.abs(again.numpy() - drawn).max() < 1e-3
    # Also by a batch's own statistics it draws about the same.
    assert np.abs(learning.numpy() - drawn).mean() < 0.02


def test_a_gan_begins_as_the_pack_is(tmp_path):
    request = test_gan_and_vae.request_in(tmp_path, "gan")
    pack = TRAIN["gan"](request)
    config = read_config(request.config, GanTraining)
    torch.manual_seed(7)
    trainer = GanTrainer(config, read_dataset(request.data, config.data), pack)
    noise = [random(2, *shape) for shape in trainer.synthesis.noise_shapes]
    z, image = random(2, 8), random(2, 3, 16, 16).tanh()
    with torch.inference_mode():
        w = PlainMapping(trainer.mapping)(z)
        layers = w[:, None].repeat(1, len(trainer.synthesis.layers) + 1, 1)
        drawn = PlainSynthesis(trainer.synthesis)(layers, torch.tensor(1.0), *noise)
        score = PlainCritic(trainer.critic, 0.0)(image)
    feeds = {"w": layers.numpy(), "noise_strength": np.array(1.0, np.float32)}
    feeds |= {f"noise.{i}": value.numpy() for i, value in enumerate(noise)}
    mapped = run_graph(graph_of(pack, "mapping"), {"z": z.numpy()})["w"]
    assert np.abs(mapped - w.numpy()).max() < 1e-2
    wanted = run_graph(graph_of(pack, "synthesis"), feeds)["image"]
    assert np.abs(wanted - drawn.numpy()).max() < 5e-3
    # What the critic thinks of a batch's company was folded away; the order of scores stays.
    told = run_graph(graph_of(pack, "critic"), {"image": image.numpy()})["score"]
    assert np.abs((told[1] - told[0]) - (score[1] - score[0]).numpy()).max() < 0.05


@pytest.mark.parametrize(("worth_it", "most"), [(-1e9, 1e-4), (1e9, 0.1)])
def test_a_token_model_begins_as_the_pack_is(tmp_path, monkeypatch, worth_it, most):
    monkeypatch.setattr(export_prior, "WORTH_IT", worth_it)
    request = test_autoregressive.request_in(tmp_path, steps=3)
    pack = train_autoregressive(request)
    config = read_config(request.config, AutoregressiveTraining)
    torch.manual_seed(7)
    tokenizer = tokenizer_of(pack, config.tokenizer)
    tokens = torch.arange(8).view(2, 2, 2)
    drawn = run_graph(graph_of(pack, "image_decoder"), {"tokens": tokens.numpy()})["image"]
    assert np.abs(tokenizer.decode(tokens).numpy() - drawn).max() < 1e-4
    codes = run_graph(graph_of(pack, "image_encoder"), {"image": drawn})["tokens"]
    assert (tokenizer.encode(torch.tensor(drawn)).numpy() == codes).all()
    shape = PriorShape(
        levels=(4, 3), tokens=4, styles=2, context=6, context_width=16, width=32, layers=2, heads=2
    )
    prior = Prior(shape).eval()
    begin_prior(pack, prior)
    read, style = torch.tensor([[12, 3, 5, 7]]), torch.tensor([1])
    context = 0.3 * random(1, 6, 16)  # about as large as what the 8-bit products were fitted to
    logits = prior(read, style, context)[0].detach().numpy()[:, -1]
    wanted = PriorRunner(graph_of(pack, "prior"), shape).at_once(
        read.numpy(), style.numpy(), context.numpy()
    )
    assert np.abs(logits - wanted).max() < most


def test_a_run_that_begins_with_a_pack_says_so_in_the_card(tmp_path):
    request = test_autoregressive.request_in(tmp_path, steps=2)
    first = train_autoregressive(request)
    second = replace(request, out=tmp_path / "second", work=tmp_path / "more", start=first)
    pack = train_autoregressive(second)
    card = (pack.folder / "README.md").read_text()
    assert "It began with the weights of Tiny icons, version 0.1.0. Its tokenizer stayed" in card
    for role in ("image_encoder", "image_decoder"):
        assert graph_of(pack, role).read_bytes() == graph_of(first, role).read_bytes()
    assert graph_of(pack, "prior").read_bytes() != graph_of(first, "prior").read_bytes()


def test_a_decoder_alone_learns_on(tmp_path):
    request = test_autoregressive.request_in(tmp_path, steps=2)
    whole = request.config.read_text().replace("size = 16\nlevels", "size = 32\nlevels")
    request.config.write_text(whole)
    first = train_autoregressive(request)
    told = "projected = true\ndecoder_share = 1.0\nlevels"
    request.config.write_text(whole.replace("levels", told))
    second = replace(request, out=tmp_path / "second", work=tmp_path / "more", start=first)
    pack = train_autoregressive(second)
    card = (pack.folder / "README.md").read_text()
    assert "Its tokenizer's decoder learned for" in card
    assert "the prior stayed as it was" in card
    encoder, decoder = "image_encoder", "image_decoder"
    assert graph_of(pack, encoder).read_bytes() == graph_of(first, encoder).read_bytes()
    assert graph_of(pack, decoder).read_bytes() != graph_of(first, decoder).read_bytes()


@pytest.mark.parametrize("family", ["gan", "vae", "upscaler"])
def test_a_checkpoint_belongs_to_the_pack_that_its_run_began_with(tmp_path, family):
    request = test_gan_and_vae.request_in(tmp_path, family)
    first = TRAIN[family](request)
    second = replace(request, out=tmp_path / "second", start=first)
    with pytest.raises(TrainingError, match="holds a run with other settings or data"):
        TRAIN[family](second)
    card = (TRAIN[family](replace(second, work=tmp_path / "more")).folder / "README.md").read_text()
    assert "It began with the weights of Tiny, version 0.1.0." in card


@pytest.mark.parametrize(
    ("family", "sizes"),
    [
        ("gan", ("w_dim = 8", "w_dim = 12")),
        ("vae", ("latent = 6", "latent = 5")),
        ("upscaler", ("blocks = 2", "blocks = 3")),
        ("upscaler", ("blocks = 2", "blocks = 1")),
        ("autoregressive", ("width = 32", "width = 64")),
        ("autoregressive", ("decoder = [4, 6, 8]", "decoder = [4, 6, 10]")),
    ],
)
def test_a_pack_of_other_sizes_is_refused_in_words(tmp_path, family, sizes):
    if family == "autoregressive":
        request, train = test_autoregressive.request_in(tmp_path, steps=1), train_autoregressive
    else:
        request, train = test_gan_and_vae.request_in(tmp_path, family, steps=1), TRAIN[family]
    first = train(request)
    request.config.write_text(request.config.read_text().replace(*sizes))
    with pytest.raises(TrainingError, match=r"cannot be begun with: its .* other sizes"):
        train(replace(request, work=tmp_path / "more", start=first))
    assert open_pack(request.out) == first


@pytest.mark.parametrize("kind", ["vae", "textures"])
def test_a_pack_of_another_kind_is_refused_in_words(tmp_path, capsys, kind):
    request = test_gan_and_vae.request_in(tmp_path, kind, steps=1)
    TRAIN[kind](request)
    options = ["--data", str(request.data), "--config", str(request.config)]
    options += ["--out", str(tmp_path / "second"), "--start-from", str(request.out)]
    assert main(["train", "gan", *options]) != 0
    assert f"of the kind {kind}, and cannot be begun with for gan" in capsys.readouterr().err
    assert main(["train", "textures", *options]) != 0
    assert "leave --start-from out" in capsys.readouterr().err


def test_a_damaged_pack_is_refused_in_words_before_anything_is_read(tmp_path, capsys):
    request = test_gan_and_vae.request_in(tmp_path, "vae", steps=1)
    encoder = graph_of(TRAIN["vae"](request), "encoder")
    encoder.write_bytes(encoder.read_bytes()[:500])
    options = ["--data", str(tmp_path / "nothing"), "--config", str(request.config)]
    options += ["--out", str(tmp_path / "second"), "--start-from", str(request.out)]
    assert main(["train", "vae", *options]) != 0
    said = capsys.readouterr().err
    assert "encoder.onnx" in said
    assert "Traceback" not in said
    assert not (tmp_path / "second").exists()
