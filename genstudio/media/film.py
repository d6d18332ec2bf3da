"""A walk rendered into a film, frame after frame; nothing is kept of a frame once it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.base.progress import NEVER, Cancel, Progress, no_progress
from genstudio.media.video import open_film
from genstudio.media.walk import Walk, check_walk, recipes_of

if TYPE_CHECKING:
    from genstudio.engine.render import Engine


def write_walk(
    engine: Engine,
    walk: Walk,
    path: Path,
    progress: Progress = no_progress,
    cancel: Cancel = NEVER,
) -> str:
    """Write the film (.mp4, .webp, .gif, or a folder of PNGs); returns the device.

    Raises:
        RecipeError: the walk cannot be gone.
        StorageError: the film cannot be written.
        Cancelled: `cancel` was set; a film file is then not there, a folder has what was made.
    """
    check_walk(walk)
    device: str = engine.plan.device
    with open_film(path, walk.fps, device) as add:
        for number, recipe in enumerate(recipes_of(walk), 1):
            cancel.check()
            rendering = engine.render(recipe, cancel=cancel)
            device = rendering.device
            add(rendering.pixels, rendering.recipe)
            progress(number / walk.frames, f"Frame {number} of {walk.frames}")
    return device
