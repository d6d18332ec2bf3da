"""pack.json: whatever its bytes are, it is a manifest or it is refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genstudio.base.errors import PackError
from genstudio.packs.manifest import FORMAT, Manifest, decode, open_pack
from genstudio.packs.rules import check_manifest
from tests import builders

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = builders.text_prior(tmp_path_factory.mktemp("good") / "pack")
    return (folder / "pack.json").read_bytes()


def judge(data: bytes) -> None:
    """Read it and look at it; the only thing that may come out is a sentence."""
    try:
        manifest = decode(data, "pack.json")
        again = decode(msgspec.json.encode(manifest), "pack.json")
        assert again == manifest
        check_manifest(manifest)
    except PackError as error:
        told = str(error)
    else:
        told = "pack.json is one"
    assert told.startswith(("pack.json", "The pack.json"))


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_manifest_or_refused(data: bytes) -> None:
    judge(data)


@settings(max_examples=200, deadline=None)
@given(value=VALUES)
def test_any_json_is_a_manifest_or_refused(value: Any) -> None:
    judge(json.dumps(value).encode())


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_manifest_with_any_value_anywhere_is_a_manifest_or_refused(
    good: bytes, data: st.DataObject
) -> None:
    plain = json.loads(good)
    place: Any = plain
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(VALUES)
            break
        place = place[key]
    judge(json.dumps(plain).encode())


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_manifest_is_a_manifest_or_refused(good: bytes, data: st.DataObject) -> None:
    damaged = bytearray(good[: data.draw(st.integers(0, len(good)))])
    for _ in range(data.draw(st.integers(0, 3))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(
                st.integers(0, 7)
            )
    judge(bytes(damaged))


def test_a_deep_manifest_is_refused() -> None:
    with pytest.raises(PackError):
        decode(b"[" * 100_000, "pack.json")


def test_a_newer_format_is_refused_with_what_to_do(good: bytes) -> None:
    plain = json.loads(good) | {"format": FORMAT + 1, "unheard_of": True}
    with pytest.raises(PackError, match="update GenStudio"):
        decode(json.dumps(plain).encode(), "pack.json")


def test_a_misspelt_key_is_named(good: bytes) -> None:
    plain = json.loads(good) | {"contorls": []}
    with pytest.raises(PackError, match="contorls"):
        decode(json.dumps(plain).encode(), "pack.json")


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../evil"}, {"id": "Icons"}, {"id": ""}, {"id": "icons\n"}, {"id": ".."},
        {"version": "1"}, {"name": ""}, {"summary": "x" * 501},
        {"image": {"width": 0, "height": 1}},
        {"image": {"width": 16, "height": 12, "range": [0, 255]}}, {"graphs": {"brain": {}}},
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_refused(good: bytes, change: dict[str, Any]) -> None:
    with pytest.raises(PackError, match=r"docs/packs\.md"):
        decode(json.dumps(json.loads(good) | change).encode(), "pack.json")


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"pack\.json"):
        open_pack(tmp_path)


def test_the_reference_is_the_hash_of_the_manifest(tmp_path: Path) -> None:
    folder = builders.upscaler(tmp_path / "pack")
    first = open_pack(folder).ref
    builders.change_manifest(folder, lambda plain: plain.update(version="1.0.1"))
    assert open_pack(folder).ref.id == first.id
    assert open_pack(folder).ref.sha256 != first.sha256
    assert isinstance(open_pack(folder).manifest, Manifest)
