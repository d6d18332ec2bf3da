"""Words to try first: of the kind that the model knows, and none where it reads none."""

from __future__ import annotations

from pathlib import Path

import msgspec

from genstudio.packs.examples import FACES, GROUNDS, THINGS, example_prompts
from genstudio.packs.manifest import open_pack
from tests import builders


def test_a_model_is_asked_for_what_models_of_its_kind_know(tmp_path: Path) -> None:
    prior, plain, worded = (
        open_pack(builder(tmp_path / builder.__name__)).manifest
        for builder in (builders.prior, builders.gan, builders.prompted_gan)
    )
    assert example_prompts(prior) == THINGS
    assert example_prompts(plain) == ()
    assert example_prompts(worded) == FACES
    endless = msgspec.structs.replace(worded.model, tileable=True)
    assert example_prompts(msgspec.structs.replace(worded, model=endless)) == GROUNDS
