# ruff: noqa: E402
import json
from itertools import product

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.base.errors import TrainingError
from genstudio.engine.render import Engine
from genstudio.packs.manifest import open_pack
from genstudio.recipe.values import FromPrompt, LatentRecipe
from genstudio.training import prompt_map
from genstudio.training.onnx_runs import run_graph
from genstudio.training.prompt_map import Concepts, fit, prompt_encoder, retrieval, sentences
from genstudio.training.texture_pack import train_textures
from genstudio.training.texture_words import plain_words
from genstudio.training.vae_pack import train_vae
from genstudio.training.word_encoder import STEPS, WordEncoder
from tests.training.test_gan_and_vae import FILES, request_in
from tests.training.tiny_icons import COLOURS, SHAPES, write_text_encoder

CAPTIONS = [" ".join(words) for words in product(COLOURS, SHAPES, ("sign", "picture", "a", "of"))]


def test_words_that_say_where_a_latent_lies_are_learned_and_chance_is_not(tmp_path):
    folder = write_text_encoder(tmp_path / "bert")
    encoder, words = prompt_encoder(str(folder), 8)
    told = sentences(encoder, words, CAPTIONS)
    random = np.random.default_rng(0)
    order = random.permutation(len(CAPTIONS))
    meant = told @ random.normal(size=(told.shape[1], 12))
    drawn = random.normal(size=(len(CAPTIONS), 12))

    pictures = random.normal(size=(30, 12)).astype(np.float32)
    pictures *= 7.0 / np.linalg.norm(pictures, axis=1, keepdims=True)

    def learned(latents):
        parts = [
            Concepts(latents[rows].astype(np.float32), [[CAPTIONS[i]] * 2 for i in rows])
            for rows in (order[:28], order[28:])
        ]
        return fit(encoder, words, *parts, pictures)

    good, bad = learned(meant), learned(drawn)
    assert good.found > 0.9
    assert good.works
    assert not bad.works
    assert "takes no prompt" in next(iter(bad.measured.values()))
    lengths = np.linalg.norm(told[order[:28]] @ good.weight, axis=1)
    assert lengths.mean() == pytest.approx(prompt_map.REACH * 7.0, rel=1e-3)
    drawn_to = run_graph(good.graphs()["prompt_to_latent"], {"embedding": told})["latent"]
    unit = drawn_to / np.linalg.norm(drawn_to, axis=1, keepdims=True)
    assert np.median((unit @ pictures.T / 7.0).max(axis=1)) > 0.9


def test_retrieval_counts_rows_that_are_among_the_nearest():
    true = np.eye(12, dtype=np.float32)
    assert retrieval(true, true) == 1.0
    assert retrieval(-true, true) == 0.0


def test_a_vae_pack_draws_from_words_where_they_work(tmp_path, monkeypatch):
    monkeypatch.setattr(prompt_map, "ABOVE_CHANCE", 0.0)
    request = request_in(tmp_path, "vae")
    bert = write_text_encoder(tmp_path / "bert")
    prompt = f"[prompt]\ncontext = 6\ntext_encoder = {json.dumps(str(bert))}\n"
    request.config.write_text(FILES["vae"] + prompt)
    pack = train_vae(request)
    assert open_pack(pack.folder) == pack
    assert "held-out concepts found" in (pack.folder / "README.md").read_text()
    engine = Engine(lambda _: pack, device="cpu")
    pictures = [
        engine.render(LatentRecipe(model=pack.ref, source=FromPrompt(text=text))).pixels
        for text in ("red circle", "blue bar", "red circle")
    ]
    assert np.array_equal(pictures[0], pictures[2])
    assert not np.array_equal(pictures[0], pictures[1])


def test_a_vae_whose_words_say_nothing_takes_no_prompt(tmp_path, monkeypatch):
    monkeypatch.setattr(prompt_map, "ABOVE_CHANCE", 1e9)
    request = request_in(tmp_path, "vae")
    bert = write_text_encoder(tmp_path / "bert")
    prompt = f"[prompt]\ncontext = 6\ntext_encoder = {json.dumps(str(bert))}\n"
    request.config.write_text(FILES["vae"] + prompt)
    pack = train_vae(request)
    assert set(pack.manifest.graphs) == {"encoder", "decoder", "mapping", "learned"}
    assert "so the pack takes no prompt" in (pack.folder / "README.md").read_text()


def test_a_small_encoder_keeps_what_words_mean_in_torch_and_in_its_graph(tmp_path):
    encoder, words = prompt_encoder(str(write_text_encoder(tmp_path / "bert")), 6)
    small = WordEncoder.of(encoder, words, 8)
    told = sentences(small, words, ["red circle", "circle red", "blue bar", "red circle of"])
    assert told.shape == (4, 8)
    assert np.allclose(told[0], told[1], atol=1e-3), "words count, not their order"
    assert (told[0] * told[3]).sum() > (told[0] * told[2]).sum()
    alike = np.corrcoef(sentences(encoder, words, list(COLOURS)))[0]
    assert np.argsort(np.corrcoef(sentences(small, words, list(COLOURS)))[0])[-1] == alike.argmax()
    encoded = words.encode_batch(["red circle", "blue"])
    feeds = {
        "input_ids": np.array([one.ids for one in encoded]),
        "attention_mask": np.array([one.attention_mask for one in encoded]),
    }
    wanted = small(*(torch.from_numpy(value) for value in feeds.values()))
    got = run_graph(small.graph(), feeds)
    assert np.allclose(got["token_embeddings"], wanted[0] * STEPS, atol=1e-3)
    assert np.allclose(got["sentence_embedding"], wanted[1], atol=1e-5)


def test_a_texture_pack_begins_from_words(tmp_path, monkeypatch):
    monkeypatch.setattr(prompt_map, "ABOVE_CHANCE", 0.0)
    request = request_in(tmp_path, "textures")
    bert = json.dumps(str(write_text_encoder(tmp_path / "bert")))
    prompt = f'[prompt]\nname_column = "codepoint"\nnumbers = 8\ntext_encoder = {bert}\n'
    request.config.write_text(FILES["textures"] + prompt)
    pack = train_textures(request)
    assert "held-out concepts found" in (pack.folder / "README.md").read_text()
    engine = Engine(lambda _: pack, device="cpu")
    red, blue, again = (
        engine.render(LatentRecipe(model=pack.ref, source=FromPrompt(text=text))).pixels
        for text in ("red square", "blue bar", "red square")
    )
    assert np.array_equal(red, again)
    assert not np.array_equal(red, blue)


def test_names_of_files_are_words(tmp_path):
    assert plain_words("Alpine_Cliff-02b.webp") == "alpine cliff webp"
    request = request_in(tmp_path, "textures", steps=1)
    request.config.write_text(FILES["textures"] + '[prompt]\nname_column = "nothing"\n')
    with pytest.raises(TrainingError, match="check prompt"):
        train_textures(request)
