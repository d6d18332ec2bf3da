"""What a card shows of a model: its preview small, and how many pictures lie in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.studio.models import PREVIEW, PREVIEW_SIDE, ModelCard
from tests.studio.conftest import Desk

Preview = Callable[[bytes | Image.Image], ModelCard]


@pytest.fixture
def card_with(desk: Desk, home: Path) -> Preview:
    """Gives the tiny GAN (16 × 16 pictures) a preview, reads the models anew; its card."""

    def give(preview: bytes | Image.Image) -> ModelCard:
        desk.until(lambda: desk.studio.models.packs)
        path = home / "packs" / "tiny-gan" / PREVIEW
        if isinstance(preview, bytes):
            path.write_bytes(preview)
        else:
            preview.save(path, lossless=True)
        read: list[None] = []
        desk.studio.models.changed.connect(read.append)
        desk.studio.models.reload()
        desk.until(lambda: read)
        return next(card for card in desk.studio.models.cards if card.id == "tiny-gan")

    return give


def test_a_sheet_of_the_models_pictures_is_told_as_one(card_with: Preview) -> None:
    card = card_with(Image.new("RGB", (64, 32), (10, 200, 30)))
    assert card.cells == (4, 2)
    assert card.preview is not None
    assert card.preview.shape == (32, 64, 3)
    assert np.array_equal(card.preview[5, 5], (10, 200, 30))


def test_a_large_preview_becomes_small_and_keeps_its_shape(card_with: Preview) -> None:
    card = card_with(Image.new("RGBA", (1600, 801), (0, 0, 0, 0)))
    assert card.cells == (1, 1)
    assert card.preview is not None
    assert card.preview.shape == (256, PREVIEW_SIDE, 3)
    assert card.preview.min() == 255, "what is transparent lies on white"


def test_a_damaged_preview_leaves_the_card_without_one(card_with: Preview) -> None:
    card = card_with(b"RIFF\x10\x00\x00\x00WEBPVP8 \x00\x00")
    assert card.preview is None
    assert card.name
