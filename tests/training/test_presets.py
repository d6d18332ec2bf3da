# ruff: noqa: E402
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")
pytest.importorskip("safetensors", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.training.autoregressive import train_autoregressive
from genstudio.training.config import GanTraining, VaeTraining, read_config
from genstudio.training.texture_config import TextureTraining
from genstudio.training.token_config import AutoregressiveTraining
from genstudio.training.upscaler_config import UpscalerTraining
from tests.training import test_autoregressive, test_gan_and_vae
from tests.training.test_gan_and_vae import FILES, TRAIN

KINDS = {
    "gan": GanTraining,
    "textures": TextureTraining,
    "vae": VaeTraining,
    "upscaler": UpscalerTraining,
    "autoregressive": AutoregressiveTraining,
}
MODELS = Path(__file__).parents[2] / "models"
card = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="needs an NVIDIA card and a PyTorch for CUDA"
)


def test_a_preset_changes_what_its_table_names_and_nothing_else(tmp_path):
    file = tmp_path / "train.toml"
    file.write_text(
        FILES["gan"]
        + "[preset.gpu.data]\nsize = 32\n"
        + "[preset.gpu.networks]\nchannels = [8, 8, 8, 8]\n"
        + "[preset.gpu.run]\nminutes = 5\n"
    )
    usual, large = (read_config(file, GanTraining, name) for name in ("cpu", "gpu"))
    assert (usual.data.size, usual.networks.channels, usual.run.batch) == (16, (8, 8, 8), 4)
    assert (large.data.size, large.networks.channels) == (32, (8, 8, 8, 8))
    assert (large.run.minutes, large.run.batch, large.networks.z_dim) == (5, 4, 8)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[preset.tpu.run]\nminutes = 5\n", "tpu"),
        ("[preset.gpu.run]\nminuets = 5\n", "minuets"),
        ("[preset.gpu]\nrun = 5\n", "run"),
        ("[preset.gpu.data]\nsize = 32\n", "networks.channels make 16 pixels"),
    ],
)
def test_a_preset_that_cannot_be_is_refused_in_words(tmp_path, table, said):
    file = tmp_path / "train.toml"
    file.write_text(FILES["gan"] + table)
    with pytest.raises(TrainingError, match=said):
        read_config(file, GanTraining, "gpu")


@pytest.mark.parametrize("preset", ["cpu", "gpu"])
@pytest.mark.parametrize(
    "file", sorted(MODELS.glob("*/train.toml")), ids=lambda file: file.parent.name
)
def test_the_bundled_training_files_hold_for_both_presets(file, preset):
    family = tomllib.loads(file.read_text())["family"]
    config = read_config(file, KINDS[family], preset)
    assert preset == "cpu" or config.run.minutes <= 10


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card here")
@pytest.mark.parametrize("family", ["gan", "textures", "vae", "upscaler"])
def test_without_a_card_the_preset_gpu_says_what_is_missing(tmp_path, family):
    request = replace(test_gan_and_vae.request_in(tmp_path, family), preset="gpu")
    with pytest.raises(TrainingError, match="needs an NVIDIA card and a PyTorch built for CUDA"):
        TRAIN[family](request)
    assert not request.out.exists()


@card
@pytest.mark.parametrize("family", list(TRAIN))
def test_a_card_trains_a_pack_that_passes_the_check(tmp_path, family):
    request = replace(test_gan_and_vae.request_in(tmp_path, family), preset="gpu")
    pack = TRAIN[family](request)
    assert torch.cuda.get_device_name() in (pack.folder / "README.md").read_text()
    assert TRAIN[family](replace(request, steps=5)).id == pack.id


@card
def test_a_card_trains_a_token_model_that_passes_the_check(tmp_path):
    request = replace(test_autoregressive.request_in(tmp_path, steps=2), preset="gpu")
    pack = train_autoregressive(request)
    again = replace(request, out=tmp_path / "b", work=tmp_path / "c", start=pack)
    assert train_autoregressive(again).id == pack.id
