# ruff: noqa: E402
import msgspec
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")
pytest.importorskip("safetensors", reason="training needs the extra `train`")

from rich.console import Console

from genstudio.base.errors import StorageError, TrainingError
from genstudio.engine.cache import GraphCache
from genstudio.engine.families.autoregressive import decode_tokens, draw_tokens, encode_tokens
from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import open_pack
from genstudio.recipe.values import TokenRecipe, WeightedPrompt
from genstudio.training.autoregressive import train_autoregressive
from genstudio.training.config import read_config
from genstudio.training.data import read_dataset
from genstudio.training.prior_data import prepare, style_names
from genstudio.training.run import Request
from genstudio.training.text_encoder import read_text_encoder, read_tokenizer
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.tokenizer import Tokenizer
from tests.training.tiny_icons import STYLES, training_file, write_icons, write_text_encoder


def request_in(folder, steps):
    if not (folder / "icons").exists():
        write_icons(folder / "icons")
        training_file(folder / "train.toml", write_text_encoder(folder / "bert"))
    return Request(
        data=folder / "icons", config=folder / "train.toml", out=folder / "pack",
        work=folder / "work", steps=steps, console=Console(quiet=True),
    )  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    request = request_in(tmp_path_factory.mktemp("run"), steps=3)
    train_autoregressive(request)
    return request


def test_a_run_leaves_a_whole_pack(trained):
    pack = open_pack(trained.out)
    assert pack.id == "tiny-icons"
    assert pack.manifest.family == "autoregressive"
    assert set(pack.manifest.graphs) == {
        "text",
        "prior",
        "recall",
        "image_encoder",
        "image_decoder",
    }
    assert pack.manifest.model.styles.names == STYLES
    for name in ("preview.webp", "README.md", "LICENSE", "NOTICE", "tokenizer.json", "train.toml"):
        assert (trained.out / name).stat().st_size > 0
    assert "bits a token" in (trained.out / "README.md").read_text()


def test_the_engine_draws_from_the_pack_that_was_trained(trained):
    pack = open_pack(trained.out)
    graphs = GraphCache(plan_providers("cpu"))
    recipe = TokenRecipe(
        model=pack.ref, prompts=(WeightedPrompt(text="red circle"),), seed=4, guidance=2.0
    )
    (picture,) = decode_tokens(pack, draw_tokens(pack, [recipe], graphs).tokens, graphs)
    assert picture.shape == (16, 16, 3)
    assert encode_tokens(pack, picture, graphs).shape == (2, 2)


def test_a_finished_run_goes_straight_to_the_export(trained):
    pack = (trained.out / "prior.onnx").read_bytes()
    train_autoregressive(trained)
    assert (trained.out / "prior.onnx").read_bytes() == pack
    steps = torch.load(trained.work / "prior" / "checkpoint.pt", weights_only=True)["steps"]
    assert steps == 3


def test_a_longer_run_goes_on_from_the_checkpoint(tmp_path):
    train_autoregressive(request_in(tmp_path, steps=2))
    train_autoregressive(request_in(tmp_path, steps=4))
    for stage in ("tokenizer", "prior"):
        state = torch.load(tmp_path / "work" / stage / "checkpoint.pt", weights_only=True)
        assert state["steps"] == 4


def test_a_run_that_holds_nothing_out_is_refused(tmp_path):
    request = request_in(tmp_path, steps=1)
    text = request.config.read_text().replace("fraction = 0.2", "fraction = 0.0")
    request.config.write_text(text)
    with pytest.raises(TrainingError, match="hold_out"):
        train_autoregressive(request)


def test_a_folder_that_is_no_pack_is_not_replaced(tmp_path):
    request = request_in(tmp_path, steps=1)
    request.out.mkdir()
    (request.out / "diary.txt").write_text("dear")
    with pytest.raises(StorageError, match="not a model pack"):
        train_autoregressive(request)
    assert [path.name for path in request.out.iterdir()] == ["diary.txt"]
    assert (request.out / "diary.txt").read_text() == "dear"
    assert not request.work.exists()


def test_held_out_concepts_are_in_no_style_of_the_training_pictures(tmp_path):
    request = request_in(tmp_path, steps=1)
    config = read_config(request.config, AutoregressiveTraining)
    training, held = read_dataset(request.data, config.data).split(config.data.hold_out)
    assert len(held.pictures) % len(STYLES) == 0
    assert not set(training.counts("codepoint")) & set(held.counts("codepoint"))


def test_pictures_become_different_tokens_when_they_move(tmp_path):
    request = request_in(tmp_path, steps=1)
    config = read_config(request.config, AutoregressiveTraining)
    config = msgspec.structs.replace(
        config, prior=msgspec.structs.replace(config.prior, versions=6)
    )
    dataset = read_dataset(request.data, config.data)
    torch.manual_seed(0)
    folder = tmp_path / "bert"
    data = prepare(
        config, dataset, style_names(dataset, config), Tokenizer(config.tokenizer).eval(),
        read_text_encoder(folder), read_tokenizer(folder, 6), versions=6,
    )  # fmt: skip
    assert data.tokens.shape == (24, 6, 4)
    assert len(data.captions) == 12
    assert sorted(set(data.style.tolist())) == [0, 1]
    assert int(data.tokens.max()) < config.tokenizer.codes
    moved = np.array([(t[1:] != t[0]).any() for t in data.tokens.numpy()])
    assert moved.any()


def test_only_pictures_that_may_be_are_mirrored(tmp_path):
    request = request_in(tmp_path, steps=1)
    config = read_config(request.config, AutoregressiveTraining)
    picture = read_dataset(request.data, config.data).pictures[0]
    assert config.may_mirror(picture)
    kept = msgspec.structs.replace(config, upright={"group": ["signs"]})
    assert not kept.may_mirror(picture)
