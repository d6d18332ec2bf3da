"""Words to try first with a model: what the bundled models of its kind know."""

from __future__ import annotations

from typing import Final

from genstudio.packs.controls import takes_prompt
from genstudio.packs.manifest import Autoregressive, Gan, Manifest

THINGS: Final = ("red heart", "cat face", "blue fish", "tree")
FACES: Final = ("happy face", "angry cat", "sad face", "crying face")
GROUNDS: Final = ("lava", "grass", "snow", "wood")


def example_prompts(manifest: Manifest) -> tuple[str, ...]:
    """Prompts in English, as the models read them; none where the model takes none."""
    if not takes_prompt(manifest):
        return ()
    if isinstance(manifest.model, Autoregressive):
        return THINGS
    is_ground = isinstance(manifest.model, Gan) and manifest.model.tileable
    return GROUNDS if is_ground else FACES
