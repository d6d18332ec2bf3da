"""Prompts into numbers: what is read, what is cut, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from genstudio.base.errors import PackError
from genstudio.engine.cache import GraphCache
from genstudio.engine.prompt import encode_prompt
from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import File, Graph
from tests.engine import tiny_prior
from tests.engine.tiny_prior import Kind


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return tiny_prior.build(tmp_path_factory.mktemp("packs") / "tiny", Kind())


@pytest.fixture
def graphs():
    return GraphCache(plan_providers("cpu"), 1 << 30)


def changed(pack, **changes):
    return replace(pack, manifest=replace(pack.manifest, **changes))


def test_a_prompt_gives_a_vector_a_token_and_one_for_the_whole(pack, graphs):
    encoded = encode_prompt(pack, "red cat", graphs)
    assert encoded.tokens.shape == (2, tiny_prior.CHANNELS)
    np.testing.assert_allclose(encoded.pooled, encoded.tokens.sum(axis=0), rtol=1e-5)
    assert not encoded.cut


def test_a_prompt_longer_than_the_model_reads_is_cut(pack, graphs):
    encoded = encode_prompt(pack, "red cat on a hill", graphs, max_tokens=3)
    assert encoded.cut
    assert len(encoded.tokens) == 3
    assert np.array_equal(encoded.tokens, encode_prompt(pack, "red cat on", graphs).tokens)


def test_an_empty_prompt_has_something_to_give(pack, graphs):
    encoded = encode_prompt(pack, "", graphs)
    assert encoded.tokens.shape == (1, tiny_prior.CHANNELS)
    assert np.isfinite(encoded.pooled).all()


def test_a_prompt_is_encoded_once(pack, graphs):
    first = encode_prompt(pack, "blue house", graphs)
    graphs.unload_all()
    assert encode_prompt(pack, "blue house", graphs) is first
    assert graphs.loaded() == []
    assert encode_prompt(pack, "blue house", graphs, max_tokens=1) is not first


def test_what_was_encoded_cannot_be_changed_by_accident(pack, graphs):
    with pytest.raises(ValueError, match="read-only"):
        encode_prompt(pack, "red", graphs).tokens[0] = 0


def test_a_broken_tokenizer_is_refused_in_words(pack, graphs):
    (pack.folder / "broken.json").write_text('{"version": "1.0"}')
    broken = changed(pack, tokenizer=File(file="broken.json", sha256="0" * 64))
    with pytest.raises(PackError, match="not a tokenizer"):
        encode_prompt(broken, "red", graphs)
    (pack.folder / "broken.json").write_bytes(b"\xff\xfe\x00")
    broken = changed(pack, tokenizer=File(file="broken.json", sha256="1" * 64))
    with pytest.raises(PackError, match="not a tokenizer"):
        encode_prompt(broken, "red", graphs)


def test_a_pack_without_a_tokenizer_is_refused_in_words(pack, graphs):
    with pytest.raises(PackError, match=r"no tokenizer.*tokenizer\.json"):
        encode_prompt(changed(pack, tokenizer=None), "red", graphs)


def test_a_text_graph_with_other_names_is_refused_in_words(pack, graphs):
    text = pack.manifest.graphs["text"]
    other = Graph(file=text.file, sha256=text.sha256, inputs={"input_ids": "words"})
    with pytest.raises(PackError, match="no input words"):
        encode_prompt(
            changed(pack, graphs={**pack.manifest.graphs, "text": other}), "new words", graphs
        )
