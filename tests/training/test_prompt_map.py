# ruff: noqa: E402
import json
from itertools import product

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from genstudio.engine.render import Engine
from genstudio.packs.manifest import open_pack
from genstudio.recipe.values import FromPrompt, LatentRecipe
from genstudio.training import prompt_map
from genstudio.training.config import PromptConfig
from genstudio.training.onnx_runs import run_graph
from genstudio.training.prompt_map import Concepts, fit, retrieval, sentences
from genstudio.training.text_encoder import read_text_encoder, read_tokenizer
from genstudio.training.vae_pack import train_vae
from tests.training.test_gan_and_vae import FILES, request_in
from tests.training.tiny_icons import COLOURS, SHAPES, write_text_encoder

CAPTIONS = [" ".join(words) for words in product(COLOURS, SHAPES, ("sign", "picture", "a", "of"))]


def test_words_that_say_where_a_latent_lies_are_learned_and_chance_is_not(tmp_path):
    folder = write_text_encoder(tmp_path / "bert")
    config = PromptConfig(context=8, text_encoder=str(folder))
    told = sentences(read_text_encoder(folder), read_tokenizer(folder, 8), CAPTIONS)
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
        return fit(config, *parts, pictures)

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
    assert set(pack.manifest.graphs) == {"encoder", "decoder", "mapping"}
    assert "so the pack takes no prompt" in (pack.folder / "README.md").read_text()
