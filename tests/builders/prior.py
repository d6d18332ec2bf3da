"""Tiny autoregressive packs: `tests.engine.tiny_prior` in each layout and with each condition."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import onnx

from genstudio.packs import manifest
from tests.builders.pack_folder import change_manifest, replace_graph
from tests.engine.tiny_prior import CLASSES, CODES, Kind, build


def prior(folder: Path, pack_id: str = "prior", **kind: Any) -> Path:
    """Any kind: see `tests.engine.tiny_prior.Kind`."""
    build(folder, Kind(**kind))
    return change_manifest(folder, lambda plain: plain.update(id=pack_id))


def text_prior(folder: Path) -> Path:
    """Growing cache; the prompt as a prefix with the first step; styles."""
    return prior(folder, "text-prior")


def shared_prior(folder: Path) -> Path:
    """The cache as one buffer of a fixed length (com.microsoft GroupQueryAttention)."""
    return prior(folder, "shared-prior", layout="shared")


def class_prior(folder: Path) -> Path:
    """One of three classes by an input of its own; no styles."""
    condition = manifest.ClassCondition(classes=CLASSES, null=len(CLASSES))
    return prior(folder, "class-prior", condition=condition, styles=False)


def class_token_prior(folder: Path) -> Path:
    """One of three classes by the first token; no start token."""
    condition = manifest.ClassCondition(classes=CLASSES, token_offset=CODES + 1, null=len(CLASSES))
    return prior(folder, "class-token-prior", condition=condition, styles=False, start_token=None)


def palette_prior(folder: Path, hugging_face: bool = False) -> Path:
    """Unconditional, a colour a pixel, logits at every position, as ImageGPT.

    `hugging_face`: with the names of inputs that its exporters give.
    """
    prior(
        folder, "palette-prior", condition=manifest.Unconditional(), styles=False, palette=True,
        every_position=True,
    )  # fmt: skip
    return _with_other_names(folder) if hugging_face else folder


def _with_other_names(folder: Path) -> Path:
    model = onnx.load(folder / "prior.onnx")
    for tensor in model.graph.input:
        tensor.name = _other_name(tensor.name)
    for node in model.graph.node:
        node.input[:] = [_other_name(name) for name in node.input]
    replace_graph(folder, "prior", model.SerializeToString())
    names = {
        meaning: _other_name(meaning)
        for meaning in ("tokens", "past.{layer}.key", "past.{layer}.value")
    }
    return change_manifest(folder, lambda plain: plain["graphs"]["prior"].update(inputs=names))


def _other_name(name: str) -> str:
    return "input_ids" if name == "tokens" else re.sub("^past\\.", "past_key_values.", name)


def uncached_prior(folder: Path) -> Path:
    """Every step gets all tokens; the prompt with every step."""
    condition = manifest.TextCondition(max_tokens=5)
    return prior(folder, "uncached-prior", layout="none", condition=condition, styles=False)
