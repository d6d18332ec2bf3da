"""`genstudio generate`: from a prompt, a seed, a recipe or a picture to picture files."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from genstudio.base.errors import RecipeError
from genstudio.base.progress import part_of
from genstudio.cli import inputs
from genstudio.cli.console import Console
from genstudio.cli.outputs import Places
from genstudio.cli.start import base_recipe
from genstudio.packs.manifest import Pack, Upscaler
from genstudio.packs.scores import judge_of
from genstudio.packs.settings import with_prompts, with_setting
from genstudio.packs.store import PackStore
from genstudio.recipe.seeds import seed_of, with_seed
from genstudio.recipe.values import SEED_LIMIT, Recipe, UpscaleRecipe, Upscaling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genstudio.engine.render import Engine
    from genstudio.engine.rendering import Rendering

BEST_OF: Final = "best-of"
_BEST_OF_LIMIT: Final = 256
_NEAREST_OF: Final = 64
_COUNT_LIMIT: Final = 100_000
_BATCH: Final = 8
"""Pictures drawn together; more would hold more memory and show the first one later."""
_AFTER_OTHERS: Final = "mix-layers"

_EPILOG: Final = """\
prompts:
  "red heart"                     one prompt
  "red heart::2 | blue fish::1"   a blend: parts between | and a weight behind ::

controls (--set, as often as you like; genstudio models show ID lists a model's own):
  --set truncation=0.7            a number within the control's range
  --set style=noto                one of the control's options
  --set brightness=2              move along a found direction, in standard deviations
  --set "principal 1"@4-8=1.5     the same, only layers 4 to 8 of a GAN
  --set mix-seed=9 --set mix-layers=0-3   layers 0 to 3 from the picture of seed 9
  --set best-of=16                draw 16 and keep the best: by the critic, or by the words

examples:
  genstudio generate --model landscapes --seed 7 --out hill.png
  genstudio generate --model icons "red heart" --count 4 --set temperature=0.8 --out hearts/
  genstudio generate --from hill.png --set truncation=0.5 --upscale 2 --out calm.png
  genstudio generate --model icon-vae --from photo.jpg --set variation=0.6 --count 8 --out like/
  genstudio generate --model icons "a cat" --from cat.png --keep-rows 4 --out other-cat.png
  genstudio generate --from photo.jpg --upscale 4 --out large.png
  genstudio generate --model landscapes --near photo.jpg --set best-of=200 --out like.png

--out FILE.png, .webp or .jpg is replaced; with --count N it is numbered. In a folder names are made
unique. Every file holds its recipe (a JPEG when it is short) and says that a model made it.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("prompt", nargs="?", metavar="PROMPT", help="what to draw, in words")
    parser.add_argument("--model", metavar="ID", help="the model (genstudio models lists them)")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="which picture to draw; a random one if left out"
    )
    parser.add_argument(
        "--count", type=int, default=1, metavar="N", help="draw the seeds N to N + COUNT - 1"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="set a control"
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="start from a recipe, a picture GenStudio made, or any picture (which the model "
        "then varies, continues or enlarges)",
    )
    parser.add_argument(
        "--keep-rows",
        type=int,
        metavar="N",
        help="with --from: keep the first N rows of tokens and draw the rest (default: half)",
    )
    parser.add_argument(
        "--mask",
        type=Path,
        metavar="FILE",
        help="with --from: a picture that is white where to draw anew, black where to keep",
    )
    parser.add_argument(
        "--near",
        type=Path,
        metavar="FILE",
        help=f"of best-of seeds (default: {_NEAREST_OF}) keep the one that comes nearest to FILE",
    )
    parser.add_argument(
        "--upscale", type=int, metavar="K", help="enlarge K times by the upscaler of that scale"
    )
    inputs.add_device(parser)
    parser.add_argument(
        "--out",
        default="outputs",
        metavar="FILE_OR_FOLDER",
        help="where to write (default: the folder outputs)",
    )
    inputs.add_json(parser)


def run(args: argparse.Namespace, console: Console) -> None:
    """Make the pictures and write each as soon as it is there."""
    _check(args)
    places = Places(args.out, args.count)
    store = PackStore()
    given = inputs.open_given(args.source) if args.source else None
    pack = inputs.choose_pack(store, args.model, given, args.prompt, args.upscale)
    engine = inputs.open_engine(store, args.device, console)
    can_choose = args.near is not None or judge_of(pack.manifest) is not None
    settings, best_of = _settings(args.set, can_choose=can_choose)
    near = _near(args)
    best_of = best_of or (_NEAREST_OF if near is not None else None)
    recipe, picture = base_recipe(args, pack, given, store, engine, console)
    recipe = _turned(recipe, args, pack, store, engine, settings, console)
    recipes = list(_seeded(recipe, args, given, best_of))
    renderings = _rendered(engine, recipes, picture, best_of, near, console)
    written = [_write(rendering, places, console) for rendering in renderings]
    console.result({"pictures": written})


def _check(args: argparse.Namespace) -> None:
    if not 1 <= args.count <= _COUNT_LIMIT:
        raise RecipeError(f"--count is a number from 1 to {_COUNT_LIMIT}, not {args.count}.")
    if args.seed is not None and not 0 <= args.seed < SEED_LIMIT:
        raise RecipeError(
            f"The seed {args.seed} is out of range; seeds run from 0 to {SEED_LIMIT - 1}."
        )
    if args.source is None and (args.keep_rows is not None or args.mask is not None):
        raise RecipeError("--keep-rows and --mask need a picture to keep parts of; add --from.")
    if args.keep_rows is not None and args.mask is not None:
        raise RecipeError("Choose either --keep-rows or --mask.")


def _near(args: argparse.Namespace) -> NDArray[np.uint8] | None:
    """The picture to come near to."""
    if args.near is None:
        return None
    from genstudio.engine.pixels import read_picture

    return read_picture(args.near)


def _settings(texts: list[str], *, can_choose: bool) -> tuple[list[tuple[str, str]], int | None]:
    """Split NAME=VALUE, take `best-of` out, and put what needs another control behind it."""
    settings = []
    best_of: int | None = None
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise RecipeError(f"--set takes NAME=VALUE, such as truncation=0.7, not {text[:60]!r}.")
        if name == BEST_OF and can_choose:
            if not value.isdecimal() or not 1 <= int(value[:9]) <= _BEST_OF_LIMIT:
                raise RecipeError(
                    f"best-of is a whole number from 1 to {_BEST_OF_LIMIT}, not {value[:40]!r}."
                )
            best_of = int(value)
        else:
            settings.append((name, value))
    return sorted(settings, key=lambda setting: setting[0] == _AFTER_OTHERS), best_of


def _turned(
    recipe: Recipe,
    args: argparse.Namespace,
    pack: Pack,
    store: PackStore,
    engine: Engine,
    settings: list[tuple[str, str]],
    console: Console,
) -> Recipe:
    """The recipe with the prompt, the controls and the upscaling that were asked for."""
    if args.prompt is not None:
        recipe = with_prompts(recipe, pack.manifest, inputs.parse_prompts(args.prompt))

    def directions() -> tuple[str, ...]:
        with console.working("Finding directions") as progress:
            return tuple(engine.directions(pack.ref, progress, console.cancel).names)

    for name, value in settings:
        recipe = with_setting(recipe, pack.manifest, name, value, directions)
    if args.upscale is None:
        return recipe
    if isinstance(recipe, UpscaleRecipe):
        assert isinstance(pack.manifest.model, Upscaler)
        if args.upscale != pack.manifest.model.scale:
            raise RecipeError(
                f"The model {pack.id} enlarges {pack.manifest.model.scale} times, "
                f"not {args.upscale}; leave one of the two out."
            )
        return recipe
    return replace(recipe, upscaling=Upscaling(model=inputs.find_upscaler(store, args.upscale).ref))


def _seeded(
    recipe: Recipe, args: argparse.Namespace, given: inputs.Given | None, best_of: int | None
) -> Iterator[Recipe]:
    """The recipe for each seed; a recipe from a file keeps its own unless told otherwise."""
    own = seed_of(recipe)
    if args.count == 1 and (own is not None or args.seed is None or given is None):
        yield recipe if args.seed is None or own is None else with_seed(recipe, args.seed)
        return
    start = args.seed if args.seed is not None else own
    if start is None:
        start = secrets.randbelow(SEED_LIMIT - args.count * (best_of or 1))
    for number in range(args.count):
        yield with_seed(recipe, (start + number * (best_of or 1)) % SEED_LIMIT)


def _rendered(
    engine: Engine,
    recipes: list[Recipe],
    picture: NDArray[np.uint8] | None,
    best_of: int | None,
    near: NDArray[np.uint8] | None,
    console: Console,
) -> Iterator[Rendering]:
    batch = 1 if best_of or picture is not None else _BATCH
    with console.working("Rendering") as progress:
        for start in range(0, len(recipes), batch):
            console.cancel.check()
            part = recipes[start : start + batch]
            here = part_of(progress, start / len(recipes), (start + len(part)) / len(recipes))
            drawn = [recipe for recipe in part if not isinstance(recipe, UpscaleRecipe)]
            if not drawn:
                yield engine.render(part[0], here, console.cancel, picture=picture)
            elif best_of:
                yield engine.best_of(drawn[0], best_of, here, console.cancel, near=near)
            else:
                yield from engine.render_many(drawn, here, console.cancel)


def _write(rendering: Rendering, places: Places, console: Console) -> dict[str, Any]:
    from genstudio.media.pictures import write_picture

    seed = seed_of(rendering.recipe)
    path = places.next(rendering.recipe.model.id, seed)
    notes = (
        *rendering.notes,
        *write_picture(path, rendering.pixels, rendering.recipe, rendering.device),
    )
    height, width = rendering.pixels.shape[:2]
    words = [rendering.recipe.model.id]
    if seed is not None:
        words.append(f"seed {seed}")
    if rendering.score is not None:
        words.append(f"score {rendering.score:.3g}")
    words.append(f"{width} x {height}")
    console.say(f"{path} ({', '.join(words)}, on {rendering.device})")
    for note in notes:
        console.note(note)
    return {
        "file": str(path),
        "model": rendering.recipe.model.id,
        "seed": seed,
        "width": width,
        "height": height,
        "device": rendering.device,
        "score": rendering.score,
        "seconds": dict(rendering.seconds),
        "notes": list(notes),
    }
