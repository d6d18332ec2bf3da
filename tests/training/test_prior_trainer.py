# ruff: noqa: E402
import msgspec
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")
pytest.importorskip("safetensors", reason="training needs the extra `train`")

from genstudio.training.config import read_config
from genstudio.training.data import read_dataset
from genstudio.training.muon import Muon, evened
from genstudio.training.prior_data import prepare, style_names
from genstudio.training.prior_trainer import PriorTrainer, one_round
from genstudio.training.text_encoder import read_text_encoder, read_tokenizer
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.tokenizer import Tokenizer
from tests.training.tiny_icons import training_file, write_icons, write_text_encoder


def trainer_in(folder, **changes):
    write_icons(folder / "icons")
    bert = write_text_encoder(folder / "bert")
    config = read_config(training_file(folder / "train.toml", bert), AutoregressiveTraining)
    prior = msgspec.structs.replace(config.prior, **changes)
    config = msgspec.structs.replace(config, prior=prior)
    dataset = read_dataset(folder / "icons", config.data)
    torch.manual_seed(0)
    tokenizer = Tokenizer(config.tokenizer).eval()
    styles = style_names(dataset, config)
    data = prepare(
        config, dataset, styles, tokenizer, read_text_encoder(bert), read_tokenizer(bert, 6),
        versions=1,
    )  # fmt: skip
    return PriorTrainer(config, data, data, len(styles), tokenizer, data.captions[:2, 0])


def test_pictures_come_up_as_often_as_the_training_file_says(tmp_path):
    often = {"style": {"framed": 0.25}, "codepoint": {"red-bar": 2.0}}
    data = trainer_in(tmp_path, often=often).data
    assert sorted(data.often.tolist()) == [0.25] * 11 + [0.5] + [1.0] * 11 + [2.0]
    random = np.random.default_rng(0)
    rounds = [one_round(data.often.numpy(), random) for _ in range(400)]
    counts = np.bincount(np.concatenate(rounds), minlength=24) / 400
    np.testing.assert_allclose(counts, data.often.numpy(), atol=0.1)
    assert rounds[0] != sorted(rounds[0])


def test_a_round_of_equals_has_each_picture_once():
    assert sorted(one_round(np.ones(9, np.float32), np.random.default_rng(1))) == list(range(9))


def test_the_weights_kept_are_those_with_the_lowest_held_out_loss(tmp_path):
    trainer = trainer_in(tmp_path)
    first = trainer.check()
    good = trainer.average.network.head.own.clone()
    with torch.no_grad():
        trainer.average.network.head.own.normal_(0.0, 3.0)
    assert trainer.check() > first
    assert torch.equal(trainer.best_network().head.own, good)


@pytest.mark.parametrize("shape", [(24, 60), (60, 24), (32, 32)])
def test_muon_steps_as_pytorchs_does(shape):
    torch.manual_seed(0)
    start, gradients = torch.randn(shape), torch.randn(5, *shape)
    ours, theirs = torch.nn.Parameter(start.clone()), torch.nn.Parameter(start.clone())
    optimisers = (
        Muon([ours], 1e-2, 0.1),
        torch.optim.Muon([theirs], 1e-2, 0.1, adjust_lr_fn="match_rms_adamw"),
    )
    for gradient in gradients:
        for matrix, optimiser in zip((ours, theirs), optimisers, strict=True):
            matrix.grad = gradient.clone()
            optimiser.step()
    went = (theirs - start).norm()
    assert went > 0.1
    # PyTorch's rounds are in bfloat16, which has three digits.
    assert (ours - theirs).norm() < 0.02 * went


def test_an_evened_matrix_turns_but_hardly_stretches():
    torch.manual_seed(0)
    matrix = torch.diag(torch.logspace(-1, 1, 16)) @ torch.randn(16, 40)
    stretch = torch.linalg.svdvals(evened(matrix).float())
    assert stretch.min() > 0.6
    assert stretch.max() < 1.3
