"""What a model costs: bytes on disk, time to the first picture and to each, memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from genstudio.engine.providers import plan_providers
from genstudio.packs.manifest import Upscaler, open_pack
from genstudio.packs.settings import fresh_recipe
from genstudio.recipe.values import PictureRef, Recipe, UpscaleRecipe

_PICTURES: Final = 9
_SMALL: Final = 128
"""The side of the picture that an upscaler enlarges."""


def measure(folder: Path) -> dict[str, str]:
    """The table's rows; each device in a process of its own."""
    size = sum(path.stat().st_size for path in folder.iterdir())
    found = {"size on disk": f"{size / 1e6:.1f} MB"}
    has_card = plan_providers("auto").device == "cuda"
    for device in ("cpu", "cuda") if has_card else ("cpu",):
        command = [sys.executable, "-m", "benchmarks.quality.cost", str(folder), device]
        answer = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        told = json.loads(answer)
        name = {"cpu": "processor", "cuda": "graphics card"}[device]
        found[f"first picture after the model is chosen, on the {name}"] = f"{told['first']:.0f} ms"
        found[f"each further picture on the {name}, median of {_PICTURES}"] = (
            f"{told['each']:.0f} ms"
        )
        found[f"memory of the whole process on the {name}, at most"] = f"{told['peak']:.0f} MB"
    return found


def _in_this_process(folder: Path, device: str) -> dict[str, float]:
    import numpy as np

    from genstudio.engine.pixels import picture_hash
    from genstudio.engine.render import Engine

    pack = open_pack(folder)
    engine = Engine(lambda _ref: pack, device=device)  # type: ignore[arg-type]
    times = []
    small = np.random.default_rng(0).integers(0, 256, (_SMALL, _SMALL, 3), np.uint8)
    for seed in range(_PICTURES + 1):
        recipe: Recipe
        if isinstance(pack.manifest.model, Upscaler):
            recipe = UpscaleRecipe(model=pack.ref, picture=PictureRef(sha256=picture_hash(small)))
        else:
            recipe = fresh_recipe(pack.ref, pack.manifest, seed)
        started = time.perf_counter()
        engine.render(recipe, picture=small)
        times.append((time.perf_counter() - started) * 1000.0)
    return {
        "first": times[0],
        "each": statistics.median(times[1:]),
        "peak": _peak_kilobytes() / 1024,
    }


def _peak_kilobytes() -> int:
    """Of this process alone: what `resource` tells counts the memory of its parent too."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    print(json.dumps(_in_this_process(Path(sys.argv[1]), sys.argv[2])))
